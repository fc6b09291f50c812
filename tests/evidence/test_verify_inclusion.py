"""`verify-inclusion.sh` by itself, without what `verify.sh` asks first: it ends on every input, and finds it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.evidence.merkle import Frontier, consistency_proof, inclusion_proof, leaf_hash
from tests.support.commands import ROOT
from tests.support.parts import needs, part
from tests.support.trees import complete_nodes

LINES = tuple(f'{{"check":"{number}"}}' for number in range(7))
SWEEPS = ("sweeps/2026/11/29/a", "sweeps/2026/11/29/b")
SIZES = (3, 7)
NODES = complete_nodes([leaf_hash(line.encode()) for line in LINES])
ROOTS = tuple(Frontier.of(size, NODES).root().hex() for size in SIZES)
DRIVER = """
T=$1; cd "$2"; : > "$T/folds"; : > "$T/folded"
echec() { printf '%s %s\\n' "$1" "$2"; }
. "$3"
feuilles; inclusions; coherences; monter_ensemble
"""
# Far more than it takes (50 ms), far less than for ever: whoever meets it found a loop without end.
PATIENCE = 60


def proof(number: int, size: int) -> str:
    name = SWEEPS[SIZES.index(size)].rpartition("/")[2]
    return " ".join((name, str(number), str(size), *(one.hex() for one in inclusion_proof(number, size, NODES))))


PROOFS = [proof(number, 3 if number < 3 else 7) for number in range(7)]
CONSISTENCY = " ".join(("3", "7", *(one.hex() for one in consistency_proof(3, 7, NODES))))


def faults(
    folder: Path, *, roots: tuple[str, ...] = ROOTS, proofs: list[str] | None = None, consistency: str = CONSISTENCY
) -> list[str]:
    """What it says is wrong, with `roots` as the sealed roots of the two sweeps."""
    work, given_ = folder / "work", folder / "given"
    work.mkdir(parents=True)
    given_.mkdir()
    firsts = (0, *SIZES)
    heads = zip(SWEEPS, firsts, SIZES, roots, strict=False)
    (work / "heads").write_text("".join(f"{name} {first} {size} {top}\n" for name, first, size, top in heads))
    (work / "releves").write_text("".join(f"{name}\n" for name in SWEEPS))
    (given_ / "records.jsonl").write_text("".join(f"{line}\n" for line in LINES))
    (given_ / "proofs.txt").write_text(
        "".join(f"{line}\n" for line in PROOFS if proofs is None) or "\n".join(proofs or [])
    )
    (given_ / "consistency.txt").write_text(f"{consistency}\n")
    script = ROOT / "monitor" / "data" / "verify-inclusion.sh"
    done = subprocess.run(
        [part("dash"), "-c", DRIVER, "sh", work, given_, script],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.stdout.splitlines()


@needs("dash")
def test_what_is_right_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path) == []


@needs("dash")
@pytest.mark.parametrize(
    "wrong", ["", " ", "0", "g" * 64, ROOTS[0].upper(), ROOTS[0][:-1], f"{ROOTS[0][:32]} {ROOTS[0][32:]}"]
)
def test_a_root_that_is_none_is_a_fault_and_no_loop(tmp_path: Path, wrong: str) -> None:
    found = faults(tmp_path, roots=(wrong, ROOTS[1]))
    assert {f"inclusion records.jsonl:{number}" for number in (1, 2, 3)} <= set(found)
    found = faults(tmp_path / "second", roots=(ROOTS[0], wrong))
    assert {f"inclusion records.jsonl:{number}" for number in (4, 5, 6, 7)} <= set(found)


@needs("dash")
@pytest.mark.parametrize(
    "line",
    ["", "a", "a 0 3", "a 0 3 L", "a 999999999999999 3", f"a 0 3 {'0' * 64} " + f"{'1' * 64} " * 80, "a -1 3", "b 0 0"],
)
def test_a_proof_that_is_none_is_a_fault_and_no_loop(tmp_path: Path, line: str) -> None:
    assert "inclusion records.jsonl:1" in faults(tmp_path, proofs=[line, *PROOFS[1:]])
    assert faults(tmp_path / "second", consistency=line.removeprefix("a ")) != []


FIELD = st.sampled_from(["", "0", "1", "3", "7", "a", "b", "L", " ", *ROOTS, *CONSISTENCY.split()[2:], "1e9", "\\0101"])
LINE = st.lists(FIELD, max_size=8).map(" ".join)


@pytest.mark.long
@needs("dash")
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(roots=st.tuples(LINE, LINE), first=LINE, consistency=LINE)
def test_whatever_it_is_given_it_ends_and_finds_it(
    tmp_path_factory: pytest.TempPathFactory, roots: tuple[str, str], first: str, consistency: str
) -> None:
    found = faults(tmp_path_factory.mktemp("any"), roots=roots, proofs=[first, *PROOFS[1:]], consistency=consistency)
    assert bool(found) is ((roots, first, consistency) != (ROOTS, PROOFS[0], CONSISTENCY))
