"""Every CSV file that is written: as French spreadsheets open it, or plain for machines. Cells are made harmless.

A site decides what a cell says: nothing of it is computed, drives a terminal, or turns the order of what is read.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any, Final

from monitor.values import pattern

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")  # OWASP, CSV injection, read 2026-11
# Controls but tab and line feed (which quotes hold), direction marks, lone surrogates.
_UNSAFE: Final = pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """For French spreadsheets: UTF-8 with BOM, `;`, CRLF."""
    return BOM_UTF8 + _written(head, rows, ";", "\r\n").encode()


def plain(head: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """For machines: `,` and LF. rows: values by column; what is absent is empty."""
    return _written(head, ([row.get(name) for name in head] for row in rows), ",", "\n")


def _written(head: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str, end: str) -> str:
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(head)
    writer.writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Lines end in LF, unsafe characters are U+FFFD; a cell a spreadsheet would compute has an apostrophe in front."""
    clean = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{clean}" if clean.startswith(_FORMULA) else clean
