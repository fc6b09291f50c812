"""`vigie case log`: adds an attempt, a letter, an answer, captures, a fact or a note to a case.

Captures of a telephone (`--photos`) are dated one by one; what no source tells is asked, or left to a sheet of paper.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.case.book import Book, read
from monitor.case.court.names import explained, kind_lines
from monitor.case.folder import Brought, CaseFolder
from monitor.case.mail import parse
from monitor.case.model import ALIASES, KINDS, Attempt, CaseDataError, DateSource, attempt_to_json, kind_of, moment
from monitor.case.photos import Photo, dated, photos
from monitor.catalogue.declaration import did_you_mean
from monitor.cli.cases.case import facts_told, of_demarche, opened, read_bytes
from monitor.cli.cases.doubted import DoubtedError, settled
from monitor.cli.layout import say
from monitor.core.errors import UsageError
from monitor.core.record import digest
from monitor.core.words import os_words


def log_photos(args: argparse.Namespace, case: CaseFolder, common: Attempt, book: Book) -> int:
    """Log every capture whose day is known; say what each lacks. An undated one is not logged."""
    zone = ZoneInfo(book.facts.zone)
    try:
        found = [*photos(Path(args.photos), zone)]
    except OSError as error:
        raise UsageError(_("{path} cannot be read: {why}").format(path=args.photos, why=os_words(error))) from error
    told = [_one(args, case, photo, common, zone) for photo in found]
    if args.json:
        print(json.dumps({"photos": told}, ensure_ascii=False, indent=1))
    else:
        for one in told:
            date_ = one["at"] or one["day"] or _("no date")
            held = _("already in the case") if one["day"] and not one["doubt"] else _("not logged")
            entry = one["entry"] or held
            lacks = ", ".join(one["missing"]) or "-"
            say(_("{name}: {date} (from: {source}); entry: {entry}; missing: {lacks}").format(
                name=one["name"], date=date_, source=one["source"] or "-", entry=entry, lacks=lacks))  # fmt: skip
            if one["doubt"]:
                say(f"    {one['doubt']}")
    if args.sheet:
        _sheet(Path(args.sheet), told)
    return 0


def _one(
    args: argparse.Namespace, case: CaseFolder, photo: Photo, common: Attempt, zone: ZoneInfo
) -> dict[str, Any]:  # fmt: skip
    held = case.holds(digest(photo.file.data))
    day, at, source = photo.day, photo.at, photo.source
    one = common
    if not held and sys.stdin.isatty():
        if day is None:
            day, at = _asked_date(photo.file.name, zone)
            source = "stated" if day else None
        address = one.address or _asked(_("{name}: address of the page? "), photo.file.name)
        sentence = one.sentence or _asked(_("{name}: the site's sentence, word for word? "), photo.file.name)
        one = replace(one, address=address, sentence=sentence)
    missing = [
        name for name, value in (("address", one.address), ("date", day), ("sentence", one.sentence)) if not value
    ]
    entry, doubt = None, ""
    if day is not None and source is not None and not held:
        brought = [photo.file] + ([photo.carrier] if photo.carrier else [])
        try:
            one = settled(args, read(case.entries), replace(one, day=day, at=at, date_source=source), brought)
            entry = case.append("attempt", attempt_to_json(one), brought).n
        except DoubtedError as error:
            doubt = str(error)
    return {
        "name": photo.file.name,
        "day": day and day.isoformat(),
        "at": at and at.astimezone(zone).isoformat(),
        "source": source,
        "entry": entry,
        "missing": missing,
        "doubt": doubt,
    }


def _asked(question: str, name: str) -> str:
    print(question.format(name=name), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _asked_date(name: str, zone: ZoneInfo) -> tuple[date | None, datetime | None]:
    """Asked until it is a date, or left empty."""
    while text := _asked(_("{name}: day, or day and hour, as 2026-03-02T09:14? "), name):
        try:
            return moment(text, zone)
        except ValueError:
            continue
    return None, None


def _sheet(path: Path, told: list[dict[str, Any]]) -> None:
    from monitor.case.photos import sheet

    try:
        path.write_bytes(sheet(told, made=datetime.now(UTC)))
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=path, why=os_words(error))) from error
    say(_("written: {path}").format(path=path), out=sys.stderr)


LIST: Final = "list"
When = tuple[date, datetime | None, DateSource]


def run(args: argparse.Namespace) -> int:
    """Add to a case; with `--kind list` tell what a kind may be."""
    if args.kind == LIST:
        return _list(args)
    if not args.kind and (args.at or args.file) and not args.photos and sys.stdin.isatty():
        args.kind = _chosen(args)
    if not (args.kind or args.photos or args.fact or args.about):
        raise UsageError(_("say what to log: --kind, --photos, --fact, or --about with --note"))
    if args.about and not args.note:
        raise UsageError(_("--about needs --note: say why"))
    facts = facts_told(args.fact)
    kind = known_kind(args.kind) if args.kind else None
    case, book = opened(args)
    if facts:
        of_demarche(facts, book.facts.procedure)
        _said(args, case.append("facts", facts).n)
    if args.about:
        _note(args, case, book)
    elif args.photos:
        return log_photos(args, case, attempt(args, book, kind or "attempt", (date.min, None, "stated")), book)
    elif kind:
        files = [Brought(Path(name).name, read_bytes(name)) for name in args.file]
        when = _when(args, files, ZoneInfo(book.facts.zone))
        if len({digest(file.data) for file in files}) < len(files):
            raise UsageError(_("--file names the same picture or document twice"))
        one = settled(args, book, attempt(args, book, kind, when), files)
        _said(args, case.append("attempt", attempt_to_json(one), files).n)
    return 0


def _list(args: argparse.Namespace) -> int:
    if args.json:
        told = [
            {"kind": kind, "group": KINDS[kind], "fr": explained(kind, "fr"), "en": explained(kind, "en")}
            for kind in KINDS
        ]
        print(json.dumps({"kinds": told}, ensure_ascii=False, indent=1))
    else:
        say("\n".join(kind_lines(args.lang)))
    return 0


def _chosen(args: argparse.Namespace) -> str:
    """The kind, asked on a terminal under the list of them all. May be empty."""
    say("\n".join(kind_lines(args.lang)), out=sys.stderr)
    print(_("Which of these was it? "), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def known_kind(word: str) -> str:
    """The kind named. Raises UsageError with the nearest."""
    kind = kind_of(word)
    if kind is None:
        near = did_you_mean(word.lower(), (*KINDS, *ALIASES))
        words = _('no kind is called "{word}"{near} (`vigie case log --kind list` explains them)')
        raise UsageError(words.format(word=word, near=near))
    return kind


def attempt(args: argparse.Namespace, book: Book, kind: str, when: When) -> Attempt:
    """What the arguments say was done."""
    try:
        due = date.fromisoformat(args.due) if args.due else None
    except ValueError as error:
        raise UsageError(_("--due {day}: a day such as 2026-11-21 is expected").format(day=args.due)) from error
    day, at, source = when
    if due is not None and due < day:
        raise UsageError(_("--due {day}: the day given is before the event itself").format(day=args.due))
    return Attempt(
        day=day,
        at=at,
        date_source=source,
        kind=kind,
        procedure=args.procedure or book.facts.procedure,
        prefecture=args.prefecture or book.facts.prefecture,
        address=args.address,
        sentence=args.sentence,
        reference=args.reference,
        due=due,
        author="helper" if args.helper else "person",
        site_serves=False if args.other_site else None,
        note=args.note,
    )


def _when(args: argparse.Namespace, files: list[Brought], zone: ZoneInfo) -> When:
    """`--at`, else what a message or a picture says; never the present moment. Raises UsageError, CaseDataError."""
    if args.at:
        try:
            return *moment(args.at, zone), "stated"
        except ValueError as error:
            raise UsageError(_("--at {text}: a day or an instant is expected").format(text=args.at)) from error
    for file in files:
        if file.name.lower().endswith(".eml"):
            try:
                sent = parse(file.data).sent
            except ValueError as error:
                raise CaseDataError(_("{path}: {why}").format(path=file.name, why=error)) from error
            if sent:
                return sent.astimezone(zone).date(), sent, "mail"
        photo = dated(file, zone)
        if photo.day and photo.source:
            return photo.day, photo.at, photo.source
    raise UsageError(_("when was it? No file says: give --at"))


def _note(args: argparse.Namespace, case: CaseFolder, book: Book) -> None:
    if not any(one.number == args.about for one in (*book.attempts, *book.withdrawn)) and args.withdraw:
        raise UsageError(_("entry {n} is no attempt or event: it cannot be withdrawn").format(n=args.about))
    if not 1 <= args.about <= len(case.entries):
        raise UsageError(_("the case has no entry {n}").format(n=args.about))
    _said(args, case.append("note", {"about": args.about, "text": args.note, "withdrawn": args.withdraw}).n)


def _said(args: argparse.Namespace, n: int) -> None:
    print(json.dumps({"entry": n}) if args.json else _("entry {n}").format(n=n))
