"""Dates, durations and counts in French, as a relevé prints them. Instants are aware; zones are IANA names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
NBSP: Final = "\N{NO-BREAK SPACE}"


def day(at: date) -> str:
    """`samedi 21 novembre 2026`."""
    first = "1er" if at.day == 1 else str(at.day)
    return f"{WEEKDAYS[at.weekday()]} {first} {MONTHS[at.month - 1]} {at.year}"


def offset(at: datetime) -> str:
    """`UTC+01:00`, of an instant in its zone."""
    text = f"{at:%z}"
    return f"UTC{text[:3]}:{text[3:5]}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`samedi 21 novembre 2026 à 13:00:01`, in legal time; Paris beside it where it differs."""
    local = at.astimezone(zone)
    return f"{day(local)} à {local:%H:%M:%S}" + (f" ({paris(at, zone)})" if paris(at, zone) else "")


def captioned(at: datetime, zone: ZoneInfo) -> str:
    """`samedi 21 novembre 2026 à 13:00:01 (heure de Paris, UTC+01:00)`: for a caption, which stands alone."""
    local, there = at.astimezone(zone), paris(at, zone)
    clock = f"heure légale de la préfecture, {offset(local)} ; {there}" if there else f"heure de Paris, {offset(local)}"
    return f"{day(local)} à {local:%H:%M:%S} ({clock})"


def stamp(at: datetime, zone: ZoneInfo) -> list[str]:
    """The same in short lines: legal time, its offset, UTC, and Paris where it differs."""
    local = at.astimezone(zone)
    lines = [f"{WEEKDAYS[local.weekday()][:3]}. {local:%d/%m/%Y %H:%M:%S}", f"heure légale ({offset(local)})"]
    utc = at.astimezone(UTC)
    lines.append(f"{utc:%H:%M:%S} UTC" + ("" if utc.date() == local.date() else f" le {utc:%d/%m/%Y}"))
    return [*lines, paris(at, zone)] if paris(at, zone) else lines


def paris(at: datetime, zone: ZoneInfo) -> str:
    """`12:00:01 à Paris`; empty where legal time is that of Paris."""
    local, there = at.astimezone(zone), at.astimezone(PARIS)
    if local.utcoffset() == there.utcoffset():
        return ""
    return f"{there:%H:%M:%S} à Paris" + ("" if there.date() == local.date() else f" le {there:%d/%m/%Y}")


def duration(length: timedelta) -> str:
    """The two largest units: `3 j 4 h`, `12 min 30 s`."""
    seconds = round(length.total_seconds())
    parts = []
    for name, size in (("j", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        parts.append((count, name))
    shown = next((i for i, (count, _name) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count}{NBSP}{name}" for count, name in parts[shown : shown + 2] if count) or f"0{NBSP}s"


def number(value: float, decimals: int = 0) -> str:
    """`12 345,6`."""
    return f"{value:,.{decimals}f}".replace(",", NBSP).replace(".", ",")


def share(part: int, whole: int) -> str:
    """`12 sur 300 (4,0 %)`: a share never without its denominator."""
    return f"{number(part)} sur {number(whole)}" + (f" ({number(100 * part / whole, 1)}{NBSP}%)" if whole else "")


def some(count: int, one: str, many: str) -> str:
    """`1 jour`, `3 jours`."""
    return f"{number(count)} {one if count < 2 else many}"


def typeset(text: str) -> str:
    """French prose with its no-break spaces: before : ; ! ? and », after «."""
    return re.sub(r" (?=[:;!?»](?:\s|$|[.,)\]]))|(?<=«) ", NBSP, text)
