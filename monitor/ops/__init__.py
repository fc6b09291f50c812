"""Whether the monitor itself is well: health, doctor, schedules, backups. First to read: `health`."""
