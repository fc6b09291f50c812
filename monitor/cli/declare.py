"""What the files of arguments are given to declare their commands with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final, NoReturn, Protocol

from monitor.values import pattern

_PERSONAL: Final = pattern(r"[^\s'\"«»(]+@[^\s'\"«»)]+|\+\d[\d .-]{6,}\d|\b0\d(?:[ .-]?\d\d){4}\b")


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
    return _PERSONAL.sub("***", sentence)


class Parser(argparse.ArgumentParser):
    """argparse with the exit code of usage errors from sysexits.h (64) and examples kept as written."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and one sentence, exit 64."""
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {without_addresses(message)}\n")
