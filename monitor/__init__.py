"""Vigie Préfectures: reads public appointment pages, claims only what was read, and keeps proof of it."""

__version__ = "0.1.0"  # a constant: importlib.metadata costs 20-35 ms at each start
PROJECT_PAGE = "https://github.com/vigie-prefectures/vigie"
