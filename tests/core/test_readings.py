"""The closed union: what counts as proof, what makes a command exit 3, and the JSON that carries it."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.readings import (
    CLASSES,
    Closed,
    Contradictory,
    FrontPageShown,
    NoSlot,
    NotFound,
    NotYetOpen,
    ObstacleKind,
    Obstructed,
    Published,
    PublishedFigures,
    Reading,
    RequestForm,
    Seen,
    SlotsOpen,
    Unavailable,
    UnavailableKind,
    Unreached,
    UnreachedCause,
    Unreadable,
    UnreadableWhy,
    detail_of,
    from_json,
    is_failure,
    is_no_slot_proof,
    to_json,
)
from monitor.core.record import canonical

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=3))])
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds are naive
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
SEEN = st.builds(Seen, st.text(min_size=1), st.text(min_size=1))
WORDS = st.none() | st.text(min_size=1)
FACTS = st.dictionaries(st.text(), st.none() | st.booleans() | st.text() | st.lists(st.text()))
SINCE = st.none() | st.integers(0)
READINGS: st.SearchStrategy[Reading] = st.one_of(
    st.builds(Published, seen=SEEN, facts=FACTS, unchanged_since=SINCE),
    st.builds(NotFound, pages_examined=st.lists(st.text()).map(tuple), facts=FACTS, unchanged_since=SINCE),
    st.builds(Contradictory, seen=SEEN, facts=FACTS, unchanged_since=SINCE),
    st.builds(SlotsOpen, seen=SEEN, weak=st.booleans(), first_day=st.none() | DAYS),
    st.builds(
        NoSlot,
        seen=SEEN,
        by_data=st.booleans(),
        detail=WORDS,
        last_published=st.none() | INSTANTS,
        next_week=st.none() | DAYS,
    ),
    st.builds(NotYetOpen, seen=SEEN, opens_at=INSTANTS),
    st.builds(RequestForm, seen=SEEN),
    st.builds(FrontPageShown, seen=SEEN),
    st.builds(
        PublishedFigures,
        seen=SEEN,
        figures=st.dictionaries(st.text(), st.text()),
        delays=st.lists(st.integers(0)).map(tuple),
    ),
    st.builds(Obstructed, obstacle=st.sampled_from(get_args(ObstacleKind)), seen=SEEN, detail=WORDS),
    st.builds(Unavailable, kind=st.sampled_from(get_args(UnavailableKind)), seen=SEEN),
    st.builds(Closed, seen=SEEN),
    st.builds(Unreadable, why=st.sampled_from(get_args(UnreadableWhy)), step=WORDS, seen=st.none() | SEEN),
    st.builds(Unreached, cause=st.sampled_from(get_args(UnreachedCause)), detail=WORDS),
)


def test_the_union_is_what_the_classes_name() -> None:
    assert set(get_args(Reading)) == set(CLASSES.values())
    assert all(name == cls.__name__ for name, cls in CLASSES.items())


@given(READINGS)
def test_json_carries_every_field_there_and_back(reading: Reading) -> None:
    told = json.loads(json.dumps(to_json(reading), ensure_ascii=False))
    assert told["reading"] == type(reading).__name__
    assert set(told) == {"reading", "seen", "selector"} | {f.name for f in fields(reading)}
    assert from_json(told) == reading


@given(READINGS)
def test_instants_carry_their_offset_and_days_are_days(reading: Reading) -> None:
    told = to_json(reading)
    for name in ("opens_at", "last_published"):
        if told.get(name) is not None:
            assert datetime.fromisoformat(told[name]).tzinfo is not None
    for name in ("first_day", "next_week"):
        if told.get(name) is not None:
            assert date.fromisoformat(told[name]).isoformat() == told[name]


@given(READINGS)
def test_only_no_slot_proves_and_only_our_failures_fail(reading: Reading) -> None:
    name = type(reading).__name__
    assert is_no_slot_proof(reading) is (name == "NoSlot")
    assert is_failure(reading) is (name in ("Unreadable", "Unreached"))


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (
            NoSlot(
                seen=Seen("Aucun créneau disponible", "h2"),
                last_published=datetime(2026, 5, 4, 11, 58, tzinfo=timezone(timedelta(hours=2))),
                next_week=date(2026, 5, 18),
            ),
            {
                "reading": "NoSlot",
                "seen": "Aucun créneau disponible",
                "selector": "h2",
                "by_data": False,
                "detail": None,
                "last_published": "2026-05-04T11:58:00+02:00",
                "next_week": "2026-05-18",
            },
        ),
        (
            Unreadable(why="layout_changed"),
            {"reading": "Unreadable", "why": "layout_changed", "step": None, "seen": None, "selector": None},
        ),
    ],
)
def test_the_contract_to_the_letter(reading: Reading, told: dict[str, Any]) -> None:
    assert to_json(reading) == told


@pytest.mark.parametrize(
    "data",
    [
        {"reading": "Sold out"},
        {},
        {"reading": "NotYetOpen", "seen": "x", "selector": "h1", "opens_at": "demain"},
        {"reading": "SlotsOpen", "seen": "x", "selector": "h1", "first_day": "04/05/2026"},
    ],
)
def test_what_this_version_does_not_know_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        from_json(data)


@pytest.mark.parametrize(
    ("reading", "detail"),
    [
        (SlotsOpen(seen=Seen("libre", "td")), None),
        (SlotsOpen(seen=Seen("libre", "td"), weak=True), "weak"),
        (NoSlot(seen=Seen("[]", "$.daySlots"), by_data=True), "by_data"),
        (NoSlot(seen=Seen("pas de calendrier", "li"), detail="no_calendar"), "no_calendar"),
        (NotYetOpen(seen=Seen("lundi", "p"), opens_at=datetime(2026, 1, 1, tzinfo=UTC)), None),
        (Obstructed(obstacle="captcha", seen=Seen("code", "label"), detail="invalid"), "captcha"),
        (Unavailable(kind="overloaded", seen=Seen("surchargé", "h1")), "overloaded"),
        (Unreadable(why="empty"), "empty"),
        (Unreached(cause="timeout", detail="20 s"), "timeout"),
    ],
)
def test_the_word_that_tells_two_readings_of_a_class_apart(reading: Reading, detail: str | None) -> None:
    assert detail_of(reading) == detail


@pytest.mark.parametrize("said", ["\ud83d", "Aucun cr\udc80neau", "\udc00\ud800"])
def test_a_lone_surrogate_of_a_site_is_recorded_and_stops_nothing(said: str) -> None:
    told = to_json(NoSlot(seen=Seen(said, "$.x"), detail=said))
    line = canonical(told)
    assert "\N{REPLACEMENT CHARACTER}" in line.decode()
    assert json.loads(line) == told
    assert to_json(from_json(told)) == told
    assert to_json(NoSlot(seen=Seen("\U0001f600", "$.x")))["seen"] == "\U0001f600"
