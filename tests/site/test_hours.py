"""Tallies by UTC hour become days and hours of legal time, and every sum is kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalogue.catalogue import load
from monitor.site.counts import FEWEST, STATES, Counts, summed
from monitor.site.drawing.bars import HEIGHTS, HIGH, bars, runs, stacked
from monitor.site.drawing.heat import CELL, EPISODES, heat, heat_rows
from monitor.site.hours import DeskHours
from monitor.site.model import WEEKS, DeskView
from monitor.site.pages.standing import Lately
from monitor.site.tongues import PageTongue
from monitor.store.kept.tally import HOURS, Kind

ZONES = sorted({one.time_zone for one in load("prefectures").prefectures})
FIRST = (date(2026, 10, 20) - date(1970, 1, 1)).days  # summer time ends on the 25th
READINGS = (("NoSlot", None), ("SlotsOpen", None), ("Closed", None), ("Obstructed", "captcha"), ("SlotsOpen", "weak"))

hours = st.lists(st.integers(0, 4), min_size=HOURS, max_size=HOURS)
told = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(READINGS), hours), max_size=12)


@given(zone=st.sampled_from(ZONES), rows=told)
def test_each_look_is_in_one_day_and_one_hour_of_legal_time(
    zone: str, rows: list[tuple[int, tuple[str, str | None], list[int]]]
) -> None:
    last = date(2026, 11, 3)
    desk = DeskHours(ZoneInfo(zone), last)
    days: dict[date, int] = {}
    cells: dict[tuple[int, int], int] = {}
    for day, said, numbers in rows:
        desk.add(FIRST + day, Kind("look", False, *said), numbers)
        for hour, number in enumerate(numbers):
            at = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(days=day, hours=hour)
            local = at.astimezone(ZoneInfo(zone))
            days[local.date()] = days.get(local.date(), 0) + number
            cells[local.weekday(), local.hour] = cells.get((local.weekday(), local.hour), 0) + number
    assert {day: counts.looks for day, counts in desk.days.items()} == {day: n for day, n in days.items() if n}
    assert {cell: counts.looks for cell, counts in desk.week.items()} == {cell: n for cell, n in cells.items() if n}
    assert sum(desk.causes.values()) == sum(n for day, n in days.items() if (last - day).days < 30)


@pytest.mark.parametrize("zone", ZONES)
def test_every_legal_time_is_whole_hours_from_utc(zone: str) -> None:
    for month in range(1, 13):
        offset = datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset()
        assert offset is not None
        assert offset % timedelta(hours=1) == timedelta(0)


def test_a_way_open_in_which_no_slot_was_seen_is_no_slot_shown() -> None:
    desk = DeskHours(ZoneInfo("Europe/Paris"), date(2026, 11, 3))
    desk.add(FIRST, Kind("look", False, "SlotsOpen", "weak"), [1] * HOURS)
    assert summed(desk.days.values()) == Counts(0, 0, HOURS, 0)


counts = st.builds(Counts, *[st.integers(0, 9)] * 4)


def lines(shape: str) -> set[int]:
    """The days that a path of the bars draws: `m` and `M` go on, `h` draws, a hatch draws one."""
    at, drawn = 0, set[int]()
    for step, days, hatched in re.findall(r"[Mm](\d+) \d+(?:h(\d+)|((?:m0 20.*?18)+))", shape):
        at += int(step)
        long = int(days or hatched.count("m0 20"))
        drawn |= set(range(at, at + long))
        at += long
    return drawn


@given(st.lists(counts, min_size=1, max_size=90))
def test_the_table_of_the_bars_has_their_days_and_their_sums(found: list[Counts]) -> None:
    days = [(date(2026, 9, 1) + timedelta(days=n), one) for n, one in enumerate(found)]
    table = [*runs(days)]
    assert summed(run.counts for run in table) == summed(found)
    assert [run.state for run in table for _day in range(run.days)] == [one.state for one in found]
    drawn = bars(days, "x")
    for state in STATES:
        shape = drawn.partition(f'class="s-{state}" d="')[2].partition('"')[0]
        days = {n for n, one in enumerate(found) if one.state == state}
        assert "h" not in shape or state != "nobody", "hatched, never a bar"
        assert lines(shape) == days
        assert not days or shape.startswith(f"M{min(days)} {HIGH - HEIGHTS[state] // 2}")


@given(st.lists(counts, min_size=1, max_size=40))
def test_a_column_is_hatched_where_nobody_looked_and_nowhere_else(found: list[Counts]) -> None:
    shape = stacked(found, "x").partition('class="s-nobody" d="')[2].partition('"')[0]
    assert shape.count("M") == sum(not one.looks for one in found)


week = st.dictionaries(st.tuples(st.integers(0, 6), st.integers(0, 23)), st.builds(Counts, *[st.integers(0, 40)] * 4))


def desk(found: dict[tuple[int, int], Counts], weeks: int = WEEKS, episodes: int = EPISODES) -> DeskView:
    return DeskView(
        key="95/x", label="x", procedure="renewal", platform="p", url="u", week=found, weeks=weeks, episodes=episodes
    )


@given(found=week, openings=st.sampled_from(["hours", "blocks", "none"]))
def test_the_hours_of_the_week_sum_to_the_looks(found: dict[tuple[int, int], Counts], openings: str) -> None:
    shown = heat(desk(found), openings)  # type: ignore[arg-type]
    assert shown.looks == summed(found.values()).looks
    assert len(shown.rows) == (24 if openings == "hours" else 6)


@given(found=week, weeks=st.integers(0, WEEKS), episodes=st.integers(0, EPISODES))
def test_hours_of_openings_need_weeks_and_episodes(
    found: dict[tuple[int, int], Counts], weeks: int, episodes: int
) -> None:
    """Else nothing depends on them: with every slot a “no slot”, the same table is drawn."""
    shown = heat(desk(found, weeks, episodes), "hours")
    if weeks < WEEKS or episodes < EPISODES:
        assert shown.told == "read"
        turned = {cell: Counts(one.none + one.slot, 0, one.other, one.unread) for cell, one in found.items()}
        assert heat_rows(shown) == heat_rows(heat(desk(turned, weeks, episodes), "hours"))
    else:
        assert shown.told == "slot"


@given(one=counts)
def test_a_cell_of_few_looks_says_nothing(one: Counts) -> None:
    assert (heat(desk({(0, 0): one}), "none").shown(one) is None) == (one.looks < FEWEST)
    assert (heat(desk({(0, 0): one}), "hours").shown(one) is None) == (one.looks < CELL)


def test_the_operator_may_tell_no_hours_at_all() -> None:
    assert heat(desk({(0, 0): Counts(100, 100, 0, 0)}), "none").told == "read"


def test_an_hour_nobody_looked_at_is_hatched() -> None:
    rows = str(heat_rows(heat(desk({(0, 0): Counts(0, 0, 0, 9)}), "none")))
    assert rows.count("<td class=hn>") == 6 * 7 - 1
    assert ">0<i>9</i>" in rows


@given(one=counts)
def test_what_could_mostly_not_be_read_is_never_told_as_no_slot(one: Counts) -> None:
    lately = Lately(one, days=1, slot_days=int(one.slot > 0))
    told = lately.said(PageTongue("en"))
    assert told.startswith("no slot was shown") == (lately.look == "none")
    assert lately.look != "none" or (one.none and not one.slot and one.read >= one.unread)
    assert (lately.look == "nobody") == (not one.looks)
