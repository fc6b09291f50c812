"""Walks over the own sites of préfectures, one or the whole country, and what they propose. First to read: `discover`."""
