"""The rules that read a case, each with its source. First to read: `check`."""
