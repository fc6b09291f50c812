"""What the command line accepts, with help that teaches. Builds fast: imports nothing of the program."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from importlib import import_module
from typing import Any, Final

from monitor import __version__
from monitor.cli.declare import Parser, as_written, columns
from monitor.core.words import N_


def _examples(*lines: str) -> str:
    return _("examples:") + "\n" + "\n".join(f"  {line}" for line in lines)


def _common(*, first: bool) -> Parser:
    """Options that stand before the command as well as behind it. first: those before, which give the defaults."""
    common = Parser(add_help=False, argument_default=None if first else argparse.SUPPRESS)
    group = common.add_argument_group(_("everywhere"))
    group.add_argument(
        "--config",
        metavar=_("FILE"),
        help=_(
            "settings file (default: $VIGIE_CONFIG, config/monitor.toml of the checkout vigie runs from, /etc/vigie/monitor.toml)"
        ),
    )
    group.add_argument("--data", metavar=_("FOLDER"), help=_("data folder (default: $VIGIE_DATA, ./data)"))
    group.add_argument(
        "--lang", choices=("fr", "en"), help=_("language of messages (default: the locale, else French)")
    )
    group.add_argument("--json", action="store_true", help=_("one JSON document on standard output, for machines"))
    group.add_argument("-v", "--verbose", action="store_true", help=_("say what is done even when all is well"))
    return common


FAMILIES: Final = {  # by folder: its commands, as its `arguments` declares them
    "look": ("run", "check", "list", "status", "history", "read", "discover", "survey", "table", "site"),
    "evidence": ("verify", "reread", "stats", "gc", "export"),
    "alerts": ("subscribers", "outbox", "inbox", "notify", "preview"),
    "cases": ("assist", "case"),
    "running": (
        "config",
        "install",
        "backup",
        "restore",
        "upgrade",
        "rebuild",
        "doctor",
        "health",
        "serve",
        "new",
        "capture",
        "completion",
    ),
}

GROUPS: Final = (  # as `vigie --help` shows them: what somebody wants to do, and the commands for it
    (N_("Look"), ("run", "check", "status", "history", "list")),
    (N_("Publish"), ("site", "table", "stats")),
    (N_("Prove"), ("export", "verify", "reread")),
    (N_("Tell"), ("subscribers", "serve", "inbox", "outbox", "notify", "preview")),
    (N_("A person's case"), ("case", "assist")),
    (
        N_("Keep it running"),
        ("doctor", "health", "config", "install", "backup", "restore", "upgrade", "rebuild", "gc", "completion"),
    ),
    (N_("Declare"), ("survey", "discover", "new", "capture", "read")),
)


def _wrapped(text: str, first: str = "") -> str:
    """A paragraph as wide as the terminal; its other lines begin below what stands after `first`."""
    from textwrap import fill

    room = max(columns() - 2, 40)
    return fill(text, room, initial_indent=first, subsequent_indent=" " * len(first))


def _grouped(summaries: Mapping[str, str]) -> str:
    """The commands with a line about each, by group."""
    wide = max(map(len, summaries)) + 2
    rows = []
    for title, names in GROUPS:
        rows.append(_("{group}:").format(group=_(title)))
        for name in names:
            rows.append(_wrapped(summaries[name], f"    {name:<{wide}}"))
        rows.append("")
    return "\n".join(rows)


class _Undeclared(Parser):
    """A command of which only the name and summary are shown: its arguments are passed over."""

    def __init__(self, *_words: object, **_options: object) -> None:
        pass

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name) if name.startswith("__") else lambda *_words, **_options: self


def build(argv: Sequence[str] = (), *, listed: bool = False) -> Parser:
    """The parser. Where the first word is a command, of its family alone: the others need not be declared; where none
    of the words is one, as in `--help`, of every command its name and summary.

    listed: with the commands as argparse lists them, for who makes another page of it than `--help`.
    """
    parser = Parser(
        prog="vigie",
        usage=_("vigie [OPTIONS] COMMAND ..."),
        description=_(
            "Watches the public appointment pages of French préfectures, claims only what was read, and keeps the proof."
        ),
        epilog=_examples(
            "vigie check 95                     " + _("# look now at the Val-d'Oise"),
            "vigie status                       " + _("# last reading of each desk, with the site's own words"),
            "vigie run                          " + _("# what cron calls: look at whatever is due"),
            "vigie check --help                 " + _("# more about one command"),
        ),
        formatter_class=as_written,
        parents=[_common(first=True)],
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"vigie {__version__}",
        help=_("show program's version number and exit"),  # argparse translates its own words for it from 3.13 on
    )
    parser.set_defaults(module="start")
    commands = parser.add_subparsers(
        prog="vigie", metavar=_("COMMAND"), dest="command", help=None if listed else argparse.SUPPRESS
    )
    common = _common(first=False)
    summaries: dict[str, str] = {}
    called = argv[0] if argv else ""
    every = {name for names in FAMILIES.values() for name in names}
    shown = bool(argv) and not listed and every.isdisjoint(argv)

    def add(name: str, module: str, summary: str, more: str = "", examples: Sequence[str] = ()) -> Parser:
        summaries[name] = summary
        if shown:
            commands.add_parser(name, help=summary, add_help=False)
            return _Undeclared()
        sub: Parser = commands.add_parser(
            name,
            parents=[common],
            help=summary,
            description=summary + ("\n\n" + more if more else ""),
            epilog=_examples(*examples) if examples else None,
            formatter_class=as_written,
        )
        sub.set_defaults(module=module)
        return sub

    for folder, names in FAMILIES.items():
        if called not in every or called in names:
            import_module(f"monitor.cli.{folder}.arguments").declare(add)
    if called not in every and not listed:
        parser.description = f"{_wrapped(parser.description or '')}\n\n{_grouped(summaries)}"
    return parser
