"""What a verification goes by: spelling, ranges of a plan, what a record says of itself, dates, and declared gaps."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.record import canonical
from monitor.evidence.merkle import Frontier
from monitor.evidence.plan import row_hash
from monitor.evidence.rules.dates import bounds_of, report_bounds, within
from monitor.evidence.rules.declared import Declared, clock_error, is_late
from monitor.evidence.rules.findings import Bound, Bounds, Report, printable, runs, sentence
from monitor.evidence.rules.rows import DueRecord, PlanRange, record_fault
from monitor.evidence.rules.said import SeenRecords
from monitor.evidence.rules.spelling import parse_canonical, parse_instant
from monitor.evidence.rules.sweep import ReadSweep

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 10**18, 10**18 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4))
def test_what_is_written_canonically_is_read_as_it_was(told: dict[str, Any]) -> None:
    assert parse_canonical(canonical(told)) == told


@given(st.dictionaries(st.text(max_size=6), VALUES, min_size=1, max_size=4), st.data())
def test_any_other_spelling_of_it_is_refused(told: dict[str, Any], data: st.DataObject) -> None:
    line = canonical(told)
    others = {
        json.dumps(told).encode(),
        json.dumps(told, indent=0).encode(),
        json.dumps(told, sort_keys=True, separators=(",", ":")).encode(),
        b" " + line,
        line + b"\r",
    } - {line}
    with pytest.raises(ValueError, match=r"."):
        parse_canonical(data.draw(st.sampled_from(sorted(others))))


@given(st.binary(max_size=40))
def test_bytes_are_an_object_in_its_spelling_or_refused(data: bytes) -> None:
    try:
        told = parse_canonical(data)
    except ValueError:
        return
    assert canonical(told) == data


def test_a_line_that_is_nested_too_deep_is_refused() -> None:
    with pytest.raises(ValueError, match=r"canonical"):
        parse_canonical(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")


@pytest.mark.parametrize(
    "text", ["2026-11-21T12:00:00Z", "2026-11-21T12:00:00.000000+00:00", "2026-13-21T12:00:00.000000Z", 1, None]
)
def test_an_instant_has_one_spelling(text: object) -> None:
    with pytest.raises(ValueError, match=r"instant|month"):
        parse_instant(text)


ROWS = [
    {"check": "33/titres", "record": "0" * 64, "seq": 7},
    {"check": "75/titres", "why": "host"},
    {"check": "95/naturalisation", "record": "1" * 64, "seq": 4},
    {"check": "95/titres", "record": "2" * 64, "seq": 5},
    {"check": "973/titres", "record": "3" * 64, "seq": 6},
]


@pytest.mark.parametrize(
    ("scope", "first", "last", "closed"),
    [
        ("95/", 1, 5, True), ("95/", 2, 5, False), ("95/", 1, 4, False), ("95/", 0, 5, False), ("95/", 2, 4, False),
        ("33/", 0, 2, True), ("33/", 0, 1, False), ("973/", 3, 5, True), ("94/titres", 1, 3, True),
        ("94/titres", 1, 2, False), ("94/titres", 2, 3, False), ("01/x", 0, 1, True), ("99/x", 4, 5, True),
        ("all", 0, 5, True), ("all", 0, 4, False), ("95/titres", 2, 5, True), ("95/titres", 3, 5, False),
    ],
)  # fmt: skip
def test_a_range_closes_over_its_scope_or_something_could_be_missing(
    scope: str, first: int, last: int, closed: bool
) -> None:
    assert PlanRange(first, [], ROWS[first:last]).closes(scope, len(ROWS)) is closed


def test_rows_out_of_order_or_twice_close_nothing() -> None:
    assert not PlanRange(0, [], [ROWS[1], ROWS[0], *ROWS[2:]]).closes("all", 5)
    assert not PlanRange(0, [], [ROWS[0], *ROWS[:4]]).closes("all", 5)


def test_an_empty_plan_is_of_no_row_and_of_no_other() -> None:
    empty = Frontier().root()
    assert PlanRange(0, [], []).leads_to(empty, 0)
    assert PlanRange(0, [], []).closes("95/", 0)
    whole = Frontier()
    for row in ROWS:
        whole.append(row_hash(canonical(row)))
    assert PlanRange(0, [], ROWS).leads_to(whole.root(), 5)
    assert not PlanRange(0, [whole.root()], []).leads_to(whole.root(), 5)
    assert not PlanRange(0, [], [*ROWS[:4], {**ROWS[4], "seq": 8}]).leads_to(whole.root(), 5)


@pytest.mark.parametrize(
    "row", [{"check": "a"}, {"check": "a", "why": 1}, {"check": "a", "seq": 1}, {"check": "a", "record": "x", "seq": 1},
            {"check": "a", "record": "0" * 64, "seq": True}, {"check": "a", "why": "b", "x": 1}, []],
)  # fmt: skip
def test_a_row_is_one_of_two_kinds(row: Any) -> None:
    with pytest.raises(ValueError, match=r"rows"):
        PlanRange.parse({"from": 0, "nodes": [], "rows": [row]})


def said(**more: Any) -> dict[str, Any]:
    told = {
        "seq": 4, "sweep": 2, "check": "95/titres", "id": "6b1bb2ae4f1e8c2a",
        "started": "2026-11-21T12:00:01.000000Z", "finished": "2026-11-21T12:00:02.000000Z",
    }  # fmt: skip
    return {**told, **more}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({}, None), ({"seq": 5}, "seq"), ({"seq": True}, "seq"), ({"sweep": 3}, "sweep"), ({"check": "95/x"}, "check"),
        ({"started": "2026-11-21T11:59:59.999999Z"}, "started"),
        ({"finished": "2026-11-21T12:01:00.000001Z"}, "finished"),
        ({"started": "2026-11-21T12:00:00Z"}, "started"), ({"finished": None}, "finished"),
    ],
)  # fmt: skip
def test_a_record_says_of_itself_what_its_sweep_says(more: dict[str, Any], fault: str | None) -> None:
    due, span = DueRecord(4, "95/titres"), (NOON, NOON + MINUTE)
    assert record_fault(said(**more), due, 2, span, None) == fault


def test_an_identifier_follows_from_the_sums_before() -> None:
    due, span = DueRecord(4, "95/titres"), (NOON, NOON + MINUTE)
    assert record_fault(said(id="0" * 16), due, 2, span, b"sums\n") == "id"
    right = hashlib.sha256(b"sums\n" + b"000000002" + b"95/titres").hexdigest()[:16]
    assert record_fault(said(id=right), due, 2, span, b"sums\n") is None


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (NOON, True), (NOON - 62 * SECOND, True), (NOON - 63 * SECOND, False), (NOON + HOUR + 60 * SECOND, True),
        (NOON + HOUR + 61 * SECOND, False),
    ],
)  # fmt: skip
def test_a_date_may_lie_a_minute_and_the_stated_accuracy_outside(at: datetime, inside: bool) -> None:
    bounds = Bounds(number=1, after=Bound(NOON, "a", 2 * SECOND), before=Bound(NOON + HOUR, "b"))
    assert within(bounds, [NOON + SECOND, at]) is inside
    assert within(Bounds(number=1, after=None, before=None), [at])


def sweep(number: int, *, enclosed: float | None = None, stamped: float | None = None, **more: Any) -> ReadSweep:
    """Hours after noon of the stamps of one authority."""
    bound = lambda at: {} if at is None else {"a": Bound(NOON + at * HOUR, "a")}  # noqa: E731
    at = NOON + (more.pop("at", number)) * HOUR
    return ReadSweep(
        where=str(number), number=number, version=2, span=(at, at), enclosed=bound(enclosed), stamps=bound(stamped),
        records=2, **more,
    )  # fmt: skip


def test_a_sweep_without_a_stamp_lies_between_its_neighbours() -> None:
    told = bounds_of([sweep(1, stamped=1), sweep(2, enclosed=1), sweep(3, stamped=3), sweep(4, enclosed=3)])
    hours = [tuple(b and (b.at - NOON) / HOUR for b in (one.after, one.before)) for one in told]
    assert hours == [(None, 1), (1, 3), (1, 3), (3, None)]


def reported(*sweeps: ReadSweep) -> set[tuple[str, bool, str]]:
    report = Report(sweeps=bounds_of(sweeps))
    report_bounds(sweeps, report)
    return {(one.code, one.failed, one.where) for one in report.findings}


def test_what_is_open_is_told_once_for_all_sweeps_that_follow_each_other() -> None:
    assert reported(sweep(1), sweep(2), sweep(3)) == {
        ("unstamped", False, "sweeps 1 to 3"), ("bounds", False, "sweeps 1 to 3"),
    }  # fmt: skip
    good = sweep(2, enclosed=1.9, stamped=2.1)
    assert reported(good) == set()
    assert reported(sweep(2, enclosed=1.9, stamped=2.1, late={"a"})) == {("bounds", False, "sweep 000000002")}
    assert reported(sweep(2, enclosed=1.9, stamped=27)) == {("bounds", False, "sweep 000000002")}
    assert reported(sweep(2, enclosed=1.9, stamped=26.9)) == set()


def test_a_date_outside_is_false_and_only_open_in_version_1() -> None:
    late = sweep(2, enclosed=1.9, stamped=2.1, at=5)
    assert reported(late) == {("date", True, "sweep 000000002")}
    late.version = 1
    assert reported(late) == {("date", False, "sweep 000000002")}
    record = sweep(2, enclosed=1.9, stamped=2.1, outside=1)
    assert reported(record) == {("date", True, "sweep 000000002")}


def test_clocks_of_two_authorities() -> None:
    two = sweep(2, enclosed=1.9, stamped=2)
    two.stamps["b"] = Bound(NOON + 2 * HOUR + 10 * MINUTE, "b")
    assert reported(two) == set()
    two.stamps["b"] = Bound(NOON + 2 * HOUR + 10 * MINUTE + SECOND, "b")
    assert reported(two) == {("clocks", False, "sweep 000000002")}
    two.late = {"b"}
    assert reported(two) == set(), "the other came in time"
    two.late = {"a", "b"}
    assert {code for code, *_rest in reported(two)} == {"bounds"}
    against = sweep(2, enclosed=2.001, stamped=2)
    assert reported(against) == set(), "of one authority it is `order`, which the walk tells"
    against.stamps = {"b": Bound(NOON + 2 * HOUR, "b")}
    assert reported(against) == {("clocks", False, "sweep 000000002")}


def test_what_a_log_declares_is_said_in_a_sentence_for_all_sweeps_that_lack_the_same() -> None:
    declared = Declared()
    for number in (2, 3, 4, 6):
        declared.see(number, [{"what": "unstamped", "authority": "a", "sweep": number - 1, "why": "down"}])
    declared.see(7, [
        {"what": "stamped", "authority": "a", "sweep": 6, "tsr_sha256": "0"},
        {"what": "stamped", "authority": "a", "sweep": 5, "delay_s": 3_661},
        {"what": "unstamped", "sweep": 6, "why": "no_authority"}, {"what": "unfinished", "sweep": 6, "why": "killed"},
        {"what": "log_key_lost", "old_origin": "o"}, {"what": "weather"},
    ])  # fmt: skip
    assert declared.sentences() == [
        "sweeps 1 to 3: no time-stamp by a: it did not answer",
        "sweep 000000005: no time-stamp by a: it did not answer",
        "sweep 000000005: the time-stamp of a came late, 1:01:01 after the end (hours:minutes:seconds)",
        "sweep 000000006: did not come to its end: the program was killed",
        "sweep 000000006: no time-stamp: no authority was set",
        "sweep 000000007: the signing key of the log o was lost; the new one could not be announced by it",
        "sweep 000000007: weather, which this version does not know",
    ]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ([-2000, 1000], None), ([60_000, 70_000], None), ([60_001, 70_000], 60_001), ([-90_000, -60_001], -60_001),
        ([-90_000, 90_000], None), (["x", 1], None), (None, None),
    ],
)  # fmt: skip
def test_a_clock_that_was_wrong_by_a_minute_at_least_is_told(told: Any, error: int | None) -> None:
    assert clock_error({"what": "stamped", "clock_error_ms": told}) == error
    assert clock_error({"what": "other", "clock_error_ms": told}) is None


def test_late_is_over_ten_minutes() -> None:
    assert [is_late({"what": "stamped", "delay_s": s}) for s in (600, 601, "x", None)] == [False, True, False, False]


def test_a_server_s_date_is_held_against_our_clock_around_the_answer() -> None:
    exchange = {"started": "2026-11-21T12:00:00.000000Z", "finished": "2026-11-21T12:00:02.000000Z"}
    seen = SeenRecords()
    dates = ("Sat, 21 Nov 2026 12:00:01 GMT", "Sat, 21 Nov 2026 11:58:59 GMT", "Sat, 21 Nov 2026 12:01:02 GMT", "soon")
    for date in dates:
        seen.see({"exchanges": [{**exchange, "date": date}]})
    assert (seen.dates, seen.simulated) == (0, 0)
    for date in ("Sat, 21 Nov 2026 11:58:58 GMT", "Sat, 21 Nov 2026 12:01:03 GMT"):
        seen.see({"exchanges": [{**exchange, "date": date}, {"status": 200}], "simulated": True})
    assert (seen.dates, seen.simulated) == (2, 2)


@given(st.sets(st.integers(0, 30)))
def test_runs_are_all_the_numbers(numbers: set[int]) -> None:
    told = runs(sorted(numbers))
    assert {n for first, last in told for n in range(first, last + 1)} == numbers
    assert all(last + 1 < first for (_first, last), (first, _last) in pairwise(told))


def test_a_name_with_a_line_feed_makes_no_line_of_its_own() -> None:
    report = Report()
    report.fail("unlisted", "a\nVERIFIED: 1 sweeps")
    assert len([line for line in report.lines() if line.startswith("VERIFIED")]) == 0
    assert printable("a\x1b[0m\u202eb") == "a\ufffd[0m\ufffdb"
    assert sentence("date")


@pytest.mark.parametrize("told", [None, "x", 7, {"date": "x"}, ["x", 7, None]])
def test_a_record_that_tells_its_exchanges_otherwise_costs_nobody_the_verification(told: Any) -> None:
    seen = SeenRecords()
    seen.see({"exchanges": told, "started": "2026-11-30T00:00:00.000000Z", "finished": "2026-11-30T00:00:01.000000Z"})
    assert (seen.dates, seen.simulated) == (0, 0)
