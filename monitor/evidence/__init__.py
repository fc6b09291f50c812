"""A sweep sealed and stamped. First to read: `seal`, then `merkle` and `stamping`."""
