"""`vigie verify`: is the evidence what was sealed? The same checks as the `verify.sh` of every export."""

from __future__ import annotations

import argparse
import json
import sys
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.adapters.archive import FolderArchive
from monitor.adapters.verifiers import Verifiers
from monitor.app.verify import verify_export, verify_ledger
from monitor.cli.sealing import EVIDENCE
from monitor.cli.wiring import settings
from monitor.domain.errors import UsageError

if TYPE_CHECKING:
    from monitor.app.findings import Report


def run(args: argparse.Namespace) -> int:
    """Verify an export, or the whole evidence folder. Exit 0: verified; 1: something is false; 3: something is open."""
    if args.checkpoint:
        return _checkpoint(args)
    if bool(args.export) == args.all:
        raise UsageError(_("say what to verify: an EXPORT folder, or --all for the evidence of the data folder"))
    root = Path(args.export) if args.export else settings(args).data / EVIDENCE
    if not root.is_dir():
        raise UsageError(_("{path} is not a folder").format(path=root))
    witness = _witness(args)
    archive, tools = FolderArchive(root, packed=not args.export), Verifiers(every=args.openssl)
    report = (verify_export if args.export else verify_ledger)(archive, tools, witness=witness)
    if args.replay:
        _replay(args, archive, report)
    if args.json:
        told = [{"code": f.code, "where": f.where, "detail": f.detail, "failed": f.failed} for f in report.findings]
        print(json.dumps({"ok": not report.failed, "findings": told, "notes": [*report.notes]}, ensure_ascii=False))
    else:
        print("\n".join(report.lines()))
    return report.exit_code


def _checkpoint(args: argparse.Namespace) -> int:
    """The newest checkpoint of the log as its key signed it, and nothing else: what a witness keeps or is mailed."""
    from monitor.adapters.sweepfolder import SweepFolders
    from monitor.app.seal import CHECKPOINT

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
        raise UsageError(_("{path} cannot be read: {why}").format(path=args.witness, why=error.strerror)) from error


def _replay(args: argparse.Namespace, archive: FolderArchive, report: Report) -> None:
    """Replay what the folder verified holds: an export with its captures, or the records of the data folder."""
    from monitor.adapters.schema import FILE
    from monitor.adapters.store import reading
    from monitor.cli import replaying

    if args.export:
        replaying.of_export(args, archive, report)
        return
    with reading(settings(args).data) as opened:
        if opened is None:
            report.fail("replay", FILE, _("no record to read again: the database of the data folder is not there"))
            return
        replaying.of_store(args, archive, *opened, report)
