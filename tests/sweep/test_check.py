"""One check: moves made one by one, what stops a walk, and whose failure a failure is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Context, Move, Open, Page, Visit
from monitor.core.readings import NoSlot, Obstructed, Reading, Seen, Unreached, UnreachedCause, Unreadable
from monitor.core.record import Looked
from monitor.sweep.sweep import MOVES_AT_MOST, check, titles, walk

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGE = Page(url="https://www.ain.gouv.fr/booking/create/1", status=200, body=b"page")
NO_SLOT = NoSlot(seen=Seen("plus de plage", "form"))


@dataclass
class Recording:
    """A platform that remembers its context and reads what it is told."""

    answers: Callable[[Page], Reading] = lambda page: NO_SLOT
    context: Context | None = None
    name: str = "recording"
    url: str = "https://www.ain.gouv.fr/"
    needs_browser: bool = False

    def visit(self, context: Context) -> Visit:
        self.context = context
        return self._walk()

    def _walk(self) -> Visit:
        page = yield (Open(self.url),)
        page = yield (Open(self.url + "2"),)
        return self.answers(page)

    def read(self, page: Page, context: Context) -> Reading:
        return self.answers(page)


@dataclass
class Session:
    """Gives what it was told to, and remembers what was asked from where."""

    came: list[Page | Reading]
    asked: list[tuple[Move, Page | None]] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    closed: bool = False

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        self.asked.append((move, page))
        return self.came.pop(0)

    def close(self) -> None:
        self.closed = True


@dataclass
class Visitor:
    """A vantage whose own network answers, or not. asked: how often that was probed."""

    online: bool = True
    asked: int = 0

    def session(self, check_id: str) -> Session:
        raise NotImplementedError  # a stand-in: what is tested never calls it

    def closed(self, host: str) -> str | None:
        return None

    async def reached(self) -> bool:
        self.asked += 1
        return self.online

    async def aclose(self) -> None: ...


@dataclass
class Clock:
    """Advances a second each time it is asked."""

    ticks: int = 0

    def now(self) -> datetime:
        self.ticks += 1
        return START + timedelta(seconds=self.ticks)

    def monotonic_ns(self) -> int:
        return self.ticks * 10**9

    async def sleep(self, seconds: float) -> None: ...


def looked(came: list[Page | Reading], visitor: Visitor | None = None, visit: Visit | None = None) -> Looked:
    context = Context(zone=PARIS)
    going = visit or Recording().visit(context)
    return asyncio.run(check(going, Session(came), visitor=visitor or Visitor(), clock=Clock()))


def test_each_move_is_made_from_the_page_before_it() -> None:
    second = Page(url=PAGE.url + "/2", status=200)
    session = Session([PAGE, second])
    reading, moves = asyncio.run(walk(Recording().visit(Context(zone=PARIS)), session))
    assert reading == NO_SLOT
    assert session.asked == [(moves[0], None), (moves[1], PAGE)]


def test_a_page_that_did_not_come_ends_the_walk_with_its_reason() -> None:
    refused = Obstructed(obstacle="robots", seen=Seen("Disallow: /", "robots.txt"))
    session = Session([PAGE, refused])
    reading, moves = asyncio.run(walk(Recording().visit(Context(zone=PARIS)), session))
    assert reading is refused
    assert len(moves) == 2, "the move that brought nothing was made, and is recorded"


def test_a_visit_without_an_end_is_a_bug_and_is_closed() -> None:
    ended = []

    def for_ever() -> Visit:
        try:
            while True:
                yield (Open("https://www.ain.gouv.fr/"),)
        finally:
            ended.append(True)

    session = Session([PAGE] * 99)
    with pytest.raises(RuntimeError, match="moves"):
        asyncio.run(walk(for_ever(), session))
    assert len(session.asked) == MOVES_AT_MOST
    assert ended == [True]


def test_a_bug_in_a_reader_is_not_swallowed() -> None:
    def bug(page: Page) -> Reading:
        raise LookupError("planted")

    with pytest.raises(LookupError):
        looked([PAGE, PAGE], visit=Recording(bug).visit(Context(zone=PARIS)))


def test_an_answer_asks_nothing_of_the_probes() -> None:
    visitor = Visitor(online=False)
    assert looked([PAGE, PAGE], visitor).reading == NO_SLOT
    assert looked([Unreadable(why="empty")], visitor).reading == Unreadable(why="empty")
    assert visitor.asked == 0


@pytest.mark.parametrize("cause", ["dns", "tls", "connect", "timeout", "reset", "truncated"])
def test_a_failure_is_the_sites_only_while_our_own_network_answers(cause: UnreachedCause) -> None:
    failure = Unreached(cause=cause, detail="planted")
    assert looked([failure], Visitor(online=True)).reading is failure
    assert looked([failure], Visitor(online=False)).reading == Unreached(cause="vantage_offline", detail=cause)


def test_megabytes_that_came_need_no_probe() -> None:
    visitor = Visitor(online=False)
    assert looked([Unreached(cause="too_large")], visitor).reading == Unreached(cause="too_large")
    assert visitor.asked == 0


def test_both_clocks_frame_the_walk() -> None:
    found = looked([PAGE, PAGE])
    assert found.started < found.finished
    assert found.started_mono_ns < found.finished_mono_ns
    assert [type(step) for move in found.moves for step in move] == [Open, Open]


def came(body: str, kind: str = "text/html; charset=utf-8", status: int = 200) -> Exchange:
    return Exchange(
        method="GET", url="https://www.ain.gouv.fr/booking/create/1", started=START, finished=START,
        started_mono_ns=0, finished_mono_ns=1, status=status, headers=(("Content-Type", kind),),
        decoded_body=body.encode(),
    )  # fmt: skip


def test_the_titles_of_the_pages_are_the_site_s_own_each_once() -> None:
    exchanges = [
        came("User-agent: *", "text/plain"),
        came("<title>Moved</title>", status=302),
        came("<!-- <title>Essai</title> --><title>\n Naturalisation —\n Cergy </title><h1>x</h1>"),
        came("<title>Naturalisation — Cergy</title>"),
        came("<svg><title>icône</title></svg><p>sans titre"),
        came('{"title": "<title>x</title>"}', "application/json"),
        came("<title>Choisissez votre créneau</title>" + "x" * 200_000),
        came(" " * 40_000 + "<title>Trop loin</title>"),
        came("<title>" + "é" * 999 + "</title>"),
    ]
    assert titles(exchanges) == ["Naturalisation — Cergy", "Choisissez votre créneau", "é" * 200]
    assert len(titles([came(f"<title>{i}</title>") for i in range(30)])) == 8
