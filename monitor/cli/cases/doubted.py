"""What `vigie case log` asks before it writes an attempt down: a date or a picture that is probably a slip.

The impossible is refused. What is only odd is asked on a terminal; where nobody can be asked, `--confirm` says it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from gettext import gettext as _
from zoneinfo import ZoneInfo

from monitor.case.book import Book
from monitor.case.check.doubts import CAPTURES, Doubt, contradicted, doubts, pictures_of
from monitor.case.check.rules import case_rules
from monitor.case.folder import Brought
from monitor.case.model import Attempt, FileRef
from monitor.case.photos import PICTURES, dated
from monitor.core.errors import UsageError
from monitor.core.record import digest

YES = frozenset({"o", "oui", "y", "yes"})


class DoubtedError(UsageError):
    """An attempt that is doubted, and was not confirmed (EX_USAGE)."""


def settled(args: argparse.Namespace, book: Book, one: Attempt, files: Sequence[Brought]) -> Attempt:
    """The attempt as it may be written. Raises DoubtedError, in one sentence, for what is refused or not confirmed."""
    zone = ZoneInfo(book.facts.zone)
    number = 1 + max((each.number for each in (*book.attempts, *book.withdrawn)), default=0)
    one = replace(one, pictured=_pictured(one, files, zone), files=_refs(files), number=number)
    found = _new(book, one)
    if not found:
        return one
    said = "; ".join(_said(doubt, one, book) for doubt in found)
    if any(doubt.code == "future_date" for doubt in found):
        raise DoubtedError(_("{doubt}. Nothing was logged: correct the date").format(doubt=said))
    if not args.confirm and not (sys.stdin.isatty() and _agreed(said)):
        words = _("{doubt}. Nothing was logged: correct it, or add --confirm if it is right")
        raise DoubtedError(words.format(doubt=said))
    return replace(one, confirmed=True)


def _new(book: Book, one: Attempt) -> list[Doubt]:
    """The doubts it brings, on itself or, by its picture, on one that stands in the case."""
    found = partial(doubts, facts=book.facts, now=datetime.now(UTC), rules=case_rules(), begun=book.begun)
    before = {(doubt.code, doubt.event.number) for doubt in found(book.attempts)}
    return [doubt for doubt in found([*book.attempts, one]) if (doubt.code, doubt.event.number) not in before]


def _pictured(one: Attempt, files: Iterable[Brought], zone: ZoneInfo) -> str:
    """When its pictures say they were made: the first that contradicts it, else the first that says anything."""
    if one.group not in CAPTURES:
        return ""
    said = []
    for file in files:
        photo = dated(file, zone) if file.name.lower().endswith(tuple(PICTURES)) else None
        if photo is not None and photo.day is not None:
            said.append((photo.at or photo.day).isoformat())
    against = [text for text in said if contradicted(replace(one, pictured=text), zone, case_rules())]
    return next(iter([*against, *said]), "")


def _refs(files: Iterable[Brought]) -> tuple[FileRef, ...]:
    return tuple(FileRef(name=one.name, stored="", sha256=digest(one.data), size=len(one.data)) for one in files)


def _agreed(said: str) -> bool:
    print(f"{said}. " + _("Log it all the same? [y/N] "), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in YES


def _said(doubt: Doubt, one: Attempt, book: Book) -> str:
    """The doubt about `one`, the attempt to be logged; of a picture, the attempt that stands in the case is named."""
    zone = ZoneInfo(book.facts.zone)
    day = one.at.astimezone(zone).isoformat(" ", "minutes") if one.at else one.day.isoformat()
    match doubt.code:
        case "future_date":
            now = datetime.now(UTC).astimezone(zone).isoformat(" ", "minutes")
            return _("{day} is in the future: at the préfecture it is {now}").format(day=day, now=now)
        case "before_case" if book.facts.arrived:
            return _("{day} is before {since}, the entry in France this case states").format(day=day, since=doubt.since)
        case "before_case":
            return _("{day} is more than a year before this case was opened").format(day=day)
        case "same_file":
            assert doubt.other is not None, "two attempts share a picture"
            standing = doubt.other if doubt.event.number == one.number else doubt.event
            held = {file.sha256 for file in pictures_of(standing)}
            name = next(file.name for file in pictures_of(one) if file.sha256 in held)
            words = _("{name} is, byte for byte, the picture of entry {n} ({day}) as well, and an opponent sees it")
            return words.format(name=name, n=standing.number, day=standing.day)
        case "picture_date":
            pictured = one.pictured.replace("T", " ")
            return _("the picture says {pictured}, and the attempt {day}").format(pictured=pictured, day=day)
