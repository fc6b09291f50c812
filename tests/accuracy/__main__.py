"""`python -m tests.accuracy [FOLDER ...]`: precision, recall, n and every miss, field by field.

Without arguments: our own labelled pages, and `../shared/corpus` when it is there; then the kinds of fault, and what
was read of real pages (`--texts FOLDER` reads them again where their texts are at hand). `--halves` splits each folder
into even and odd records: a rule changed while looking at one half only is general when the other half holds too.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.accuracy import kinds, real
from tests.accuracy.measure import Record, measure, records

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "fixtures" / "notices"
SHARED = ROOT.parent / "shared" / "corpus"
KINDS = (
    ROOT / "tests" / "fixtures" / "sentences" / "kinds.toml",
    ROOT.parent / "shared" / "corpus-kinds" / "kinds.json",
)


def main(arguments: list[str]) -> int:
    """Print one table a folder; always 0: a figure is not a failure."""
    texts = Path(arguments[arguments.index("--texts") + 1]) if "--texts" in arguments else None
    named = [Path(a) for a in arguments if not a.startswith("-") and Path(a) != texts]
    folders = named or [f for f in (OWN, SHARED) if f.is_dir()]
    for folder in folders:
        if "--halves" in arguments:
            names = sorted(record.name for record in records(folder))
            for title, half in (("even", set(names[::2])), ("odd", set(names[1::2]))):
                report(folder, f"{title} half", half)
        else:
            report(folder, "all records", None)
    if not named:
        for path in filter(Path.is_file, KINDS):
            kinds.report(path)
        real.report(texts)
    return 0


def report(folder: Path, title: str, names: set[str] | None) -> None:
    """Print the table of a folder."""

    def keep(record: Record) -> bool:
        return names is None or record.name in names

    count = sum(1 for record in records(folder) if keep(record))
    print(f"\n{folder.name}: {title}, {count} labelled pages")
    scores = measure(folder, keep)
    for name, score in scores.items():
        print(score.line(name))
    print("\nEvery miss (field | record | expected | read | quote):")
    for name, score in scores.items():
        for record, expected, read, quote in score.misses:
            print(f"  {name} | {record} | {expected!r} | {read!r} | {quote or '-'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
