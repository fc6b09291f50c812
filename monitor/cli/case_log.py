"""`vigie case log`: an attempt, a letter, an answer, captures of a telephone, a fact or a note."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime
from gettext import gettext as _
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.adapters.case_folder import Brought, CaseFolder
from monitor.adapters.case_mail import parse
from monitor.adapters.case_photos import dated
from monitor.app.case_book import Book
from monitor.cli.case_opening import facts_told, opened, read_bytes
from monitor.domain.case_model import ALIASES, KINDS, Attempt, DateSource, attempt_to_json, kind_of
from monitor.domain.case_reading import CaseDataError, moment
from monitor.domain.declaration import did_you_mean
from monitor.domain.errors import UsageError

When = tuple[date, datetime | None, DateSource]


def run(args: argparse.Namespace) -> int:
    """Add to a case."""
    if not (args.kind or args.photos or args.fact or args.about):
        raise UsageError(_("say what to log: --kind, --photos, --fact, or --about with --note"))
    if args.about and not args.note:
        raise UsageError(_("--about needs --note: say why"))
    facts = facts_told(args.fact)
    kind = known_kind(args.kind) if args.kind else None
    case, book = opened(args)
    if facts:
        _said(args, case.append("facts", facts).n)
    if args.about:
        _note(args, case, book)
    elif args.photos:
        from monitor.cli.case_telephone import log_photos

        return log_photos(args, case, attempt(args, book, kind or "attempt", (date.min, None, "stated")), book)
    elif kind:
        files = [Brought(Path(name).name, read_bytes(name)) for name in args.file]
        when = _when(args, files, ZoneInfo(book.facts.zone))
        one = attempt(args, book, kind, when)
        _said(args, case.append("attempt", attempt_to_json(one), files).n)
    return 0


def known_kind(word: str) -> str:
    """The kind named. Raises UsageError with the nearest."""
    kind = kind_of(word)
    if kind is None:
        near = did_you_mean(word.lower(), tuple(KINDS)) or f"; {', '.join([*KINDS, *ALIASES])}"
        raise UsageError(_('no kind is called "{word}"{near}').format(word=word, near=near))
    return kind


def attempt(args: argparse.Namespace, book: Book, kind: str, when: When) -> Attempt:
    """What the arguments say was done."""
    try:
        due = date.fromisoformat(args.due) if args.due else None
    except ValueError as error:
        raise UsageError(_("--due {day}: a day such as 2026-11-21 is expected").format(day=args.due)) from error
    day, at, source = when
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
