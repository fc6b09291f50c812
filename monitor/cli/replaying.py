"""`vigie verify --replay`: the records of an export or of the data folder, read again by the rules of this program."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from monitor.adapters.blobs import BlobDamagedError, BlobDroppedError
from monitor.adapters.recorded import RecordedSession, headers_of
from monitor.adapters.rules import notice_rules
from monitor.app.plan import desk_key, desk_look, figures_look, notice_key, notice_look, service_look
from monitor.app.replay import Means, Missing, replay
from monitor.app.seal import RECORDS
from monitor.app.verify_records import CAPTURES
from monitor.app.verify_shots import verify_shots
from monitor.cli import wiring

if TYPE_CHECKING:
    from monitor.adapters.archive import FolderArchive
    from monitor.adapters.blobs import Blobs
    from monitor.adapters.records import Records
    from monitor.app.findings import Report
    from monitor.app.plan import Look
    from monitor.catalogue import Catalogue

_CAPTURE = re.compile(rf"{CAPTURES}(?:[A-Z]+-)?([0-9a-f]{{64}})\.[a-z]+")


def of_export(args: argparse.Namespace, archive: FolderArchive, report: Report) -> None:
    """Replay the records of an export over the pages enclosed with it."""
    files = {m[1]: name for name in archive.names() if (m := _CAPTURE.fullmatch(name))}

    def kept(digest: str) -> bytes | Missing:
        if digest not in files:
            return "not_enclosed"
        data = archive.read(files[digest])
        return data if hashlib.sha256(data).hexdigest() == digest else "damaged"

    if RECORDS in archive.names():
        _run(args, archive.lines(RECORDS), kept, report)


def of_store(args: argparse.Namespace, evidence: FolderArchive, records: Records, blobs: Blobs, report: Report) -> None:
    """Replay every record of a data folder over its store, whose lines must be those that were sealed."""

    def kept(digest: str) -> bytes | Missing:
        try:
            return blobs.get(digest)
        except BlobDroppedError:
            return "dropped"
        except BlobDamagedError:
            return "damaged"

    _same_lines(evidence, records, report)
    _run(args, (line for _seq, line in records.lines()), kept, report)
    verify_shots(records.shots(), kept, report)


def _same_lines(evidence: FolderArchive, records: Records, report: Report) -> None:
    """The store's lines beside the sealed ones, in the order of the log: a database changed afterwards would differ."""
    names = sorted(name for name in evidence.names() if name.endswith(f"/{RECORDS}"))
    sealed = (line for name in names for line in evidence.lines(name))
    for (seq, kept), proven in zip(records.lines(), sealed, strict=False):
        if kept != proven:
            report.fail("replay", str(seq), "la ligne de la base n'est pas celle qui fut scellée")
            return


def _run(
    args: argparse.Namespace, lines: Iterable[bytes], kept: Callable[[str], bytes | Missing], report: Report
) -> None:
    declared = wiring.catalogue(args)
    digests = wiring.source_digests(declared)
    means = Means(
        kept=kept,
        look=declared_looks(declared),
        session=RecordedSession,
        sources=lambda one: digests.of(one.rule, one.subject.prefecture),
        headers=headers_of,
    )
    asyncio.run(replay(lines, means, report))


def declared_looks(declared: Catalogue) -> Callable[[str, Mapping[str, Any] | None], Look | None]:
    """What a record's key names, as `monitor.app.replay.Means` asks: desks, notices, services, figures of forms."""
    desks = {desk_key(one, desk): (one, desk) for one in declared.prefectures for desk in one.desks}
    notices = {notice_key(one, notice): (one, notice) for one in declared.prefectures for notice in one.notices}
    figures = (figures_look(desk) for _one, desk in desks.values())
    national = {look.subject.key: look for look in (*filter(None, figures), *map(service_look, declared.services))}

    def look(key: str, earlier: Mapping[str, Any] | None) -> Look | None:
        if key in desks:
            return desk_look(*desks[key])
        if key in national:
            return national[key]
        return notice_look(*notices[key], notice_rules, earlier) if key in notices else None

    return look
