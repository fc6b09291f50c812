"""Faults planted in sealed sweeps in memory: each check of the walk, each with its own word and place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from monitor.core.record import canonical, digest
from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.rules.findings import Report
from monitor.evidence.sums import SUMS, parse_sums, render_sums
from monitor.evidence.verify.verify import verify_export
from tests.support.ledger import Ledger
from tests.support.played import MemoryArchive, PlayedAuthority, PlayedTools, in_memory, played_stamp

DAY = "sweeps/2026/11/21"
START = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)
MINUTES = timedelta(minutes=5)
Files = dict[str, bytes]


def clock() -> Callable[[], datetime]:
    ticks = count()
    return lambda: START + next(ticks) * MINUTES


def two() -> tuple[PlayedAuthority, PlayedAuthority]:
    """Of one clock, as two authorities asked one after the other."""
    ticking = clock()
    return PlayedAuthority("alpha", ticking), PlayedAuthority("beta", ticking)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Four sweeps; beta is down at the second."""
    first, second = two()
    ledger = Ledger(tmp_path_factory.mktemp("ledger"), [first, second])
    for number in range(1, 5):
        second.down = number == 2
        ledger.sweep()
    return ledger


@pytest.fixture(scope="module")
def sound(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return in_memory(ledger.export(tmp_path_factory.mktemp("export") / "e")).contents


@pytest.fixture
def files(sound: Files) -> Files:
    return dict(sound)


def name(number: int, file: str) -> str:
    return f"{DAY}/{number:09d}/{file}"


def reseal_sweep(files: Files, number: int, **more: bytes) -> None:
    """Make the sums of a sweep again, as somebody would who changed a file of it."""
    sums = parse_sums(files[name(number, SUMS)])
    there = {one: digest(files[name(number, one)]) for one in sums if name(number, one) in files}
    kept = {one: sums[one] for one in sums if one == "records.jsonl"}
    files[name(number, SUMS)] = render_sums({**there, **kept, **{one: digest(data) for one, data in more.items()}})


def verified(files: Files) -> Report:
    return verify_export(MemoryArchive(files).resealed(), PlayedTools())


def found(files: Files) -> set[tuple[str, str]]:
    """Code and place of what is false, places without the day's folder."""
    return {(one.code, one.where.removeprefix(f"{DAY}/")) for one in verified(files).findings if one.failed}


def edit(
    files: Files, number: int, file: str, change: Callable[[dict[str, Any]], None], *, reseal: bool = True
) -> None:
    value = json.loads(files[name(number, file)])
    change(value)
    files[name(number, file)] = canonical(value)
    if reseal:
        reseal_sweep(files, number)


def restamp(files: Files, number: int) -> None:
    """Stamps of the same times over the sums as they are now: what only the authorities' keys can do."""
    for key in [key for key in files if key.startswith(name(number, f"{SUMS}.")) and key.endswith(".tsr")]:
        authority, at, _old = files[key].decode().split("|")
        files[key] = played_stamp(authority, datetime.fromisoformat(at), files[name(number, SUMS)])


# --- sound ------------------------------------------------------------------------------------------------------------


def test_a_sound_export_verifies_with_its_bounds(files: Files) -> None:
    report = verified(files)
    assert (report.findings, report.records, report.exit_code) == ([], 8, 0)
    assert [(one.number, one.after, one.before) for one in report.sweeps] == [
        (1, None, START), (2, START + MINUTES, START + 2 * MINUTES), (3, START + 2 * MINUTES, report.sweeps[2].before),
        (4, report.sweeps[3].after, report.sweeps[3].before),
    ]  # fmt: skip
    (declared,) = report.declared
    assert declared.startswith('relevé 000000003 : {"authority":"beta",')
    assert '"sweep":2,"what":"unstamped"' in declared


def test_the_first_and_the_last_stamp_of_each_authority_and_what_is_enclosed_from_outside_bear_the_rest(
    ledger: Ledger, tmp_path: Path
) -> None:
    tools = PlayedTools()
    verify_export(in_memory(ledger.export(tmp_path / "e", first=2, last=4)), tools)
    assert sorted(reply.split("|")[0] for reply, bearing in tools.asked if not bearing) == ["alpha", "beta"]
    assert sorted(reply.split("|")[0] for reply, bearing in tools.asked if bearing) == ["alpha"] * 3 + ["beta"] * 3


# --- sums -------------------------------------------------------------------------------------------------------------


NO_LIST = {
    ("sums", f"000000004/{SUMS}"), ("inclusion", "records.jsonl:7"), ("inclusion", "records.jsonl:8"),
    ("consistency", "000000004"),
}  # fmt: skip


@pytest.mark.parametrize("missing", ["sweep.json", "env.json", "seal.json", "checkpoint", "records.jsonl"])
def test_a_list_of_sums_without_a_part_that_every_sweep_has_is_no_list(files: Files, missing: str) -> None:
    sums = parse_sums(files[name(4, SUMS)])
    del sums[missing]
    files[name(4, SUMS)] = render_sums(sums)
    assert found(files) == NO_LIST


def test_a_list_of_sums_with_a_name_that_no_sweep_has_is_no_list(files: Files) -> None:
    files[name(4, "extra.json")] = b"{}"
    reseal_sweep(files, 4, **{"extra.json": b"{}"})
    assert found(files) == NO_LIST


def test_enclosed_stamps_without_the_sums_they_are_of_are_no_list(files: Files) -> None:
    sums = parse_sums(files[name(4, SUMS)])
    del sums[f"previous.{SUMS}"]
    files[name(4, SUMS)] = render_sums(sums)
    assert found(files) == NO_LIST


@pytest.mark.parametrize("data", [b"", b"nothing\n", None])
def test_a_sweep_whose_list_cannot_be_read_says_nothing_more(files: Files, data: bytes | None) -> None:
    del files[name(4, SUMS)]
    if data is not None:
        files[name(4, SUMS)] = data
    assert found(files) == NO_LIST


def test_a_file_that_is_changed_missing_or_unlisted_is_named(files: Files) -> None:
    files[name(4, "env.json")] += b" "
    del files[name(3, "env.json")]
    files[name(2, "extra.txt")] = b""
    files[name(2, f"{SUMS}.gamma.tsx")] = b""
    falsehoods = found(files)
    assert {("file", "000000004/env.json"), ("file", "000000003/env.json")} <= falsehoods
    assert {where for code, where in falsehoods if code == "unlisted"} == {
        "000000002/extra.txt", f"000000002/{SUMS}.gamma.tsx",
    }  # fmt: skip


def test_records_enclosed_in_a_sweep_must_be_the_ones_its_sums_name(files: Files) -> None:
    files[name(4, "records.jsonl")] = b"{}\n"
    assert ("file", "000000004/records.jsonl") in found(files)


# --- facts ------------------------------------------------------------------------------------------------------------


def facts(change: Callable[[dict[str, Any]], None], file: str = "seal.json") -> Callable[[Files], None]:
    return lambda files: (edit(files, 4, file, change), restamp(files, 4))[0]  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("plant", "codes"),
    [
        (facts(lambda seal: seal.update(sweep=5)), {"number"}),
        (facts(lambda seal: seal.pop("sweep")), {"plan"}),
        (facts(lambda seal: seal.update(declared=["x"])), {"plan"}),
        (facts(lambda plan: plan.pop("checks"), "sweep.json"), {"plan"}),
        (facts(lambda plan: plan["checks"].pop(0), "sweep.json"), {"plan"}),
        (facts(lambda plan: plan["checks"].insert(0, {"check": "95/x", "seq": 9}), "sweep.json"), {"plan"}),
        (facts(lambda plan: plan["checks"][0].update(seq=99), "sweep.json"), {"plan"}),
        (facts(lambda plan: plan["checks"][0].update(check="33/x"), "sweep.json"), set()),
        (facts(lambda plan: plan["checks"][1].update(check="95/x"), "sweep.json"), {"plan"}),
        (facts(lambda plan: plan["checks"].append({"check": "95/x", "why": "host"}), "sweep.json"), set()),
    ],
)
def test_what_a_sweep_states_must_fit_its_place_and_its_leaves(
    files: Files, plant: Callable[[Files], None], codes: set[str]
) -> None:
    plant(files)
    falsehoods = found(files)
    assert {code for code, _where in falsehoods} - {"checkpoint", "inclusion", "consistency", "capture"} == codes
    assert all(where.startswith("000000004") for code, where in falsehoods if code in codes)


