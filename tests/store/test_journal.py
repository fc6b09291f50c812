"""A record's line stands once: in the journal of its sweep until the log has it on the disk, then in the log."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.store.store import reading
from monitor.store.written.journal import journalled
from tests.support.commands import ROOT
from tests.support.exporting import NO_SLOT, OPEN, fill, seal
from tests.support.records import NOON, keep, opened

SCHEMAS = ROOT / "tests" / "fixtures" / "schema"


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """Three sweeps, sealed; their lines still stand in the journals, too."""
    fill(tmp_path / "data", [NO_SLOT, OPEN, NO_SLOT])
    seal(tmp_path / "data")
    return tmp_path / "data"


def lines(data: Path) -> list[bytes]:
    with reading(data) as found:
        assert found is not None
        return [line for _seq, line in found[0].lines()]


def test_lines_leave_the_journal_once_the_log_has_them(sealed: Path) -> None:
    before = lines(sealed)
    with opened(sealed) as store:
        assert journalled(sealed) == [1, 2, 3]
        number = store.begin_sweep(NOON, {"due": []})
        keep(store, sweep=number)
        store.let_go()
        assert journalled(sealed) == [number], "what is not sealed stays"
        assert [line for _seq, line in store.records.lines()][:-1] == before
    assert lines(sealed)[:-1] == before


def test_a_journal_that_is_not_what_was_sealed_stays(sealed: Path) -> None:
    path = sealed / "store/journal/000000002.jsonl"
    path.write_bytes(path.read_bytes().replace(b"SlotsOpen", b"SlotsOpem"))
    (segment,) = sealed.glob("evidence/sweeps/*/*/*/000000003/records.jsonl*")
    segment.unlink()
    with opened(sealed) as store:
        store.let_go()
    assert journalled(sealed) == [2, 3]
    assert len(lines(sealed)) == 3, "the journal is read where the log has lost its lines"


def test_a_journal_of_a_database_that_is_lost_is_put_aside(tmp_path: Path) -> None:
    folder = tmp_path / "store/journal"
    folder.mkdir(parents=True)
    (folder / "000000001.jsonl").write_bytes(b'{"seq":0}\n')
    (folder / "000000002.jsonl").write_bytes(b"")
    with opened(tmp_path) as store:
        for _ in range(2):
            store.begin_sweep(NOON, {"due": []})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "000000001.left": b'{"seq":0}\n', "000000001.jsonl": b"", "000000002.jsonl": b"",
    }  # fmt: skip


@pytest.mark.parametrize("schema", ["1", "3", "4"])
def test_the_lines_of_every_released_schema_are_brought_forward(tmp_path: Path, schema: str) -> None:
    data = shutil.copytree(SCHEMAS / schema, tmp_path / "data")
    kept = (data / "records.jsonl").read_bytes().splitlines()
    with opened(data) as store:
        assert [line for _seq, line in store.records.lines()] == kept
    assert lines(data) == kept
