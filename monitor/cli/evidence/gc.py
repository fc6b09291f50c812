"""`vigie gc`: what is past its time; with `--apply` it goes. Records, seals and stamps never do."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext

from monitor.cli.asked import holding, settings
from monitor.cli.layout import say, table
from monitor.store.policy import Collected, collect, kept_from
from monitor.store.retention import old_bytes, removable_bytes


def run(args: argparse.Namespace) -> int:
    """List, or remove. Removal asks for the lock a sweep holds."""
    chosen = settings(args)
    now, months = datetime.now(UTC), chosen.retention.months
    done = Collected(before=kept_from(now, months), packs=())
    if not chosen.data.is_dir():
        pass
    elif args.apply:
        with holding(chosen.data) as lock, removable_bytes(lock) as old:
            done = collect(old, now, months, apply=True)
    else:
        with old_bytes(chosen.data) as old_or_none:
            if old_or_none is not None:
                done = collect(old_or_none, now, months, apply=False)
    _say(args, done)
    return 0


def _say(args: argparse.Namespace, done: Collected) -> None:
    if args.json:
        packs = [pack.to_json() for pack in done.packs]
        told = {"applied": bool(args.apply), "kept_from": done.before.isoformat(), "freed": done.freed}
        print(json.dumps({**told, "left_over": done.left_over, "packs": packs}, indent=1))
        return
    day = f"{done.before:%Y-%m-%d}"
    say(_("Bytes seen before {day} (UTC) may go; records, seals and stamps stay.").format(day=day))
    months: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pack in done.packs:
        sums = months[f"{pack.started:%Y-%m}"]
        sums[0], sums[1], sums[2] = sums[0] + 1, sums[1] + pack.dropped, sums[2] + pack.freed
    table([(month, *_counted(n, blobs), _size(freed)) for month, (n, blobs, freed) in sorted(months.items())])
    for pack in done.packs:
        if pack.damaged:
            say(_("{file} is damaged: left as it is").format(file=pack.file))
    if args.apply:
        say(_("removed: {size}").format(size=_size(done.freed)))
    elif done.packs:
        say(_("would go: {size}; `vigie gc --apply` removes it").format(size=_size(done.freed)))
    else:
        say(_("Nothing is past its time."))


def _counted(packs: int, blobs: int) -> tuple[str, str]:
    return (
        ngettext("{n} pack", "{n} packs", packs).format(n=packs),
        ngettext("{n} blob", "{n} blobs", blobs).format(n=blobs),
    )


def _size(count: int) -> str:
    return f"{count} B" if count < 10_000 else f"{count / 1e6:.1f} MB"
