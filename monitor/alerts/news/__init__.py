"""What is news, derived purely from two readings. First to read: `news`."""
