"""Use cases: the order of steps, no detail."""
