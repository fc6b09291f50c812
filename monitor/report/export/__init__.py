"""The folder a judge or a stranger receives. First to read: `export`."""
