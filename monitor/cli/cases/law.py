"""`vigie case law`: the texts and decisions the program names, with what was read of each and their age; and
`vigie case guide`: sixteen facts that rest on them, for who finds no appointment.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict
from gettext import gettext as _

from monitor.case.check.report import source_json
from monitor.case.guide import guide, guide_text, lines
from monitor.case.law import READ_TOLD
from monitor.case.law_tables import law
from monitor.cli.cases.check import day_told
from monitor.cli.layout import say
from monitor.paper.french import typeset


def run(args: argparse.Namespace) -> int:
    """List them; with --check those to be read again only. Exit 0; 3 with --check where there is one; 64 usage."""
    table, on = law(), day_told(args.on)
    rows = table.old(on) if args.check else tuple(table.sources.values())
    code = 3 if args.check and rows else 0
    if args.json:
        told = [{**asdict(one), **source_json(one, on), "days": (on - one.state).days} for one in rows]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return code
    for one in rows:
        say(typeset(one.whole(on, "fr")) if args.lang == "fr" else one.whole(on, args.lang))
    if args.check:
        say(_("{n} of {of} to be read again on {day}").format(n=len(rows), of=len(table.sources), day=on))
        return code
    for read, n in Counter(one.read for one in rows).most_common():
        say(f"{n:>4}  {READ_TOLD[args.lang][read]}")
    return 0


def run_guide(args: argparse.Namespace) -> int:
    """Print the guide. Exit 0; 64 usage."""
    facts, table, on = guide(), law(), day_told(args.on)
    if args.json:
        told = [
            {
                "key": one.key,
                **dict(zip(("title", "text"), guide_text("fr").plain(one.key, facts.telephone), strict=True)),
                **dict(zip(("title_en", "text_en"), guide_text("en").plain(one.key, facts.telephone), strict=True)),
                "sources": [source_json(row, on) for row in table.of(one.sources)],
            }
            for one in facts.facts
        ]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    say(_("What is known of the law, with where it was read; not legal advice. A lawyer reads it again before use."))
    say("\n".join(lines(facts, guide_text(args.lang), table, on, args.lang)))
    return 0
