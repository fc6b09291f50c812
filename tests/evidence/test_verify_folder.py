"""Faults planted in a data folder in memory, by somebody who holds every key: each check, its word and its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.record import canonical, digest
from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.rules.findings import Report
from monitor.evidence.sums import SUMS, parse_sums, render_sums
from monitor.evidence.verify.records import verify_shots
from monitor.evidence.verify.verify import verify_ledger
from tests.support.ledger import START, Hand, Ledger
from tests.support.played import MemoryArchive, PlayedAuthority, PlayedTools, played_stamp

DAY = "sweeps/2026/11/21"
Files = dict[str, bytes]
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Four sweeps stamped by alpha and beta; beta is down at the second."""
    hand = Hand()
    both = PlayedAuthority("alpha", hand), PlayedAuthority("beta", hand)
    ledger = Ledger(tmp_path_factory.mktemp("ledger"), both)
    for number in range(1, 5):
        both[1].down = number == 2
        ledger.sweep(pictured=number == 3)
    return ledger


@pytest.fixture
def files(ledger: Ledger) -> Files:
    """The evidence folder, unpacked."""
    out: Files = {}
    for sealed in ledger.sweeps.sealed():
        out |= {f"{sealed.folder}/{name}": data for name, data in sealed.files()}
        out |= {f"{sealed.folder}/{name}": sealed.read(name) for name in ("records.jsonl", "plan.jsonl")}
    return out | dict(ledger.sweeps.trusted())


def name(number: int, file: str) -> str:
    return f"{DAY}/{number:09d}/{file}"


def found(files: Files) -> set[tuple[str, str]]:
    """Code and place of what is false, places without the day's folder."""
    report = verify_ledger(MemoryArchive(files), PlayedTools())
    return {(one.code, one.where.removeprefix(f"{DAY}/")) for one in report.findings if one.failed}


def last(files: Files, ledger: Ledger, file: str, data: bytes | None, *, signed: bool = False) -> None:
    """Change a file of the last sweep and make again all that the holder of every key can."""
    if data is None:
        files.pop(name(4, file))
    else:
        files[name(4, file)] = data
    if signed:
        head = Checkpoint.parse(SignedNote.parse(files[name(4, "checkpoint")]).text)
        text = head.text.replace(str(head.sweep), f"000000004 {digest(files[name(4, 'sweep.json')])}")
        files[name(4, "checkpoint")] = ledger.signer.sign(text)
    there = [
        key.rpartition("/")[2] for key in files if key.startswith(name(4, "")) and SUMS not in key.rpartition("/")[2]
    ]
    kept = {one: digest(files[name(4, one)]) for one in [*there, f"previous.{SUMS}"] if name(4, one) in files}
    restamp(files, render_sums(kept))


def restamp(files: Files, sums: bytes) -> None:
    """Other sums of the last sweep, stamped at the times of the old ones: what only the authorities can do."""
    files[name(4, SUMS)] = sums
    for key in [key for key in files if key.startswith(name(4, f"{SUMS}.")) and key.endswith(".tsr")]:
        authority, at, _old = files[key].decode().split("|")
        files[key] = played_stamp(authority, _instant(at), sums)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def edited(files: Files, file: str, change: Change) -> bytes:
    told = json.loads(files[name(4, file)])
    change(told)
    return canonical(told)


def rows(files: Files, change: Callable[[list[bytes]], list[bytes]], file: str = "plan.jsonl") -> bytes:
    return b"".join(line + b"\n" for line in change(files[name(4, file)].splitlines()))


def test_a_sound_folder_has_its_bounds_and_says_what_was_missing(files: Files) -> None:
    report = verify_ledger(MemoryArchive(files), PlayedTools())
    assert [(one.code, one.failed, one.where[-1]) for one in report.findings] == [("bounds", False, "1")]
    assert (report.records, report.declared) == (12, [
        "sweep 000000002: no time-stamp by beta: it did not answer",
        "sweep 000000002: the time-stamp of beta came late, 0:15:30 after the end (hours:minutes:seconds)",
    ])  # fmt: skip
    assert str(report.sweeps[1]) == (
        "sweep 000000002: written after 2026-11-21 22:19:30 UTC (alpha) and before 2026-11-21 22:34:30 UTC (alpha)"
    )


def test_the_first_and_the_last_stamp_of_each_authority_bear_the_rest(files: Files) -> None:
    tools = PlayedTools()
    verify_ledger(MemoryArchive(files), tools)
    asked = sorted((reply.split("|")[0], bearing) for reply, bearing in tools.asked)
    assert asked == [("alpha", False)] * 2 + [("alpha", True)] * 2 + [("beta", False)] * 2 + [("beta", True)] * 2


