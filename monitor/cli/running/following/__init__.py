"""A sweep followed on a terminal, and what came of it."""
