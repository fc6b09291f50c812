"""What leaves a case: `vigie case export` writes it as a court file in clear, for Télérecours or Télérecours citoyens;
`vigie case draft` a letter for the person to edit and send.
"""

from __future__ import annotations

import argparse
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from gettext import gettext as _
from importlib.resources import files
from io import BytesIO
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor import __version__
from monitor.case.book import Book, Joined
from monitor.case.check.doubts import Doubt, doubts
from monitor.case.check.rules import case_rules
from monitor.case.court.dossier import LAYERS, Dossier, Releve
from monitor.case.court.drafts import draft
from monitor.case.court.export import FILED, CourtTools, ExportTold, export
from monitor.case.court.papers import own
from monitor.case.court.tables import tables
from monitor.case.court.words import doubted
from monitor.case.folder import CaseFolder
from monitor.case.law_tables import courts
from monitor.case.model import FileRef
from monitor.cli.asked import catalogue
from monitor.cli.cases.case import opened, read_bytes, write_new
from monitor.cli.layout import say
from monitor.core.errors import UsageError
from monitor.core.record import digest
from monitor.paper import parts as pdf
from monitor.paper.letter import lines_of, title_of
from monitor.report.export.folder import write

RELEVE = "releve.pdf"
Read = Callable[[FileRef], bytes]


def run(args: argparse.Namespace) -> int:
    """Write the court file. Exit 0; 64 usage; 77 wrong passphrase."""
    if not args.form:
        raise UsageError(
            _("say in which form: --telerecours (a lawyer's) or --telerecours-citoyens (without a lawyer)")
        )
    if args.first < 1 or not 1 <= args.part_mb <= 30:
        raise UsageError(_("--first begins at 1; --part-mb goes from 1 to 30"))
    case, book = opened(args)
    dossier, read = gathered(args, case, book)
    now = datetime.now(UTC)
    out = Path(args.out or f"vigie-dossier-{now:%Y%m%dT%H%M%SZ}")
    told = ExportTold()
    papers = own(book.facts, book.attempts, tables())
    limit = args.part_mb * 1_000_000
    made = export(dossier, _means(read, now), now, told, args.form, papers=papers, first=args.first, limit=limit)
    words = _("entry {n} ({day}) is doubted, which is printed beside it: {why}")
    doubted_ones = [one for one in book.attempts if one.number in dossier.doubted]
    told.warnings += [words.format(n=one.number, day=one.day, why=dossier.doubted[one.number]) for one in doubted_ones]
    os.umask(0o077)  # in clear: for its owner only
    _left(case, book, args.form)
    size = write(out, made)
    _say(args, out, size, told)
    return 0


def gathered(args: argparse.Namespace, case: CaseFolder, book: Book) -> tuple[Dossier, Read]:
    """The case as a dossier, and what reads its files. Raises UsageError, DamagedError."""
    beside: dict[str, bytes] = {}

    def read(ref: FileRef) -> bytes:
        return beside[ref.stored] if ref.stored in beside else case.read(ref)

    def kept(stored: str, name: str, data: bytes) -> FileRef:
        beside[stored] = data
        return FileRef(name=name, stored=stored, sha256=digest(data), size=len(data))

    statistics: list[str] = getattr(args, "statistics", [])
    code = book.facts.prefecture
    return Dossier(
        facts=book.facts,
        office=catalogue(args).find(code).office if code else _("[préfecture]"),
        attempts=book.attempts,
        withdrawn=tuple(one for one in book.withdrawn if one.number not in book.slips),
        doubted=doubted(_doubts(book), ZoneInfo(book.facts.zone)),
        reasons={note.about: note.text for note in book.notes if note.withdrawn},
        releves=tuple(_releve(case, one, kept) for one in book.joined),
        statistics=tuple(
            kept(f"statistiques-{n}", Path(name).name, read_bytes(name)) for n, name in enumerate(statistics, 1)
        ),
        applicant=args.applicant or "",
        court=courts()[code].name if code in courts() else "",
    ), read


