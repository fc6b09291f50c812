"""The outbox and the channels that empty it. First to read: `outbox`, then `deliver`."""
