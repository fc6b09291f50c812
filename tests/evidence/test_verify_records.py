"""Faults planted in the records of an export in memory, and in those of the folder itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from monitor.core.record import canonical, digest
from monitor.evidence.merkle import consistency_proof
from monitor.evidence.rules.findings import Report
from monitor.evidence.sums import SUMS, parse_sums, render_sums
from monitor.evidence.verify.records import NOTE, in_scope, verify_shots
from monitor.evidence.verify.verify import verify_export, verify_ledger
from tests.support.ledger import Ledger, page
from tests.support.played import MemoryArchive, PlayedAuthority, PlayedTools, in_memory

DAY = "sweeps/2026/11/21"
START = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Three sweeps of three checks, 33/titres, 95/naturalisation and 95/titres."""
    ticks = count()
    authority = PlayedAuthority("alpha", lambda: START + next(ticks) * timedelta(minutes=5))
    ledger = Ledger(tmp_path_factory.mktemp("ledger"), [authority])
    for _sweep in range(3):
        ledger.sweep(shots=[canonical({"sha256": digest(b"picture")})])
    return ledger


@pytest.fixture(scope="module")
def sound(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return in_memory(ledger.export(tmp_path_factory.mktemp("export") / "e", first=2)).contents


@pytest.fixture
def files(sound: Files) -> Files:
    return dict(sound)


def verified(files: Files) -> Report:
    return verify_export(MemoryArchive(files).resealed(), PlayedTools())


def found(files: Files) -> set[tuple[str, str]]:
    return {(one.code, one.where.removeprefix(f"{DAY}/")) for one in verified(files).findings if one.failed}


def lines(files: Files, name: str) -> list[bytes]:
    return files[name].splitlines(keepends=True)


def put(files: Files, name: str, changed: list[bytes]) -> None:
    files[name] = b"".join(changed)


# --- inclusion --------------------------------------------------------------------------------------------------------


def test_a_sound_export_counts_what_was_proven(files: Files) -> None:
    report = verified(files)
    assert (report.findings, report.records) == ([], 4)


@pytest.mark.parametrize("name", ["records.jsonl", "proofs.txt", "consistency.txt", "scope.txt"])
def test_without_one_of_its_files_nothing_is_said_of_the_records(files: Files, name: str) -> None:
    del files[name]
    assert found(files) == {("file", name)}


def test_a_record_that_was_not_sealed_so_is_named_by_its_line(files: Files) -> None:
    files["records.jsonl"] = files["records.jsonl"].replace(b'"seq":7', b'"seq":8', 1)
    assert ("inclusion", "records.jsonl:3") in found(files)
    assert verified(files).records == 3


@pytest.mark.parametrize("extra", ["records.jsonl", "proofs.txt"])
def test_each_record_has_its_proof_and_each_proof_its_record(files: Files, extra: str) -> None:
    put(files, extra, [*lines(files, extra), lines(files, extra)[-1]])
    assert found(files) == {("inclusion", "records.jsonl:5")}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"000000002 ", b"000000009 "), (b"000000002 ", b"000000003 "), (b"000000002 ", b"2 "),
        (b"000000003 7 9 ", b"000000003 7 10 "), (b"000000003 7 9 ", b"000000003 07 9 "), (b" 4 6 ", b" 5 6 "),
    ],
)  # fmt: skip
def test_a_proof_names_its_sweep_its_number_and_the_size_then(files: Files, old: bytes, new: bytes) -> None:
    assert old in files["proofs.txt"]
    files["proofs.txt"] = files["proofs.txt"].replace(old, new, 1)
    line = 3 if old.startswith(b"000000003") else 1
    assert ("inclusion", f"records.jsonl:{line}") in found(files)