def _doubts(book: Book) -> tuple[Doubt, ...]:
    return doubts(book.attempts, book.facts, datetime.now(UTC), case_rules(), book.begun)


def _left(case: CaseFolder, book: Book, what: str) -> None:
    """The case remembers that something left it, once for the entries that went: a later withdrawal is printed."""
    if any(entry.what in ("attempt", "note") and entry.n > book.left for entry in case.entries):
        case.append("left", {"as": what})


def _releve(case: CaseFolder, one: Joined, kept: Callable[[str, str, bytes], FileRef]) -> Releve:
    inside = dict(_unpacked(case.read(one.archive), only=RELEVE))
    return Releve(
        name=one.name,
        records=one.records,
        reserved=one.reserved,
        told=one.told,
        archive=one.archive,
        pdf=kept(f"releve-{one.number}", RELEVE, inside[RELEVE]) if RELEVE in inside else None,
    )


def _unpacked(data: bytes, only: str = "") -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(data)) as zipped:
        for name in zipped.namelist():
            if not only or name == only:
                yield name, zipped.read(name)


def _means(read: Read, now: datetime) -> CourtTools:
    from monitor.case.mail import printed
    from monitor.paper.docx import docx
    from monitor.paper.pdf import render

    return CourtTools(
        read=read,
        unpacked=_unpacked,
        render=lambda document: render(document, archival=False),
        label=pdf.label,
        titled=pdf.titled,
        joined=pdf.joined,
        split=pdf.split,
        pages=pdf.pages,
        picture=pdf.picture,
        mail=printed,
        docx=lambda blocks, title: docx(blocks, title, now),
        scripts={"verify.sh": (files("monitor") / "data" / "case-verify.sh").read_bytes()},
        program=f"Vigie Préfectures {__version__}",
    )


def _say(args: argparse.Namespace, out: Path, size: int, told: ExportTold) -> None:
    if args.json:
        listed = [
            {
                "number": one.exhibit.number,
                "layer": one.exhibit.layer,
                "title": one.exhibit.title,
                "pages": one.pages,
                "files": [f"{FILED}/{name}" for name in one.files],
            }
            for one in told.made
        ]
        report = {"folder": str(out), "bytes": size, "exhibits": listed, "warnings": told.warnings}
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return
    say(_("written, in clear: {path}").format(path=out))
    for layer, some in groupby(told.made, lambda one: one.exhibit.layer):
        say(LAYERS[layer])
        for one in some:
            say(f"{one.exhibit.number:>4}  {one.exhibit.title}")
    for warning in told.warnings:
        say(_("attention: {warning}").format(warning=warning))
    say(_("Before filing: read every page, join your own papers (--first N leaves numbers), complete the inventory."))


def run_draft(args: argparse.Namespace) -> int:
    """Print the draft, or write it. Exit 0; 64 usage; 77 wrong passphrase."""
    out = Path(args.out) if args.out else None
    if out is not None and out.suffix not in (".docx", ".txt"):
        raise UsageError(_("--out {path}: a name ending in .docx or .txt is expected").format(path=out))
    if args.first < 1:
        raise UsageError(_("--first begins at 1"))
    case, book = opened(args)
    dossier, _read = gathered(args, case, book)
    now = datetime.now(UTC)
    text = draft(args.letter, dossier, tables(), now.date(), args.first, gloss=args.gloss)
    _left(case, book, args.letter)
    if out is None:
        print(json.dumps({"letter": args.letter, "text": text}, ensure_ascii=False) if args.json else text, end="")
        return 0
    data = text.encode()
    if out.suffix == ".docx":
        from monitor.paper.docx import docx

        lines = lines_of(text)
        data = docx(lines, f"Brouillon\N{NO-BREAK SPACE}: {title_of(lines)}", now)
    write_new(out, data)
    print(json.dumps({"written": str(out)}) if args.json else _("written, in clear: {path}").format(path=out))
    return 0
