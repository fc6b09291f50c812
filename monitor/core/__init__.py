"""The words all wings speak, standard library only. First to read: `readings`, then `prefecture` and `record`."""
