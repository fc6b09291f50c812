"""Walks over préfectures' own sites, one or the whole country, and what is proposed of them. First to read: `discover`."""
