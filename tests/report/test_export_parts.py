"""The parts of an export: files of lines, what is enclosed of a long period and where, rows of a long list."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.record import digest
from monitor.evidence.sums import SUMS, parse_sums
from monitor.paper.document import NumberedEntry
from monitor.report.export import folder
from monitor.report.export.captures import CapturePicker, CapturePlaces, ranked, spread
from monitor.report.export.folder import write
from monitor.report.observed import Observed, observed
from monitor.report.runs import joined, runs
from tests.support.ledger import page, picture, record, shot

PARIS = ZoneInfo("Europe/Paris")
BEGAN = datetime(2026, 1, 1, 11, tzinfo=UTC)
OPEN = {"reading": "SlotsOpen", "seen": "Mardi 9 h 30", "weak": False}


def lines_of(count: int, every: timedelta = timedelta(hours=6), **more: dict[str, Any]) -> list[bytes]:
    """Records of one desk. more: `s12={...}` changes that one."""
    return [record(i, i, "95/a", at=BEGAN + i * every, **more.get(f"s{i}", {})) for i in range(count)]


def seen_of(count: int, **more: Any) -> list[Observed]:
    return [*map(observed, lines_of(count, **more))]


# --- files of lines ---------------------------------------------------------------------------------------------------


def test_a_name_that_comes_again_goes_on_and_a_large_file_of_lines_is_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "PLAIN_AT_MOST", 1_000)

    def files() -> Iterator[tuple[str, bytes]]:
        for i in range(300):
            yield "records.jsonl", b'{"n":%d}\n' % i
            if i < 3:
                yield "stamps.jsonl", b"{}\n"
        yield "a/b.html", b"x" * 5_000

    size = write(tmp_path / "out", files(), lambda sums: b"note of " + digest(sums).encode())
    out = tmp_path / "out"
    assert {one.relative_to(out).as_posix() for one in out.rglob("*.*") if one.is_file()} == {
        "records.jsonl.gz", "stamps.jsonl", "a/b.html", f"{SUMS}.signed",
    }  # fmt: skip
    assert gzip.decompress((out / "records.jsonl.gz").read_bytes()) == b"".join(b'{"n":%d}\n' % i for i in range(300))
    sums = (out / SUMS).read_bytes()
    assert parse_sums(sums) == {
        name: digest((out / name).read_bytes()) for name in ("records.jsonl.gz", "stamps.jsonl", "a/b.html")
    }
    assert (out / f"{SUMS}.signed").read_bytes() == b"note of " + digest(sums).encode()
    assert size == sum(one.stat().st_size for one in out.rglob("*") if one.is_file())
    write(tmp_path / "again", files())
    assert (tmp_path / "again/records.jsonl.gz").read_bytes() == (out / "records.jsonl.gz").read_bytes(), (
        "no clock in it"
    )
    assert not (tmp_path / "again" / f"{SUMS}.signed").exists()


def test_what_fails_half_way_leaves_no_folder(tmp_path: Path) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield "records.jsonl", b"{}\n"
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        write(tmp_path / "out", files())
    assert [*tmp_path.iterdir()] == []


# --- what is enclosed -------------------------------------------------------------------------------------------------


def test_openings_come_before_changes_before_days() -> None:
    seen = seen_of(200, s77=OPEN, s120={"reading": "Closed", "seen": "fermé", "selector": "p"})
    order = [one.seq for one in ranked(seen, {}, PARIS)]
    assert set(order[:2]) == {0, 199}
    assert order[2] == 77
    assert set(order[3:8]) == {76, 78, 119, 120, 121}
    days = order[8:]
    assert len(days) == len(set(days))
    assert len(order) < 60, "of four a day, the first"


def test_whatever_room_there_is_the_days_are_of_the_whole_period() -> None:
    seen = seen_of(400)
    days = [one.seq for one in ranked(seen, {}, PARIS)][2:]
    for room in (4, 8, 16, 32):
        taken = sorted(days[:room])
        gaps = [b - a for a, b in zip([0, *taken], [*taken, 399], strict=True)]
        assert max(gaps) <= 2 * 400 / room, (room, gaps)


@given(st.integers(0, 300))
def test_spreading_loses_nothing(count: int) -> None:
    seen = seen_of(count, every=timedelta(minutes=1))
    assert sorted(one.seq for one in spread(seen)) == [*range(count)]


def test_an_observation_is_enclosed_with_all_of_its_files_or_not_at_all() -> None:
    seen = seen_of(10)
    lines = {3: json.loads(shot(3, "95/a"))}
    kept = {digest(page(i)): page(i) for i in range(10)} | {digest(picture(3)): picture(3)}
    picker = CapturePicker(lambda body, _seq: kept.get(body), files=4, size=10**6)
    assert [one.seq for one, _body, _data in picker.pick(seen, lines)] == [0, 1, 2]  # 3 would take two, room is for one
    assert (picker.left, picker.lost) == (7, 0)
    picker = CapturePicker(lambda body, _seq: kept.get(body), files=100, size=sum(len(page(i)) for i in range(4)))
    assert [one.seq for one, _body, _data in picker.pick(seen, {})] == [0, 1, 2, 3]
    assert picker.left == 6
    kept.pop(digest(page(5)))
    picker = CapturePicker(lambda body, _seq: kept.get(body))
    assert len([*picker.pick(seen, lines)]) == 10
    assert (picker.left, picker.lost) == (0, 1)


def test_the_same_bytes_are_enclosed_once() -> None:
    seen = [replace(one, bodies=("a" * 64,)) for one in seen_of(5)]
    assert len([*CapturePicker(lambda _body, _seq: b"same").pick(seen, {})]) == 1


def test_a_capture_stands_under_the_first_record_that_names_it_else_its_picture_s() -> None:
    first = record(0, 0, "95/notices/pan", at=BEGAN, note=digest(page(3)))
    lines = [first, *lines_of(4)[1:]]
    seen = [*map(observed, lines)]
    drawn = {2: json.loads(shot(2, "95/a"))}
    places = CapturePlaces(seen, drawn)
    given_ = [("records.jsonl", line + b"\n") for line in lines] + [("stamps.jsonl", digest(page(9)).encode())]
    assert [*places.watching(given_)] == given_
    named = {i: places.name(digest(page(i)), page(i)) for i in range(4)}
    assert named[3] == f"captures/2026-01-01/95-notices-pan/{digest(page(3))}.html"
    assert named[1] == f"captures/2026-01-01/95-a/{digest(page(1))}.html"
    png = digest(picture(2))
    assert places.name(png, picture(2), mark="SIMULATION-") == f"captures/2026-01-01/95-a/SIMULATION-{png}.png"
    assert digest(page(9)) not in places


# --- rows of a long list ----------------------------------------------------------------------------------------------


def test_up_to_so_many_observations_each_has_its_row() -> None:
    seen = seen_of(20)
    assert [run.count for run in runs(seen, beyond=20)] == [1] * 20
    (run,) = runs(seen, beyond=19)
    assert (run.first.seq, run.last.seq, run.count) == (0, 19, 20)


def test_only_equal_readings_of_one_check_are_joined_and_openings_never() -> None:
    lines = lines_of(30, s5=OPEN, s6=OPEN, s12={"seen": "Une autre phrase"}, s20={"simulated": True})
    other = record(30, 7, "95/b", at=BEGAN + timedelta(hours=43))
    seen = [*map(observed, [*lines[:8], other, *lines[8:]])]
    told = [(run.first.seq, run.last.seq, run.count) for run in runs(seen, beyond=0)]
    assert told == [(0, 4, 5), (5, 5, 1), (6, 6, 1), (7, 11, 5), (30, 30, 1), (12, 12, 1), (13, 19, 7), (20, 20, 1),
                    (21, 29, 9)]  # fmt: skip
    assert sum(count for _first, _last, count in told) == 31


def test_a_row_of_several_says_how_many_and_until_when() -> None:
    entry = NumberedEntry(number="0", when=["début"], title="t", quote="q", notes=["n"], digests=["d"])
    (run,) = runs(seen_of(5), beyond=0)
    row = joined(entry, run, PARIS)
    assert row.notes[0].startswith("5 observations de suite")
    assert row.when[:2] == ["début", "jusqu'au n°\xa04 :"]
    assert row.when[2].endswith("02/01/2026 12:00:00")
    assert joined(entry, runs(seen_of(1))[0], PARIS) == entry
