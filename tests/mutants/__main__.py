"""`python -m tests.mutants`: plant a sample of small faults in the core, one at a time, and count those noticed.

  --sample N --seed S   draw about N faults, spread evenly over the core's modules (default: the named sample)
  --module PATH         of these modules only (may be repeated; any file of monitor/)
  --all                 every fault of these modules
  --name FILE           write the sample drawn, and try nothing
  --from FILE           try the faults of such a file
  --jobs N              copies of the tree at work (default 2)
  --seconds N           processor time of the tests tried on one fault (default 60): cheapest first

Only a copy of the tree is changed. The table is printed; `build/mutants/result.json` has each fault and what noticed
it. Faults that change nothing anybody could notice stand in `equivalents.toml`, each with its reason. Exit 1: a goal of
`core.toml` is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from tests.mutants.covering import covering
from tests.mutants.operators import Fault, faults
from tests.mutants.trial import Copy, Trial

ROOT: Final = Path(__file__).resolve().parents[2]
HOME: Final = ROOT / "build" / "mutants"
HERE: Final = Path(__file__).parent
SAMPLE: Final = HERE / "sample.json"
_MOST_EQUIVALENT: Final = 0.05
Name = tuple[str, str, str, str, str, int]


def main(arguments: Sequence[str]) -> int:
    """See above."""
    chosen = _parsed(arguments)
    core = _core()
    sample = _sample(chosen, core)
    if chosen.name:
        _write_sample(Path(chosen.name), sample, chosen.seed)
        print(f"{len(sample)} faults of {len({one.file for one in sample})} modules: {chosen.name}")
        return 0
    reasons = _equivalents()
    equal = {one: reasons[one.name[:-1]] for one in sample if one.name[:-1] in reasons}
    trials = _tried([one for one in sample if one not in equal], chosen.jobs, chosen.seconds)
    return _told(trials, equal, core)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--module", action="append", default=[])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--name", metavar="FILE")
    parser.add_argument("--from", dest="listed", metavar="FILE", default=str(SAMPLE))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60.0)
    return parser.parse_args(arguments)


def _core() -> dict[str, int]:
    """Goal in per cent by file."""
    read = tomllib.loads((HERE / "core.toml").read_text(encoding="utf-8"))
    return {file: part["goal"] for part in read.values() if "goal" in part for file in part["files"]}


def _slow() -> list[str]:
    return list(tomllib.loads((HERE / "core.toml").read_text(encoding="utf-8"))["slow"]["files"])


def _equivalents() -> dict[tuple[str, ...], str]:
    """Reason by name, for all of that name within one function."""
    read = tomllib.loads((HERE / "equivalents.toml").read_text(encoding="utf-8"))
    return {
        (one["file"], one["function"], one["operator"], one["before"], one["after"]): one["reason"]
        for one in read.get("equivalent", [])
    }


def _offered(file: str) -> list[Fault]:
    return faults(file, (ROOT / file).read_bytes())


def _sample(chosen: argparse.Namespace, core: Mapping[str, int]) -> list[Fault]:
    files = chosen.module or list(core)
    if chosen.all:
        return [fault for file in files for fault in _offered(file)]
    if chosen.sample:
        each = -(-chosen.sample // len(files))
        return [fault for file in files for fault in drawn(_offered(file), each, f"{chosen.seed}:{file}")]
    return [fault for fault in _listed(Path(chosen.listed)) if not chosen.module or fault.file in chosen.module]


def drawn(offered: Sequence[Fault], count: int, seed: str) -> list[Fault]:
    """A kind of fault first, then a place, so that the commonest kinds do not crowd out the others."""
    chance = random.Random(seed)
    left: dict[str, list[Fault]] = {}
    for fault in offered:
        left.setdefault(fault.operator, []).append(fault)
    found: list[Fault] = []
    while left and len(found) < count:
        operator = chance.choice(sorted(left))
        found.append(left[operator].pop(chance.randrange(len(left[operator]))))
        if not left[operator]:
            del left[operator]
    return sorted(found, key=lambda one: (one.start, one.operator))


def _write_sample(path: Path, sample: Iterable[Fault], seed: str) -> None:
    rows = [json.dumps([one.file, one.line, *one.name[1:]], ensure_ascii=False) for one in sample]
    head = json.dumps({"seed": seed, "fields": ["file", "line", "function", "operator", "before", "after", "nth"]})
    path.write_text(head[:-1] + ', "faults": [\n' + ",\n".join(rows) + "\n]}\n", encoding="utf-8")


def _listed(path: Path) -> list[Fault]:
    """The faults of a sample that can still be planted; the others are named."""
    rows = json.loads(path.read_text(encoding="utf-8"))["faults"]
    found = []
    offered: dict[str, dict[Name, Fault]] = {}
    for file, line, *rest in rows:
        if file not in offered:
            offered[file] = {one.name: one for one in _offered(file)} if (ROOT / file).exists() else {}
        fault = offered[file].get((file, *rest))
        if fault is None:
            print(f"gone: {file}:{line} {rest[0]} [{rest[1]}] {rest[2]!r}")
        else:
            found.append(fault)
    return found


def _tried(sample: Sequence[Fault], jobs: int, seconds: float) -> list[Trial]:
    HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vigie-mutants-") as name:
        copies: SimpleQueue[Copy] = SimpleQueue()
        made = [Copy(ROOT, Path(name) / str(number)) for number in range(jobs)]
        covers = covering(made[0].tree, HOME, _slow(), {fault.file for fault in sample})
        for copy in made:
            copy.start()
            copies.put(copy)

        def one(fault: Fault) -> Trial:
            tests = covers.tests(fault.file, fault.function, seconds=seconds)
            copy = copies.get()
            try:
                trial = copy.attempt(fault, [test.name for test in tests], seconds=sum(test.seconds for test in tests))
            finally:
                copies.put(copy)
            print(_line(trial), flush=True)
            return trial

        with ThreadPoolExecutor(jobs) as pool:
            trials = list(pool.map(one, sample))
        for copy in made:
            copy.close()
    return trials


def _line(trial: Trial) -> str:
    fault = trial.fault
    return (
        f"{trial.outcome:9} {fault.file}:{fault.line} {fault.function} [{fault.operator}] "
        f"{_short(fault.before)} -> {_short(fault.after)}  {trial.by}"
    )


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 70 else flat[:69] + "…"


def _told(trials: Sequence[Trial], equal: Mapping[Fault, str], core: Mapping[str, int]) -> int:
    print("\n| module | tried | killed | survived | equivalent | score |\n|---|---|---|---|---|---|")
    for file in dict.fromkeys([*(one.fault.file for one in trials), *(one.file for one in equal)]):
        print(_row(file, [one for one in trials if one.fault.file == file], sum(one.file == file for one in equal)))
    missed = []
    for goal in sorted(set(core.values()), reverse=True):
        part = [one for one in trials if core.get(one.fault.file, 0) == goal]
        if part:
            print(_row(f"goal {goal} %", part, sum(core.get(one.file) == goal for one in equal)))
            missed += [goal] if _score(part) < goal else []
    print(_row("all", trials, len(equal)))
    if len(equal) > _MOST_EQUIVALENT * (len(trials) + len(equal)):
        print(f"more than {_MOST_EQUIVALENT:.0%} are called equivalent")
    (HOME / "result.json").write_text(
        json.dumps(list(_results(trials, equal)), indent=1, ensure_ascii=False), encoding="utf-8"
    )
    return 1 if missed else 0


def _row(title: str, trials: Sequence[Trial], equal: int) -> str:
    count = Counter("killed" if _is_noticed(one) else "survived" for one in trials)
    figures = len(trials) + equal, count["killed"], count["survived"], equal, f"{_score(trials):.0f} %"
    return " | ".join(["", title, *map(str, figures), ""]).strip()


def _is_noticed(trial: Trial) -> bool:
    return trial.outcome in ("killed", "timeout")


def _score(trials: Sequence[Trial]) -> float:
    return 100 * sum(map(_is_noticed, trials)) / len(trials) if trials else 100.0


def _results(trials: Sequence[Trial], equal: Mapping[Fault, str]) -> Iterator[dict[str, Any]]:
    for one in trials:
        yield {**asdict(one.fault), "outcome": one.outcome, "by": one.by}
    for fault, reason in equal.items():
        yield {**asdict(fault), "outcome": "equivalent", "by": reason}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
