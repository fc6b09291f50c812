"""The assembled program: every command's work, callable without a command line. First to read: `wiring`, then `run`."""
