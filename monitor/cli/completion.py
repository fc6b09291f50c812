"""`vigie completion`: the words of every command, as a shell completes them; and the manual page. From the parsers.

The libraries that write them are imported here alone: no other command waits for them.
"""

from __future__ import annotations

import argparse
from gettext import gettext as _
from typing import Final

from monitor import __version__
from monitor.cli.parser import build

SHELLS: Final = ("bash", "zsh", "fish")


def run(args: argparse.Namespace) -> int:
    """Print it. Exit 0."""
    print(script(args.shell), end="")
    return 0


def script(shell: str) -> str:
    """What a shell reads. shell: one of SHELLS."""
    import shtab

    parser = build(listed=True)
    _complete_files(parser, {_("FILE"), _("FOLDER"), _("CASE"), "EXPORT"}, shtab.FILE)
    return shtab.complete(parser, shell) + "\n"


def manual() -> str:
    """The manual page vigie(1) in the language that is spoken, for man."""
    from argparse_manpage.manpage import Manpage

    parser = build(listed=True)
    data = {
        "project_name": "Vigie Préfectures",
        "version": __version__,
        "date": __version__,  # no day of the build: two builds of one version are the same
        "manual_title": "Vigie Préfectures",
        "description": parser.description,
    }
    return str(Manpage(parser, data))


def _complete_files(parser: argparse.ArgumentParser, metavars: set[str], complete: object) -> None:
    """Mark what takes a file: argparse has no public way to walk its own actions."""
    for action in parser._actions:
        if action.metavar in metavars:
            action.complete = complete  # type: ignore[attr-defined]
        if isinstance(action.choices, dict):
            for sub in action.choices.values():
                _complete_files(sub, metavars, complete)
