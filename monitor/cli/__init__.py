"""The command line: parse the words, call one function of `monitor.run` or of a wing, print. It decides nothing else.

What each exit code means stands in docs/ARCHITECTURE.md.
"""

from __future__ import annotations

import gettext
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.core.words import DOMAIN, LOCALE, MessageFile


def language(argv: Sequence[str], environment: Mapping[str, str]) -> str:
    """`fr` or `en`: `--lang`, then $VIGIE_LANG, then the locale; French where none says English."""
    for i, word in enumerate(argv):
        if word == "--lang" and i + 1 < len(argv):
            return "en" if argv[i + 1] == "en" else "fr"
        if word.startswith("--lang="):
            return "en" if word == "--lang=en" else "fr"
    for name in ("VIGIE_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value and not value.startswith(("C", "POSIX")):
            return "en" if value.lower().startswith("en") else "fr"
    return "fr"


_translation = gettext.translation


def speak(lang: str) -> None:
    """Choose the language of every message, argparse's own words included."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)
    # For each sentence gettext looks on the disk for its catalogue anew: half of what `--help` cost (2026-11).
    known: dict[tuple[str, str | None], gettext.NullTranslations] = {}

    def translation(
        domain: str, localedir: str | None = None, languages: Any = None, class_: Any = None, fallback: bool = False
    ) -> gettext.NullTranslations:
        if languages is not None or class_ is not None:
            return _translation(domain, localedir, languages, class_, fallback)
        key = (domain, localedir)
        if key not in known:
            kind = MessageFile if domain == DOMAIN else None
            known[key] = _translation(domain, localedir, class_=kind, fallback=True)
        return known[key]

    gettext.translation = translation  # type: ignore[assignment]


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    lang = language(argv, os.environ)
    speak(lang)
    from monitor.cli.parser import build

    args = build(argv).parse_args(argv)
    args.lang = lang
    from monitor.cli.declare import without_addresses
    from monitor.core.errors import UsageError, VigieError

    try:
        name, _, function = args.module.partition(":")
        module = importlib.import_module(f"monitor.cli.{name}")
        code: int = getattr(module, function or "run")(args)
        sys.stdout.flush()
    except VigieError as error:
        typed = isinstance(error, UsageError)
        from monitor.cli.layout import say

        say(f"vigie: {without_addresses(str(error)) if typed else error}", out=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # `vigie history | head`: the reader left, nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code
