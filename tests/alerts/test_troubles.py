"""What is wrong over several checks, or with the monitor itself: found, told once, again when it should be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.alerts.news.events import Event
from monitor.alerts.news.standing import Standing
from monitor.alerts.news.troubles import DISK_LOW, Alarm, Trouble, machine, missing_sweep, raised, troubles
from monitor.core.record import canonical
from tests.alerts.test_news import START, Row, look
from tests.support.news import caught_up

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CHANGED, TIMEOUT = "Unreadable/layout_changed", "Unreached/timeout"


def standings(*looks: tuple[float, str, str], **more: Any) -> list[Standing]:
    """What stands after looks: (hours since START, check, what it said). Hosts are named after the préfecture."""
    records = []
    for seq, (hours, check, said) in enumerate(looks):
        code = check.partition("/")[0]
        record = look(
            seq, said, START + hours * HOUR, check=check, prefecture=code, url=f"https://rdv{code}.example.fr/"
        )
        records.append(Row(canonical(record | more)))
    return list(caught_up({}, records)[0].values())


def found(stand: Sequence[Standing], hours: float) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in troubles(stand, START + hours * HOUR)]


def every(said: str, check: str, hours: Sequence[float]) -> list[tuple[float, str, str]]:
    return [(hour, check, said) for hour in hours]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([CHANGED] * 2, []),
        ([CHANGED] * 3, [("plugin_unreadable", "95/a")]),
        (["NoSlot", CHANGED, CHANGED, "NoSlot", CHANGED], []),
        ([CHANGED, TIMEOUT, CHANGED, CHANGED], [("plugin_unreadable", "95/a")]),
        ([CHANGED, CHANGED, "Obstructed/waf", CHANGED], []),
    ],
)
def test_a_page_not_understood_three_times_is_told(said: list[str], expected: list[tuple[str, str]]) -> None:
    looks = [(hour, "95/a", one) for hour, one in enumerate(said)]
    assert found(standings(*looks), len(said)) == expected


def test_a_platform_that_fell_is_one_event_and_then_not_one_a_desk() -> None:
    desks = [f"{code}/a" for code in (75, 77, 78, 91)]
    fell = [(hour, desk, CHANGED) for hour in range(4) for desk in desks[:3]] + [(3, desks[3], "NoSlot")]
    assert found(standings(*fell), 4) == [("platform_fell", "ez_booking")]
    half = [(hour, desk, CHANGED) for hour in range(4) for desk in desks[:2]]
    half += [(3, desk, "NoSlot") for desk in desks[2:]]
    assert [kind for kind, _ in found(standings(*half), 4)] == ["plugin_unreadable"] * 2


def test_a_platform_falls_in_the_first_sweep_that_shows_it() -> None:
    desks = [f"{code}/a" for code in (75, 77, 78)]
    stand = standings(*[(0, desk, "NoSlot") for desk in desks], *[(1, desk, CHANGED) for desk in desks])
    assert found(stand, 1) == [("platform_fell", "ez_booking")]


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        (every(TIMEOUT, "95/a", [0, 8, 16, 23]), []),
        (every(TIMEOUT, "95/a", [0, 8, 16, 24]), [("unreachable", "95 rdv95.example.fr")]),
        (every("Unavailable/overloaded", "95/a", [0, 8, 16, 24]), [("unreachable", "95 rdv95.example.fr")]),
        (every("Unreached/vantage_offline", "95/a", [0, 8, 16, 24]), []),
        ([*every(TIMEOUT, "95/a", [0, 8, 16]), (20, "95/a", CHANGED), (24, "95/a", TIMEOUT)], []),
        ([*every(TIMEOUT, "95/a", [0, 24])], []),
        ([*every(TIMEOUT, "95/a", [0, 1, 20, 21, 24])], []),  # nobody looked for 19 hours: the site may have answered
        ([*every(TIMEOUT, "95/a", [0, 8, 20, 24]), (10, "95/a", "Unreached/vantage_offline")], []),
        ([*every(TIMEOUT, "95/a", [0, 8, 16, 24]), (24, "95/b", "NoSlot")], []),
        (
            [*every(TIMEOUT, "95/a", [0, 8, 16, 24]), *every(TIMEOUT, "95/b", [0, 8, 16, 24])],
            [("unreachable", "95 rdv95.example.fr")],
        ),
    ],
)
def test_a_site_is_unreachable_after_a_day_without_any_page(looks: list[Any], expected: list[Any]) -> None:
    looks.sort(key=lambda one: one[0])
    assert found(standings(*looks), looks[-1][0]) == expected


@pytest.mark.parametrize(
    ("more", "gap"),
    [({}, 12), ({"platform": "demarche_numerique"}, 36), ({"look": "notice"}, 36)],
)
def test_a_silence_is_the_site_s_while_somebody_looked_about_as_often_as_is_usual(more: Any, gap: float) -> None:
    """A desk is looked at each twenty minutes, and a host left alone for six hours; the others once a day."""
    watched = every(TIMEOUT, "95/a", [gap * number for number in range(4)])
    missed = every(TIMEOUT, "95/a", [(gap + 0.5) * number for number in range(4)])
    assert found(standings(*watched, **more), watched[-1][0]) == [("unreachable", "95 rdv95.example.fr")]
    assert found(standings(*missed, **more), missed[-1][0]) == []


def test_what_people_read_of_an_unreachable_site() -> None:
    stand = standings(*every(TIMEOUT, "95/a", [0, 8, 16, 24]))
    _, events = raised({}, troubles(stand, START + 24 * HOUR), START + 24 * HOUR)
    later = raised({}, troubles(stand, START + 25 * HOUR), START + 25 * HOUR)[1]
    assert [(e.prefecture, e.facts["hours"], e.facts["cause"]) for e in events] == [("95", "24", "timeout")]
    assert [e.key for e in later] == [e.key for e in events], "the key is of the run, not of when it was found"


def test_what_was_played_is_judged_apart() -> None:
    real = standings(*every(CHANGED, "95/a", [0, 1, 2]))
    played = standings(*every("NoSlot", "95/a", [0, 1, 3]), simulated=True)
    assert found([*real, *played], 3) == []
    assert found([*played, *standings(*every(CHANGED, "95/a", [1, 2, 4]))], 4) == [("plugin_unreadable", "95/a")]


def trouble(kind: Any = "disk_low") -> Trouble:
    return Trouble(kind=kind, facts={})


def story(kind: str, *present: bool, step: timedelta = 10 * MINUTE) -> list[int]:
    """In which sweeps a trouble that is there or not is told."""
    alarms: dict[str, Alarm] = {}
    told = []
    for number, there in enumerate(present):
        alarms, events = raised(alarms, [trouble(kind)] if there else [], START + number * step)
        told += [number] * len(events)
    return told


def test_a_trouble_is_told_once_while_it_lasts_and_again_after_two_calm_sweeps() -> None:
    assert story("disk_low", True, True, False, True, True) == [0]
    assert story("disk_low", True, False, False, True) == [0, 3]


def test_a_clock_that_comes_and_goes_is_told_once_a_day_at_most() -> None:
    flickers = (True, False, False) * 4
    assert story("clock_unsynchronised", *flickers) == [0]
    assert story("clock_unsynchronised", *flickers, step=5 * HOUR) == [0, 6]


def of_machine(**more: Any) -> list[tuple[str, dict[str, str]]]:
    values: dict[str, Any] = {"free": 10 * DISK_LOW, "synchronised": True, "owed": {}} | more
    return [(one.kind, dict(one.facts)) for one in machine(START, **values)]


def test_what_is_wrong_with_the_machine() -> None:
    assert of_machine() == of_machine(synchronised=None) == []
    assert of_machine(free=DISK_LOW - 1) == [("disk_low", {"free_mb": "999"})]
    assert of_machine(synchronised=False, error_us=93_000_000) == [
        ("clock_unsynchronised", {"max_error_seconds": "93"})
    ]
    assert of_machine(owed={"tsa": START - 24 * HOUR}) == []
    assert of_machine(owed={"tsa": START - 25 * HOUR, "other": START}) == [
        ("authority_failing", {"authority": "tsa", "hours": "25"})
    ]


def missed(minutes: int) -> Event | None:
    return missing_sweep(7, START, START + minutes * MINUTE, 10 * MINUTE)


def test_a_gap_of_more_than_three_intervals_is_told_once() -> None:
    assert missed(30) is None
    gap, later = missed(31), missed(400)
    assert gap is not None
    assert later is not None
    assert gap.key == later.key
    assert gap.facts == {"expected": (START + 10 * MINUTE).isoformat()}
    assert gap.at == datetime(2026, 11, 24, 8, 31, tzinfo=UTC)
