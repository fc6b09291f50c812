"""The identifier a check sends in its User-Agent: nobody could have known it before the previous sweep was sealed."""

from __future__ import annotations

import hashlib


def check_id(anchor: bytes, sweep: int, of: str) -> str:
    """First 16 hex digits of SHA-256(anchor, sweep number, what is checked).

    anchor: the previous sweep's SHA256SUMS as stored, or `first_anchor` where there is none. sweep: written with nine
    digits, as in the folder's name, so that the number and what follows cannot be read two ways. of: `CODE/slug`.
    """
    return hashlib.sha256(anchor + f"{sweep:09d}{of}".encode()).hexdigest()[:16]


def first_anchor(origin: str) -> bytes:
    """What stands for the previous sums before any sweep: the log's origin and a line feed.

    It bounds nothing in time: only from the second sweep on does the identifier prove a "not before".
    """
    return origin.encode() + b"\n"
