"""A survey run under the lock, its review folder, and what of it a person accepts. First to read: `surveying`."""
