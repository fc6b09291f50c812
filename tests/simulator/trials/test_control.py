"""Scripts, the control endpoint and the politeness report."""

from __future__ import annotations

import threading
import time
from email.utils import parsedate_to_datetime

import pytest

from tests.simulator import fixture
from tests.simulator.client import Simulator
from tests.simulator.server import Options
from tests.simulator.states import ScriptError
from tests.simulator.walker import Walker

simulator, simulator_of_module = fixture.simulator, fixture.simulator_of_module

HOST = "www.val-de-marne.gouv.fr"
MODULE = "/booking/create/4963"
URL = f"https://{HOST}{MODULE}"


def reaches(simulator: Simulator) -> str:
    """The step a fresh visitor gets to."""
    with Walker(simulator) as walker:
        return walker.demand(URL).url.path.rsplit("/", 1)[-1]


def test_slots_appear_and_vanish_by_visits(simulator: Simulator) -> None:
    simulator.plan(HOST, MODULE, [["no_slot", 3], ["slots", 2], ["no_slot", 99]])
    assert [reaches(simulator) for _ in range(7)] == ["2", "2", "2", "3", "3", "2", "2"]
    [entry] = simulator.call("truth")
    assert (entry["visits"], entry["now"]) == (7, "no_slot")


def test_slots_appear_and_vanish_by_virtual_time(simulator: Simulator) -> None:
    simulator.schedule(HOST, MODULE, [[0, "no_slot"], [600, "slots"], [1200, "no_slot"]])
    seen = [reaches(simulator)]
    for _ in range(2):
        simulator.clock(advance=600)
        seen.append(reaches(simulator))
    assert seen == ["2", "3", "2"]


def test_a_state_changed_live_holds_at_once(simulator: Simulator) -> None:
    assert reaches(simulator) == "2"
    simulator.show(HOST, f"{MODULE}/0", "slots")
    assert reaches(simulator) == "3"
    simulator.reset()
    assert reaches(simulator) == "2"


def test_patterns_cover_what_nothing_else_names(simulator: Simulator) -> None:
    simulator.show("*.gouv.fr", "/booking/create/*", "overloaded")
    simulator.show(HOST, MODULE, "no_slot")
    with Walker(simulator) as walker:
        assert "Service surchargé" in walker.get("https://www.essonne.gouv.fr/booking/create/1").text
        assert walker.get(URL).status_code == 200
    assert reaches(simulator) == "2"


def test_an_address_that_is_no_desk_can_be_scripted(simulator: Simulator) -> None:
    simulator.show(HOST, "/robots.txt", "503")
    simulator.show(HOST, f"{MODULE}/2", "502")
    with Walker(simulator) as walker:
        assert walker.get(f"https://{HOST}/robots.txt").status_code == 503
        assert walker.get(URL).status_code == 200
        assert walker.get(f"{URL}/2").status_code == 502


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"host": HOST, "path": MODULE, "state": "no_slots"}, "did you mean 'no_slot'"),
        ({"host": HOST, "path": MODULE, "states": []}, "states is empty"),
        ({"host": HOST, "path": MODULE, "state": "503", "states": [["503", 1]]}, "one of state, states, timeline"),
        ({"host": HOST, "path": MODULE, "states": [["503"]]}, MODULE),
        ({"host": HOST, "state": "503"}, "needs host and path"),
        ({"host": HOST, "path": MODULE, "stat": "503"}, "unknown key stat"),
        ({"host": HOST, "path": MODULE, "calendars": [{"id": 1}]}, "needs id and label"),
    ],
)
def test_mistakes_in_a_script_are_named(simulator: Simulator, entry: dict[str, object], words: str) -> None:
    with pytest.raises(ScriptError, match=words):
        simulator.call("script", entries=[entry])
    assert simulator.call("truth") == []


def test_mistakes_in_a_control_call_are_named(simulator: Simulator) -> None:
    for route, params, words in (
        ("host", {"host": HOST, "tls": "old"}, "is none of good, expired"),
        ("host", {"host": HOST, "colour": 1}, "unknown key colour"),
        ("captcha", {}, "captcha needs id"),
        ("nothing", {}, "no route"),
    ):
        with pytest.raises(ScriptError, match=words):
            simulator.call(route, **params)


