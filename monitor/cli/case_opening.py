"""Opening a case: its passphrase from the terminal or a file, never from the command line; facts as they are told."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

from monitor.adapters.case_folder import CaseFolder
from monitor.adapters.case_rules import case_rules
from monitor.app.case_book import Book, read
from monitor.domain.case_model import facts_from
from monitor.domain.errors import UsageError

VARIABLE = "VIGIE_CASE_PASSPHRASE_FILE"


def opened(args: argparse.Namespace) -> tuple[CaseFolder, Book]:
    """The case named, and its book. Raises UsageError, PassphraseError, DamagedError."""
    if not args.case:
        raise UsageError(_("say which case: the folder that `vigie case new` made"))
    case = CaseFolder.open(Path(args.case), passphrase(args))
    return case, read(case.entries)


def passphrase(args: argparse.Namespace, *, new: bool = False) -> str:
    """The passphrase. new: asked twice."""
    file = args.passphrase_file or os.environ.get(VARIABLE)
    if file:
        try:
            return read_bytes(file).decode("utf-8").partition("\n")[0].rstrip("\r")
        except UnicodeDecodeError as error:
            raise UsageError(_("{path} is not a text in UTF-8").format(path=file)) from error
    if not sys.stdin.isatty():
        raise UsageError(_("no terminal to ask the passphrase on: name its file in ${name}").format(name=VARIABLE))
    word = getpass.getpass(_("Passphrase of the case: "))
    if new and getpass.getpass(_("Again: ")) != word:
        raise UsageError(_("the two passphrases differ; nothing was made"))
    return word


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file named by the user. Raises UsageError."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(_("{path} cannot be read: {why}").format(path=path, why=error.strerror)) from error


def facts_told(words: Sequence[str]) -> dict[str, Any]:
    """`NAME=VALUE` words as facts. Raises UsageError naming the one that is wrong."""
    out: dict[str, Any] = {}
    rules = case_rules()
    for word in words:
        name, equals, value = word.partition("=")
        if name.startswith("published."):
            way = name.removeprefix("published.")
            if way not in rules.alternatives:
                ways = ", ".join(rules.alternatives)
                raise UsageError(_("--fact {word}: the ways are {ways}").format(word=word, ways=ways))
            out.setdefault("published", {})[way] = value
        elif not equals or name in ("prefecture", "zone", "procedure", "published"):
            raise UsageError(_("--fact {word}: NAME=VALUE is expected, as in --help").format(word=word))
        elif name == "silence" and value not in rules.silence:
            raise UsageError(_("--fact {word}: one of {known}").format(word=word, known=", ".join(rules.silence)))
        else:
            out[name] = value
    try:
        facts_from(out)
    except ValueError as error:
        raise UsageError(_("--fact: {why}").format(why=error)) from error
    return out
