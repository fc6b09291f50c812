"""`vigie doctor` examines this machine and says what to do about each thing it found.

It asks the control probes and the time-stamp authorities; it sends no message.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext

from monitor.cli.asked import settings
from monitor.cli.layout import paint, say
from monitor.cli.running.examined import examined, examined_without_settings
from monitor.core.errors import ConfigurationError
from monitor.ops.doctor import Diagnosis

MARKS = {"OK": "●", "WARN": "△", "FAIL": "✕"}


def run(args: argparse.Namespace) -> int:
    """Examine everything, whatever fails. Exit 0: nothing failed; 1: something did, the settings included."""
    try:
        chosen = settings(args)
    except ConfigurationError as error:
        findings = [*examined_without_settings(error)]
    else:
        findings = [*examined(chosen, args.lang)]
    failed = any(one.state == "FAIL" for one in findings)
    if args.json:
        print(json.dumps({"ok": not failed, "findings": [one.to_json() for one in findings]}, ensure_ascii=False))
    else:
        for one in findings:
            _say(one)
        say("\n" + _counted(findings))
    return 1 if failed else 0


def _say(one: Diagnosis) -> None:
    """One finding whole, and under it what to do."""
    head = f"{MARKS[one.state]} " + _("{what}: {told}").format(what=_named(one.about), told=one.says)
    say(paint(head, sys.stdout), hang=2)
    if one.todo:
        say(f"→ {one.todo}", 2, hang=2)


def _counted(findings: Sequence[Diagnosis]) -> str:
    states = Counter(one.state for one in findings)
    parts = (
        ngettext("{n} thing to mend (✕)", "{n} things to mend (✕)", states["FAIL"]).format(n=states["FAIL"]),
        ngettext("{n} to look at (△)", "{n} to look at (△)", states["WARN"]).format(n=states["WARN"]),
        ngettext("{n} is well (●)", "{n} are well (●)", states["OK"]).format(n=states["OK"]),
    )
    return ", ".join(parts) + "."


def _named(about: str) -> str:
    """What is examined, in words; JSON keeps the names of the code."""
    about, _colon, authority = about.partition(":")
    words = {
        "settings": _("settings"),
        "plugins": _("plugins"),
        "contact": _("contact"),
        "data": _("data"),
        "sweep": _("sweep"),
        "database": _("database"),
        "packs": _("packs"),
        "log": _("log"),
        "keys": _("keys"),
        "clock": _("clock"),
        "schedule": _("schedule"),
        "dns": _("names"),
        "probes": _("probes"),
        "browser": _("browser"),
        "mail": _("mail"),
        "signal": "Signal",
        "web": _("pages of subscribers"),
        "timestamps": _("time-stamps"),
        "witness": _("witness"),
    }
    return f"{words[about]} {authority}".rstrip()
