"""What a stranger checks of sealed sweeps. First to read: `verify`."""
