"""Sealing: what is written, in which order, what is enclosed and declared, and what a crash leaves."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from monitor.core.errors import StoreError
from monitor.core.record import digest
from monitor.evidence.checkpoint import Checkpoint, SealedDigest, SignedNote
from monitor.evidence.key import LogSigner
from monitor.evidence.merkle import Frontier, leaf_hash
from monitor.evidence.plan import PlannedCheck
from monitor.evidence.seal import SweepToSeal, to_seal
from monitor.evidence.stamps.authority import Authority, Timestamper
from monitor.evidence.stamps.stamping import stamp
from monitor.evidence.stamps.tokens import certificates
from monitor.evidence.sums import Stamp, StampFailure
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.store import files as durable
from monitor.store.sealed import NEWEST
from tests.support.authority import Tsa, served
from tests.support.ledger import START, AuthorityInProcess, Ledger


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in (root / "evidence/sweeps").rglob("*") if p.is_file()}


def declared(sealed: Any) -> list[dict[str, Any]]:
    rows = json.loads(sealed.read("seal.json"))["declared"]
    assert isinstance(rows, list)
    return rows


def over(number: int, checks: Sequence[PlannedCheck]) -> SweepToSeal:
    began = START + timedelta(minutes=15 * number)
    return SweepToSeal(number=number, started=began, finished=began + timedelta(minutes=4), checks=checks)


def verified(ledger: Ledger) -> int:
    report = verify_ledger(FolderArchive(ledger.root / "evidence", packed=True), Verifiers())
    open_always = [one for one in report.findings if (one.code, one.where) == ("bounds", "sweep 000000001")]
    return 0 if report.findings == open_always else report.exit_code  # nothing bounds the first sweep of a log below


def test_a_sealed_sweep_is_what_the_format_says(tmp_path: Path, tsa: Tsa) -> None:
    ledger = Ledger(tmp_path, [AuthorityInProcess(tsa, "essai")])
    first, second = ledger.sweep(), ledger.sweep()
    assert second.folder == "sweeps/2026/11/21/000000002"
    folder = tmp_path / "evidence" / second.folder
    assert sorted(os.listdir(folder)) == sorted(
        ["SHA256SUMS", "SHA256SUMS.essai.tsq", "SHA256SUMS.essai.tsr", "checkpoint", "env.json", "previous.SHA256SUMS",
         "plan.jsonl", "previous.essai.tsr", "records.jsonl", "seal.json", "sweep.json"]
    )  # fmt: skip
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        assert hashlib.sha256((folder / line[66:]).read_bytes()).hexdigest() == line[:64]
    assert (folder / "records.jsonl").read_bytes() == b"".join(line + b"\n" for line in ledger.records.all[3:])
    assert second.read("previous.SHA256SUMS") == first.read("SHA256SUMS")
    assert second.read("previous.essai.tsr") == first.stamps()["essai"]
    note = SignedNote.parse(second.read("checkpoint"))
    assert ledger.signer.signed(note)
    frontier = Frontier()
    for record in ledger.records.all:
        frontier.append(leaf_hash(record))
    assert Checkpoint.parse(note.text) == Checkpoint(
        origin=ledger.signer.origin, size=6, root=frontier.root(),
        sweep=SealedDigest(2, digest(second.read("sweep.json"))),
    )  # fmt: skip
    (row,) = declared(second)
    assert row["what"] == "stamped"
    assert row["clock_error_ms"] == [-2000, 1000]


def test_what_was_due_stands_sorted_in_a_tree_under_the_checkpoint(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, checks=("95/titres", "95/a-b", "33/titres", "95/a"))
    sealed = ledger.sweep()
    rows = sealed.read("plan.jsonl").split(b"\n")
    assert rows.pop() == b""
    told = [json.loads(row) for row in rows]
    assert [row["check"] for row in told] == ["33/titres", "75/titres", "95/a", "95/a-b", "95/titres"]
    assert told[1] == {"check": "75/titres", "why": "host"}
    for row in (told[0], *told[2:]):
        assert row["record"] == digest(ledger.records.all[row["seq"]])
        assert json.loads(ledger.records.all[row["seq"]])["check"] == row["check"]
    frontier = Frontier()
    for row in rows:
        frontier.append(hashlib.sha256(b"\0" + hashlib.sha256(row).digest()).digest())
    sweep = json.loads(sealed.read("sweep.json"))
    assert sweep["plan"] == {"root": frontier.root().hex(), "size": 5}
    assert "shots" not in sweep


def test_two_checks_of_one_name_stand_by_number_and_a_plan_may_be_empty(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, checks=["95/a"] * 12)
    ledger.seal(over(1, ledger.observe(1)))
    sealed = ledger.seal(over(2, []))
    first = ledger.sweeps.sweep(1)
    assert first is not None
    assert [json.loads(row)["seq"] for row in first.read("plan.jsonl").splitlines()] == [*range(12)]
    assert sealed.read("plan.jsonl") == b""
    assert json.loads(sealed.read("sweep.json"))["plan"] == {"root": hashlib.sha256(b"").hexdigest(), "size": 0}


def test_what_is_sealed_of_a_sweep_says_its_version_its_end_and_its_pictures(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    plain, cut = ledger.sweep(), ledger.sweep(shots=[b'{"a":1}', b'{"b":2}'], unfinished="stopped", facts={"online": 1})
    assert cut.read("shots.jsonl") == b'{"a":1}\n{"b":2}\n'
    sweep = json.loads(cut.read("sweep.json"))
    assert (sweep["v"], sweep["sweep"], sweep["unfinished"], sweep["online"]) == (2, 2, "stopped", 1)
    assert (sweep["started"], sweep["finished"]) == ("2026-11-21T22:30:00.000000Z", "2026-11-21T22:34:00.000000Z")
    seal_json = json.loads(cut.read("seal.json"))
    assert (seal_json["v"], seal_json["first"], seal_json["size"]) == (2, 3, 6)
    leaves = [hashlib.sha256(b"\0" + hashlib.sha256(row).digest()).digest() for row in (b'{"a":1}', b'{"b":2}')]
    assert sweep["shots"] == {"root": hashlib.sha256(b"\1" + b"".join(leaves)).hexdigest(), "size": 2}
    assert "unfinished" not in json.loads(plain.read("sweep.json"))
    assert "shots.jsonl" not in plain.read("SHA256SUMS").decode()


@dataclass
class Stored:
    """A sweep as the store keeps it."""

    plan: dict[str, Any]
    report: dict[str, Any] | None = None
    finished: datetime | None = START
    number: int = 3
    started: datetime = START


LATER = START + timedelta(hours=1)


def test_every_check_that_was_due_is_sealed_made_or_not_and_once() -> None:
    plan = {"due": ["95/a", "95/b", "95/c", "95/d"], "skipped": [{"check": "95/z", "why": "floor"}]}
    report = {"skipped": [{"check": "95/b", "why": "host"}, {"check": "95/a", "why": "x"}], "online": {"start": True}}
    made = [(7, "95/a"), (8, "95/a"), (9, "95/d")]
    sweep = to_seal(Stored(plan, report), made, LATER, env={"os": "Debian"}, shots=[b"{}"])
    assert [(one.check, one.seq, one.why) for one in sweep.checks] == [
        ("95/a", 7, None), ("95/a", 8, None), ("95/d", 9, None), ("95/z", None, "floor"), ("95/b", None, "host"),
        ("95/c", None, "killed"),
    ]  # fmt: skip
    assert (sweep.number, sweep.started, sweep.finished, sweep.unfinished) == (3, START, START, None)
    assert (sweep.facts, sweep.env, sweep.shots) == ({"online": {"start": True}}, {"os": "Debian"}, [b"{}"])


@pytest.mark.parametrize(
    ("stored", "unfinished"),
    [
        (Stored({}, None, None), "killed"), (Stored({}, {}), None),
        (Stored({}, {"skipped": [{"check": "95/a", "why": "deadline"}]}), "deadline"),
        (Stored({}, {"skipped": [{"check": "a", "why": "deadline"}, {"check": "b", "why": "stopped"}]}), "stopped"),
        (Stored({}, {"skipped": [{"check": "95/a", "why": "host"}]}), None),
    ],
)  # fmt: skip
def test_a_sweep_that_did_not_come_to_its_end_says_why(stored: Stored, unfinished: str | None) -> None:
    sweep = to_seal(stored, [], LATER)
    assert (sweep.unfinished, sweep.finished) == (unfinished, stored.finished or LATER)
    assert (sweep.facts, sweep.env) == ({}, {})


def test_large_files_are_stored_small_and_read_whole(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, checks=[f"95/d{i}" for i in range(100)])
    sealed = ledger.sweep()
    folder = tmp_path / "evidence" / sealed.folder
    packed = folder / "records.jsonl.zst"
    assert packed.stat().st_size < len(sealed.read("records.jsonl")) / 4
    assert not (folder / "records.jsonl").exists()
    assert verified(ledger) == 3  # whole, but nothing bounds it in time


def test_the_ids_of_a_sweep_follow_from_the_sums_of_the_last(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.anchor() == ledger.signer.origin.encode() + b"\n"
    assert ledger.anchor() != ledger.sweep().read("SHA256SUMS") == ledger.anchor()


def test_numbers_and_checks_must_fit(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.sweep()
    planned = ledger.observe(2)
    for number, checks in ((3, planned), (1, planned), (2, planned[:-1]), (2, [*planned, planned[0]]), (2, [])):
        with pytest.raises(ValueError, match="sweep"):
            ledger.seal(over(number, checks))
    ledger.seal(over(2, planned))


def test_an_authority_that_is_down_is_declared_and_its_stamp_comes_late(tmp_path: Path, tsa: Tsa) -> None:
    authority = AuthorityInProcess(tsa, "essai", down=True)
    ledger = Ledger(tmp_path, [authority])
    ledger.sweep()
    second = ledger.sweep()
    assert declared(second) == [{"authority": "essai", "sweep": 1, "what": "unstamped", "why": "down"}]
    assert verified(ledger) == 3
    authority.down = False
    answers = ledger.stamp()
    assert [type(a) for a in answers] == [Stamp, Stamp]
    assert ledger.stamp() == []
    third = ledger.sweep()
    rows = {(row["sweep"], row["what"]): row for row in declared(third)}
    assert set(rows) == {(1, "stamped"), (2, "stamped")}  # the one of sweep 1 came after sweep 2 was sealed
    assert "delay_s" in rows[1, "stamped"]
    assert third.read("previous.essai.tsr") == second.stamps()["essai"]
    assert verified(ledger) == 3  # a stamp came late


def test_the_newest_sweep_is_stamped_first_and_the_rest_in_small_numbers(tmp_path: Path, tsa: Tsa) -> None:
    authority = AuthorityInProcess(tsa, "essai", down=True)
    ledger = Ledger(tmp_path, [authority])
    for _ in range(6):
        ledger.sweep()
    authority.down, authority.late = False, 2
    asyncio.run(stamp(ledger.sweeps, [authority]))
    stamped = [n for n in range(1, 7) if ledger.sweeps.sweep(n).stamps()]  # type: ignore[union-attr]
    assert stamped == [1, 2, 6]
    asyncio.run(stamp(ledger.sweeps, [authority]))
    assert all(ledger.sweeps.sweep(n).stamps() for n in (1, 2, 3, 4, 6))  # type: ignore[union-attr]


def test_an_hourly_authority_is_asked_once_an_hour_and_what_it_was_not_asked_for_is_no_gap(
    tmp_path: Path, tsa: Tsa
) -> None:
    """Sweeps of the ledger end a quarter of an hour apart."""
    each, hourly = AuthorityInProcess(tsa, "chaque"), AuthorityInProcess(tsa, "horaire", every=timedelta(hours=1))
    ledger = Ledger(tmp_path, [each, hourly])
    for _ in range(8):
        ledger.sweep()
        ledger.stamp()  # a run asks when it begins, too
    assert [one.number for one in ledger.sweeps.sealed() if "horaire" in one.stamps()] == [1, 5]
    assert all("chaque" in one.stamps() for one in ledger.sweeps.sealed())
    assert [row for one in ledger.sweeps.sealed() for row in declared(one) if row["what"] == "unstamped"] == []
    assert verified(ledger) == 0


def test_an_hourly_authority_that_fails_is_declared_and_asked_in_its_next_turn_for_the_newest_alone(
    tmp_path: Path, tsa: Tsa
) -> None:
    hourly = AuthorityInProcess(tsa, "horaire", down=True, every=timedelta(minutes=1))
    ledger = Ledger(tmp_path, [hourly])
    ledger.sweep()
    assert ledger.stamp() == [], "not again before its turn"
    hourly.down = False
    second = ledger.sweep()
    assert [(r["sweep"], r["why"]) for r in declared(second) if r["what"] == "unstamped"] == [(1, "down")]
    third = ledger.sweep()
    assert [(r["what"], r["sweep"]) for r in declared(third)] == [("stamped", 2)]
    assert ledger.sweeps.sweep(1).stamps() == {}  # type: ignore[union-attr] # the stamp of sweep 2 bounds it too
    assert verified(ledger) == 3  # a stamp came late


def test_a_failing_authority_holds_nobody_up_and_is_asked_once(tmp_path: Path, tsa: Tsa) -> None:
    down, up = AuthorityInProcess(tsa, "panne", down=True), AuthorityInProcess(tsa, "essai")
    ledger = Ledger(tmp_path, [down, up])
    for _ in range(3):
        ledger.sweep()
    answers = ledger.stamp()
    assert [type(a) for a in answers] == [StampFailure]
    assert all(set(ledger.sweeps.sweep(n).stamps()) == {"essai"} for n in (1, 2, 3))  # type: ignore[union-attr]


def test_a_sweep_that_was_never_stamped_is_queued_by_the_next(tmp_path: Path, tsa: Tsa) -> None:
    """SIGTERM leaves a sealed sweep whose stamp was not asked for."""
    authority = AuthorityInProcess(tsa, "essai")
    ledger = Ledger(tmp_path, [authority])
    ledger.seal(over(1, ledger.observe(1)))
    second = ledger.seal(over(2, ledger.observe(2)))
    assert declared(second) == [{"authority": "essai", "sweep": 1, "what": "unstamped", "why": "not_asked"}]
    assert len(ledger.stamp()) == 2


def test_without_an_authority_it_is_said_that_nothing_is_stamped(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.sweep()
    assert declared(ledger.sweep()) == [{"sweep": 1, "what": "unstamped", "why": "no_authority"}]


def test_an_unfinished_sweep_is_declared_by_the_next(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.sweep(unfinished="killed")
    assert {"sweep": 1, "what": "unfinished", "why": "killed"} in declared(ledger.sweep())


def test_a_sweep_without_a_record_is_sealed_like_any_other(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, checks=())
    ledger.sweep()
    ledger.checks = ("95/titres",)
    ledger.sweep()
    assert verified(ledger) == 3


class Crash(Exception):
    """The machine stops."""


def crashes(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[None]:
    """Stop at the `at`-th touch of the disk; yields once, then gives the disk back."""
    count = 0
    with monkeypatch.context() as patch:
        for module, name in ((durable, "create"), (durable, "replace"), (durable, "sync_folder"), (os, "rename")):
            real = getattr(module, name)

            def touch(*args: Any, real: Any = real) -> Any:
                nonlocal count
                count += 1
                if count == at:
                    raise Crash
                return real(*args)

            patch.setattr(module, name, touch)
        yield


@pytest.mark.parametrize("at", range(1, 40))
def test_a_crash_at_any_step_leaves_what_the_next_run_completes(
    tmp_path: Path, tsa: Tsa, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    ledger = Ledger(tmp_path, [AuthorityInProcess(tsa, "essai")])
    ledger.sweep()
    before = snapshot(tmp_path)
    planned = ledger.observe(2)
    sweep = over(2, planned)
    crashed = False
    for _ in crashes(monkeypatch, at):
        try:
            ledger.seal(sweep)
            ledger.stamp()
        except Crash:
            crashed = True
    latest = ledger.sweeps.latest()
    assert latest is not None
    if latest.number == 1:  # the caller seals what the store still has
        ledger.seal(sweep)
    after = snapshot(tmp_path)
    assert {name: after[name] for name in before} == before  # nothing sealed was touched
    ledger.stamp()
    ledger.number = 2
    ledger.sweep()
    assert verified(ledger) == 0
    assert crashed or at > 25


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path)
    ledger.sweep()
    planned = ledger.observe(2)
    sweep = over(2, planned)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="no room"):
            ledger.seal(sweep)
    ledger.seal(sweep)
    assert verified(ledger) == 3


def test_nothing_sealed_is_written_twice(tmp_path: Path, tsa: Tsa) -> None:
    ledger = Ledger(tmp_path, [AuthorityInProcess(tsa, "essai")])
    sealed = ledger.sweep()
    with pytest.raises(StoreError, match="never rewritten"):
        ledger.sweeps.write(1, START + timedelta(minutes=15), {"SHA256SUMS": b""})
    with pytest.raises(StoreError, match="already"):
        ledger.sweeps.add_stamp(sealed.number, "essai", b"q", b"r")


def test_the_latest_sweep_is_found_after_the_clock_was_set_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number, day in ((1, 0), (2, 3), (3, 1)):
        started = START + timedelta(days=day)
        planned = ledger.observe(number, at=started)
        ledger.seal(
            SweepToSeal(number=number, started=started, finished=started + timedelta(minutes=4), checks=planned)
        )
    latest = ledger.sweeps.latest()
    assert latest is not None
    assert latest.number == 3
    assert verified(ledger) == 3


def test_the_latest_sweep_is_found_whatever_became_of_what_was_written_down(tmp_path: Path) -> None:
    """Lost, not a place, of a seal that never came to its end, or of a version that wrote nothing down."""
    ledger = Ledger(tmp_path)
    for number, day in ((1, 3), (2, 0), (3, 4), (4, 2), (5, 5)):
        started = START + timedelta(days=day)
        planned = ledger.observe(number, at=started)
        finished = started + timedelta(minutes=4)
        ledger.seal(SweepToSeal(number=number, started=started, finished=finished, checks=planned))
    places = {sweep.number: sweep.folder for sweep in ledger.sweeps.sealed()}
    told = ledger.sweeps.root / NEWEST
    assert told.read_text() == places[5]
    for text in (None, "../../x", "", f"{places[5][:-1]}6", places[4], places[5]):
        told.unlink(missing_ok=True)
        if text is not None:
            told.write_text(text)
        latest = ledger.sweeps.latest()
        assert latest is not None
        assert latest.number == 5


def test_a_real_authority_over_http(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    tsa = Tsa(tmp_path_factory.mktemp("real") / "tsa")

    class Clock:
        def now(self) -> Any:
            from datetime import UTC, datetime

            return datetime.now(UTC)

    with served(tsa.reply) as url:
        authority = Authority(name="reel", url=url, roots=tsa.root.pem, untrusted=tsa.intermediate.pem, crls=tsa.crls())
        ledger = Ledger(tmp_path, [Timestamper(authority, Clock(), user_agent="vigie/test")])
        ledger.sweep()
        ledger.sweep()
    report = verify_ledger(FolderArchive(tmp_path / "evidence", packed=True), Verifiers())
    assert {one.code for one in report.findings if one.failed} == {"date"}, "made-up days under stamps of today"
    assert len(list((tmp_path / "evidence/trust").glob("*/*.pem"))) == 5
    first, second = (sweep.stamps()["reel"] for sweep in ledger.sweeps.sealed())
    assert (len(certificates(first)), len(certificates(second))) == (2, 0)
    assert len(second) < 1000
    kept = x509.load_pem_x509_certificates(ledger.sweeps.certificates("reel"))
    assert {*certificates(first)} <= {*kept}, "once, for all of them"
    (lists,) = (tmp_path / "evidence/trust/crls").iterdir()
    assert lists.read_bytes() == authority.crls, "what its answers were held against stays with the proof"


# --- the key of the log -----------------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    signer = LogSigner(tmp_path / "keys")
    assert LogSigner(tmp_path / "keys").key == signer.key
    for name in ("log.key", "origin"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert LogSigner(tmp_path / "other").origin != signer.origin


def test_a_new_key_is_announced_by_a_checkpoint_of_the_old_one(tmp_path: Path, tsa: Tsa) -> None:
    ledger = Ledger(tmp_path, [AuthorityInProcess(tsa, "essai")])
    ledger.sweep()
    old = ledger.signer.key
    new = ledger.signer.prepare_change()
    assert ledger.signer.prepare_change() == new
    second = ledger.sweep()
    note = SignedNote.parse(second.read("checkpoint"))
    assert Checkpoint.parse(note.text).next_key == new
    assert [line.key_id for line in note.signatures] == [old.id, new.id]
    third = ledger.sweep()
    assert ledger.signer.key == new
    assert [line.key_id for line in SignedNote.parse(third.read("checkpoint")).signatures] == [new.id]
    assert not (tmp_path / "keys/next.key").exists()
    assert verified(ledger) == 0


def test_a_lost_key_begins_a_new_origin_with_a_statement(tmp_path: Path, tsa: Tsa) -> None:
    ledger = Ledger(tmp_path, [AuthorityInProcess(tsa, "essai")])
    ledger.sweep()
    old = ledger.signer.origin
    (tmp_path / "keys/log.key").unlink()
    second = ledger.sweep()
    (row,) = (r for r in declared(second) if r["what"] == "log_key_lost")
    assert row["old_origin"] == old
    assert row["new_key"] == str(ledger.signer.key)
    assert row["statement"].startswith("La clé de signature du journal a été perdue : ")
    assert Checkpoint.parse(SignedNote.parse(second.read("checkpoint")).text).size == 6
    ledger.sweep()
    assert verified(ledger) == 3  # nothing is false; that the key is the operator's rests on the chain


def test_a_key_that_is_not_the_log_s_seals_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.sweep()
    LogSigner(tmp_path / "foreign")
    (tmp_path / "foreign/log.key").replace(tmp_path / "keys/log.key")
    with pytest.raises(StoreError, match=r"log\.key"):
        ledger.sweep()


def test_a_key_that_was_not_the_one_announced_never_takes_over(tmp_path: Path) -> None:
    """And the one that signs is still there to be put right with."""
    ledger = Ledger(tmp_path)
    ledger.signer.prepare_change()
    ledger.sweep()
    LogSigner(tmp_path / "foreign")
    (tmp_path / "foreign/log.key").replace(tmp_path / "keys/next.key")
    key = (tmp_path / "keys/log.key").read_bytes()
    with pytest.raises(StoreError, match=r"log\.key"):
        ledger.sweep()
    assert (tmp_path / "keys/log.key").read_bytes() == key


def test_hashes_that_are_not_the_log_s_seal_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.sweep()
    path = tmp_path / "evidence/log/level-00"
    data = bytearray(path.read_bytes())
    data[5] ^= 1
    path.write_bytes(data)
    ledger = Ledger(tmp_path, records=ledger.records, number=1)
    with pytest.raises(StoreError, match="hashes"):
        ledger.sweep()
