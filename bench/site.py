"""The public site of a year: 303 desks, a look each twenty minutes for 370 days.

`python -m bench.site make FOLDER [DAYS]` fills a data folder; `python -m bench.site measure FOLDER` builds its site in
three languages, twice, and prints what it cost, how large it is, and whether the two are the same.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.history import EVERY, make, spoken_desks

DESKS: Final = 303
DAYS: Final = 370
A_DAY: Final = 72  # sweeps


def main() -> None:
    """See above."""
    words = sys.argv[1:]
    if words[:1] == ["make"]:
        days = int(words[2]) if len(words) > 2 else DAYS
        make(Path(words[1]), DESKS * A_DAY * days, datetime.now(UTC) - EVERY, spoken_desks(DESKS))


if __name__ == "__main__":
    main()
