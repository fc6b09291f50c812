"""How a file of the sealed log is stored on the disk."""
