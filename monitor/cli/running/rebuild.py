"""`vigie rebuild`: the database made again from the sealed log, the log's hashes from its records."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from typing import Any

from monitor.cli.asked import data_folder, holding
from monitor.cli.layout import say
from monitor.core.errors import UsageError
from monitor.ops.rebuild import Rebuilt, rebuild


def run(args: argparse.Namespace) -> int:
    """Make again what does not fit the log, and say what was. Exit 0, also where nothing was to be done."""
    data = data_folder(args)
    if not data.is_dir():
        raise UsageError(_("nothing was ever recorded in {path}").format(path=data))
    with holding(data) as lock:
        _say(args, rebuild(lock, datetime.now(UTC)))
    return 0


def _say(args: argparse.Namespace, rebuilt: Rebuilt) -> None:
    made = rebuilt.database
    if args.json:
        told: dict[str, Any] = {"hashes": rebuilt.hashes, "database": made is not None}
        if made:
            told |= {"sweeps": made.sweeps, "observations": made.observations, "pages": made.pages}
            told |= {"aside": made.aside and str(made.aside), "taken_over": dict(made.taken_over)}
        print(json.dumps(told, ensure_ascii=False))
        return
    if rebuilt.hashes:
        say(_("The log's hashes were made again from its records."))
    if made:
        counted = (
            ngettext("{n} sweep", "{n} sweeps", made.sweeps).format(n=made.sweeps),
            ngettext("{n} observation", "{n} observations", made.observations).format(n=made.observations),
            ngettext("{n} page", "{n} pages", made.pages).format(n=made.pages),
        )
        say(_("The database was made again from the sealed log: {counted}.").format(counted=", ".join(counted)))
        if made.aside:
            say(_("The database that was there is kept as {path}.").format(path=made.aside))
        kept = made.taken_over["subscriber"]
        words = ngettext(
            "{n} subscriber was taken over from it. Messages that waited are gone.",
            "{n} subscribers were taken over from it. Messages that waited are gone.",
            kept,
        )
        say(words.format(n=kept))
        say(_("`vigie verify --all --replay` reads every record again."))
    elif not rebuilt.hashes:
        say(_("The database and the hashes are those of the sealed log: nothing was to be made again."))
