"""The settings file: its tables, how each value is read, and what is logged where. First to read: `settings`."""
