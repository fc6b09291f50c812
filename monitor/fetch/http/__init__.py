"""Requests as an ordinary visitor makes them, recorded to the byte. First to read: `visitor`, then `hosts`."""
