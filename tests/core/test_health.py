"""Judgements over several looks: a desk's state, a plugin's, a platform's fall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.health import (
    GRAVITY,
    LOOKS,
    SPAN,
    STALE,
    WINDOW,
    Glance,
    Judgement,
    State,
    fall,
    judge,
    platform_state,
    plugin_state,
)
from monitor.core.readings import CLASSES, ObstacleKind, UnreachedCause, UnreadableWhy

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHANGED, NONE, CLOSED = "Unreadable/layout_changed", "NoSlot", "Closed"
LOST, TIMEOUT, OURS, SERVER = (
    "Unreadable/not_found", "Unreached/timeout", "Unreached/vantage_offline", "Unavailable/server_error",
)  # fmt: skip


def looks(*said: str, every: float = 12.0) -> list[Glance]:
    """Looks `every` so many hours, newest first."""
    out = []
    for i, words in enumerate(said):
        reading, _, detail = words.partition("/")
        out.append(Glance(at=NOW - timedelta(hours=every * i), reading=reading, detail=detail or None))
    return out


@pytest.mark.parametrize(
    ("said", "every", "state", "why"),
    [
        ((NONE,), 12, "well", ""),
        ((CHANGED, NONE), 12, "doubtful", "layout_changed"),
        ((CHANGED, CHANGED, NONE), 12, "doubtful", "layout_changed"),
        ((CHANGED, CHANGED, CHANGED, NONE), 12, "broken", "layout_changed"),
        ((CHANGED, CHANGED, CHANGED), 11.9, "doubtful", "layout_changed"),
        ((CHANGED,) * 60, 0.33, "doubtful", "layout_changed"),
        ((CHANGED,) * 80, 0.33, "broken", "layout_changed"),
        ((CHANGED, NONE, CHANGED, CHANGED), 12, "doubtful", "layout_changed"),
        ((CHANGED, TIMEOUT, CHANGED, OURS, CHANGED), 12, "broken", "layout_changed"),
        ((NONE, CHANGED, CHANGED, CHANGED), 12, "well", ""),
        ((LOST,) * 3, 12, "gone", "not_found"),
        ((LOST, CLOSED, LOST), 12, "gone", "not_found"),
        ((LOST,) * 2, 24, "doubtful", "not_found"),
        ((CLOSED,) * 3, 12, "gone", ""),
        ((CLOSED,) * 2, 24, "well", ""),
        ((LOST, CHANGED, LOST), 12, "broken", "not_found"),
        ((TIMEOUT,) * 3, 0.33, "silent", "timeout"),
        ((TIMEOUT,) * 2 + (NONE,), 12, "well", ""),
        ((TIMEOUT,) * 3 + (NONE,), 12, "silent", "timeout"),
        ((SERVER, TIMEOUT, SERVER, NONE), 1, "silent", "server_error"),
        ((TIMEOUT,), 12, "silent", "timeout"),
        ((OURS,) * 5 + (NONE,), 12, "well", ""),
        ((OURS,) * 5, 12, "dormant", "never"),
        ((), 12, "dormant", "never"),
        (("Obstructed/captcha", CHANGED, CHANGED, CHANGED), 12, "shut_out", "captcha"),
        (("Obstructed/robots",), 12, "shut_out", "robots"),
        (("Contradictory",), 12, "well", ""),
    ],
)
def test_a_desk(said: tuple[str, ...], every: float, state: State, why: str) -> None:
    found = judge(looks(*said, every=every), now=NOW)
    assert (found.state, found.why) == (state, why)


def test_how_many_looks_say_so_and_since_when() -> None:
    found = judge(looks(CHANGED, TIMEOUT, CHANGED, CHANGED, NONE), now=NOW)
    assert (found.looks, found.since) == (3, NOW - timedelta(hours=36))
    assert found.last == NOW


def test_what_is_too_old_describes_nothing() -> None:
    old = [Glance(at=NOW - STALE - timedelta(seconds=1), reading=NONE)]
    assert (judge(old, now=NOW).state, judge(old, now=NOW).why) == ("dormant", "stale")


@pytest.mark.parametrize("asleep", ["retired", "browser"])
def test_what_is_not_visited_sleeps_whatever_was_read(asleep: Any) -> None:
    found = judge(looks(*(CHANGED,) * 9), now=NOW, asleep=asleep)
    assert (found.state, found.why) == ("dormant", asleep)


details = {
    "Obstructed": get_args(ObstacleKind),
    "Unreadable": get_args(UnreadableWhy),
    "Unreached": get_args(UnreachedCause),
}
words = st.sampled_from([f"{name}/{detail}" for name in CLASSES for detail in details.get(name, ("",))])


@given(st.lists(words, max_size=12), st.floats(0.1, 40))
def test_any_looks_give_a_state_and_our_own_network_none(said: list[str], every: float) -> None:
    told = looks(*said, every=every)
    found = judge(told, now=NOW)
    assert found.state in GRAVITY
    without = [look for look in told if look.detail != "vantage_offline"]
    assert judge(without, now=NOW) == found
    if found.state in ("broken", "gone"):
        assert found.looks >= LOOKS
        assert found.last is not None
        assert found.since is not None
        assert found.last - found.since >= SPAN


# --- a platform -------------------------------------------------------------------------------------------------------


def desk(state: State, why: str = "layout_changed", last: datetime = NOW) -> Judgement:
    return Judgement(state=state, why=why, looks=1, since=last, last=last)


def test_more_than_half_unread_is_one_event() -> None:
    found = fall([desk("doubtful"), desk("broken"), desk("well", "")], now=NOW)
    assert found is not None
    assert (found.unread, found.of) == (2, 3)


@pytest.mark.parametrize(
    "desks",
    [
        [desk("doubtful")] * 2 + [desk("well", "")] * 2,
        [desk("doubtful")] * 2,
        [desk("doubtful", "not_found")] * 5 + [desk("well", "")],
        [desk("gone", "not_found")] * 9 + [desk("well", "")] * 3,
        [desk("shut_out", "captcha")] * 9,
        [desk("silent", "timeout")] * 9,
        [desk("doubtful", last=NOW - WINDOW - timedelta(minutes=1))] * 5 + [desk("well", "")] * 3,
        [],
    ],
    ids=["half", "too few", "dead addresses", "gone", "captchas", "their network", "another window", "none"],
)
def test_it_did_not_fall(desks: list[Judgement]) -> None:
    assert fall(desks, now=NOW) is None


def test_dead_addresses_do_not_hide_a_fall() -> None:
    assert fall([desk("gone", "not_found")] * 20 + [desk("doubtful")] * 3, now=NOW) is not None


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (["doubtful", "doubtful", "well"], "doubtful"),
        (["broken", "broken", "well"], "broken"),
        (["shut_out", "shut_out", "well", "dormant"], "shut_out"),
        (["doubtful", "well"], "well"),
        (["dormant", "dormant"], "dormant"),
    ],
)
def test_a_platforms_state(states: list[Any], state: State) -> None:
    desks = [desk(one) for one in states]
    assert platform_state(desks, fall(desks, now=NOW)) == state


def test_a_plugin_is_as_grave_as_its_gravest_part_that_is_awake() -> None:
    assert plugin_state([desk("well"), desk("shut_out"), desk("dormant")]) == "shut_out"
    assert plugin_state([desk("gone"), desk("broken")]) == "broken"
    assert plugin_state([desk("dormant")]) == "dormant"
    assert plugin_state([]) == "dormant"