def test_records_stand_in_the_order_of_the_log_and_none_twice(files: Files) -> None:
    twice, turned = dict(files), dict(files)
    for name in ("records.jsonl", "proofs.txt"):
        first, second, *rest = lines(files, name)
        put(twice, name, [first, first, second, *rest])
        put(turned, name, [second, first, *rest])
    assert found(twice) == {("inclusion", "records.jsonl:2")}
    assert ("inclusion", "records.jsonl:2") in found(turned)


def test_a_record_of_an_earlier_sweep_is_not_taken_under_a_later_one(files: Files, ledger: Ledger) -> None:
    from monitor.evidence.merkle import inclusion_proof

    path = b" ".join(step.hex().encode() for step in inclusion_proof(4, 9, ledger.tree.node))
    put(files, "proofs.txt", [b"000000003 4 9 " + path + b"\n", *lines(files, "proofs.txt")[1:]])
    assert ("inclusion", "records.jsonl:1") in found(files)


# --- consistency ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda line: b"", lambda line: line * 2, lambda line: line.replace(b"6 9", b"6 8"),
        lambda line: line.replace(b"6 9", b"5 9"), lambda line: line[:-2] + (b"0\n" if line[-2:-1] != b"0" else b"1\n"),
        lambda line: line.upper(), lambda line: line.rpartition(b" ")[0] + b"\n",
    ],
)  # fmt: skip
def test_the_log_of_a_sweep_begins_with_the_log_of_the_one_before(
    files: Files, ledger: Ledger, change: Callable[[bytes], bytes]
) -> None:
    expected = " ".join(["6 9", *(step.hex() for step in consistency_proof(6, 9, ledger.tree.node))])
    assert files["consistency.txt"].decode() == expected + "\n"
    files["consistency.txt"] = change(files["consistency.txt"])
    assert {code for code, _where in found(files)} == {"consistency"}


@pytest.mark.parametrize(("number", "line"), [(2, 1), (3, 3)])
def test_a_sweep_without_a_checkpoint_is_consistent_with_nothing(files: Files, number: int, line: int) -> None:
    place = f"{DAY}/{number:09d}"
    files[f"{place}/checkpoint"] = b"none\n"
    files[f"{place}/{SUMS}"] = render_sums({**parse_sums(files[f"{place}/{SUMS}"]), "checkpoint": digest(b"none\n")})
    assert {("consistency", "000000003"), ("inclusion", f"records.jsonl:{line}")} <= found(files)


# --- what is announced ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", [b"", b"tout\n", b"95/titres\n95/ \n", b"95\n", b"../\n"])
def test_a_scope_that_says_nothing_is_refused(files: Files, scope: bytes) -> None:
    files["scope.txt"] = scope
    assert ("plan", "scope.txt") in found(files)


@pytest.mark.parametrize("scope", [b"95/titres\n", b"all\n", b"33/\n", b"95/titres\n33/titres\n"])
def test_the_records_are_those_of_the_scope_and_no_other(files: Files, scope: bytes) -> None:
    files["scope.txt"] = scope
    assert found(files) == {("plan", "000000002"), ("plan", "000000003")}


def test_a_record_left_out_shows_in_its_sweep(files: Files) -> None:
    for name in ("records.jsonl", "proofs.txt"):
        put(files, name, lines(files, name)[:-1])
    assert found(files) == {("plan", "000000003")}


@pytest.mark.parametrize(
    ("scope", "check", "wanted"),
    [
        (["all"], "95/titres", True), (["95/titres"], "95/titres", True), (["95/titres"], "95/titres-2", False),
        (["95/"], "95/notices/pan", True), (["95/"], "33/titres", False), (["9/"], "95/titres", False),
        (["33/", "95/aes"], "95/titres", False), (["33/", "95/aes"], "95/aes", True), ([], "95/titres", False),
    ],
)  # fmt: skip
def test_what_is_in_scope(scope: list[str], check: str, wanted: bool) -> None:
    assert in_scope(scope)(check) is wanted


