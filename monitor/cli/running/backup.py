"""`vigie backup` and `vigie restore`: a data folder copied whole, its keys apart, verified after."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path

from monitor.cli.asked import holding, settings
from monitor.cli.layout import say
from monitor.core.errors import LockedError, UsageError
from monitor.ops.backup import KEYS, Copied, back_up, check_database, restore
from monitor.store.files import Lock

WAIT_MINUTES = 40  # the longest sweep ends within its deadline of 25 minutes, its stamps a little later


def run(args: argparse.Namespace) -> int:
    """Copy out, or back in; then look whether what was copied is what was sealed."""
    data = settings(args).data
    keys = Path(args.keys) if args.keys else None
    if args.command == "backup":
        if not data.is_dir():
            raise UsageError(_("nothing was ever recorded in {path}").format(path=data))
        target = Path(args.to)
        with when_free(data) as lock:
            copied = back_up(lock, target, keys)
        failed = _verify(target)
    else:
        source = Path(args.source)
        if keys and not keys.is_dir():
            raise UsageError(_("{path} is not a folder").format(path=keys))
        copied, target = restore(source, data, keys), data
        check_database(data)
        failed = _verify(data)
    _say(args, target, copied, failed)
    return 1 if failed else 0


@contextmanager
def when_free(data: Path) -> Iterator[Lock]:
    """Hold the data folder as soon as the sweep under way has ended. Raises LockedError after 40 minutes."""
    until, told = time.monotonic() + WAIT_MINUTES * 60, False
    while True:
        try:
            with holding(data) as lock:
                yield lock
                return
        except LockedError:
            if time.monotonic() > until:
                raise
            if not told and sys.stderr.isatty():
                say(_("A sweep is running: waiting for its end."), out=sys.stderr)
            told = True
            time.sleep(1)


def _verify(folder: Path) -> list[str] | None:
    """What is false in the evidence of a copy, in the words of `vigie verify`; None where nothing was ever sealed."""
    from monitor.evidence.verify.archive import FolderArchive
    from monitor.evidence.verify.crypto import Verifiers
    from monitor.evidence.verify.verify import verify_ledger
    from monitor.store.sealed import EVIDENCE

    root = folder / EVIDENCE
    if not root.is_dir():
        return None
    report = verify_ledger(FolderArchive(root, packed=True), Verifiers())
    return [*report.lines()] if report.failed else []


def _say(args: argparse.Namespace, target: Path, copied: Copied, failed: list[str] | None) -> None:
    if args.json:
        told = {"folder": str(target), "files": copied.files, "bytes": copied.size, "keys": copied.keys}
        print(json.dumps({**told, "verified": None if failed is None else not failed}))
        return
    made = ngettext("{folder}: {n} file, {size:.1f} MB", "{folder}: {n} files, {size:.1f} MB", copied.files)
    say(made.format(folder=target, n=copied.files, size=copied.size / 1e6))
    if failed:
        say("\n".join(failed), out=sys.stderr)
        return
    say(
        _("Nothing is sealed in it: no evidence was verified.") if failed is None else _("The evidence in it verifies.")
    )
    if args.command == "backup" and not args.keys:
        say(
            _("Keys were not copied: keep {keys} in another place once (vigie backup TO --keys FOLDER).").format(
                keys=settings(args).data / KEYS
            )
        )
    if args.command == "restore" and not copied.keys:
        say(
            _(
                "Without its keys the log goes on under a new origin, and subscribers' addresses cannot be read:"
                " vigie restore FROM --keys FOLDER"
            )
        )
