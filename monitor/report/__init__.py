"""What was observed, counted and shown. First to read: `observed`, then `summary`."""
