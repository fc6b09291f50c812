"""The catalogues, brought up to date: `python -m tests.house.messages` (`make messages`).

Extracts the messages of monitor/ and argparse's own, updates each `vigie.po` (new ones come untranslated, those gone
are dropped) and compiles its `vigie.mo`. French says all that the program says; the other languages what subscribers
read. argparse's words differ from one Python to the next: what an earlier run found in another Python stays, so that
one catalogue serves all. Exits 1 and lists what is still to be translated.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "monitor/locale"
SUBSCRIBERS = ("ar", "es", "pt")  # languages of what a subscriber reads, and of nothing else
# where that is written, and the frame of the public site, whose guide is in their languages too
HEARD = (
    "monitor/alerts/text/",
    "monitor/site/diary.py",
    "monitor/site/frame.py",
    "monitor/web/words.py",
    "monitor/templates/site/frame.html.j2",
)
# an operator's messages are in the languages of the commands
NOT_HEARD = ("monitor/alerts/text/operator.py",)
METHODS = [
    ("**.py", "python"),
    ("templates/site/**.j2", "jinja2.ext:babel_extract"),
]  # the site's words stand in its templates
ARGPARSE = "argparse.py"  # where the .po says that a message comes from


def program() -> Catalog:
    """The messages of monitor/, with the files they stand in."""
    found = Catalog()
    every = sorted(extract_from_dir(ROOT / "monitor", METHODS), key=lambda one: one[:2])
    for name, _line, message, comments, context in every:
        found.add(message, locations=[(f"monitor/{name}", 0)], auto_comments=comments, context=context)
    return found


def argparse_words() -> Catalog:
    """The messages of the running Python's argparse."""
    found = Catalog()
    for _line, message, _comments, context in extract_from_file("python", str(argparse.__file__)):
        found.add(message, locations=[(ARGPARSE, 0)], context=context)
    return found


def path(language: str) -> Path:
    """The `.po` of a language; its `.mo` stands beside it."""
    return LOCALE / language / "LC_MESSAGES" / "vigie.po"


def kept(language: str) -> Catalog:
    """The catalogue as it is kept."""
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def french() -> Catalog:
    """The one of what the commands say."""
    return kept("fr")


def wanted(language: str, known: Catalog) -> Catalog:
    """What a catalogue must have. French: the program's words, argparse's of this Python and of those seen before."""
    if language in SUBSCRIBERS:
        return heard()
    seen = [one for one in known if one.id and ARGPARSE in (file for file, _line in one.locations)]
    template = program()
    for one in [*argparse_words(), *seen]:
        if one.id:
            template.add(one.id, locations=[(ARGPARSE, 0)], flags=one.flags, context=one.context)
    return template


def heard() -> Catalog:
    """The messages that a subscriber reads."""
    found = Catalog()
    for one in program():
        files = [name for name, _line in one.locations]
        if one.id and any(name.startswith(HEARD) and name not in NOT_HEARD for name in files):
            found.add(one.id, locations=one.locations, auto_comments=one.auto_comments, context=one.context)
    return found


def untranslated(kept: Catalog) -> list[str]:
    """The messages that are not translated, or not surely."""
    return [forms(one.id)[0] for one in kept if one.id and (one.fuzzy or not all(forms(one.string)))]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """One string, or each form of a plural; empty where there is no text."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def main() -> int:
    """Update, compile, say what is left to translate."""
    return max(updated(language) for language in ("fr", *SUBSCRIBERS))


def updated(language: str) -> int:
    """1 where something is left to translate."""
    catalogue, po = kept(language), path(language)
    catalogue.update(wanted(language, catalogue), no_fuzzy_matching=True, update_creation_date=False)
    with po.open("wb") as file:
        write_po(file, catalogue, width=120, ignore_obsolete=True, sort_output=True)
    with po.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    left = untranslated(catalogue)
    for message in left:
        print(f"no {language} yet: {message}", file=sys.stderr)
    print(f"{po.relative_to(ROOT)}: {len(catalogue)} messages, {len(left)} to translate")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
