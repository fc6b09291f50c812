"""The public site of a year: 303 desks, a look each twenty minutes for 370 days.

`python -m bench.site make FOLDER [DAYS]` fills a data folder; `python -m bench.site measure FOLDER` builds its site in
three languages, twice, and prints what it cost, how large it is, and whether the two are the same.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.history import AS_VIGIE, EVERY, make, spoken_desks
from bench.measure import cost

DESKS: Final = 303
DAYS: Final = 370
A_DAY: Final = 72  # sweeps


SETTINGS: Final = (
    '[timestamps]\npresets = []\n[site]\ncontact = "corrections@example.org"\nbase_url = "https://vigie.example.org"\n'
)
ROUNDS: Final = 3


def measure(data: Path) -> Mapping[str, Any]:
    """What a build costs and how large it is. cpu: seconds, the median of some builds, each of an empty place."""
    with tempfile.TemporaryDirectory(prefix="vigie-site-") as name:
        config = Path(name) / "monitor.toml"
        config.write_text(SETTINGS, "utf-8")
        outs = [Path(name) / f"site-{n}" for n in range(ROUNDS)]
        words = ["--config", str(config), "--data", str(data), "--json"]
        costs = [cost([sys.executable, "-c", AS_VIGIE, "site", str(out), *words]) for out in outs]
        if wrong := [one for one in costs if one.code]:
            raise RuntimeError(f"vigie site ended with {wrong[0].code}: {wrong[0].err[-500:]}")
        sizes = {path: len(gzip.compress(path.read_bytes(), 6)) for path in _files(outs[0])}
        pages = {path: size for path, size in sizes.items() if path.suffix == ".html"}
        offices = {path: size for path, size in pages.items() if len(path.stem) <= 3}
        return {
            "told": json.loads(costs[0].out),
            "cpu": median(one.cpu for one in costs),
            "wall": median(one.wall for one in costs),
            "peak_mb": median(one.peak_mb or 0.0 for one in costs),
            "identical": len({_digest(out) for out in outs}) == 1,
            "gz": sum(sizes.values()),
            "gz_without_archive": sum(size for path, size in sizes.items() if path.suffix != ".zip"),
            "gz_largest_page": max(pages.values()),
            "gz_largest_prefecture": max(offices.values()),
        }


def _files(out: Path) -> list[Path]:
    return sorted(path for path in out.resolve().rglob("*") if path.is_file())


def _digest(out: Path) -> str:
    whole = sha256()
    for path in _files(out):
        whole.update(str(path.relative_to(out.resolve())).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def main() -> None:
    """See above."""
    words = sys.argv[1:]
    if words[:1] == ["make"]:
        days = int(words[2]) if len(words) > 2 else DAYS
        make(Path(words[1]), DESKS * A_DAY * days, datetime.now(UTC) - EVERY, spoken_desks(DESKS))
    elif words[:1] == ["measure"]:
        print(json.dumps(measure(Path(words[1])), indent=1))


if __name__ == "__main__":
    main()
