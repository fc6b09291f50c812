"""Instants in the words of a message: legal time first, then UTC. Instants are aware; zones are IANA names."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.app import french
from monitor.app.alert_words import Tongue
from monitor.domain.subscriptions import Language

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day(at: date, language: Language) -> str:
    """`lundi 23 novembre 2026`, `Monday 23 November 2026`."""
    if language == "fr":
        return french.day(at)
    return f"{WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at.year}"


def moment(at: datetime, zone: ZoneInfo, language: Language, tongue: Tongue) -> str:
    """`lundi 23 novembre 2026 à 09:14:05 (heure de Paris, UTC+01:00) ; 08:14:05 UTC`."""
    local, universal = at.astimezone(zone), at.astimezone(UTC)
    name = tongue.said["paris" if zone.key == "Europe/Paris" else "local"]
    link, pause = ("à", " ;") if language == "fr" else ("at", ";")
    utc = f"{universal:%H:%M:%S} UTC" + ("" if universal.date() == local.date() else f" ({universal:%Y-%m-%d})")
    return f"{day(local, language)} {link} {local:%H:%M:%S} ({name}, {french.offset(local)}){pause} {utc}"


def told(value: str, at: datetime, zone: ZoneInfo, language: Language, *, whole: bool) -> str:
    """A fact that is an ISO instant or day, as people say it; others unchanged.

    whole: with its day even on the day of `at`.
    """
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    if len(value) == len("2026-11-21"):
        return day(found.date(), language)
    if found.tzinfo is None:
        return value
    local = found.astimezone(zone)
    if not whole and local.date() == at.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{day(local, language)} {'à' if language == 'fr' else 'at'} {local:%H:%M}"
