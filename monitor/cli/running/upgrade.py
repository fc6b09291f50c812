"""`vigie upgrade`: a data folder of an older program brought to this one, a backup first."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from gettext import gettext as _
from pathlib import Path
from typing import Any

from monitor.cli.asked import data_folder
from monitor.cli.running.backup import when_free
from monitor.core.errors import UsageError
from monitor.ops.upgrade import Upgrade, UpgradeFollower, apply, examine
from monitor.store.migrate.steps import SchemaStep

DUE = 3


def run(args: argparse.Namespace) -> int:
    """Say what is due, or do it. Exit 0: nothing is due, or it is done; 3: `--check` found something."""
    data, backup = data_folder(args), Path(args.backup) if args.backup else None
    if not data.is_dir():
        raise UsageError(_("nothing was ever recorded in {path}").format(path=data))
    if not args.apply:
        found = examine(data, backup)
        _say(args, data, found)
        return DUE if found.due else 0
    shown = Gauge(data, backup) if sys.stderr.isatty() and not args.json else None
    with when_free(data) as lock:
        found = apply(lock, backup, UpgradeFollower(shown.copied, shown.reached) if shown else UpgradeFollower())
    if shown:
        shown.end()
    _say(args, data, found)
    return 0


class Gauge:
    """How far it is, on a terminal: the backup with the time it still takes, then each schema reached."""

    def __init__(self, data: Path, backup: Path | None) -> None:
        self._found = examine(data, backup)
        self._done, self._began, self._told = 0, time.monotonic(), -1

    def copied(self, size: int) -> None:
        """So many bytes more."""
        self._done += size
        share = 100 * self._done // max(2 * self._found.size, 1)
        if share != self._told:
            self._told = share
            left = time_left(self._done, 2 * self._found.size, time.monotonic() - self._began)
            self._line(_("backup: {share} %, {left} left").format(share=share, left=left))

    def reached(self, number: int) -> None:
        """The database is there."""
        self._line(_("database: schema {number} of {known}").format(number=number, known=self._found.known))

    def end(self) -> None:
        """Leave the line empty."""
        self._line("")

    @staticmethod
    def _line(text: str) -> None:
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def time_left(done: int, of: int, seconds: float) -> timedelta:
    """What remains at the pace so far, in whole seconds; zero before anything is done."""
    return timedelta(seconds=round(seconds * max(of - done, 0) / done)) if done > 0 else timedelta()


def _say(args: argparse.Namespace, data: Path, found: Upgrade) -> None:
    if args.json:
        print(json.dumps(_json(data, found, done=bool(args.apply) and found.due), ensure_ascii=False))
        return
    if not found.due:
        print(_("{path} is of the present schema, {n}: nothing is due.").format(path=data, n=found.schema))
        return
    print(_("{path}: schema {found} → {known}").format(path=data, found=found.schema, known=found.known))
    for step in found.steps:
        print(f"  {step.number}: {_what(step)}")
    if found.sweeps and found.format < found.format_known:
        words = _("Sealed sweeps up to {n} are of format {found} and stay as they are; new ones are of format {known}.")
        print(words.format(n=found.sweeps, found=found.format, known=found.format_known))
    if args.apply:
        words = _("Done. As it was before: {path}; to go back, `vigie restore` it with the older program.")
        print(words.format(path=found.backup))
        return
    first, there = _("Backup first: {path}, {size:.1f} MB, without keys."), _("Backup: {path}, there already.")
    print((there if found.made else first).format(path=found.backup, size=found.size / 1e6))
    for room in found.rooms:
        words = _("Disk of {path}: {needed:.1f} MB needed, {free:.1f} MB free.")
        print(words.format(path=room.folder, needed=room.needed / 1e6, free=room.free / 1e6))
    if not all(room.enough for room in found.rooms):
        print(_("That is NOT ENOUGH room: free some, or say --backup FOLDER on another disk."))
        return
    print(_("`vigie upgrade --apply` does it."))


def _what(step: SchemaStep) -> str:
    told = [
        (_("new: {names}"), step.adds), (_("changed: {names}"), step.alters), (_("gone: {names}"), step.drops),
        (_("goes through the rows of {names}"), step.visits),
    ]  # fmt: skip
    parts = [words.format(names=", ".join(names)) for words, names in told if names]
    return "; ".join(parts) or _("no table changes")


def _json(data: Path, found: Upgrade, *, done: bool) -> dict[str, Any]:
    backup = {"folder": str(found.backup), "bytes": found.size, "there": found.made or done}
    return {
        "folder": str(data),
        "schema": found.schema,
        "known": found.known,
        "due": found.due,
        "done": done,
        "steps": [asdict(step) for step in found.steps],
        "sealed": {"sweeps": found.sweeps, "format": found.format, "format_known": found.format_known},
        "backup": backup if found.due else None,
        "rooms": [asdict(room) | {"folder": str(room.folder), "enough": room.enough} for room in found.rooms],
    }
