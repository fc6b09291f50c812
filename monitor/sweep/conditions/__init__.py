"""The machine, program and surroundings of a sweep, as its record says them. First to read: `conditions`."""
