"""The one spelling of SHA256SUMS we write and accept: what `sha256sum` prints, sorted by name, nothing else.

`sha256sum -c` also takes capital digits, a star and other orders; a file that is to be compared byte for byte has one
form only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SUMS = "SHA256SUMS"

_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)")


def render_sums(digests: Mapping[str, str]) -> bytes:
    """The file for these names and digests. Raises ValueError for a name or digest `parse_sums` would refuse."""
    data = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()
    if parse_sums(data) != digests:
        raise ValueError("a name or digest that SHA256SUMS cannot carry")
    return data


def parse_sums(data: bytes) -> dict[str, str]:
    """Digest of each name (relative, `/` between parts, no part begins with a dot). Raises ValueError."""
    if not data.endswith(b"\n"):
        raise ValueError("no lines, or a last line without its end")
    out: dict[str, str] = {}
    last = ""
    for line in data[:-1].decode("ascii").split("\n"):
        match = _LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not a line of {SUMS}: {line[:80]!r}")
        digest, name = match.groups()
        if name <= last:
            raise ValueError(f"{name} is out of order")
        out[name] = digest
        last = name
    return out
