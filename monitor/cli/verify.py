"""`vigie verify`: is the evidence what was sealed? The same checks as the `verify.sh` of every export."""

from __future__ import annotations

import argparse
import json
from gettext import gettext as _
from pathlib import Path

from monitor.adapters.archive import FolderArchive
from monitor.adapters.verifiers import Verifiers
from monitor.app.verify import verify_export, verify_ledger
from monitor.cli.sealing import EVIDENCE
from monitor.cli.wiring import settings
from monitor.domain.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Verify an export, or the whole evidence folder. Exit 0: verified; 1: something is false; 3: something is open."""
    if bool(args.export) == args.all:
        raise UsageError(_("say what to verify: an EXPORT folder, or --all for the evidence of the data folder"))
    root = Path(args.export) if args.export else settings(args).data / EVIDENCE
    if not root.is_dir():
        raise UsageError(_("{path} is not a folder").format(path=root))
    witness = Path(args.witness).read_bytes() if args.witness else None
    archive = FolderArchive(root, packed=not args.export)
    report = (verify_export if args.export else verify_ledger)(archive, Verifiers(), witness=witness)
    if args.json:
        told = [{"code": f.code, "where": f.where, "detail": f.detail, "failed": f.failed} for f in report.findings]
        print(json.dumps({"ok": not report.failed, "findings": told}, ensure_ascii=False))
    else:
        print("\n".join(report.lines()))
    return report.exit_code
