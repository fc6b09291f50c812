"""`vigie` alone: when the last sweep was, what was open then, and the next step for each who comes here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, Any, Final

from monitor import __version__
from monitor.cli.asked import catalogue, data_folder
from monitor.cli.layout import paint, say
from monitor.cli.show import PARIS, local, quoted, words
from monitor.core.readings import SlotsOpen, from_json
from monitor.core.record import RecordLine
from monitor.ops.doctor import ago
from monitor.report.remarks import remark_on
from monitor.report.rereadings import unconfirmed
from monitor.store.store import reading

if TYPE_CHECKING:
    from monitor.store.rows import Sweep

OPEN_SHOWN: Final = 5


def run(args: argparse.Namespace) -> int:
    """Show it. Exit 0."""
    sweep, opened, simulated = _found(args)
    if args.json:
        told = {"last_sweep": sweep and _sweep_json(sweep), "open": opened, "simulated": simulated}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    about = _("Vigie Préfectures {version}: looks at public appointment pages, claims only what was read.")
    say(about.format(version=__version__))
    print()
    if simulated:
        say(_("SIMULATION: a simulator on this machine played every site. Nothing here was read on the web."))
    if sweep is None:
        say(_("No sweep was made here yet: `vigie check 95` looks at one préfecture in seconds, `vigie run` at all."))
    else:
        _say_sweep(sweep, opened, {one.code: one.name for one in catalogue(args).prefectures}, args.lang)
    _say_steps()
    return 0


def _found(args: argparse.Namespace) -> tuple[Sweep | None, list[RecordLine], bool]:
    """The last sweep that ended, the desks that showed a slot when they were last read, and whether all was played."""
    folder = data_folder(args)
    with reading(folder) as told:
        if told is None:
            return None, [], False
        records = told[0]
        sweep = next((one for one in records.each_sweep(10) if one.finished), None)
        again = unconfirmed(folder)
        opened = [
            record
            for last in records.latest().values()
            if (record := json.loads(last.row.line))["reading"] == SlotsOpen.__name__
            and remark_on(record["url"], last.row.seq, last.row.line, again) is None
        ]
        return sweep, opened, bool(records.simulated())


def _sweep_json(sweep: Sweep) -> dict[str, Any]:
    return {"number": sweep.number, "finished": sweep.finished and sweep.finished.isoformat(timespec="seconds")}


def _say_sweep(sweep: Sweep, opened: Sequence[RecordLine], names: Mapping[str, str], lang: str) -> None:
    assert sweep.finished is not None
    when = local(sweep.finished, PARIS)
    say(_("Last sweep: {ago} ({when}).").format(ago=ago(datetime.now(UTC) - sweep.finished), when=when))
    if not opened:
        say(_("No slot was seen. A page that was not read is not counted as a page without one."))
        return
    count = len(opened)
    say(ngettext("Open when last read, {n} desk:", "Open when last read, {n} desks:", count).format(n=count))
    for record in opened[:OPEN_SHOWN]:
        told, code = from_json(dict(record)), record["prefecture"]
        at = local(record["started"], record["time_zone"])
        desk = f"{code} {names.get(code, '')}, {record['label']}"
        say(paint(f"{words(told, lang)} · {desk} · {at}"), 2, hang=2)
        seen = getattr(told, "seen", None)
        if seen is not None:
            say(quoted(seen.text), 4)
    if (more := count - OPEN_SHOWN) > 0:
        say(ngettext("and {n} more: `vigie status`", "and {n} more: `vigie status`", more).format(n=more), 2)


def _say_steps() -> None:
    """Three steps for each who comes here."""
    roles = (
        (
            _("You look for an appointment, or help somebody who does:"),
            (
                ("vigie check 95", _("look now at the préfecture of a département")),
                ("vigie status 95", _("slots, PAN, other ways to file, with the site's words")),
                ("vigie case guide", _("what to do when no appointment is to be found")),
            ),
        ),
        (
            _("You are a lawyer:"),
            (
                ("vigie export 95", _("the court file of a préfecture, with its proof")),
                ("vigie verify --help", _("whether the proof holds")),
                ("vigie case --help", _("a person's own attempts, letters and exhibits")),
            ),
        ),
        (
            _("You run this monitor:"),
            (
                ("vigie doctor", _("what is well on this machine, and what to do about the rest")),
                ("vigie install --help", _("have it look every ten minutes")),
                ("vigie subscribers --help", _("who is told when a slot opens")),
            ),
        ),
    )
    wide = max(len(command) for _role, steps in roles for command, _does in steps)
    for role, steps in roles:
        print()
        say(role)
        for command, does in steps:
            say(f"{command:<{wide}}  {does}", 2, hang=wide + 2)
    print()
    say(_("All commands: `vigie --help`; more about one: `vigie COMMAND --help`."))
