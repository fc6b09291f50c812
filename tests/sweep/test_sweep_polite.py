"""Politeness as the server measures it, in real time: gaps, requests in flight, connections, what is never asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.api import RdvPrefecture
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.sweeps import MODULE, Swept, ez, look, swept

HOSTS = ("www.ain.gouv.fr", "www.aisne.gouv.fr", "www.allier.gouv.fr")
RDV = "www.rdv-prefecture.interieur.gouv.fr"
LATE = 0.020  # seconds the server may be late to its own clock: half of what chance added to the smallest gap


@pytest.fixture(scope="module")
def real_time(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def tenfold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", "0.1") as running:
        yield running


def stats(simulator: Simulator, hosts: tuple[str, ...] = HOSTS) -> dict[str, dict[str, Any]]:
    every: dict[str, dict[str, Any]] = simulator.stats()["hosts"]
    return {host: every[host] for host in hosts}


def test_a_second_between_answer_and_request_one_in_flight_one_connection(real_time: Simulator, tmp_path: Path) -> None:
    real_time.reset()
    real_time.call("warm", hosts=[*HOSTS, RDV])
    real_time.show(HOSTS[1], MODULE, "slots")  # four pages, two forms, redirects between them
    looks = [ez(f"d{i}", host) for i, host in enumerate(HOSTS)]
    done = swept(real_time, tmp_path, [*looks, look("rdv", RdvPrefecture(2246))], scale=1.0)
    assert [done.read(f"d{i}")[0] for i in range(3)] == ["NoSlot", "SlotsOpen", "NoSlot"]
    assert done.read("rdv") == ("Obstructed", "captcha")
    for host, seen in stats(real_time, (*HOSTS, RDV)).items():
        assert seen["requests"] >= 3, host
        assert seen["smallest_gap"] >= 1.0 - LATE, host
        assert (seen["most_in_flight"], seen["most_open"], seen["connections"]) == (1, 1, 1), host
    assert real_time.violations() == []


def test_opening_a_calendar_never_reaches_for_a_slot(tenfold: Simulator, tmp_path: Path) -> None:
    tenfold.reset()
    tenfold.show(HOSTS[0], MODULE, "slots")
    tenfold.show(HOSTS[1], MODULE, "to_step5")
    tenfold.show(RDV, "/rdvpref/reservation/demarche/2246/", "slots")
    done = swept(tenfold, tmp_path, [ez("a", HOSTS[0]), ez("b", HOSTS[1]), look("rdv", RdvPrefecture(2246))], scale=0.1)
    assert done.read("a") == ("SlotsOpen", None)
    asked = [r["target"] for r in tenfold.log()]
    assert any(target.endswith("/4") for target in asked)
    assert not [t for t in asked if "/5" in t or "_validerCaptcha" in t or "creneau" in t]
    assert tenfold.violations() == []


def gaps(simulator: Simulator, folder: Path, contact: str | None) -> tuple[Swept, float]:
    """A short sweep over one host, and the smallest gap the server saw (virtual seconds)."""
    done = swept(simulator, folder, [ez("a", HOSTS[0])], scale=0.1, contact=contact)
    return done, stats(simulator, HOSTS[:1])[HOSTS[0]]["smallest_gap"]


def test_without_a_contact_the_pace_is_halved(tenfold: Simulator, tmp_path: Path) -> None:
    tenfold.reset()
    done, smallest = gaps(tenfold, tmp_path, None)
    assert done.read("a") == ("NoSlot", None)
    assert smallest >= 2.0 - LATE / 0.1


def test_a_crawl_delay_is_kept(tenfold: Simulator, tmp_path: Path) -> None:
    tenfold.reset()
    tenfold.host(HOSTS[0], robots="User-agent: *\nCrawl-delay: 4\nAllow: /\n")
    done, smallest = gaps(tenfold, tmp_path, "ops@example.org")
    assert done.read("a") == ("NoSlot", None)
    assert smallest >= 4.0 - LATE / 0.1


def test_the_pace_is_kept_from_one_run_to_the_next(tenfold: Simulator, tmp_path: Path) -> None:
    tenfold.reset()
    for _ in range(2):
        _done, smallest = gaps(tenfold, tmp_path, "ops@example.org")
    assert smallest >= 1.0 - LATE / 0.1
