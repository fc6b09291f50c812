"""Walks over the sites of préfectures, one or the whole country, and what they propose. First to read: `discover`."""
