"""`vigie export`: a préfecture's observations as a court file: relevé, table, records, pages received, proof."""

from __future__ import annotations

import argparse
import json
from datetime import date
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

from monitor.cli.asked import settings
from monitor.cli.layout import say
from monitor.core.errors import UsageError
from monitor.run.export import Exported, ExportRequest, export


def run(args: argparse.Namespace) -> int:
    """Write the folder, and say what is in it."""
    request = ExportRequest(
        code=args.code,
        first=_day(args.first),
        last=_day(args.last),
        folder=Path(args.out) if args.out else None,
        attachable=args.attachable,
        everything=args.all,
    )
    _say(args, export(request, settings(args)))
    return 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(_("{text} is not a day: write 2026-11-21").format(text=text)) from error


def _say(args: argparse.Namespace, made: Exported) -> None:
    dossier = made.dossier
    told = {
        "folder": str(made.folder),
        "bytes": made.size,
        "observations": len(dossier.seen),
        "damaged": len(dossier.damaged),
        "not_sealed": dossier.unsealed,
        "sweeps": dossier.proof.sweeps if dossier.proof else 0,
        "sealed": dossier.proof is not None,
        "simulated": dossier.simulated,
    }
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    say(_("written: {path}").format(path=made.folder))
    n = len(dossier.seen)
    say(ngettext("{n} observation, {size} bytes", "{n} observations, {size} bytes", n).format(n=n, size=made.size))
    if dossier.proof is None:
        say(_("nothing is sealed: the folder proves no date"))
    if dossier.unsealed:
        n = dossier.unsealed
        left = ngettext(
            "{n} observation is not sealed yet and was left out",
            "{n} observations are not sealed yet and were left out",
            n,
        )
        say(left.format(n=n))
    if dossier.simulated:
        n = dossier.simulated
        played = ngettext(
            "SIMULATION: {n} observation was made on a simulator",
            "SIMULATION: {n} observations were made on a simulator",
            n,
        )
        say(played.format(n=n))
