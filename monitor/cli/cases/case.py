"""`vigie case`: a person's case, on their side: how it is made, opened and erased, and facts as they are told.

The passphrase comes from the terminal or a file, never from the command line.
"""

from __future__ import annotations

import argparse
import getpass
import importlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final, get_args

from monitor.case.book import Book, read
from monitor.case.check.rules import case_rules
from monitor.case.check.silence import NATURALISATION
from monitor.case.court.tables import checklist
from monitor.case.folder import CaseFolder, erase
from monitor.case.model import Family, State, Tick, facts_from
from monitor.catalogue.declaration import PROCEDURES, nearest_or_all
from monitor.cli.asked import catalogue
from monitor.cli.layout import say
from monitor.core.errors import UsageError
from monitor.core.words import os_words

VARIABLE = "VIGIE_CASE_PASSPHRASE_FILE"


def opened(args: argparse.Namespace) -> tuple[CaseFolder, Book]:
    """The case named, and its book. Raises UsageError, PassphraseError, DamagedError, RoomError."""
    if not args.case:
        raise UsageError(_("say which case: the folder that `vigie case new` made"))
    word = passphrase(args)
    with _waiting():
        case = CaseFolder.open(Path(args.case), word)
    return case, read(case.entries)


@contextmanager
def _waiting() -> Iterator[None]:
    """One line on a terminal while the case opens: a second on most computers, minutes on a slow or busy one."""
    shown = sys.stderr.isatty()
    if shown:
        print(_("Opening the case (a slow computer may need minutes)..."), end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


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
        raise UsageError(_("{path} cannot be read: {why}").format(path=path, why=os_words(error))) from error


def write_new(out: Path, data: bytes) -> None:
    """A new file for its owner only; one that is there was perhaps edited already. Raises UsageError."""
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(out, flags, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=out, why=os_words(error))) from error


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
        elif name.startswith("ready."):
            paper, papers = name.removeprefix("ready."), checklist().names()
            if paper not in papers:
                known = ", ".join(papers)
                raise UsageError(_("--fact {word}: the papers are {known}").format(word=word, known=known))
            out.setdefault("ready", {})[paper] = value
        elif not equals or name in ("prefecture", "zone", "procedure", "published", "ready"):
            raise UsageError(_("--fact {word}: NAME=VALUE is expected, as in --help").format(word=word))
        elif name == "silence" and value not in rules.silence:
            raise UsageError(_("--fact {word}: one of {known}").format(word=word, known=", ".join(rules.silence)))
        else:
            out[name] = value
        _checked(word, name, value)
    return out


def _checked(word: str, name: str, value: str) -> None:
    """Raises UsageError saying what one fact may be."""
    name, _dot, part = name.partition(".")
    try:
        facts_from({name: {part: value} if part else value})
    except ValueError as error:
        if name in WORDS:
            known = ", ".join(get_args(WORDS[name]))
            raise UsageError(_("--fact {word}: one of {known}").format(word=word, known=known)) from error
        if name == "release":
            raise UsageError(_("--fact {word}: an hour such as 09:00 is expected").format(word=word)) from error
        if name in ("expires", "arrived", "majority"):
            raise UsageError(_("--fact {word}: a day such as 2026-11-21 is expected").format(word=word)) from error
        raise UsageError(_("--fact {word}: NAME=VALUE is expected, as in --help").format(word=word)) from error


def of_demarche(facts: Mapping[str, Any], procedure: str) -> None:
    """Raises UsageError for a ladder or a delay of silence stated of a démarche that has another."""
    silence = case_rules().silence.get(facts.get("silence", ""))
    if silence is not None and procedure not in silence.demarches:
        word = f"silence={facts['silence']}"
    elif facts.get("family") == NATURALISATION != procedure:
        word = f"family={NATURALISATION}"
    else:
        return
    raise UsageError(_('--fact {word}: this is not of "{procedure}"').format(word=word, procedure=procedure))


WORDS: Final = {"family": Family, "published": State, "ready": Tick}
ELSEWHERE: Final = {
    "check": ("check", "run"),
    "draft": ("export", "run_draft"),
    "export": ("export", "run"),
    "guide": ("law", "run_guide"),
    "import": ("joined", "run"),
    "law": ("law", "run"),
    "log": ("log", "run"),
    "show": ("show", "run"),
    "tally": ("show", "run_tally"),
}  # the other actions, by module of this folder: imported when called


def run(args: argparse.Namespace) -> int:
    """Do one action. Exit 0; 64 usage; 65 a file is not what it should be; 77 wrong passphrase."""
    own = {"new": _new, "erase": _erase}
    if args.action in own:
        return own[args.action](args)
    name, function = ELSEWHERE[args.action]
    module = importlib.import_module(f"monitor.cli.cases.{name}")
    code: int = getattr(module, function)(args)
    return code


def _new(args: argparse.Namespace) -> int:
    prefecture = catalogue(args).find(args.prefecture)
    if args.procedure not in PROCEDURES:
        near = nearest_or_all(args.procedure, PROCEDURES)
        raise UsageError(_('No procedure is called "{word}"{near}').format(word=args.procedure, near=near))
    facts = facts_told(args.fact) | {
        "prefecture": prefecture.code,
        "zone": prefecture.time_zone,
        "procedure": args.procedure,
    }
    of_demarche(facts, args.procedure)
    case = CaseFolder.create(Path(args.case), passphrase(args, new=True))
    case.append("opened", facts)
    say(_("made: {path}. Without the passphrase nobody can open it.").format(path=case.root))
    return 0


def _erase(args: argparse.Namespace) -> int:
    root = Path(args.case)
    if not args.yes:
        if not sys.stdin.isatty():
            raise UsageError(_("--yes is needed where nobody can be asked"))
        print(_("Type the name of the folder to remove {path} for good: ").format(path=root), end="", flush=True)
        if input().strip() != root.resolve().name:
            raise UsageError(_("nothing was removed"))
    left = erase(root)
    say(_("removed: {path}. Copies and backups made elsewhere are not.").format(path=root))
    for name in left:
        say(_("left, not part of a case: {name}").format(name=name))
    return 0


def json_file(path: str) -> object:
    """A JSON document. Raises UsageError, CaseDataError."""
    from monitor.case.model import CaseDataError

    try:
        return json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise CaseDataError(_("{path} is not JSON: {why}").format(path=path, why=error)) from error