@pytest.mark.parametrize("file", ["sweep.json", "env.json", "seal.json", "checkpoint", "records.jsonl", "plan.jsonl"])
def test_a_list_of_sums_without_a_part_that_every_sweep_has_is_none(files: Files, file: str) -> None:
    sums = parse_sums(files[name(4, SUMS)])
    del sums[file]
    restamp(files, render_sums(sums))
    assert ("sums", f"000000004/{SUMS}") in found(files)


def test_a_list_of_sums_with_a_name_that_no_sweep_has_is_none(files: Files, ledger: Ledger) -> None:
    last(files, ledger, "extra.json", b"{}")
    assert found(files) == {("sums", f"000000004/{SUMS}")}


@pytest.mark.parametrize("data", [b"", b"nothing\n", None])
def test_a_sweep_whose_list_cannot_be_read_says_nothing_more(files: Files, data: bytes | None) -> None:
    del files[name(4, SUMS)]
    if data is not None:
        files[name(4, SUMS)] = data
    assert found(files) == {("sums", f"000000004/{SUMS}"), ("inclusion", "000000004")}


def test_a_file_that_is_changed_missing_or_unlisted_is_named(files: Files) -> None:
    files[name(4, "env.json")] += b" "
    del files[name(3, "env.json")]
    files[name(2, "extra.txt")] = files[name(2, f"{SUMS}.gamma.tsx")] = b""
    assert found(files) == {
        ("file", "000000004/env.json"), ("file", "000000003/env.json"), ("unlisted", "000000002/extra.txt"),
        ("unlisted", f"000000002/{SUMS}.gamma.tsx"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "change", "codes"),
    [
        ("seal.json", lambda seal: seal.update(sweep=5), {"number"}),
        ("seal.json", lambda seal: seal.pop("first"), {"plan", "inclusion"}),
        ("seal.json", lambda seal: seal.update(declared=["x"]), {"plan", "inclusion"}),
        ("seal.json", lambda seal: seal.update(first=8), {"plan"}),
        ("seal.json", lambda seal: seal.update(size=13), {"checkpoint", "inclusion"}),
        ("sweep.json", lambda sweep: sweep.pop("plan"), {"plan", "inclusion"}),
        ("sweep.json", lambda sweep: sweep.update(started="2026-11-21"), {"plan", "inclusion"}),
        ("sweep.json", lambda sweep: sweep["plan"].update(root="0" * 64), {"inclusion"}),
        ("sweep.json", lambda sweep: sweep["plan"].update(size=3), {"inclusion", "plan"}),
        ("sweep.json", lambda sweep: sweep.update(finished=sweep["started"]), {"record"}),
        ("sweep.json", lambda sweep: sweep.update(started="2026-11-20T22:00:00.000000Z"), {"date"}),
        ("sweep.json", lambda sweep: sweep.update(vantage={"name": "paris"}), set()),
        ("env.json", lambda env: env.update(os="another"), set()),
    ],
)  # fmt: skip
def test_what_a_sweep_states_must_fit_its_place_and_its_leaves(
    files: Files, ledger: Ledger, file: str, change: Change, codes: set[str]
) -> None:
    last(files, ledger, file, edited(files, file, change), signed=file == "sweep.json")
    assert {code for code, _where in found(files)} == codes


def test_another_sweep_than_the_one_the_checkpoint_names(files: Files, ledger: Ledger) -> None:
    last(files, ledger, "sweep.json", edited(files, "sweep.json", lambda sweep: sweep.update(online=[True, True])))
    assert {code for code, _where in found(files)} == {"checkpoint", "inclusion"}


@pytest.mark.parametrize("spelling", [b" ", b"\n"])
def test_json_in_another_spelling_than_its_own_is_refused(files: Files, ledger: Ledger, spelling: bytes) -> None:
    last(files, ledger, "seal.json", files[name(4, "seal.json")] + spelling)
    assert ("canonical", "000000004") in found(files)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda rows: rows[1:], {"inclusion", "plan"}),
        (lambda rows: [rows[1], rows[0], *rows[2:]], {"inclusion", "plan"}),
        (lambda rows: [rows[0].replace(b'":"', b'": "', 1), *rows[1:]], {"canonical", "plan"}),
        (lambda rows: [*rows, canonical({"check": "zz/x", "why": "host"})], {"inclusion", "plan"}),
    ],
)  # fmt: skip
def test_rows_of_the_plan_are_under_its_root_and_in_order(
    files: Files, ledger: Ledger, change: Callable[[list[bytes]], list[bytes]], codes: set[str]
) -> None:
    last(files, ledger, "plan.jsonl", rows(files, change))
    assert {code for code, _where in found(files)} == codes


