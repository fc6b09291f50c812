"""`vigie gc`: what is past its time goes and is remembered as gone; nothing a younger record needs goes with it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.record import canonical, digest
from monitor.store.blobs import BlobDamagedError, BlobDroppedError
from monitor.store.files import hold
from monitor.store.packs import RAW, encode, scan
from monitor.store.policy import Collected, collect, kept_from
from monitor.store.retention import PackStore, old_bytes, removable_bytes
from monitor.store.schema import FILE, MIGRATIONS
from monitor.store.store import Store, reading
from tests.support.commands import ROOT, Vigie, settings
from tests.support.records import opened, record

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=900), NOW - timedelta(days=30)
NAMED = re.compile(rb'_sha256":"([0-9a-f]{64})"')
PAGE = b"<html>" + b"".join(b"<p>paragraphe %d</p>" % i for i in range(400)) + b"</html>"
FIRST_SCHEMA = ROOT / "tests" / "fixtures" / "schema" / "1"


def sweep(folder: Path, at: datetime, bodies: Mapping[str, bytes], *, check: str = "95/renewal") -> int:
    """One finished sweep with one record that names these bodies; returns its number."""
    with opened(folder, at) as store:
        number = store.begin_sweep(at, {"due": [check]})
        digests = {part: digest(data) for part, data in bodies.items()}
        seq = store.next_seq()
        store.append(record(seq, sweep=number, check=check, at=at, digests=digests), bodies=bodies.values())
        store.end_sweep(number, at + timedelta(minutes=1), {"done": 1})
    return seq


def drawn(folder: Path, at: datetime, pictures: Mapping[str, bytes]) -> list[str]:
    """One finished sweep with one record and the picture of it, stored by itself; returns their digests."""
    seq = sweep(folder, at, {"head": b"head of a page that was drawn"})
    with opened(folder, at) as store:
        number = store.begin_sweep(at, {"due": []})
        named = {name: store.blobs.put(data) for name, data in pictures.items()}
        with store.transaction() as tx:
            store.blobs.index(named.values())
            tx.db.execute("INSERT INTO shot VALUES (?, ?)", (seq, canonical({"seq": seq, **named})))
        store.end_sweep(number, at + timedelta(minutes=1), {"done": 1})
    return [*named.values()]


def lines(folder: Path) -> list[bytes]:
    with reading(folder) as found:
        assert found is not None
        return [line for _seq, line in found[0].lines()]


def gc(folder: Path, months: int = 24) -> Collected:
    with hold(folder) as lock, removable_bytes(lock) as old:
        return collect(old, NOW, months, apply=True)


def dry(folder: Path, months: int = 24) -> Collected:
    with old_bytes(folder) as old:
        assert old is not None
        return collect(old, NOW, months, apply=False)


def state(folder: Path, seq: int) -> str:
    """What the store says of the bytes of a check: kept, dropped or failed."""
    return told(folder, lambda found: {digest_.decode() for digest_ in NAMED.findall(found[seq])}, seq)


def state_of(folder: Path, picture: str) -> str:
    """The same of bytes stored by themselves."""
    return told(folder, lambda _lines: {picture}, None)


def told(folder: Path, wanted: Callable[[list[bytes]], set[str]], seq: int | None) -> str:
    with reading(folder) as found:
        assert found is not None
        blobs = found[1]
        said = set()
        for one in wanted([line for _seq, line in found[0].lines()]):
            gone = blobs.dropped(one) if seq is None else blobs.let_go(seq)
            try:
                assert digest(blobs.get(one, seq)) == one
                said.add("kept")
                assert gone is None
            except BlobDroppedError:
                said.add("dropped")
                assert gone is not None
            except BlobDamagedError:
                said.add("failed")
                assert gone is None
    (only,) = said
    return only


def packs(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (folder / "store/packs").glob("*.pack")}


# --- what goes and what stays -----------------------------------------------------------------------------------------


def test_old_bytes_go_and_the_log_stays(tmp_path: Path) -> None:
    old = sweep(tmp_path, OLD, {"head": b"old head", "decoded_body": PAGE})
    young = sweep(tmp_path, YOUNG, {"head": b"young head"})
    before, sizes = lines(tmp_path), packs(tmp_path)
    listed = dry(tmp_path)
    assert packs(tmp_path) == sizes
    assert [(p.file, p.dropped, p.kept) for p in listed.packs] == [("packs/000000001.pack", 1, 0)]
    assert listed.freed == sizes["000000001.pack"]
    done = gc(tmp_path)
    assert done.packs == listed.packs
    assert packs(tmp_path) == {"000000002.pack": sizes["000000002.pack"]}
    assert state(tmp_path, old) == "dropped"
    assert state(tmp_path, young) == "kept"
    assert state_of(tmp_path, "ab" * 32) == "failed", "what was never stored is not said to be dropped"
    assert lines(tmp_path) == before
    assert gc(tmp_path).packs == dry(tmp_path).packs == ()


def test_pictures_a_younger_record_names_stay(tmp_path: Path) -> None:
    (shared, gone) = drawn(tmp_path, OLD, {"png_sha256": PAGE, "css": os.urandom(5000)})
    assert drawn(tmp_path, YOUNG, {"png_sha256": PAGE}) == [shared]
    size = sum(packs(tmp_path).values())
    listed = dry(tmp_path)
    done = gc(tmp_path)
    assert [(one.dropped, one.kept) for one in done.packs] == [(1, 0), (1, 1)]
    assert size - sum(packs(tmp_path).values()) == listed.freed == done.freed > 5000
    assert (state_of(tmp_path, shared), state_of(tmp_path, gone)) == ("kept", "dropped")
    assert gc(tmp_path).packs == ()


def test_what_a_needed_difference_leans_on_stays(tmp_path: Path) -> None:
    """A sweep that went on past midnight: its younger check leans on an older one of another sweep of that day."""
    edge = kept_from(NOW, 24)
    pages = [PAGE, PAGE.replace(b"paragraphe 7<", b"paragraphe sept<"), PAGE.replace(b"paragraphe 8<", b"<")]
    base = sweep(tmp_path, edge - timedelta(hours=9), {"decoded_body": pages[0]})
    gone = sweep(tmp_path, edge - timedelta(hours=8), {"decoded_body": pages[1]})
    with opened(tmp_path, edge) as store:
        number = store.begin_sweep(edge - timedelta(minutes=5), {"due": []})
        made = record(2, sweep=number, at=edge + timedelta(minutes=1), digests={"decoded_body": digest(pages[2])})
        store.append(made, bodies=[pages[2]])
        store.end_sweep(number, edge + timedelta(minutes=2), {})
    stored = {e.seq: e.base for path in (tmp_path / "store/packs").glob("*.pack") for e in scan(path)}  # type: ignore[union-attr]
    assert stored == {base: None, gone: base, 2: base}
    gc(tmp_path)
    assert [state(tmp_path, seq) for seq in (base, gone, 2)] == ["kept", "dropped", "kept"]
    assert gc(tmp_path).packs == ()


def test_days_go_together(tmp_path: Path) -> None:
    """The limit is a midnight: within a day bytes lean on each other."""
    assert kept_from(NOW, 24) == datetime(2024, 11, 24, tzinfo=UTC)
    assert kept_from(datetime(2026, 3, 31, 1, tzinfo=UTC), 13) == datetime(2025, 2, 28, tzinfo=UTC)
    assert kept_from(NOW, 12 * 4000).year == 1
    edge = kept_from(NOW, 24)
    out = sweep(tmp_path, edge - timedelta(seconds=1), {"head": b"before midnight"})
    kept = sweep(tmp_path, edge, {"head": b"at midnight"})
    gc(tmp_path)
    assert (state(tmp_path, out), state(tmp_path, kept)) == ("dropped", "kept")


def test_a_sweep_over_the_limit_keeps_what_its_younger_records_need(tmp_path: Path) -> None:
    edge = kept_from(NOW, 24)
    with opened(tmp_path, edge) as store:
        number = store.begin_sweep(edge - timedelta(minutes=5), {"due": []})
        for at, data in ((edge - timedelta(minutes=4), b"before"), (edge + timedelta(minutes=1), b"after")):
            made = record(store.next_seq(), sweep=number, at=at, digests={"head": digest(data)})
            store.append(made, bodies=[data])
        store.barrier(edge)
    gc(tmp_path)
    assert (state(tmp_path, 0), state(tmp_path, 1)) == ("dropped", "kept")


def test_dropped_bytes_that_come_again_are_kept_again(tmp_path: Path) -> None:
    (again,) = drawn(tmp_path, OLD, {"png_sha256": PAGE})
    gc(tmp_path)
    assert state_of(tmp_path, again) == "dropped"
    drawn(tmp_path, YOUNG, {"png_sha256": PAGE})
    assert state_of(tmp_path, again) == "kept"
    gc(tmp_path)
    assert state_of(tmp_path, again) == "kept"


def test_a_damaged_pack_is_left_alone(tmp_path: Path) -> None:
    drawn(tmp_path, OLD, {"png_sha256": PAGE, "css": b"gone"})
    drawn(tmp_path, YOUNG, {"png_sha256": PAGE})
    pack = tmp_path / "store/packs/000000002.pack"
    data = bytearray(pack.read_bytes())
    data[8] ^= 1  # the mark of the first entry, which the younger record needs
    pack.write_bytes(data)
    done = gc(tmp_path)
    assert [p.damaged for p in done.packs] == [False, True]
    assert pack.read_bytes() == bytes(data)
    assert state_of(tmp_path, digest(b"gone")) == "kept"
    assert state_of(tmp_path, digest(PAGE)) == "failed"


def test_what_is_dropped_is_written_down_for_ever(tmp_path: Path) -> None:
    drawn(tmp_path, OLD, {"png_sha256": b"old"})
    gc(tmp_path)
    db = sqlite3.connect(tmp_path / FILE)
    for table in ("dropped", "let_go"):
        for command in (f"DELETE FROM {table}", f"UPDATE {table} SET at = 0"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(command)
    db.close()


# --- crashes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["_copy", "_move", "_unlink"])
@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_any_step_loses_nothing_and_the_next_run_finishes(tmp_path: Path, step: str, after: bool) -> None:
    edge = kept_from(NOW, 24)
    with opened(tmp_path, edge) as store:
        number = store.begin_sweep(edge - timedelta(minutes=5), {"due": []})
        for at, data in ((edge - timedelta(minutes=4), PAGE), (edge + timedelta(minutes=1), b"after" * 99)):
            made = record(store.next_seq(), sweep=number, at=at, digests={"head": digest(data)})
            store.append(made, bodies=[data])
        store.end_sweep(number, edge, {})
    gone, needed = 0, 1
    sweep(tmp_path, YOUNG, {"decoded_body": PAGE})
    before = lines(tmp_path)
    code = f"""
