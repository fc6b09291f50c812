"""A survey of many préfectures in one polite run: what is declared opened once, each site walked, all of it put before
a person. First to read: `surveyed`.
"""