def test_records_that_are_not_there_end_what_can_be_said(files: Files) -> None:
    del files[name(2, "records.jsonl")]
    assert {("file", "000000002/records.jsonl"), ("inclusion", "000000002")} == found(files)
    assert verify_ledger(MemoryArchive(files), PlayedTools()).records == 3


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"seq":9}', b"[" * 100_000])
def test_a_record_that_is_not_the_one_due_is_false_whatever_it_is(files: Files, ledger: Ledger, data: bytes) -> None:
    last(files, ledger, "records.jsonl", rows(files, lambda lines: [data, *lines[1:]], "records.jsonl"))
    assert found(files) == {("plan", "000000004/records.jsonl"), ("inclusion", "000000004")}


def test_a_picture_s_line_changed_is_not_the_one_sealed(files: Files) -> None:
    key = name(3, "shots.jsonl")
    files[key] = files[key].replace(b'"opening"', b'"change"')
    assert found(files) == {("file", "000000003/shots.jsonl"), ("inclusion", "000000003/shots.jsonl")}


def test_other_sums_or_stamps_than_those_of_the_sweep_before_break_the_chain(files: Files, ledger: Ledger) -> None:
    other = dict(files)
    last(other, ledger, f"previous.{SUMS}", files[name(2, SUMS)])
    assert found(other) == {("chain", "000000004")}
    at = files[name(3, f"{SUMS}.alpha.tsr")].decode().split("|")[1]
    forged = played_stamp("alpha", _instant(at) - timedelta(minutes=1), files[name(3, SUMS)])
    last(files, ledger, "previous.alpha.tsr", forged)
    assert found(files) == {("chain", "000000004")}


def test_stamps_of_the_sweep_before_may_only_be_missing_where_that_is_declared(files: Files, ledger: Ledger) -> None:
    last(files, ledger, "previous.alpha.tsr", None)
    last(files, ledger, "previous.beta.tsr", None)
    assert found(files) == {("undeclared", "000000004")}
    for number, codes in ((2, {"undeclared"}), (3, set())):
        row = {"what": "unstamped", "sweep": number}
        seal = edited(files, "seal.json", lambda told, row=row: told["declared"].append(row))  # type: ignore[misc]
        last(files, ledger, "seal.json", seal)
        assert {code for code, _where in found(files)} == codes


def test_a_stamp_kept_only_by_the_sweep_after_is_verified_there(files: Files) -> None:
    del files[name(3, f"{SUMS}.alpha.tsr")]
    assert found(files) == set()


def test_a_stamp_that_is_worth_nothing_or_of_an_authority_without_a_root_is_named(files: Files) -> None:
    files[name(4, f"{SUMS}.beta.tsr")] = played_stamp("beta", START + timedelta(hours=1, minutes=5), b"other")
    files[name(4, f"{SUMS}.gamma.tsr")] = played_stamp("gamma", START, files[name(4, SUMS)])
    assert found(files) == {("stamp", f"000000004/{SUMS}.beta.tsr"), ("authority", f"000000004/{SUMS}.gamma.tsr")}


def test_the_notes_of_the_tools_are_told(files: Files) -> None:
    class Noting(PlayedTools):
        def notes(self) -> Sequence[str]:
            return ("asked twice",)

    assert verify_ledger(MemoryArchive(files), Noting()).notes[-1] == "asked twice"


def test_an_announced_key_takes_over_and_the_old_one_signs_no_more(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data", [PlayedAuthority("alpha", Hand())])
    ledger.sweep()
    ledger.signer.prepare_change()
    ledger.sweep()
    shutil.copytree(tmp_path / "data" / "keys", tmp_path / "old" / "keys")
    (tmp_path / "old" / "keys" / "next.key").unlink()
    old = Ledger(tmp_path / "old").signer
    for _ in range(2):
        ledger.sweep()
    files: Files = {}
    for sealed in ledger.sweeps.sealed():
        files |= {f"{sealed.folder}/{one}": data for one, data in sealed.files()}
        files |= {f"{sealed.folder}/{one}": sealed.read(one) for one in ("records.jsonl", "plan.jsonl")}
    files |= dict(ledger.sweeps.trusted())
    assert found(files) == set()
    last(files, ledger, "checkpoint", old.sign(SignedNote.parse(files[name(4, "checkpoint")]).text))
    assert ("key", "000000004/checkpoint") in found(files)


def test_pictures_are_counted_and_a_damaged_one_is_a_failure() -> None:
    states = {"a" * 64: b"bytes", "b" * 64: "dropped", "c" * 64: "damaged", "d" * 64: "not_enclosed"}
    shots = [{"seq": seq, "png_sha256": name, "resources": []} for seq, name in enumerate(states)]
    report = Report()
    verify_shots((json.dumps(shot).encode() for shot in shots * 2), lambda name, _seq: states[name], report)  # type: ignore[arg-type,return-value]
    assert [(one.code, one.where) for one in report.findings] == [("capture", f"picture {'c' * 64}")]
    assert report.notes == ["pictures: 1 have their digest, 1 were dropped as the settings of retention say"]
    none = Report()
    verify_shots([], lambda name, _seq: "damaged", none)
    assert (none.findings, none.notes) == ([], [])