import os, sys
from pathlib import Path
from tests.store.test_gc import PackStore, gc
real = PackStore.{step}
def dies(self, *words):
    if {after}:
        real(self, *words)
    os._exit(9)
PackStore.{step} = dies
gc(Path(sys.argv[1]))
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert state(tmp_path, needed) == "kept"
    assert state(tmp_path, gone) in ("kept", "dropped")
    gc(tmp_path)
    assert (state(tmp_path, needed), state(tmp_path, gone)) == ("kept", "dropped")
    assert lines(tmp_path) == before
    assert len(packs(tmp_path)) == 2
    with sqlite3.connect(tmp_path / FILE) as db:
        known = {file for (file,) in db.execute("SELECT file FROM pack")}
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert {f"packs/{name}" for name in packs(tmp_path)} == known


def test_a_pack_nobody_knows_that_holds_more_is_never_removed(tmp_path: Path) -> None:
    """A database put back from a backup is older than its packs: their bytes may be the only ones."""
    sweep(tmp_path, YOUNG, {"head": b"known"})
    shutil.copytree(tmp_path, tmp_path.parent / "other")
    sweep(tmp_path.parent / "other", YOUNG + timedelta(hours=1), {"head": b"newer"})
    shutil.copy(tmp_path.parent / "other/store/packs/000000002.pack", tmp_path / "store/packs")
    gc(tmp_path)
    assert "000000002.pack" in packs(tmp_path)
    (tmp_path / "store/packs/000000003.pack").write_bytes((tmp_path / "store/packs/000000001.pack").read_bytes()[:-1])
    assert gc(tmp_path).left_over == 0, "nor one that cannot be read to its end"


