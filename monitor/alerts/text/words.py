"""What a message says of one kind of event: sentences with `{names}` for what the event itself tells. Pure.

Instants in the words of a message: legal time first, then UTC. Instants are aware; zones are IANA names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.people.subscriptions import Language
from monitor.paper import french


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one kind, in one language.

    title: the subject line. fact: what was read, and no more. next: what the person can do now. unknown: what the
    monitor cannot know. extras: sentences said only when the event has the fact of that name.
    """

    title: str
    fact: str
    next: tuple[str, ...]
    unknown: str
    extras: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tongue:
    """Everything a message says in one language.

    kinds: by kind of event. obstacles, channels, causes: words for the values of those facts. said: short labels.
    ladder, ladder_naturalisation: the next steps of a digest, sourced.
    """

    kinds: Mapping[str, Words]
    obstacles: Mapping[str, str]
    channels: Mapping[str, str]
    causes: Mapping[str, str]
    said: Mapping[str, str]
    ladder: tuple[str, ...]
    ladder_naturalisation: tuple[str, ...]


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
