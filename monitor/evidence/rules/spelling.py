"""What is refused before it is read: a line that is not canonical, an instant that is not ours (docs/FORMAT.md, 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.values import pattern

_INSTANT = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_HEX = pattern(r"[0-9a-f]{64}")
DEEPEST = 32  # objects and arrays within one another
LONGEST = 18  # digits of an integer
COUNTED = 10**15  # above every number and count: fifteen digits, which every reader holds exactly


def parse_canonical(line: bytes) -> dict[str, Any]:
    """The object of a canonical line, without its line feed. Raises ValueError for every other spelling.

    One spelling an object, so that two readers cannot read two things: no key twice, no fraction, no other escape.
    """
    try:
        value = json.loads(line.decode(), parse_float=_refused, parse_constant=_refused, parse_int=_integer)
        if isinstance(value, dict) and respelt(value) == line and not _deeper(value, line):
            return value
    except RecursionError:
        pass
    raise ValueError("not canonical JSON")


def respelt(value: Any) -> bytes:
    """The canonical bytes of what was read from a canonical line: of the whole, or of one value in it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _deeper(value: Mapping[str, Any], line: bytes) -> bool:
    """Whether more is nested than the format allows: nothing can be, where fewer brackets stand in the line."""
    if line.count(b"{") + line.count(b"[") <= DEEPEST:
        return False
    level: list[Any] = [value]
    for _depth in range(DEEPEST):
        level = [
            one
            for outer in level
            for one in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(one, dict | list)
        ]
    return bool(level)


def _integer(number: str) -> int:
    if len(number.removeprefix("-")) > LONGEST:
        raise ValueError("an integer of too many digits")
    return int(number)


def _refused(number: str) -> None:
    raise ValueError(f"not an integer: {number}")


def parse_instant(text: object) -> datetime:
    """Aware UTC. Raises ValueError for another spelling than `2026-11-30T07:45:43.646696Z`."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise ValueError("not an instant")
    return datetime.fromisoformat(text).astimezone(UTC)


def whole(value: object) -> int:
    """A number from 0 on, of fifteen digits at most. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < COUNTED:
        raise ValueError("not a number")
    return value


def hashes(value: object) -> list[bytes]:
    """Digests written in hexadecimal. Raises ValueError."""
    if not isinstance(value, list) or not all(isinstance(one, str) and _HEX.fullmatch(one) for one in value):
        raise ValueError("not digests")
    return [bytes.fromhex(one) for one in value]


def tree_of(value: object) -> tuple[bytes, int]:
    """Root and size of a tree of rows, as `sweep.json` has them. Raises ValueError, KeyError."""
    if not isinstance(value, Mapping):
        raise ValueError("not a tree")
    return hashes([value["root"]])[0], whole(value["size"])
