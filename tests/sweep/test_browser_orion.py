"""Orion in the simulator, by a real Chromium: what is read is the answer the site's own script received."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import httpcore
import httpx
import pytest

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Context
from monitor.core.readings import NoSlot, Reading, SlotsOpen, Unavailable, Unreached, Unreadable
from monitor.fetch.browser.session import ChromiumVisitor
from monitor.read.platforms.orion import Orion
from monitor.sweep.sweep import walk
from prefectures.d35_ille_et_vilaine import PREFECTURE
from tests.simulator import fixture
from tests.simulator.client import Simulator
from tests.simulator.walker import Walker
from tests.support.browsers import Running, needs_chromium, running

pytestmark = needs_chromium
simulator, simulator_of_module = fixture.simulator, fixture.simulator_of_module

DESKS = [desk for desk in PREFECTURE.active_desks if isinstance(desk.platform, Orion)]
PATH = "/orion-reservation/slots?account=EVMSPI&config=SEJOURREMISE&usemode=app&code=REN1"
HOST = "esii-orion.com"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Running]:
    with running() as one:
        yield one


class OverHttp:
    """A visitor whose sessions ask the simulator over https, follow nothing and pace nothing."""

    def __init__(self, walker: Walker) -> None:
        self._walker = walker
        self.exchanges: list[Exchange] = []

    def session(self, check_id: str) -> OverHttp:
        return self

    def closed(self, host: str) -> str | None:
        return None

    async def reached(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing is held."""

    async def fetch(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Exchange | Reading:
        try:
            answer = await asyncio.to_thread(
                self._walker.client.request, method, url, headers=list(headers), content=body
            )
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError):
            return Unreached(cause="reset")
        now = datetime.now(UTC)
        self.exchanges.append(
            Exchange(
                method=method, url=url, started=now, finished=now, started_mono_ns=0, finished_mono_ns=1,
                sent=body, status=answer.status_code, headers=tuple(answer.headers.multi_items()),
                decoded_body=answer.content,
            )
        )  # fmt: skip
        return self.exchanges[-1]


def look(chromium: Running, simulator: Simulator, platform: Orion) -> tuple[Reading, list[Exchange]]:
    context = Context(zone=ZoneInfo(PREFECTURE.time_zone), at=datetime.now(UTC))
    with Walker(simulator) as walker:
        visitor = ChromiumVisitor(chromium.browser, OverHttp(walker), agent=lambda check: f"vigie/0 id={check}")
        session = visitor.session("0123456789abcdef", zone=PREFECTURE.time_zone)
        reading, _ = chromium.run(walk(platform.visit(context), session))
        session.close()
        return reading, list(session.exchanges)


def test_both_desks_are_declared() -> None:
    assert [desk.platform.url.partition("config=")[2][:12] for desk in DESKS] == ["SEJOURREMISE", "SEJOURUSARNV"]


def test_an_empty_list_is_no_slot_by_data(chromium: Running, simulator: Simulator) -> None:
    for desk in DESKS:
        assert isinstance(desk.platform, Orion)
        reading, exchanges = look(chromium, simulator, desk.platform)
        assert isinstance(reading, NoSlot)
        assert (reading.by_data, reading.seen.selector) == (True, "$.daySlots")
        assert [(e.method, e.status) for e in exchanges] == [("GET", 200), ("POST", 200)]
        assert exchanges[0].url == desk.platform.url
        assert exchanges[1].url.endswith("/availableSlotByDay")
        assert b'"purposes":[{"businessId":"SEJ04"' in exchanges[1].sent, "asked by the page's own script"
    assert simulator.violations() == []
    agents = {record["user_agent"] for record in simulator.log(HOST)}
    assert agents
    assert all("vigie/0 id=0123456789abcdef" in agent for agent in agents)


def test_slots_are_read_with_their_day(chromium: Running, simulator: Simulator) -> None:
    simulator.show(HOST, PATH, "slots?first=2026-12-08")
    reading, _ = look(chromium, simulator, DESKS[0].platform)  # type: ignore[arg-type]
    assert isinstance(reading, SlotsOpen)
    assert reading.first_day == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("state", "expected", "detail"),
    [
        ("key_missing", Unreadable, "layout_changed"),
        ("unknown_config", Unreadable, "not_found"),
        ("503?at=data", Unavailable, "overloaded"),
        ("reset?at=data", Unreached, "reset"),
        ("503?at=page", Unavailable, "overloaded"),
        ("maintenance?at=page", Unavailable, "maintenance"),
    ],
)
def test_what_is_no_answer_is_never_no_slot(
    chromium: Running,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    expected: type[Reading],
    detail: str,
) -> None:
    """The page's script writes "Aucun créneau disponible" in every one of these cases where it runs."""
    monkeypatch.setattr("monitor.fetch.browser.visit.ANSWER_WITHIN", 0.5)
    simulator.show(HOST, PATH, state)
    reading, _ = look(chromium, simulator, DESKS[0].platform)  # type: ignore[arg-type]
    assert isinstance(reading, expected), reading
    assert detail in repr(reading)
