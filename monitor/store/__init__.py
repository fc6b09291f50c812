"""The data folder: one database, append-only packs, what is kept and for how long. First to read: `store`."""
