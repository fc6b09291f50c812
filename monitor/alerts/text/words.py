"""How a message speaks: the sentences of one kind of event, a language to say them in, and instants in its words.

An instant is said in legal time first, then in UTC. Instants are aware; zones are IANA names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.core.words import N_, spoken
from monitor.paper.french import offset
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one kind, in English, with `{names}` for what the event itself tells.

    title: the subject line. fact: what was read, and no more. next: what the person can do now. unknown: what the
    monitor cannot know. extras: sentences said only when the event has the fact of that name.
    """

    title: str
    fact: str
    next: tuple[str, ...] = ()
    unknown: str
    extras: Mapping[str, str] = field(default_factory=dict)


WEEKDAYS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
MONTHS: Final = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


NOBODY: Final = "nobody yet"  # Last-Translator of a catalogue that no speaker of its language has read over
RIGHT_TO_LEFT: Final = ("ar",)


class Tongue:
    """One language of messages. code: such as `fr`, for the `lang` of a page; direction: `ltr` or `rtl`, for its `dir`.

    read_over: whether a speaker of the language signed its catalogue.
    """

    def __init__(self, code: str) -> None:
        self.code, self._catalogue = code, spoken(code)
        self.direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
        self.read_over = self._catalogue.info().get("last-translator") != NOBODY

    def say(self, message: str, **values: object) -> str:
        """A message in this language, its `{names}` filled where values are given."""
        said = self._catalogue.gettext(message)
        return said.format(**values) if values else said

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The form for so many, `{count}` filled. Named as the tools that gather messages expect."""
        return self._catalogue.ngettext(one, many, number).format(count=number)

    def all(self, table: Mapping[str, str]) -> dict[str, str]:
        """A table of messages, each in this language."""
        return {name: self.say(message) for name, message in table.items()}

    def day(self, at: date) -> str:
        """`lundi 23 novembre 2026`, `Monday 23 November 2026`; the first of a month has a form of its own."""
        form = N_("{weekday} 1 {month} {year}") if at.day == 1 else N_("{weekday} {day} {month} {year}")
        weekday, month = self.say(WEEKDAYS[at.weekday()]), self.say(MONTHS[at.month - 1])
        return self.say(form, weekday=weekday, day=at.day, month=month, year=at.year)

    def moment(self, at: datetime, zone: ZoneInfo) -> str:
        """`lundi 23 novembre 2026 à 09:14:05 (heure de Paris, UTC+01:00) ; 08:14:05 UTC`."""
        local, universal = at.astimezone(zone), at.astimezone(UTC)
        name = N_("Paris time") if zone.key == "Europe/Paris" else N_("legal time of the préfecture")
        utc = f"{universal:%H:%M:%S} UTC" + ("" if universal.date() == local.date() else f" ({universal:%Y-%m-%d})")
        return self.say(
            N_("{day} at {time} ({clock}, {offset}); {utc}"),
            day=self.day(local), time=f"{local:%H:%M:%S}", clock=self.say(name), offset=offset(local), utc=utc,
        )  # fmt: skip

    def told(self, value: str, at: datetime, zone: ZoneInfo, *, whole: bool) -> str:
        """A fact that is an ISO instant or day, as people say it; others unchanged.

        whole: with its day even on the day of `at`.
        """
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return value
        if len(value) == len("2026-11-21"):
            return self.day(found.date())
        if found.tzinfo is None:
            return value
        local = found.astimezone(zone)
        if not whole and local.date() == at.astimezone(zone).date():
            return f"{local:%H:%M}"
        return self.say(N_("{day} at {time}"), day=self.day(local), time=f"{local:%H:%M}")