@pytest.mark.parametrize("spelling", [b" ", b"\n"])
def test_json_in_another_spelling_than_its_own_is_not_read(files: Files, spelling: bytes) -> None:
    files[name(4, "seal.json")] += spelling
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert ("plan", "000000004") in {(code, where[:9]) for code, where in found(files)}


@pytest.mark.parametrize(("delay", "told"), [(600, False), (601, True)])
def test_a_stamp_ten_minutes_late_is_declared_to_the_reader(files: Files, delay: int, told: bool) -> None:
    row = {"what": "stamped", "sweep": 3, "authority": "alpha", "delay_s": delay}
    edit(files, 4, "seal.json", lambda seal: seal["declared"].append(row))
    restamp(files, 4)
    lines = [line for line in verified(files).declared if line.startswith("relevé 000000004 : ")]
    assert bool(lines) is told
    assert all(line.removeprefix("relevé 000000004 : ") == canonical(row).decode() for line in lines)


# --- chain and stamps -------------------------------------------------------------------------------------------------


def test_sweeps_follow_each_other_without_a_gap(files: Files) -> None:
    for key in [key for key in files if key.startswith(f"{DAY}/000000003/")]:
        del files[key]
    assert {("number", "000000004"), ("chain", "000000004")} <= found(files)


