"""A settings file of an older version, rewritten as today's: its comments and its order stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.settings.readers import authority_table
from monitor.values import pattern

_PART: Final = pattern(r""""(?:\\.|[^"\\])*"|'[^']*'|#[^\n]*|\n""")  # of an array of texts


def migrated(toml: str) -> str:
    """The same settings in today's keys; the same text where nothing is old.

    0.1 wrote time-stamp authorities as texts of three or four words; since then each is a table. Raises ValueError for
    a text that is not TOML or that 0.1 would not have read.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(toml)
    except TOMLKitError as error:
        raise ValueError(str(error)) from error
    stamps = document.get("timestamps", {})
    if "authorities" not in stamps:
        return toml
    tables = stamps.get("authority") or tomlkit.aot()
    old = stamps.pop("authorities")
    for words, comments in zip(old, _comments(old.as_string(), len(old)), strict=True):
        table = tomlkit.table()
        for comment in comments:
            table.add(tomlkit.comment(comment))
        table.update(authority_table(words))
        tables.append(table)
    if tables:
        tables[-1].add(tomlkit.nl())
        stamps["authority"] = tables
    return tomlkit.dumps(document).rstrip("\n") + "\n"


def _comments(array: str, size: int) -> Sequence[list[str]]:
    """The comments of each text of an array: beside it or above it; the last one's also below."""
    found: list[list[str]] = [[] for _ in range(size)]
    at, beside = -1, False
    for part in _PART.findall(array):
        if part == "\n":
            beside = False
        elif not part.startswith("#"):
            at, beside = at + 1, True
        elif size:
            found[min(max(at if beside else at + 1, 0), size - 1)].append(part[1:].strip())
    return found