def test_gaps_requests_in_flight_and_connections_are_measured(simulator: Simulator) -> None:
    simulator.show("www.essonne.gouv.fr", "/", "late?seconds=0.2")
    since = time.monotonic()
    with Walker(simulator) as walker:
        walker.get(URL)
        walker.get("https://www.essonne.gouv.fr/")
        walker.get(URL)
    elapsed = time.monotonic() - since
    stats = simulator.stats(threshold=5)
    mine = stats["hosts"][HOST]
    assert (mine["requests"], mine["connections"], mine["most_in_flight"], mine["most_open"]) == (2, 1, 1, 1)
    assert 0.2 <= mine["smallest_gap"] <= elapsed
    assert mine["short_gaps"] == 1
    assert stats["hosts"]["www.essonne.gouv.fr"]["smallest_gap"] is None
    assert (stats["checks"], stats["requests"]) == (1, 3)
    assert list(stats["user_agents"]) == ["vigie/0 (+https://exemple.invalid; test) id=essai-1"]
    assert simulator.stats(threshold=0)["short_gaps"] == 0


def test_a_gap_runs_from_the_last_byte_of_a_slow_answer() -> None:
    with fixture.in_thread(Options(time_scale=0.05)) as hurried, Walker(hurried) as walker:
        hurried.show(HOST, MODULE, "late?seconds=10")
        walker.get(URL)
        walker.get(URL)
        first, second = hurried.log(HOST)
        assert first["last"] - first["first"] >= 0.5
        assert second["gap"] == pytest.approx(second["first"] - first["last"], abs=1e-6)
        assert hurried.stats()["hosts"][HOST]["smallest_gap"] == pytest.approx(second["gap"] / 0.05, abs=1e-3)


def test_two_requests_at_once_are_seen(simulator: Simulator) -> None:
    simulator.show(HOST, MODULE, "hang")
    simulator.show(HOST, "/a", "404")

    def hang() -> None:
        with Walker(simulator, timeout=5.0) as walker, pytest.raises(Exception, match="timed out"):
            walker.get(URL)

    thread = threading.Thread(target=hang)
    thread.start()
    while not simulator.log(HOST):
        assert thread.is_alive()
    with Walker(simulator) as walker:
        walker.get(f"https://{HOST}/a")
    thread.join()
    stats = simulator.stats()["hosts"][HOST]
    assert (stats["most_in_flight"], stats["most_open"], stats["smallest_gap"]) == (2, 2, 0)
    assert "2" in simulator.report().splitlines()[2]


def test_the_journal_tells_what_was_sent(simulator: Simulator) -> None:
    reaches(simulator)
    shown, pressed, read = simulator.log(HOST)
    assert (shown["method"], shown["target"], shown["state"], shown["check"]) == ("GET", MODULE, "no_slot", "essai-1")
    assert pressed["fields"] == ["ezxform_token", "condition", "nextButton"]
    assert (pressed["status"], read["target"]) == (302, f"{MODULE}/2")
    assert pressed["session"] == read["session"]
    assert all(r["outcome"] == "whole" and r["sent"] > 0 for r in (shown, pressed, read))


def test_the_date_header_can_be_frozen_moved_and_left_out(simulator: Simulator) -> None:
    simulator.clock(freeze="2026-11-24T08:00:00+00:00")
    with Walker(simulator) as walker:
        assert walker.get(URL).headers["date"] == "Tue, 24 Nov 2026 08:00:00 GMT"
        simulator.host(HOST, date="-3600")
        assert parsedate_to_datetime(walker.get(URL).headers["date"]).hour == 7
        simulator.host(HOST, date="none")
        assert "date" not in walker.get(URL).headers


def test_latency_is_in_virtual_seconds() -> None:
    with fixture.in_thread(Options(time_scale=0.005)) as hurried, Walker(hurried) as walker:
        hurried.host("*", latency=60.0)
        since = time.monotonic()
        walker.get(URL)
        assert 0.3 <= time.monotonic() - since < 60
