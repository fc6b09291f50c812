"""`vigie config check`: the settings in force, secrets masked."""

from __future__ import annotations

import argparse
import json
from gettext import gettext as _

from monitor.cli.wiring import catalogue, settings
from monitor.settings import effective


def run(args: argparse.Namespace) -> int:
    """Load settings and plugins as a sweep would, and print what is in force."""
    chosen = settings(args)
    declared = catalogue(args)
    chosen_watch = declared.select(chosen.watch.prefectures)
    shown = effective(chosen)
    if args.json:
        print(json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True))
        return 0
    source = chosen.source or _("no file: defaults")
    print(_("settings: {source}").format(source=source))
    print(json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True))
    print(_("watched: {n} of {all} préfectures declared").format(n=len(chosen_watch), all=len(declared.prefectures)))
    if not chosen.operator.contact:
        print(_("No contact is set: sweeps run at half pace. Set [operator] contact (e-mail or https page)."))
    return 0
