"""`python -m tests.faults [--rounds N] [--only NAME ...]`: prints the fault table. Exit 1 where a line is not kept."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.table import FAULTS


def main() -> int:
    """See above."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, metavar="N", help="of each line, instead of its own number")
    parser.add_argument("--only", nargs="+", choices=[fault.name for fault in FAULTS], metavar="NAME")
    options = parser.parse_args()
    print(f"{'fault':<46}{'planted':>8}{'lost':>6}{'dupl.':>7}{'unsaid':>8}{'corrupt':>9}{'seconds':>9}")
    kept = True
    for fault in FAULTS:
        if options.only and fault.name not in options.only:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="vigie-faults-") as folder:
            out = fault.play(Path(folder), options.rounds or fault.rounds)
        counts = f"{out.planted:>8}{out.lost:>6}{out.duplicated:>7}{out.unsaid:>8}{out.corrupt:>9}"
        print(f"{fault.what:<46}{counts}{time.monotonic() - began:>9.1f} {'ok' if out.ok else 'NOT KEPT'}", flush=True)
        kept = kept and out.ok
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