def test_other_sums_than_those_of_the_sweep_before_break_the_chain(files: Files) -> None:
    files[name(4, f"previous.{SUMS}")] = files[name(2, SUMS)]
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert found(files) == {("chain", "000000004")}


def test_a_later_sweep_that_encloses_nothing_breaks_the_chain(files: Files) -> None:
    for key in [key for key in files if key.startswith(name(4, "previous."))]:
        del files[key]
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert found(files) == {("chain", "000000004")}


def test_a_first_sweep_of_the_export_that_encloses_nothing_must_begin_the_log(ledger: Ledger, tmp_path: Path) -> None:
    files = in_memory(ledger.export(tmp_path / "e", first=4)).contents
    for key in [key for key in files if key.startswith(name(4, "previous."))]:
        del files[key]
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert found(files) == {("chain", "000000004")}


def test_a_stamp_of_the_sweep_before_must_be_the_one_beside_it(files: Files) -> None:
    other = played_stamp("alpha", START, files[name(3, SUMS)])
    files[name(4, "previous.alpha.tsr")] = other
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert found(files) == {("chain", "000000004/previous.alpha.tsr")}


def test_stamps_of_the_sweep_before_may_only_be_missing_where_that_is_declared(files: Files) -> None:
    for key in [key for key in files if key.startswith(name(4, "previous.")) and key.endswith(".tsr")]:
        del files[key]
    undeclared = dict(files)
    reseal_sweep(undeclared, 4)
    restamp(undeclared, 4)
    assert found(undeclared) == {("undeclared", "000000004")}
    for wrong, right in (({"what": "unstamped", "sweep": 2}, False), ({"what": "unstamped", "sweep": 3}, True)):
        declared = dict(files)
        edit(declared, 4, "seal.json", lambda seal, row=wrong: seal["declared"].append(row))  # type: ignore[misc]
        restamp(declared, 4)
        assert (found(declared) == set()) is right


def test_a_stamp_that_is_worth_nothing_or_of_an_authority_without_a_root_is_named(files: Files) -> None:
    files[name(4, f"{SUMS}.beta.tsr")] = played_stamp("beta", START, b"other")
    files[name(4, f"{SUMS}.gamma.tsr")] = played_stamp("gamma", START, files[name(4, SUMS)])
    assert found(files) == {("stamp", f"000000004/{SUMS}.beta.tsr"), ("authority", f"000000004/{SUMS}.gamma.tsr")}
    (detail,) = (one.detail for one in verified(files).findings if one.code == "stamp")
    assert detail == "other data"


def test_an_enclosed_stamp_from_outside_the_export_is_verified_over_the_enclosed_sums(
    ledger: Ledger, tmp_path: Path
) -> None:
    files = in_memory(ledger.export(tmp_path / "e", first=4)).contents
    assert found(files) == set()
    files[name(4, "previous.alpha.tsr")] = played_stamp("alpha", START, files[name(4, SUMS)])
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert found(files) == {("stamp", "000000004/previous.alpha.tsr")}


@pytest.mark.parametrize(("later", "codes"), [(timedelta(0), set()), (timedelta(microseconds=-1), {"order"})])
def test_a_sweep_is_not_stamped_before_the_stamp_it_encloses(files: Files, later: timedelta, codes: set[str]) -> None:
    enclosed = datetime.fromisoformat(files[name(4, "previous.alpha.tsr")].decode().split("|")[1])
    files[name(4, f"{SUMS}.alpha.tsr")] = played_stamp("alpha", enclosed + later, files[name(4, SUMS)])
    assert found(files) == {(code, f"000000004/{SUMS}.alpha.tsr") for code in codes}