def test_a_removal_that_fails_in_the_middle_leaves_everything_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = sweep(tmp_path, OLD, {"head": b"old" * 50})
    move = PackStore._move

    def breaks(self: PackStore, *more: Any) -> None:
        move(self, *more)
        raise ZeroDivisionError

    with hold(tmp_path) as lock, removable_bytes(lock) as packs_of:
        (pack,) = packs_of.packs(kept_from(NOW, 24))
        monkeypatch.setattr(PackStore, "_move", breaks)
        with pytest.raises(ZeroDivisionError):
            packs_of.drop(pack, NOW)
        assert state(tmp_path, old) == "kept"
        monkeypatch.undo()
        packs_of.drop(pack, NOW)
    assert state(tmp_path, old) == "dropped"


def test_one_entry_that_nobody_else_holds_is_enough_to_keep_a_pack(tmp_path: Path) -> None:
    sweep(tmp_path, YOUNG, {"head": b"known"})
    spare = tmp_path / "store/packs/000000009.pack"
    shutil.copy(tmp_path / "store/packs/000000001.pack", spare)
    whole = spare.read_bytes()
    alone = encode(RAW, b"alone", 5, digest(b"alone"), None)
    spare.write_bytes(whole + alone)
    assert gc(tmp_path).left_over == 0
    assert spare.read_bytes() == whole + alone
    spare.write_bytes(whole)
    assert gc(tmp_path).left_over == len(whole)
    assert not spare.exists()


