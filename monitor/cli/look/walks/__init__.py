"""Walks over the own sites of préfectures, one or the whole country, and their proposals. First to read: `discover`."""