# --- checkpoints ------------------------------------------------------------------------------------------------------


def sign(files: Files, ledger: Ledger, number: int, **change: Any) -> None:
    """Another checkpoint under the log's own key."""
    head = Checkpoint.parse(SignedNote.parse(files[name(number, "checkpoint")]).text)
    values = {"origin": head.origin, "size": head.size, "root": head.root, "next_key": head.next_key, **change}
    files[name(number, "checkpoint")] = ledger.signer.sign(Checkpoint(**values).text)
    reseal_sweep(files, number)
    restamp(files, number)


@pytest.mark.parametrize("data", [b"", b"hello\n", b"a\nb\n\n"])
def test_a_checkpoint_that_is_none_proves_nothing(files: Files, data: bytes) -> None:
    files[name(4, "checkpoint")] = data
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert {("checkpoint", "000000004/checkpoint"), ("inclusion", "records.jsonl:7")} <= found(files)


@pytest.mark.parametrize("size", [9, 11, 13])
def test_a_checkpoint_is_of_the_size_its_sweep_states(files: Files, ledger: Ledger, size: int) -> None:
    sign(files, ledger, 4, size=size)
    assert ("checkpoint", "000000004/checkpoint") in found(files)


def test_a_sweep_begins_where_the_one_before_ended(files: Files) -> None:
    edit(files, 4, "seal.json", lambda seal: seal.update(first=8))
    restamp(files, 4)
    assert {("plan", "000000004"), ("checkpoint", "000000004/checkpoint")} <= found(files)


def test_a_checkpoint_signed_by_nobody_known_is_worth_nothing(files: Files, tmp_path: Path) -> None:
    head = SignedNote.parse(files[name(4, "checkpoint")])
    stranger = Ledger(tmp_path).signer
    files[name(4, "checkpoint")] = stranger.sign(head.text)
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert {("key", "000000004/checkpoint"), ("inclusion", "records.jsonl:7")} <= found(files)


def test_once_a_key_signs_no_other_key_of_the_archive_does(files: Files, tmp_path: Path) -> None:
    """Only an announcement under the old key's signature brings in a new one."""
    note = SignedNote.parse(files[name(4, "checkpoint")])
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "origin").write_text(Checkpoint.parse(note.text).origin + "\n")
    stranger = Ledger(tmp_path).signer
    files[f"trust/log/{stranger.key.id.hex()}.0.pem"] = stranger.public_pem
    files[name(4, "checkpoint")] = stranger.sign(note.text)
    reseal_sweep(files, 4)
    restamp(files, 4)
    assert ("key", "000000004/checkpoint") in found(files)


def test_an_announced_key_takes_over_and_the_old_one_signs_no_more(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data", two())
    ledger.sweep()
    ledger.signer.prepare_change()
    ledger.sweep()
    shutil.copytree(tmp_path / "data/keys", tmp_path / "old/keys")
    (tmp_path / "old/keys/next.key").unlink()
    old = Ledger(tmp_path / "old").signer
    ledger.sweep()
    files = in_memory(ledger.export(tmp_path / "e")).contents
    assert found(files) == set()
    note = SignedNote.parse(files[name(3, "checkpoint")])
    files[name(3, "checkpoint")] = old.sign(note.text)
    reseal_sweep(files, 3)
    restamp(files, 3)
    assert ("key", "000000003/checkpoint") in found(files)


@pytest.mark.parametrize(
    ("row", "failed"),
    [
        ({}, False), ({"what": "stamped"}, True), ({"old_origin": "example.org/other"}, True),
    ],
)  # fmt: skip
def test_a_new_origin_is_a_reserve_where_the_loss_of_the_old_key_is_declared(
    tmp_path: Path, row: dict[str, str], failed: bool
) -> None:
    ledger = Ledger(tmp_path / "data", two())
    ledger.sweep()
    (tmp_path / "data/keys/log.key").unlink()
    ledger.sweep()
    files = in_memory(ledger.export(tmp_path / "e")).contents
    edit(files, 2, "seal.json", lambda seal: seal["declared"][-1].update(row))
    restamp(files, 2)
    report = verified(files)
    assert [(one.code, one.failed) for one in report.findings if one.code == "key"] == [("key", failed)]
    assert report.exit_code == (1 if failed else 3)
