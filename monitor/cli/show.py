"""What people see on a terminal: marks, French or English labels, both clocks. Colour only repeats what words say."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime
from gettext import gettext as _
from typing import TextIO
from zoneinfo import ZoneInfo

from monitor.core.labels import label
from monitor.core.readings import Reading, detail_of, from_json
from monitor.core.record import RecordLine

_COLOURS = {
    "●": "32", "◐": "32", "○": "0", "■": "33", "△": "33", "✕": "31", "✗": "31", "?": "35", "–": "31", "▤": "36",
    "◌": "36",
}  # fmt: skip

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def quoted(text: str) -> str:
    """A page's words as they may stand on a terminal: what would command it, or turn its writing round, is replaced."""
    return "« " + _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text) + " »"


def coloured(stream: TextIO) -> bool:
    """True where colour may be used: a terminal that can, and no NO_COLOR (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def words(reading: Reading, lang: str) -> str:
    """Mark and label of a reading."""
    found = label(type(reading).__name__, detail_of(reading))
    return f"{found.mark} {found.en if lang == 'en' else found.fr}"


def paint(text: str, stream: TextIO) -> str:
    """The text in its mark's colour where that helps."""
    colour = _COLOURS.get(text[:1])
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and coloured(stream) else text


def say(text: str, indent: str = "") -> None:
    """A paragraph, wrapped to the terminal, nothing of it cut; on one line where it is piped. Nothing for no text."""
    if not text:
        return
    room = shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else sys.maxsize
    print(textwrap.fill(text, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))


def say_reading(reading: Reading, lang: str) -> None:
    """A reading with the words it rests on."""
    print(paint(words(reading, lang), sys.stdout))
    seen = getattr(reading, "seen", None)
    if seen is not None:
        print(f"  {quoted(seen.text)}  [{seen.selector}]")
    for name, value in facts(reading):
        print(f"  {name}: {value}")


def facts(reading: Reading) -> Iterable[tuple[str, object]]:
    """The other fields of a reading that hold something, by their contract names."""
    for name in reading.__dataclass_fields__:
        value = getattr(reading, name)
        if name != "seen" and value not in (None, False):
            yield name, value


def local(at: str | datetime, zone: str) -> str:
    """Legal time of the préfecture, to the minute, with its offset from UTC."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %z")


def table(rows: Sequence[Sequence[str]], stream: TextIO | None = None) -> None:
    """Columns as wide as their longest cell; the last is cut to the terminal, and only there."""
    out = stream or sys.stdout
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    room = shutil.get_terminal_size((120, 24)).columns if out.isatty() else 0
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        head = "  ".join(cells)
        tail = row[-1]
        if room and len(head) + 2 + len(tail) > room:
            tail = tail[: max(room - len(head) - 3, 10)] + "…"
        line = f"{head}  {tail}".rstrip()
        print(line.replace(row[0], paint(row[0], out), 1) if row[0] else line, file=out)


def observation_row(record: RecordLine, lang: str) -> tuple[str, str, str, str]:
    """One observation as a row: label, desk, when, words seen."""
    reading = from_json(dict(record))
    seen = getattr(reading, "seen", None)
    quote = quoted(seen.text) if seen else (getattr(reading, "detail", None) or "")
    mark = words(reading, lang)
    if "unchanged_since" in record:
        mark += " " + _("(not modified since it was read, says the server)")
    if record.get("simulated"):
        mark += " " + _("[simulated]")
    return mark, str(record["check"]), local(str(record["started"]), str(record["time_zone"])), quote
