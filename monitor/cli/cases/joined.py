"""`vigie case import`: joins what was verified first, a relevé of the monitor or what the person's own programs kept.

A relevé stands beside the person's attempts and is never mixed with them; an assisted attempt, the file of the browser
extension and that of the telephone's diary are theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.case.assist.attempt import ATTEMPT, KIND
from monitor.case.book import Book, read
from monitor.case.check.doubts import doubts
from monitor.case.check.rules import case_rules
from monitor.case.court.names import kind as kind_words
from monitor.case.court.words import doubted
from monitor.case.folder import Brought, CaseFolder
from monitor.case.kept.attempts import of_another_office, of_own_demarche
from monitor.case.model import Attempt, CaseDataError, Facts, attempt_to_json
from monitor.cli.asked import catalogue, settings
from monitor.cli.cases.assist import stamped as stamp_told
from monitor.cli.cases.case import opened
from monitor.cli.cases.doubted import YES
from monitor.cli.layout import say
from monitor.core.labels import procedure


def run(args: argparse.Namespace) -> int:
    """Join a folder or a ZIP. Exit 0, or 3 where it holds nothing that a case counts."""
    path = Path(args.export)
    files = _brought(path)
    case, book = opened(args)
    if files is None:
        return _releve(args, case, path)
    if _kind(files) == KIND:
        return _assisted(args, case, book, files)
    return _parcel(args, case, book, files)


def _brought(path: Path) -> dict[str, bytes] | None:
    """The files of an attempt or a parcel; None for any other folder. Raises UsageError, CaseDataError."""
    from monitor.case.assist.folder import load
    from monitor.case.kept.opening import opened, read_archive

    if path.is_file():
        files = opened(read_archive(path))
        if ATTEMPT not in files:
            words = _("{path} holds no {name}: a ZIP is a file of the extension or the diary, an export is a folder")
            raise CaseDataError(words.format(path=path, name=ATTEMPT))
        return files
    return load(path) if (path / ATTEMPT).is_file() else None


def _kind(files: Mapping[str, bytes]) -> object:
    """What sort of record it is; what is no record is told of by whoever reads it."""
    try:
        record = json.loads(files[ATTEMPT])
    except (ValueError, RecursionError):
        return KIND
    return record.get("kind") if isinstance(record, dict) else KIND


def _releve(args: argparse.Namespace, case: CaseFolder, folder: Path) -> int:
    from monitor.case.join import packed
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers
    from monitor.report.export.presented import verify_whole

    archive = FolderArchive(folder)
    zipped, report = packed(archive, lambda: verify_whole(archive, Verifiers()))
    name = folder.resolve().name
    lines = [*report.lines()]
    told = {"name": name, "records": report.records, "reserved": bool(report.findings), "told": lines}
    entry = case.append("import", told, [Brought(f"{name}.zip", zipped, "application/zip")])
    _say(args, lines, [entry.n])
    return 0


def _assisted(args: argparse.Namespace, case: CaseFolder, book: Book, files: Mapping[str, bytes]) -> int:
    from monitor.case.join import as_attempt
    from monitor.evidence.verify.crypto import Verifiers

    attempt = _own(args, book, [as_attempt(files, Verifiers(), case.holds)])[0]
    brought = [Brought(path.rpartition("/")[2], data) for path, data in sorted(files.items())]
    entry = case.append("attempt", attempt_to_json(attempt), brought)
    _say(args, [attempt.note], [entry.n])
    return 0


def _parcel(args: argparse.Namespace, case: CaseFolder, book: Book, files: Mapping[str, bytes]) -> int:
    """Every attempt of it that the case has not yet, the record with the first; what each replaces is withdrawn."""
    from monitor.case.join import stamps_told
    from monitor.case.kept.attempts import attempts_of, of_the_whole
    from monitor.case.kept.joining import joinings
    from monitor.evidence.verify.crypto import Verifiers

    parcel = _read(files)
    stamps = " ".join(stamps_told(parcel.stamps, files, Verifiers())) if parcel.stamps else ""
    found = attempts_of(parcel, catalogue(args), book.facts)
    if not found:
        raise CaseDataError(_("nothing in this file is a page of a booking site that was kept: nothing was joined"))
    planned = [*joinings(found, book, case.holds)]
    fresh = [one.made for one in planned if one.made is not None]
    attempts = iter(_own(args, book, [one.attempt for one in fresh]))
    beside, rows = _stamp(args, parcel.files) if fresh and not parcel.stamps else ({}, [])
    whole = (*of_the_whole(parcel), *(Brought(name, data) for name, data in sorted(beside.items())))
    numbers: list[int] = []
    for one in planned:
        number = 0
        if one.made is not None:
            said = replace(attempt := next(attempts), note=f"{attempt.note} {stamps or _dated(rows)}")
            number = case.append("attempt", attempt_to_json(said), (*one.made.files, *(whole if not numbers else ()))).n
            numbers.append(number)
        for earlier in one.replaced:
            text = "Remplacée par une entrée qui tient toute la séance."
            case.append("note", {"about": earlier, "text": text, "withdrawn": True})
    held = sum(one.made is None for one in planned)
    _say(args, [*map(stamp_told, rows), *_lines(args, case, numbers, held)], numbers)
    return 0


def _read(files: Mapping[str, bytes]) -> Any:
    from monitor.case.assist.attempt import AttemptError
    from monitor.case.kept.parcel import read as read_parcel

    try:
        parcel = read_parcel(files)
    except AttemptError as error:
        raise CaseDataError(_("this file does not verify and was not joined: {why}").format(why=error)) from error
    if parcel.simulated:
        raise CaseDataError(_("SIMULATION: a simulator played these pages, they prove nothing and were not joined"))
    return parcel


def _stamp(args: argparse.Namespace, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """A stamp of the sums by each authority of the settings: what is in the file was there by then, no more."""
    from monitor.case.assist.folder import stamped
    from monitor.evidence.sums import SUMS
    from monitor.fetch.clock import SystemClock
    from monitor.run.wiring import authorities

    chosen = settings(args)
    clock = SystemClock(chosen.simulation.time_scale)
    return asyncio.run(stamped(files[SUMS], authorities(chosen, clock)))


def _dated(rows: Sequence[Mapping[str, Any]]) -> str:
    """What the stamps made at import say, in French for the file."""
    made = [f"{one['authority']} ({one['gen_time']})" for one in rows if one["what"] == "stamped"]
    if not made:
        return "Sans horodatage par une autorité."
    return f"Existait avant l'horodatage fait à l'import : {', '.join(made)} ; il ne dit rien de plus du contenu."


def _own(args: argparse.Namespace, book: Book, attempts: Sequence[Attempt]) -> list[Attempt]:
    """The attempts, those at a desk of unknown démarche put under the case's own where the person says they are, those
    at another préfecture marked as such."""
    known = catalogue(args)
    attempts = [
        replace(one, site_serves=False) if of_another_office(one, known, book.facts) else one for one in attempts
    ]
    own = book.facts.procedure
    asked = [one for one in attempts if of_own_demarche(one, book.facts)]
    if not asked:
        return [*attempts]
    words = procedure(own, args.lang)
    if args.own is None and sys.stdin.isatty():
        question = ngettext(
            '{count} attempt is at a desk that is of no one démarche. Was it for "{own}"? [y/N] ',
            '{count} attempts are at desks that are of no one démarche. Were they for "{own}"? [y/N] ',
            len(asked),
        )
        print(question.format(count=len(asked), own=words), end="", file=sys.stderr, flush=True)
        args.own = sys.stdin.readline().strip().lower() in YES
    if not args.own:
        note = ngettext(
            '{count} attempt stands under "other": add --own if it was for "{own}"',
            '{count} attempts stand under "other": add --own if they were for "{own}"',
            len(asked),
        )
        say(note.format(count=len(asked), own=words), out=sys.stderr)
        return [*attempts]
    return [_said_own(one, book.facts) if of_own_demarche(one, book.facts) else one for one in attempts]


def _said_own(one: Attempt, facts: Facts) -> Attempt:
    """Under the case's démarche and préfecture: what the address does not tell is the person's word, and is said so."""
    said = "Démarche : celle du dossier, d'après la personne ; le guichet n'en nomme pas une seule."
    if not one.prefecture:
        said += " Préfecture : celle du dossier, d'après la personne ; l'adresse n'en nomme aucune."
    return replace(one, procedure=facts.procedure, prefecture=facts.prefecture, note=f"{one.note} {said}")


def _lines(args: argparse.Namespace, case: CaseFolder, numbers: Sequence[int], held: int) -> list[str]:
    """What was joined, and what is doubted of it."""
    book = read(case.entries)
    fresh = [one for one in book.attempts if one.number in numbers]
    lines = [
        _("entry {n}: {day}, {what}").format(n=one.number, day=one.day, what=", ".join(kind_words(one.kind, args.lang)))
        for one in fresh
    ]
    if held:
        lines.append(_("in the case already, not joined again: {count}").format(count=held))
    found = doubts(book.attempts, book.facts, datetime.now(UTC), case_rules(), book.begun)
    zone = ZoneInfo(book.facts.zone)
    why = doubted((one for one in found if one.event.number in numbers), zone)
    lines += [_("to be checked, entry {n}: {why}").format(n=n, why=words) for n, words in why.items()]
    return lines


def _say(args: argparse.Namespace, lines: Sequence[str], numbers: Sequence[int]) -> None:
    if args.json:
        print(json.dumps({"entries": [*numbers], "told": [*lines]}, ensure_ascii=False, indent=1))
        return
    for line in lines:
        say(line)
    if len(numbers) == 1:
        say(_("joined as entry {n}").format(n=numbers[0]))