def test_a_capture_is_named_by_a_record_or_by_a_picture_s_line(files: Files) -> None:
    files["captures/picture.png"] = b"picture"
    assert found(files) == set()
    files["captures/other.html"] = page(0)  # of a record out of scope
    files["elsewhere/other.html"] = b"not a capture"
    assert found(files) == {("capture", "captures/other.html")}


# --- the folder itself ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(ledger: Ledger) -> Files:
    """The evidence folder, unpacked."""
    contents: Files = {}
    for sealed in ledger.sweeps.sealed():
        contents |= {f"{sealed.folder}/{name}": data for name, data in sealed.files()}
        contents[f"{sealed.folder}/records.jsonl"] = sealed.read("records.jsonl")
    return contents | dict(ledger.sweeps.trusted())


def false(folder: Files) -> set[tuple[str, str]]:
    report = verify_ledger(MemoryArchive(folder), PlayedTools())
    return {(one.code, one.where.removeprefix(f"{DAY}/")) for one in report.findings if one.failed}


def reseal(folder: Files, number: int, name: str, data: bytes) -> None:
    place = f"{DAY}/{number:09d}"
    folder[f"{place}/{name}"] = data
    folder[f"{place}/{SUMS}"] = render_sums({**parse_sums(folder[f"{place}/{SUMS}"]), name: digest(data)})


def test_a_sound_folder_proves_every_record(folder: Files) -> None:
    report = verify_ledger(MemoryArchive(folder), PlayedTools())
    assert (report.findings, report.records) == ([], 9)


def test_the_notes_of_the_tools_are_told(folder: Files) -> None:
    class Noting(PlayedTools):
        def notes(self) -> Sequence[str]:
            return ("asked twice",)

    assert verify_ledger(MemoryArchive(folder), Noting()).notes == ["asked twice"]


def test_records_that_are_not_there_end_what_can_be_said(folder: Files) -> None:
    del folder[f"{DAY}/000000002/records.jsonl"]
    assert {("file", "000000002/records.jsonl"), ("inclusion", "000000002")} <= false(folder)
    report = verify_ledger(MemoryArchive(folder), PlayedTools())
    assert report.records == 3


@pytest.mark.parametrize("data", [b"[]\n", b"{\n", b'{"seq":3}\n', b'{"check":"95/x"}\n', b"[" * 100_000 + b"\n"])
def test_a_record_that_is_not_of_its_check_is_false_whatever_it_is(folder: Files, data: bytes) -> None:
    old = folder[f"{DAY}/000000002/records.jsonl"].splitlines(keepends=True)
    reseal(folder, 2, "records.jsonl", b"".join([data, *old[1:]]))
    assert {("plan", "000000002/records.jsonl"), ("inclusion", "000000002")} <= false(folder)


def test_a_plan_under_other_names_is_false(folder: Files) -> None:
    plan = json.loads(folder[f"{DAY}/000000002/sweep.json"])
    plan["checks"][0]["check"], plan["checks"][1]["check"] = plan["checks"][1]["check"], plan["checks"][0]["check"]
    reseal(folder, 2, "sweep.json", canonical(plan))
    falsehoods = false(folder)
    assert ("plan", "000000002/records.jsonl") in falsehoods
    assert ("inclusion", "000000002") not in falsehoods


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_pictures_are_counted_and_a_damaged_one_is_a_failure() -> None:
    states = {"a" * 64: b"bytes", "b" * 64: "dropped", "c" * 64: "damaged", "d" * 64: "not_enclosed"}
    shots = [{"png_sha256": name, "resources": []} for name in states]
    report = Report()
    verify_shots((json.dumps(shot).encode() for shot in shots * 2), lambda name: states[name], report)  # type: ignore[arg-type,return-value]
    assert [(one.code, one.where) for one in report.findings] == [("capture", f"image {'c' * 64}")]
    assert report.notes == [NOTE.format(sound=1, dropped=1)]
    none = Report()
    verify_shots([], lambda name: "damaged", none)
    assert (none.findings, none.notes) == ([], [])
