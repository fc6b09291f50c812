"""What people read of a reading: its mark and words, what the site said, legal time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from gettext import gettext as _
from typing import Final
from zoneinfo import ZoneInfo

from monitor.cli.layout import paint, say
from monitor.core.labels import label
from monitor.core.readings import Reading, detail_of, from_json
from monitor.core.record import RecordLine
from monitor.values import pattern

PARIS: Final = "Europe/Paris"  # legal time of what concerns no one préfecture
_CONTROL = pattern("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def quoted(text: str) -> str:
    """A page's words as they may stand on a terminal: what would command it, or turn its writing round, is replaced."""
    return "«\N{NO-BREAK SPACE}" + _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text) + "\N{NO-BREAK SPACE}»"


def machine(text: str) -> str:
    """What a program said, between backquotes: words that no catalogue translates."""
    return "`" + _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text).replace("`", "'") + "`"


def words(reading: Reading, lang: str) -> str:
    """Mark and label of a reading."""
    found = label(type(reading).__name__, detail_of(reading))
    return f"{found.mark} {found.said(lang)}"


def say_reading(reading: Reading, lang: str) -> None:
    """A reading with the words it rests on."""
    say(paint(words(reading, lang)), hang=2)
    seen = getattr(reading, "seen", None)
    if seen is not None:
        say(quoted(seen.text), 2)
        say(_("where on the page: {selector}").format(selector=machine(seen.selector)), 2, hang=2)
    for what, told in facts(reading):
        say(_("{what}: {told}").format(what=what, told=told), 2, hang=2)


def facts(reading: Reading) -> Iterator[tuple[str, str]]:
    """What a reading tells beside its label and its words, and what each is."""
    names = {
        "first_day": _("first day shown"),
        "opens_at": _("opens"),
        "last_published": _("appointments last published"),
        "next_week": _("for the week of"),
        "step": _("step of the visit"),
        "pages_examined": _("pages read"),
        "figures": _("figures"),
    }
    for name, what in names.items():
        value = getattr(reading, name, None)
        if value:
            yield what, _told(value)
    if (detail := getattr(reading, "detail", None)) and detail != detail_of(reading):
        yield _("detail"), machine(detail)


def _told(value: object) -> str:
    """A fact of a reading, for people."""
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case tuple():
            return " ".join(map(str, value))
        case dict():
            return " ; ".join(f"{quoted(str(name))} {number}" for name, number in value.items())
    return machine(str(value))


def place(name: str, code: str) -> str:
    """A préfecture, for people."""
    return f"{name} ({code})"


def local(at: str | datetime, zone: str) -> str:
    """Legal time of the préfecture, to the minute, with its offset from UTC."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %z")


def moment(at: str | datetime, zone: str) -> str:
    """The same without its offset, for where it is said that times are legal ones."""
    return local(at, zone)[: len("2026-11-30 13:40")]


def observation_row(record: RecordLine, lang: str) -> tuple[str, str, str, str]:
    """One observation as a row: label, desk, when, words seen."""
    reading = from_json(dict(record))
    seen = getattr(reading, "seen", None)
    detail = getattr(reading, "detail", None)
    quote = quoted(seen.text) if seen else machine(detail) if detail else ""
    mark = words(reading, lang)
    if "unchanged_since" in record:
        mark += " " + _("(not modified since it was read, says the server)")
    if record.get("simulated"):
        mark += " " + _("[simulated]")
    return mark, str(record["check"]), local(str(record["started"]), str(record["time_zone"])), quote