# --- an older schema, the command -------------------------------------------------------------------------------------


def test_a_folder_of_the_first_schema_is_brought_forward(tmp_path: Path) -> None:
    folder = shutil.copytree(FIRST_SCHEMA, tmp_path / "data")
    before = (FIRST_SCHEMA / "records.jsonl").read_bytes().splitlines()
    with sqlite3.connect(folder / FILE) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        digests = [row[0].hex() for row in db.execute("SELECT digest FROM blob")]
    with hold(folder) as lock, Store(lock, at=NOW) as store:
        assert store.one("PRAGMA user_version", ()) == (len(MIGRATIONS),)
    assert {state_of(folder, one) for one in digests} == {"kept"}
    assert dry(folder).packs == ()
    with hold(folder) as lock, removable_bytes(lock) as old:
        collect(old, NOW + timedelta(days=4000), 24, apply=True)
    assert {state_of(folder, one) for one in digests} == {"dropped"}
    assert lines(folder) == before


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return Vigie(tmp_path / "data", settings(tmp_path, more="[retention]\nmonths = 6\n"))


def test_the_command_lists_first_and_removes_when_told(vigie: Vigie) -> None:
    now = datetime.now(UTC)
    old = sweep(vigie.data, now - timedelta(days=400), {"decoded_body": PAGE})
    young = sweep(vigie.data, now - timedelta(days=100), {"head": b"young"})
    listed: dict[str, Any] = vigie.json("gc")
    assert (listed["applied"], len(listed["packs"])) == (False, 1)
    assert "would go" in vigie("gc", "--lang", "en").stdout
    assert state(vigie.data, old) == "kept"
    done = vigie("gc", "--apply", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "removed: " in done.stdout
    assert (state(vigie.data, old), state(vigie.data, young)) == ("dropped", "kept")
    assert vigie.json("gc")["packs"] == []


def test_it_refuses_while_a_sweep_holds_the_folder(vigie: Vigie) -> None:
    old = sweep(vigie.data, datetime.now(UTC) - timedelta(days=400), {"decoded_body": PAGE})
    with hold(vigie.data):
        done = vigie("gc", "--apply")
        assert done.returncode == 75
        assert json.loads(vigie("gc", "--json").stdout)["packs"], "listing disturbs nobody"
    assert state(vigie.data, old) == "kept"


def test_nothing_recorded_is_nothing_to_remove(vigie: Vigie) -> None:
    for words in (("gc",), ("gc", "--apply")):
        done = vigie(*words)
        assert (done.returncode, done.stderr) == (0, "")
    assert not vigie.data.exists()


def test_the_adapter_asks_for_the_lock(tmp_path: Path) -> None:
    with hold(tmp_path) as lock:
        pass
    with pytest.raises(RuntimeError, match="released"), removable_bytes(lock) as old:
        assert not isinstance(old, PackStore)
