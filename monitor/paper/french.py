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
SHORT_MONTHS: Final = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.",
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
    """`samedi 21 novembre 2026 à 13:00:01`, in legal time."""
    local = at.astimezone(zone)
    return f"{day(local)} à {local:%H:%M:%S}"


def briefly(at: datetime, zone: ZoneInfo) -> str:
    """`21/11/2026 13:00:01`, in legal time."""
    return f"{at.astimezone(zone):%d/%m/%Y %H:%M:%S}"


def legal(at: datetime, zone: ZoneInfo) -> str:
    """`samedi 21 novembre 2026 à 13:00:01 (heure légale, UTC+01:00)`: where it stands alone."""
    return f"{moment(at, zone)} (heure légale, {offset(at.astimezone(zone))})"


def captioned(at: datetime, zone: ZoneInfo) -> str:
    """The same, Paris named or beside it: for a capture of a person's own."""
    local, there = at.astimezone(zone), at.astimezone(PARIS)
    if local.utcoffset() == there.utcoffset():
        return f"{moment(at, zone)} (heure de Paris, {offset(local)})"
    paris = f"{there:%H:%M:%S} à Paris" + ("" if there.date() == local.date() else f" le {there:%d/%m/%Y}")
    return f"{moment(at, zone)} (heure légale de la préfecture, {offset(local)} ; {paris})"


def stamp(at: datetime, zone: ZoneInfo) -> list[str]:
    """The same in short lines: legal time and its offset from UTC."""
    local = at.astimezone(zone)
    return [f"{WEEKDAYS[local.weekday()][:3]}. {local:%d/%m/%Y %H:%M:%S}", f"heure légale, {offset(local)}"]


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


def utc(instant: datetime) -> str:
    """`2026-11-30 09:14:05 UTC`."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
