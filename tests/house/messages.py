"""The French catalogue, brought up to date: `python -m tests.house.messages` (`make messages`).

Extracts the messages of monitor/ and argparse's own, updates `vigie.po` (new messages come untranslated, those gone are
dropped) and compiles `vigie.mo`. argparse's words differ from one Python to the next: what an earlier run found in
another Python stays, so that one catalogue serves all. Exits 1 and lists what still wants its French.
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
PO = ROOT / "monitor/locale/fr/LC_MESSAGES/vigie.po"
MO = PO.with_suffix(".mo")
ARGPARSE = "argparse.py"  # where the .po says that a message comes from


def program() -> Catalog:
    """The messages of monitor/, with the files they stand in."""
    found = Catalog()
    for name, _line, message, comments, context in sorted(extract_from_dir(ROOT / "monitor", [("**.py", "python")])):
        found.add(message, locations=[(f"monitor/{name}", 0)], auto_comments=comments, context=context)
    return found


def argparse_words() -> Catalog:
    """The messages of the running Python's argparse."""
    found = Catalog()
    for _line, message, _comments, context in extract_from_file("python", str(argparse.__file__)):
        found.add(message, locations=[(ARGPARSE, 0)], context=context)
    return found


def french() -> Catalog:
    """The catalogue as it is kept."""
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


def wanted(kept: Catalog) -> Catalog:
    """Every message the catalogue must have: the program's, argparse's of this Python and of those seen before."""
    seen = [one for one in kept if one.id and ARGPARSE in (file for file, _line in one.locations)]
    template = program()
    for one in [*argparse_words(), *seen]:
        if one.id:
            template.add(one.id, locations=[(ARGPARSE, 0)], flags=one.flags, context=one.context)
    return template


def untranslated(kept: Catalog) -> list[str]:
    """The messages without French, or whose French is not sure."""
    return [forms(one.id)[0] for one in kept if one.id and (one.fuzzy or not all(forms(one.string)))]


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """One string, or each form of a plural; empty where there is no text."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def main() -> int:
    """Update, compile, say what is left to translate."""
    kept = french()
    kept.update(wanted(kept), no_fuzzy_matching=True, update_creation_date=False)
    with PO.open("wb") as file:
        write_po(file, kept, width=120, ignore_obsolete=True, sort_output=True)
    with MO.open("wb") as file:
        write_mo(file, kept)
    left = untranslated(kept)
    for message in left:
        print(f"no French yet: {message}", file=sys.stderr)
    print(f"{PO.relative_to(ROOT)}: {len(kept)} messages, {len(left)} without French")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
