"""A page as blocks of prose, with its places, dates and links. First to read: `document`."""
