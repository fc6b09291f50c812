"""Politeness without a network: when each request leaves, over which connection, and what is remembered of a host."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from monitor.core.exchange import Exchange
from monitor.core.hosts import Url, parse
from monitor.core.pace import HostState
from monitor.fetch.http.capture import PERMITS
from monitor.fetch.http.channel import TransportError
from monitor.fetch.http.connection import Limits, Recording, Request
from monitor.fetch.http.hosts import Hosts, LeftAloneError
from monitor.fetch.http.robots import ShortMemory
from tests.support.clock import AT, LoopClock, virtually

HOST = "www.ain.gouv.fr"
SECOND = timedelta(seconds=1)
Room = Callable[[], Awaitable[None]]


@dataclass(eq=False)
class Line:
    """A connection that answers as its site is told to."""

    site: Site
    origin: str
    fresh: bool = True
    closed: bool = False

    def is_fresh(self) -> bool:
        return self.fresh and not self.closed

    def close(self) -> None:
        self.closed = True

    async def ask(self, request: Request, recording: Recording, *, cap: int, room: Room) -> None:
        site = self.site
        assert not site.busy, "one request a host at a time"
        site.busy = True
        site.asked.append((asyncio.get_running_loop().time(), str(request.url), site.lines.index(self)))
        try:
            recording.sent = b"GET"
            await asyncio.sleep(site.takes)
            if site.big:
                await room()
                await asyncio.sleep(site.after_room)
            answer = site.answers.pop(0) if site.answers else 200
            if isinstance(answer, Exception):
                raise answer
            recording.status = answer
            recording.headers = tuple(site.headers.items())
        finally:
            site.busy = False


@dataclass(eq=False)
class Site:
    """Plays the dialer and every connection it opens.

    takes: seconds of an answer. big: it asks for room then, and takes `after_room` seconds more. asked: (second,
    address, which connection).
    """

    answers: list[int | Exception] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    takes: float = 0.0
    big: bool = False
    after_room: float = 0.0
    lines: list[Line] = field(default_factory=list)
    asked: list[tuple[float, str, int]] = field(default_factory=list)
    busy: bool = False

    async def open(self, url: Url, recording: Recording) -> Line:
        self.lines.append(Line(self, url.origin))
        return self.lines[-1]


class Chance:
    """No jitter, or as much as is said."""

    def __init__(self, drawn: float = 0.0) -> None:
        self._drawn = drawn

    def random(self) -> float:
        return self._drawn


class Remembered(ShortMemory):
    """written: every state that was kept, in order."""

    def __init__(self, kept: HostState | None = None) -> None:
        super().__init__()
        self.written: list[dict[str, Any]] = []
        if kept is not None:
            super().set_host_states({HOST: kept.to_dict()})

    def set_host_states(self, states: Any) -> None:
        self.written.append(dict(states))
        super().set_host_states(states)


def hosts(site: Site, *, memory: Remembered | None = None, chance: float = 0.0, **more: Any) -> Hosts:
    settings = {"contact": True, "limits": Limits(connect=1, total=20), "clock": LoopClock(), **more}
    return Hosts(site, random=Chance(chance), memory=memory or Remembered(), **settings)  # type: ignore[arg-type]


async def ask(of: Hosts, path: str = "/", *, host: str = HOST, method: str = "GET", **more: Any) -> Exchange:
    url = parse(path if ":" in path else f"https://{host}{path}")
    return await of.exchange(Request(method, url, ()), of.permit(), **more)


def seconds(site: Site) -> list[float]:
    return [round(at, 3) for at, _url, _line in site.asked]


# --- pace -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "crawl_delay", "gap"),
    [
        ({}, 0.0, 1.0),
        ({"chance": 0.5}, 0.0, 1.125),
        ({"contact": False}, 0.0, 2.0),
        ({"spacing_seconds": 3.0}, 0.0, 3.0),
        ({}, 7.0, 7.0),
    ],
)
def test_requests_leave_a_spacing_after_the_end_of_the_last_answer(
    settings: dict[str, Any], crawl_delay: float, gap: float
) -> None:
    async def go(site: Site) -> None:
        of = hosts(site, **settings)
        of.slow(HOST, crawl_delay)
        of.slow(HOST, 0.5)  # the longest that was asked for holds
        await ask(of)
        await ask(of, "/2")

    site = Site(takes=4.0)
    virtually(go(site))
    assert seconds(site) == [0.0, 4.0 + gap]


def test_a_failure_counts_as_an_answer_for_the_pace() -> None:
    async def go(site: Site) -> None:
        of = hosts(site)
        for _request in range(2):
            await ask(of)

    site = Site([TransportError("reset", "closed")], takes=4.0)
    virtually(go(site))
    assert seconds(site) == [0.0, 5.0]


@pytest.mark.parametrize(("ago", "waits"), [(0.25, 0.75), (1.0, 0.0), (3600.0, 0.0), (-5.0, 1.0)])
def test_the_last_answer_of_an_earlier_run_counts_by_the_wall_clock(ago: float, waits: float) -> None:
    """One that is still to come is a clock that was set back: the whole spacing is waited for, and no more."""
    site = Site()
    memory = Remembered(kept=HostState(last_answer=AT - ago * SECOND))
    virtually(ask(hosts(site, memory=memory)))
    assert seconds(site) == [waits]


def test_one_host_is_asked_one_thing_at_a_time_and_another_meanwhile() -> None:
    async def go(sites: dict[str, Site]) -> None:
        class Dialer:
            async def open(self, url: Url, recording: Recording) -> Line:
                return await sites[url.host].open(url, recording)

        of = hosts(Dialer())  # type: ignore[arg-type]
        await asyncio.gather(ask(of), ask(of, "/2"), ask(of, host="www.eure.gouv.fr"))

    sites = {HOST: Site(takes=2.0), "www.eure.gouv.fr": Site(takes=2.0)}
    virtually(go(sites))
    assert seconds(sites[HOST]) == [0.0, 3.0]
    assert seconds(sites["www.eure.gouv.fr"]) == [0.0]


# --- the last fence ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "url", "words"),
    [
        ("GET", f"https://{HOST}/booking/create/1/5", "holds a slot"),
        ("GET", f"https://{HOST}/login", "a login page"),
        ("DELETE", f"https://{HOST}/", "method DELETE"),
        ("GET", "https://www.exemple.fr/", "not an official host"),
    ],
)
def test_nothing_beyond_the_boundary_is_ever_sent(method: str, url: str, words: str) -> None:
    site = Site()
    with pytest.raises(RuntimeError, match=words):
        virtually(ask(hosts(site), url, method=method))
    assert (site.asked, site.lines) == ([], [])


def test_a_host_that_asked_for_peace_is_not_asked_and_says_until_when() -> None:
    async def go() -> None:
        of = hosts(site, memory=Remembered(kept=HostState(retry_at=AT + 60 * SECOND)))
        assert of.closed("www.eure.gouv.fr") is None
        assert (of.closed(HOST) or "").startswith("Retry-After, until 2026-11-23T08:15:05Z")
        with pytest.raises(LeftAloneError, match=rf"{HOST}: Retry-After, until 2026-11-23T08:15:05Z"):
            await ask(of)
        await asyncio.sleep(60)
        await ask(of)

    site = Site()
    virtually(go())
    assert seconds(site) == [60.0]


def test_one_refusal_of_this_sweep_stops_nothing_the_third_does() -> None:
    async def go() -> None:
        of = hosts(site)
        for _request in range(3):
            assert of.closed(HOST) is None
            await ask(of)
        with pytest.raises(LeftAloneError, match="3 refusals in a row"):
            await ask(of)
        later = hosts(
            site, memory=Remembered(kept=HostState(refusals=1, last_refusal=AT - SECOND, not_before=AT + SECOND))
        )
        assert later.closed(HOST) is None, "that delay is over"

    site = Site([403, 403, 429])
    virtually(go())
    assert len(site.asked) == 3


def test_a_refusal_of_an_earlier_sweep_holds_for_this_one() -> None:
    state = HostState(refusals=1, last_refusal=AT - SECOND, not_before=AT + 600 * SECOND)
    site = Site()
    with pytest.raises(LeftAloneError, match=rf"{HOST}: a refusal, until"):
        virtually(ask(hosts(site, memory=Remembered(kept=state))))
    assert site.asked == []


def test_who_waited_for_its_turn_looks_again_whether_it_may_ask() -> None:
    async def go() -> list[BaseException | Exchange]:
        of = hosts(site)
        return await asyncio.gather(*(ask(of) for _one in range(2)), return_exceptions=True)

    site = Site([503], headers={"Retry-After": "120"}, takes=1.0)
    first, second = virtually(go())
    assert isinstance(first, Exchange)
    assert first.status == 503
    assert isinstance(second, LeftAloneError)
    assert len(site.asked) == 1


# --- connections ------------------------------------------------------------------------------------------------------


def lines_used(site: Site) -> list[int]:
    return [line for _at, _url, line in site.asked]


def test_a_connection_is_kept_while_it_is_fresh_and_of_the_same_origin() -> None:
    async def go() -> None:
        of = hosts(site)
        await ask(of)
        await ask(of)
        site.lines[0].fresh = False
        await ask(of)
        await ask(of, f"http://{HOST}/")
        await of.aclose()

    site = Site()
    virtually(go())
    assert lines_used(site) == [0, 0, 1, 2]
    assert [line.origin for line in site.lines] == [f"https://{HOST}"] * 2 + [f"http://{HOST}"]
    assert all(line.closed for line in site.lines)


def test_after_a_failure_the_connection_is_another_and_what_was_sent_is_kept() -> None:
    async def go() -> list[Exchange]:
        of = hosts(site)
        return [await ask(of), await ask(of)]

    site = Site([TransportError("truncated", "cut")], takes=2.0)
    failed, whole = virtually(go())
    assert failed.failure is not None
    assert (failed.failure.cause, failed.failure.detail, failed.sent, failed.status) == (
        "truncated",
        "cut",
        b"GET",
        None,
    )
    assert (failed.finished - failed.started, failed.finished_mono_ns - failed.started_mono_ns) == (
        2 * SECOND,
        2 * 10**9,
    )
    assert (whole.failure, whole.status, whole.url, whole.method) == (None, 200, f"https://{HOST}/", "GET")
    assert lines_used(site) == [0, 1]
    assert site.lines[0].closed


def test_an_answer_that_is_not_whole_in_time_is_a_timeout() -> None:
    site = Site(takes=20.5)
    exchange = virtually(ask(hosts(site)))
    assert exchange.failure is not None
    assert (exchange.failure.cause, exchange.failure.detail) == ("timeout", "not whole within 20 s")
    assert exchange.finished - exchange.started == 20 * SECOND
    assert site.lines[0].closed


def test_a_request_that_is_called_off_leaves_no_connection_behind() -> None:
    async def go() -> None:
        of = hosts(site)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await ask(of)
        assert site.lines[0].closed
        site.takes = 0.0
        await ask(of)

    site = Site(takes=5.0)
    virtually(go())
    assert lines_used(site) == [0, 1]
    assert seconds(site) == [0.0, 2.0], "the pace counts from when it was called off"


@pytest.mark.parametrize(("after", "cause"), [(0.5, None), (3.0, "timeout")])
def test_waiting_for_our_own_permit_is_not_charged_to_the_site(after: float, cause: str | None) -> None:
    """18 of its 20 seconds had passed when the body grew big; then it waits a minute for us, and has 2 left."""

    async def go() -> Exchange:
        of = hosts(site)
        others = [of.permit() for _permit in range(PERMITS)]
        for permit in others:
            await permit.take()

        async def give_back() -> None:
            await asyncio.sleep(60)
            others[0].give_back()

        exchange, _none = await asyncio.gather(ask(of), give_back())
        return exchange

    site = Site(takes=18.0, big=True, after_room=after)
    failure = virtually(go()).failure
    assert (failure.cause if failure else None) == cause


def test_a_permit_that_is_held_is_not_waited_for_again() -> None:
    async def go() -> Exchange:
        of = hosts(site)
        others = [of.permit() for _permit in range(PERMITS)]
        for permit in others:
            await permit.take()
        url = parse(f"https://{HOST}/")
        return await of.exchange(Request("GET", url, ()), others[0])

    site = Site(big=True)
    assert virtually(go()).status == 200


# --- what is remembered -----------------------------------------------------------------------------------------------


def test_a_refusal_is_written_at_once_and_the_rest_at_the_end() -> None:
    async def go(memory: Remembered) -> None:
        of = hosts(site, memory=memory)
        of.closed("www.eure.gouv.fr")  # looked at, never asked
        await ask(of)
        assert memory.written == []
        await ask(of)
        assert [state[HOST]["refusals"] for state in memory.written] == [1]
        await ask(of)
        assert [state[HOST]["refusals"] for state in memory.written] == [1, 0]
        await ask(of)
        assert len(memory.written) == 2
        await of.aclose()

    site, memory = Site([200, 403, 200, 200]), Remembered()
    virtually(go(memory))
    assert set(memory.written[-1]) == {HOST}
    assert HostState.from_dict(memory.host_state(HOST) or {}).last_answer == AT + 3 * SECOND


def test_retry_after_is_written_at_once() -> None:
    site, memory = Site([404], headers={"retry-after": "90"}), Remembered()
    virtually(ask(hosts(site, memory=memory)))
    ((kept,),) = (state.values() for state in memory.written)
    assert kept["retry_at"] == (AT + 90 * SECOND).isoformat()


@pytest.mark.parametrize(
    ("answer", "final", "refusals"),
    [(200, True, 0), (200, False, 1), (404, True, 0), (TransportError("reset", "x"), True, 1), (302, True, 1)],
)
def test_only_a_page_for_a_reader_forgets_a_refusal(answer: int | Exception, final: bool, refusals: int) -> None:
    async def go() -> None:
        of = hosts(site, memory=memory)
        await ask(of, final=final)
        await of.aclose()

    state = HostState(refusals=1, last_refusal=AT - 601 * SECOND, not_before=AT - SECOND)
    site, memory = Site([answer]), Remembered(kept=state)
    virtually(go())
    assert (memory.host_state(HOST) or {})["refusals"] == refusals


def test_a_simulation_shortens_what_a_refusal_costs() -> None:
    site, memory = Site([403]), Remembered()
    virtually(ask(hosts(site, memory=memory, clock=LoopClock(time_scale=0.5))))
    assert (memory.host_state(HOST) or {})["not_before"] == (AT + 300 * SECOND).isoformat()
