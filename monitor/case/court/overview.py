"""The case on one page, for the person whose it is: steps done, what is missing, what to do next, a calendar. Pure.

It is HTML without a script, for a telephone or a sheet of A4. It bears no name, and says itself that it is in clear.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any, Final

from monitor.case.book import Book
from monitor.case.check.check import Checked
from monitor.case.check.doubts import Doubt
from monitor.case.check.report import Told, in_order, next_step, said
from monitor.case.check.silence import NATURALISATION
from monitor.case.check.spread import FAILED
from monitor.case.court.checklist import Heap
from monitor.case.court.reading import Tables
from monitor.case.court.words import short_day
from monitor.case.model import Attempt
from monitor.core.labels import procedure
from monitor.paper.french import MONTHS, some, typeset
from monitor.values import dataclass

MARK: Final = "vigie-case-page"  # by which a page of ours is known, and may be written again
SHOWN: Final = 6  # months of the calendar, the last ones in which something happened
MOST: Final = 8  # findings: a page, not the whole check
LACKS: Final = ("obstacle", "missing", "warning")
MONTHS_EN: Final = tuple(calendar.month_name)[1:]
DAYS: Final = {"fr": ("L", "M", "M", "J", "V", "S", "D"), "en": ("M", "T", "W", "T", "F", "S", "S")}
STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {"proven": "fait, avec une pièce", "told": "noté, sans pièce", "begun": "commencé", "missing": "à faire"},
    "en": {"proven": "done, with a paper", "told": "noted, without a paper", "begun": "begun", "missing": "to do"},
}


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar. weeks: from Monday, each day its number (0: of another month) and its mark."""

    name: str
    weeks: Sequence[Sequence[tuple[int, str]]]


def overview(
    book: Book, checked: Sequence[Checked], doubted: Iterable[Doubt], tables: Tables, told: Told, office: str
) -> str:
    """The page, in the language `told` names. checked: of the whole case; doubted: its attempts that are doubted."""
    own = next((one for one in checked if one.procedure == book.facts.procedure), None)
    found = in_order(own.findings, told.rules) if own else []
    unsure = [one.event.number for one in doubted]
    events = [one for one in book.attempts if one.procedure == book.facts.procedure]
    lacking = [
        (saying.weight, _dated(said(one, saying, told.rules, told.lang), told.lang))
        for one, saying in found
        if saying.weight in LACKS
    ]
    months = [*_months(events, unsure, told.lang)]
    words: dict[str, Any] = {
        "lang": told.lang,
        "mark": MARK,
        "on": _day(told.on, told.lang),
        "office": office,
        "procedure": procedure(book.facts.procedure, told.lang),
        "others": len(checked) - (own is not None),
        "counts": own and _counts(own, told.lang),
        "next": _dated(next_step(found, told.lang), told.lang),
        "steps": [*_steps(events, told, _family(book))],
        "states": STATES[told.lang],
        "lacking": lacking[:MOST],
        "more": _more(len(lacking) - MOST, told.lang),
        "papers": [*_papers(book, tables, told.lang, "court")],
        "months": months[-SHOWN:],
        "earlier": max(len(months) - SHOWN, 0),
        "days": DAYS[told.lang],
    }  # fmt: skip
    page = _template().render(words)
    return typeset(page) if told.lang == "fr" else page


def _counts(one: Checked, lang: str) -> str:
    n, days, weeks = one.spread.attempts, one.spread.days, one.spread.weeks
    if lang == "fr":
        tries = some(n, "tentative comptée", "tentatives comptées")
        return f"{tries}, {some(days, 'jour distinct', 'jours distincts')}, {some(weeks, 'semaine', 'semaines')}"
    return ", ".join(
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((n, "counted attempt"), (days, "distinct day"), (weeks, "week"))
    )


def _family(book: Book) -> str:
    """Naturalisation is its own family whatever was stated."""
    return NATURALISATION if book.facts.procedure == NATURALISATION else book.facts.family or ""


def _steps(events: Sequence[Attempt], told: Told, family: str) -> Iterator[tuple[str, str, str]]:
    """Name, state and first day of each rung of the ladder; none for a family that has no sourced one."""
    ladder = told.rules.ladders.get(family)
    for rung in ladder.rungs if ladder else ():
        done = [one for one in events if one.kind in rung.reached]
        shown = [one for one in done if one.files]
        begun = any(one.kind in rung.begun for one in events)
        state = "proven" if shown else "told" if done else "begun" if begun else "missing"
        day = _day(min(one.day for one in shown or done), told.lang) if done else ""
        yield told.rules.words[rung.name][told.lang], state, day


def _papers(book: Book, tables: Tables, lang: str, heap: Heap) -> Iterator[str]:
    """What is still to be gathered for a request."""
    for one in tables.papers.needed(book.facts):
        if one.heap == heap and not one.ready(book.facts, book.attempts):
            yield one.fr if lang == "fr" else one.en


def _months(events: Sequence[Attempt], doubted: Sequence[int], lang: str) -> Iterator[Month]:
    """The months in which something happened, oldest first."""
    marks: dict[date, str] = {}
    for one in events:
        mark = "?" if one.number in doubted else "×" if one.group in FAILED else "•"
        marks[one.day] = max(marks.get(one.day, "•"), mark, key="•×?".index)
    for year, month in sorted({(day.year, day.month) for day in marks}):
        names = MONTHS if lang == "fr" else MONTHS_EN
        weeks = [
            [(day.day, marks.get(day, "")) if day.month == month else (0, "") for day in week]
            for week in calendar.Calendar().monthdatescalendar(year, month)
        ]
        yield Month(f"{names[month - 1]} {year}", weeks)


def _more(n: int, lang: str) -> str:
    """What is not on the page, empty where all is."""
    if n < 1:
        return ""
    if lang == "en":
        return f"{n} more in the whole check: vigie case check"
    return f"{some(n, 'autre point', 'autres points')} dans l'examen entier : vigie case check"


def _dated(text: str, lang: str) -> str:
    """A sentence of the rules with its days as people write them."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: _day(date.fromisoformat(found[0]), lang), text)


def _day(day: date, lang: str) -> str:
    return short_day(day) if lang == "fr" else f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    text = (files("monitor") / "templates" / "case_page.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        text
    )
