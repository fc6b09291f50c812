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

from monitor import __version__
from monitor.case.book import Book, Joined
from monitor.case.court.dossier import LAYERS, Dossier, Releve
from monitor.case.court.drafts import draft
from monitor.case.court.export import FILED, CourtTools, ExportTold, export
from monitor.case.court.papers import own
from monitor.case.court.tables import tables
from monitor.case.folder import CaseFolder
from monitor.case.law_tables import courts
from monitor.case.model import FileRef
from monitor.cli.asked import catalogue
from monitor.cli.cases.case import opened, read_bytes
from monitor.core.errors import UsageError
from monitor.core.record import digest
from monitor.core.words import os_words
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
    os.umask(0o077)  # in clear: for its owner only
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
        withdrawn=book.withdrawn,
        reasons={note.about: note.text for note in book.notes if note.withdrawn},
        releves=tuple(_releve(case, one, kept) for one in book.joined),
        statistics=tuple(
            kept(f"statistiques-{n}", Path(name).name, read_bytes(name)) for n, name in enumerate(statistics, 1)
        ),
        applicant=args.applicant or "",
        court=courts()[code].name if code in courts() else "",
    ), read


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
    print(_("written, in clear: {path}").format(path=out))
    for layer, some in groupby(told.made, lambda one: one.exhibit.layer):
        print(LAYERS[layer])
        for one in some:
            print(f"{one.exhibit.number:>4}  {one.exhibit.title}")
    for warning in told.warnings:
        print(_("attention: {warning}").format(warning=warning))
    print(_("Before filing: read every page, join your own papers (--first N leaves numbers), complete the inventory."))


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
    text = draft(args.letter, dossier, tables(), now.date(), args.first)
    if out is None:
        print(json.dumps({"letter": args.letter, "text": text}, ensure_ascii=False) if args.json else text, end="")
        return 0
    data = text.encode()
    if out.suffix == ".docx":
        from monitor.paper.docx import docx

        lines = lines_of(text)
        data = docx(lines, f"Brouillon\N{NO-BREAK SPACE}: {title_of(lines)}", now)
    _write(out, data)
    print(json.dumps({"written": str(out)}) if args.json else _("written, in clear: {path}").format(path=out))
    return 0


def _write(out: Path, data: bytes) -> None:
    """A new file for its owner only; one that is there was perhaps edited already."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(out, flags, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=out, why=os_words(error))) from error
