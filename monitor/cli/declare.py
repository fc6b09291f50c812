"""What the files of arguments are given to declare their commands with."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from typing import Final, NoReturn, Protocol

_PERSONAL: Final = r"[^\s'\"«»(]+@[^\s'\"«»)]+|\+\d[\d .-]{6,}\d|\b0\d(?:[ .-]?\d\d){4}\b"


class Add(Protocol):
    """Declares one command. module: of `monitor.cli`, imported when the command is called; `:function` where
    it is not `run`."""

    def __call__(self, name: str, module: str, summary: str, more: str = "", examples: Sequence[str] = ()) -> Parser:
        """Its parser, to which its own arguments are added."""
        ...


def without_addresses(sentence: str) -> str:
    """A sentence about what was typed, without the e-mail addresses and telephone numbers in it: it may be mailed by
    cron, and kept by a journal.
    """
    return re.sub(_PERSONAL, "***", sentence)


def columns() -> int:
    """How wide the terminal is. `shutil` would say it too, and bring its archives along: 3 ms of each `--help`."""
    try:
        return int(os.environ["COLUMNS"]) or 80
    except (KeyError, ValueError):
        pass
    try:
        return os.get_terminal_size(1).columns or 80  # of standard output
    except OSError:
        return 80


def as_written(prog: str) -> argparse.HelpFormatter:
    """Help as wide as the terminal, with descriptions and examples kept as they are."""
    return argparse.RawDescriptionHelpFormatter(prog, width=columns() - 2)


class Parser(argparse.ArgumentParser):
    """argparse with the exit code of usage errors from sysexits.h (64) and examples kept as written."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and one sentence, exit 64."""
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {without_addresses(message)}\n")
