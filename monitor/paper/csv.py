"""CSV as French spreadsheets open it: UTF-8 with BOM, `;`, CRLF."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from io import StringIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The file. A cell a spreadsheet would compute (OWASP, CSV injection) is given an apostrophe in front."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return BOM_UTF8 + out.getvalue().encode()
