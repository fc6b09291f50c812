"""A walk over a préfecture's own site, and the declaration proposed from it. First to read: `walk`."""
