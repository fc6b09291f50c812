"""From a change that was read to a message that was received. First to read: `news.news`."""
