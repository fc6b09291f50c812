"""Time-stamps (RFC 3161): asked for, read, verified, and held against revocation lists. First to read: `authority`."""
