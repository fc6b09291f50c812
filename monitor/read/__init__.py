"""Bytes in, what they say out; pure. `pages` knows HTML, `platforms` booking products, `notices` prose."""
