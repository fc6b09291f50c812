"""`vigie case export --telerecours`: the case as a court file, in clear, in a new folder of its owner's."""

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
from pathlib import Path

from monitor import __version__
from monitor.adapters import telerecours_pdf as pdf
from monitor.adapters.case_folder import CaseFolder
from monitor.adapters.exportfolder import write
from monitor.app.case_book import Book, Joined
from monitor.app.telerecours_export import FILED, Means, Told, export
from monitor.cli.case_opening import opened, read_bytes
from monitor.cli.wiring import catalogue
from monitor.domain.case_model import FileRef
from monitor.domain.errors import UsageError
from monitor.domain.record import digest
from monitor.domain.telerecours import Dossier, Releve

RELEVE = "releve.pdf"
Read = Callable[[FileRef], bytes]


def run(args: argparse.Namespace) -> int:
    """Write the court file. Exit 0; 64 usage; 77 wrong passphrase."""
    if not args.telerecours:
        raise UsageError(_("say in which form: --telerecours"))
    if args.first < 1 or not 1 <= args.part_mb <= 30:
        raise UsageError(_("--first begins at 1; --part-mb goes from 1 to 30"))
    case, book = opened(args)
    dossier, read = gathered(args, case, book)
    now = datetime.now(UTC)
    out = Path(args.out or f"vigie-dossier-{now:%Y%m%dT%H%M%SZ}")
    told = Told()
    made = export(dossier, _means(read, now), now, told, first=args.first, limit=args.part_mb * 1_000_000)
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


def _means(read: Read, now: datetime) -> Means:
    from monitor.adapters.pdf import render
    from monitor.adapters.telerecours_docx import docx
    from monitor.adapters.telerecours_mail import printed

    return Means(
        read=read,
        unpacked=_unpacked,
        render=lambda document: render(document, archival=False),
        label=pdf.label,
        joined=pdf.joined,
        split=pdf.split,
        pages=pdf.pages,
        picture=pdf.picture,
        mail=printed,
        docx=lambda blocks, title: docx(blocks, title, now),
        scripts={"verify.sh": (files("monitor") / "data" / "case-verify.sh").read_bytes()},
        program=f"Vigie Préfectures {__version__}",
    )


def _say(args: argparse.Namespace, out: Path, size: int, told: Told) -> None:
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
    for one in told.made:
        print(f"{one.exhibit.number:>4}  {one.exhibit.layer}  {one.exhibit.title}")
    for warning in told.warnings:
        print(_("attention: {warning}").format(warning=warning))
    print(_("A lawyer reads every page before it is filed; add identity, permit and proof of urgency (--first N)."))
