"""What is read out of a case: `vigie case show` lists what it holds, `vigie case tally` prints counts only."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo

from monitor.case.book import Book
from monitor.case.check.anef import anef_rows
from monitor.case.check.check import check
from monitor.case.check.doubts import doubts
from monitor.case.check.report import Told
from monitor.case.check.rules import case_rules
from monitor.case.court import names
from monitor.case.court import papers as case_papers
from monitor.case.court.overview import MARK, overview
from monitor.case.court.tables import tables
from monitor.case.folder import CaseFolder, Entry
from monitor.case.law_tables import courts, law
from monitor.case.model import CaseDataError
from monitor.case.tally import from_json, merged, rows_of
from monitor.case.tally import to_json as to_json_of_tally
from monitor.catalogue.errata import erratum
from monitor.cli.asked import catalogue
from monitor.cli.cases.case import opened, write_new
from monitor.cli.layout import say
from monitor.cli.show import quoted
from monitor.core.errors import UsageError
from monitor.core.labels import procedure
from monitor.core.words import os_words


def run(args: argparse.Namespace) -> int:
    """List the entries, or show one; with --extract write its files in clear."""
    case, book = opened(args)
    if args.extract and args.entry is None:
        raise UsageError(_("--extract needs --entry"))
    chosen = [entry for entry in case.entries if args.entry in (None, entry.n)]
    if not chosen:
        raise UsageError(_("the case has no entry {n}").format(n=args.entry))
    if args.extract:
        _extract(case, chosen[0], Path(args.extract))
        return 0
    if args.html:
        return _page(args, book)
    gone = {one.number for one in book.withdrawn}
    if args.json:
        told = [_json(case, entry, whole=args.entry is not None) for entry in chosen]
        shown = {"head": case.head, "withdrawn": sorted(gone), "entries": told}
        papers = {} if args.entry is not None else {"papers": case_papers.to_json(book, tables(), args.lang)}
        print(json.dumps(shown | papers, ensure_ascii=False, indent=1))
        return 0
    for entry in chosen:
        lines = _lines(case, entry, args.lang, withdrawn=entry.n in gone, whole=args.entry is not None)
        say("\n".join(lines))
    if args.entry is None:
        today = datetime.now(UTC).astimezone(ZoneInfo(book.facts.zone)).date()
        say("\n".join(("", *case_papers.lines(book, tables(), today, args.lang), "")))
        say(_("Digest of the whole, worth keeping elsewhere: {head}").format(head=case.head))
    return 0


def _page(args: argparse.Namespace, book: Book) -> int:
    """The case on one page, in clear and for its owner only; a page of ours that is there is written again."""
    facts, rules, path = book.facts, case_rules(), Path(args.html)
    on = datetime.now(UTC).astimezone(ZoneInfo(facts.zone)).date()
    court = courts().get(facts.prefecture)
    checked = check(book.attempts, facts, on, rules, anef_rows(), court, book.begun)
    office = catalogue(args).find(facts.prefecture).office if facts.prefecture else ""
    doubted = doubts(book.attempts, facts, datetime.now(UTC), rules, book.begun)
    page = overview(book, checked, doubted, tables(), Told(rules, law(), on, args.lang), office)
    try:
        if path.is_file() and MARK not in path.read_text(encoding="utf-8", errors="replace")[:400]:
            raise UsageError(_("{path} is there and is no page of a case: give another name").format(path=path))
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=path, why=os_words(error))) from error
    write_new(path, page.encode())
    told = {"written": str(path)}
    print(json.dumps(told) if args.json else _("written, in clear: {path}").format(path=path))
    return 0


def _lines(case: CaseFolder, entry: Entry, lang: str, *, withdrawn: bool, whole: bool) -> Iterator[str]:
    data = entry.data
    mark = " " + _("[withdrawn]") if withdrawn else ""
    if entry.what == "attempt":
        source = names.dated(data["author"], data["date_source"], lang)
        what = names.explained(data["kind"], lang)
        of = procedure(data["procedure"], lang)
        at = f"{data['at'][:10]} {data['at'][11:16]}" if data["at"] else data["day"]
        yield f"{entry.n:>4}  {at}  {what}  {of}  ({source}){mark}"
        if (wrong := erratum(data["address"])) is not None:
            yield "        " + _("this desk is not that of foreigners: {what} (noted on {day}); counted apart").format(
                what=quoted(wrong.what), day=wrong.noted
            )
    else:
        shown = ("name", "records") if entry.what == "import" else data
        told = ", ".join(names.told(name, data[name], lang) for name in shown if data[name])
        what = _(names.ENTRIES.get(entry.what, entry.what))
        yield f"{entry.n:>4}  {entry.recorded:%Y-%m-%d}  {what}  {told}"
    for ref in entry.files:
        yield f"        {quoted(ref.name)}  {ref.size}  sha256 {ref.sha256}"
    if whole:
        yield from (f"        {names.told(name, value, lang)}" for name, value in data.items() if value)
        for headers in _mails(case, entry).values():
            yield from (f"        {quoted(f'{name}: {value}')}" for name, value in headers)


def _json(case: CaseFolder, entry: Entry, *, whole: bool) -> dict[str, Any]:
    told = asdict(entry) | {"recorded": entry.recorded.isoformat()}
    if entry.what == "attempt" and (wrong := erratum(entry.data["address"])) is not None:
        told["not_for_foreigners"] = wrong.what
    return told | ({"mails": _mails(case, entry)} if whole else {})


def _mails(case: CaseFolder, entry: Entry) -> dict[str, tuple[tuple[str, str], ...]]:
    from monitor.case.mail import parse

    out = {}
    for ref in entry.files:
        if ref.name.lower().endswith(".eml"):
            with suppress(ValueError):  # named like a message, and none
                out[ref.name] = parse(case.read(ref)).headers
    return out


def _extract(case: CaseFolder, entry: Entry, folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
        for i, ref in enumerate(entry.files, 1):
            safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in PureWindowsPath(ref.name).name)
            (folder / f"{entry.n:06d}-{i:02d}-{safe}").write_bytes(case.read(ref))
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=folder, why=os_words(error))) from error
    say(_("written, in clear: {path}").format(path=folder))


def run_tally(args: argparse.Namespace) -> int:
    """Count a case, or add exact tallies up."""
    if bool(args.merge) == bool(args.case):
        raise UsageError(_("say what to count: a CASE, or --merge FILES"))
    if args.case:
        _case, book = opened(args)
        rows = rows_of(book.attempts, book.facts.prefecture)
    else:
        rows = _merged(args.merge)
    told = to_json_of_tally(rows, exact=args.exact, several=bool(args.merge))
    if args.json or args.exact:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    for row in told["rows"]:
        say(f"{row['prefecture']} {procedure(row['procedure'], args.lang)}")
        for name, n in row["counts"].items():
            shown = _("under 5, not printed") if n is None else n
            say("  " + _("{what}: {told}").format(what=_counted(name, args.lang), told=shown))
    return 0


def _counted(name: str, lang: str) -> str:
    """What a cell counts, in words."""
    words = {
        "cases": _("cases"),
        "attempts": _("attempts"),
        "seens": _("pages seen"),
        "requests": _("requests"),
        "answers": _("answers"),
        "kind": _("kind"),
        "days_to_date": _("days to the date given"),
    }
    head, colon, rest = name.partition(":")
    part = ", ".join(names.kind(rest, lang)) if head == "kind" and rest in names.KINDS else rest
    return words.get(head, head) + (f" {part}" if colon else "")


def _merged(names: list[str]) -> dict[tuple[str, str], dict[str, int]]:
    from monitor.cli.cases.case import json_file

    paths = [str(Path(name).resolve()) for name in names]
    if len({*paths}) < len(paths):
        raise UsageError(_("one tally is named twice"))
    many = []
    for name in names:
        try:
            many.append(from_json(json_file(name)))
        except ValueError as error:
            raise CaseDataError(_("{path}: {why}").format(path=name, why=error)) from error
    return merged(many)
