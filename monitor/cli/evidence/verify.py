"""`vigie verify`: is the evidence what was sealed? The same checks as the `verify.sh` of every export.

With `--replay` the records of the export or of the data folder are also read again, by the rules of this program.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli.asked import catalogue, settings
from monitor.cli.layout import say
from monitor.core.errors import StoreError, UsageError
from monitor.core.record import RecordLine
from monitor.core.words import os_words
from monitor.evidence.exported.names import CAPTURES
from monitor.evidence.folder import RECORDS
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.records import verify_shots
from monitor.evidence.verify.verify import verify_ledger
from monitor.read.notices.rules import notice_rules
from monitor.report.export.presented import verify_whole
from monitor.run import wiring
from monitor.store.schema import FILE
from monitor.store.sealed import EVIDENCE
from monitor.sweep.plan import declared_looks
from monitor.sweep.replay import Kept, Missing, Replayer, kept_in
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.rules.findings import Report
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.store.blobs import Blobs
    from monitor.store.records import Records


def run(args: argparse.Namespace) -> int:
    """Verify an export, or the whole evidence folder. Exit 0: verified; 1: something is false; 3: something is open."""
    if args.checkpoint:
        return _checkpoint(args)
    if bool(args.export) == args.all:
        raise UsageError(_("say what to verify: an EXPORT folder, or --all for the evidence of the data folder"))
    root = Path(args.export) if args.export else settings(args).data / EVIDENCE
    if not root.is_dir():
        none_yet = _("nothing is sealed in {path} yet: the first `vigie run` does it")
        words = none_yet if args.all else _("{path} is not a folder")
        raise UsageError(words.format(path=root.parent if args.all else root))
    witness = _witness(args)
    archive, tools = FolderArchive(root, packed=not args.export), Verifiers(every=args.openssl)
    report = (verify_whole if args.export else verify_ledger)(archive, tools, witness=witness)
    if args.replay:
        _replay(args, archive, report)
    if args.json:
        told = [{"code": f.code, "where": f.where, "detail": f.detail, "failed": f.failed} for f in report.findings]
        print(json.dumps({"ok": not report.failed, "findings": told, "notes": [*report.notes]}, ensure_ascii=False))
    else:
        say("\n".join(report.lines()))
    return report.exit_code


def _checkpoint(args: argparse.Namespace) -> int:
    """The newest checkpoint of the log as its key signed it, and nothing else: what a witness keeps or is mailed."""
    from monitor.evidence.folder import SweepFolders
    from monitor.evidence.seal import CHECKPOINT

    if args.export or args.all or args.witness or args.replay:
        raise UsageError(_("--checkpoint stands alone: it prints the newest checkpoint of the data folder"))
    evidence = settings(args).data / EVIDENCE
    newest = SweepFolders(evidence).latest() if evidence.is_dir() else None
    if newest is None:
        raise UsageError(_("nothing is sealed yet: there is no checkpoint"))
    sys.stdout.write(newest.read(CHECKPOINT).decode())
    return 0


def _witness(args: argparse.Namespace) -> bytes | None:
    try:
        return Path(args.witness).read_bytes() if args.witness else None
    except OSError as error:
        raise UsageError(_("{path} cannot be read: {why}").format(path=args.witness, why=os_words(error))) from error


def _replay(args: argparse.Namespace, archive: FolderArchive, report: Report) -> None:
    """Replay what the folder verified holds: an export with its captures, or the records of the data folder."""
    from monitor.cli.evidence import verify as replaying
    from monitor.store.store import reading

    if args.export:
        replaying.of_export(args, archive, report)
        return
    with reading(settings(args).data) as opened:
        if opened is None:
            report.fail("replay", FILE, _("no record to read again: the database of the data folder is not there"))
            return
        replaying.of_store(args, *opened, report)


_CAPTURE = pattern(rf"{CAPTURES}/(?:[0-9A-Za-z-]+/){{0,2}}(?:[A-Z]+-)?([0-9a-f]{{64}})\.[a-z]+")


def of_export(args: argparse.Namespace, archive: FolderArchive, report: Report) -> None:
    """Replay the records of an export over the pages enclosed with it."""
    files = {m[1]: name for name in archive.names() if (m := _CAPTURE.fullmatch(name))}

    def kept(digest: str, _seq: int) -> bytes | Missing:
        if digest not in files:
            return "not_enclosed"
        data = archive.read(files[digest])
        return data if hashlib.sha256(data).hexdigest() == digest else "damaged"

    if RECORDS in archive.names():
        _run(args, archive.lines(RECORDS), kept, report)


def of_store(args: argparse.Namespace, records: Records, blobs: Blobs, report: Report) -> None:
    """Replay every record of a data folder over its store, whose rows must say what was sealed."""
    try:
        _same_rows(records, report)
        _run(args, (line for _seq, line in records.lines()), kept_in(blobs), report)
    except StoreError as error:  # a line is gone: of which sweep, the log's own verification says
        report.fail("replay", FILE, str(error))
    verify_shots(records.shots(), kept_in(blobs), report)


def _same_rows(records: Records, report: Report) -> None:
    """The rows of the database beside the lines: one that was changed afterwards would differ."""
    for row in records.rows():
        if not row.damaged and _told(json.loads(row.line)) != (row.seq, row.subject, row.sweep, row.started,
                                                               row.reading, row.simulated):  # fmt: skip
            report.fail("replay", str(row.seq), _("the row of the database does not say what its line says"))
            return


def _told(record: RecordLine) -> tuple[Any, ...]:
    started, simulated = datetime.fromisoformat(record["started"]), bool(record.get("simulated"))
    return record["seq"], record["check"], record["sweep"], started, record["reading"], simulated


def _run(args: argparse.Namespace, lines: Iterable[bytes], kept: Kept, report: Report) -> None:
    declared = catalogue(args)
    digests = wiring.source_digests(declared)
    replayer = Replayer(
        kept=kept,
        look=declared_looks(declared, notice_rules),
        sources=lambda one: digests.of(one.rule, one.subject.prefecture),
    )
    asyncio.run(replayer.replay(lines, report))
