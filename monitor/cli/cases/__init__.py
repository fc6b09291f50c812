"""Commands of a person's case."""
