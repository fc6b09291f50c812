"""What the words before every command ask for: settings, catalogue, data folder, log."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.catalogue.catalogue import Catalogue
from monitor.cli.layout import say
from monitor.run import wiring
from monitor.settings.settings import Settings

if TYPE_CHECKING:
    from monitor.store.files import Lock


def settings(args: argparse.Namespace) -> Settings:
    """The settings in force, read once a command. Raises ConfigurationError."""
    if not hasattr(args, "in_force"):
        args.in_force = wiring.settings(args.config, args.data)
        if args.in_force.passed_over:
            say(f"vigie: {not_read(args.in_force.passed_over)}", out=sys.stderr)
    in_force: Settings = args.in_force
    return in_force


def not_read(file: Path) -> str:
    """The sentence about settings that merely stand in the working folder."""
    return _("{file} is not read, since nobody named it: if these are your settings, say --config {file}").format(
        file=file
    )


def catalogue(args: argparse.Namespace) -> Catalogue:
    """Every declared préfecture. Raises ConfigurationError."""
    return wiring.catalogue(settings(args))


def typed_line(question: str) -> str:
    """One line from the terminal, or from standard input."""
    if sys.stdin.isatty():
        try:
            return input(question).strip()
        except EOFError:
            return ""
    return sys.stdin.readline().strip()


def data_folder(args: argparse.Namespace) -> Path:
    """Where observations are kept."""
    return settings(args).data


@contextmanager
def holding(folder: Path) -> Iterator[Lock]:
    """Hold a data folder, with a word where it had to be closed to others. Raises as `hold`."""
    from monitor.store.files import closed_words, hold

    with hold(folder) as lock:
        if lock.closed:
            say(f"vigie: {closed_words(folder)}", out=sys.stderr)
        yield lock


def begin_log(args: argparse.Namespace) -> None:
    """Set up the log of one command on standard error."""
    from monitor.settings import logs

    plain = sys.stderr.isatty() or _asked_for_words(args)
    logs.begin(verbose=args.verbose, plain=plain, shown_elsewhere=shown_on_stdout(args))


def shown_on_stdout(args: argparse.Namespace) -> bool:
    """Whether what was observed is printed: asked for by hand, or somebody looks on."""
    asked = args.command == "check" or args.verbose or _asked_for_words(args)
    return not args.json and (asked or sys.stdout.isatty())


def _asked_for_words(args: argparse.Namespace) -> bool:
    return not args.json and bool(vars(args).get("summary"))
