"""Politeness as the server measures it: gaps, one request and one connection a host, refusals, what survives a run."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.pace import HostState
from monitor.core.prefecture import Page
from monitor.core.readings import Obstructed, Seen, Unavailable, Unreached
from monitor.fetch.http.connection import Limits
from monitor.fetch.http.robots import RobotsCopy, ShortMemory
from monitor.fetch.http.visitor import HttpVisitor
from tests.support.loopback import Asked, Loopback, Out, TestCA, page, redirect
from tests.support.walks import HOST, START, open_in, visit

HOSTS = [f"h{k}.gouv.fr" for k in range(5)]


def test_each_host_has_one_connection_one_request_and_its_gap(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        async def slow(_: Asked, out: Out) -> None:
            await out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            await asyncio.sleep(0.03)
            await out.write(b"cd")

        for host in HOSTS:
            net.answers[host, "/a"] = slow
            net.answers[host, "/b"] = redirect("/c")
        await asyncio.gather(
            *(open_in(visitor.session("x"), f"https://{host}{path}") for host in HOSTS for path in ("/a", "/b", "/a"))
        )
        for host in HOSTS:
            asked = [a for a in net.asked if a.host == host]
            assert len(asked) == 5
            assert len({a.connection for a in asked}) == 1
            assert min(net.gaps(host)) >= 0.05
        assert net.most_in_flight == 1
        assert {a.host for a in net.asked[:5]} == set(HOSTS), "hosts do not wait for each other"

    visit(ca, scenario, scale=0.05)


@pytest.mark.parametrize(("contact", "least"), [("ops@example.org", 0.05), (None, 0.1)])
def test_without_a_contact_the_spacing_doubles(ca: TestCA, contact: str | None, least: float) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        session = visitor.session("x")
        for k in range(4):
            await open_in(session, f"{START}{k}")
        assert min(net.gaps(HOST)) >= least

    visit(ca, scenario, scale=0.05, contact=contact)


def test_a_failure_ends_an_answer_too(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        async def drop(_: Asked, out: Out) -> None:
            out.reset()

        net.answers[HOST, "/start"] = drop
        session = visitor.session("x")
        assert isinstance(await open_in(session), Unreached)
        assert [a.target for a in net.asked] == ["/robots.txt", "/start", "/start"], "one retry, paced"
        assert min(net.gaps(HOST)) >= 0.05

    visit(ca, scenario, scale=0.05)


def test_http_and_https_share_the_hosts_pace_and_its_one_connection(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        session = visitor.session("x")
        await open_in(session, f"http://{HOST}/a")
        await open_in(session, f"https://{HOST}/b")
        assert min(net.gaps(HOST)) >= 0.05
        assert [(a.scheme, a.target) for a in net.asked if a.target != "/robots.txt"] == [
            ("http", "/a"),
            ("https", "/b"),
        ]

    visit(ca, scenario, scale=0.05)


def test_a_larger_crawl_delay_is_honoured(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/robots.txt"] = page(b"User-agent: *\nCrawl-delay: 8")
        await open_in(visitor.session("x"))
        await open_in(visitor.session("y"))
        assert min(net.gaps(HOST)) >= 0.08

    visit(ca, scenario)


def test_robots_is_asked_once_a_day_for_all_runs(ca: TestCA) -> None:
    memory = ShortMemory()

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/robots.txt"] = page(b"User-agent: *\nDisallow: /no")
        await asyncio.gather(*(open_in(visitor.session("x"), f"{START}{k}") for k in range(3)))
        assert sum(a.target == "/robots.txt" for a in net.asked) == 1

    async def again(net: Loopback, visitor: HttpVisitor) -> None:
        assert isinstance(await open_in(visitor.session("x"), f"https://{HOST}/no"), Obstructed)
        assert net.asked == []

    visit(ca, scenario, memory=memory)
    visit(ca, again, memory=memory)


def aged(hours: float) -> RobotsCopy:
    fetched = datetime.now(UTC) - timedelta(hours=hours)
    body = b"User-agent: *\nDisallow: /no"
    return RobotsCopy(status=200, body=body, fetched=fetched, expires=fetched + timedelta(hours=24))


@pytest.mark.parametrize("hours", [25, 30 * 24 - 1])
def test_an_old_copy_of_robots_is_asked_anew_and_holds_while_the_site_fails(ca: TestCA, hours: float) -> None:
    memory = ShortMemory()
    memory.set_robots(f"https://{HOST}", aged(hours))

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/robots.txt"] = page(b"", "503 Busy")
        assert isinstance(await open_in(visitor.session("x"), f"https://{HOST}/no"), Obstructed)
        assert isinstance(await open_in(visitor.session("x")), Page)
        assert sum(a.target == "/robots.txt" for a in net.asked) == 1

    visit(ca, scenario, memory=memory)


@pytest.mark.parametrize("hours", [30 * 24 + 1, 400 * 24])
def test_a_copy_of_robots_ends_after_30_days_and_nothing_is_asked_while_the_site_fails(
    ca: TestCA, hours: float
) -> None:
    memory = ShortMemory()
    memory.set_robots(f"https://{HOST}", aged(hours))

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/robots.txt"] = page(b"", "503 Busy")
        came = await open_in(visitor.session("x"))
        assert isinstance(came, Unavailable)
        assert came.seen == Seen("503", "status")
        assert {asked.target for asked in net.asked} == {"/robots.txt"}

    visit(ca, scenario, memory=memory)


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["403 Forbidden", "429 Slow", "502 Bad", "503 Busy", "504 Late"])
def test_three_refusals_in_a_row_and_the_host_is_left_alone(ca: TestCA, status: str) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        for k in range(5):
            net.answers[HOST, f"/start{k}"] = page(b"no", status)
        assert visitor.closed(HOST) is None
        for k in range(3):
            came = await open_in(visitor.session("x"), f"{START}{k}")
            assert isinstance(came, Page), "what the refusal says is the platform's to read"
        assert "3 refusals" in str(visitor.closed(HOST.upper() + "."))
        left = await open_in(visitor.session("x"), f"{START}4")
        assert isinstance(left, Unreached)
        assert "not asked" in str(left.detail)
        assert net.paths(HOST) == ["/start0", "/start1", "/start2"]
        assert isinstance(await open_in(visitor.session("x"), "https://other.gouv.fr/"), Page)

    visit(ca, scenario)


def test_a_redirect_before_the_refusal_does_not_forget_it(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/start"] = redirect("/denied")
        net.answers[HOST, "/denied"] = page(b"no", "403 Forbidden")
        for _ in range(3):
            assert visitor.closed(HOST) is None
            await open_in(visitor.session("x"))
        assert visitor.closed(HOST) is not None

    visit(ca, scenario)


def test_a_robots_file_does_not_forget_refusals(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/robots.txt"] = page(b"User-agent: *\nAllow: /")
        net.answers[HOST, "/denied"] = page(b"no", "403 Forbidden")
        for scheme in ("https", "https", "http"):
            assert visitor.closed(HOST) is None
            await open_in(visitor.session("x"), f"{scheme}://{HOST}/denied")
        assert visitor.closed(HOST) is not None

    visit(ca, scenario)


def test_a_good_page_forgets_refusals(ca: TestCA) -> None:
    memory = ShortMemory()

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/denied"] = page(b"no", "403 Forbidden")
        for path in ("denied", "denied", "good", "denied", "denied"):
            await open_in(visitor.session("x"), f"https://{HOST}/{path}")
        assert visitor.closed(HOST) is None
        kept = memory.host_state(HOST)
        assert kept is not None
        assert kept["refusals"] == 2

    visit(ca, scenario, memory=memory)


def test_retry_after_is_obeyed_at_once(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/start"] = page(b"", "429 Slow", "Retry-After: 3600")
        assert isinstance(await open_in(visitor.session("x")), Page)
        assert "Retry-After" in str(visitor.closed(HOST))
        asked = len(net.asked)
        assert isinstance(await open_in(visitor.session("x"), f"https://{HOST}/else"), Unreached)
        assert len(net.asked) == asked

    visit(ca, scenario)


def test_a_redirect_to_a_host_left_alone_is_not_followed(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers["other.gouv.fr", "/x"] = page(b"", "503 Busy", "Retry-After: 3600")
        net.answers[HOST, "/start"] = redirect("https://other.gouv.fr/x")
        assert isinstance(await open_in(visitor.session("x")), Page)
        came = await open_in(visitor.session("x"))
        assert isinstance(came, Unreached)
        assert "other.gouv.fr" in str(came.detail)
        assert net.paths("other.gouv.fr") == ["/x"]

    visit(ca, scenario)


def remembering(**state: object) -> ShortMemory:
    memory = ShortMemory()
    memory.set_host_states({HOST: HostState(**state).to_dict()})  # type: ignore[arg-type]
    return memory


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


def test_refusals_are_remembered_by_the_next_run(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        assert "a refusal" in str(visitor.closed(HOST))
        assert isinstance(await open_in(visitor.session("x")), Unreached)
        assert net.asked == []

    visit(ca, scenario, memory=remembering(refusals=1, last_refusal=ago(minutes=2), not_before=ago(minutes=-8)))


@pytest.mark.parametrize(("status", "closed"), [("200 OK", False), ("403 Forbidden", True)])
def test_after_the_delay_the_host_is_tried_once(ca: TestCA, status: str, closed: bool) -> None:
    memory = remembering(refusals=3, last_refusal=ago(hours=1), not_before=ago(minutes=1))
    memory.set_robots(f"https://{HOST}", aged(1))

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        net.answers[HOST, "/start"] = page(b"", status)
        assert visitor.closed(HOST) is None
        await open_in(visitor.session("x"))
        assert (visitor.closed(HOST) is not None) == closed
        assert len(net.asked) == 1

    visit(ca, scenario, memory=memory)


def test_the_last_answer_of_an_earlier_run_counts(ca: TestCA) -> None:
    async def first_byte_after(visitor: HttpVisitor, net: Loopback) -> float:
        began = time.monotonic()
        await open_in(visitor.session("x"))
        return net.asked[0].first_byte - began

    async def just_now(net: Loopback, visitor: HttpVisitor) -> None:
        assert await first_byte_after(visitor, net) >= 0.25

    async def long_ago(net: Loopback, visitor: HttpVisitor) -> None:
        assert await first_byte_after(visitor, net) < 20, "a pause would last 60 s"

    unasked = remembering(last_answer=ago(hours=2))
    unasked.set_robots(f"https://{HOST}", aged(1))  # one request, and no pause after it
    visit(ca, just_now, memory=remembering(last_answer=ago(milliseconds=-50)), scale=0.3)
    visit(ca, long_ago, memory=unasked, scale=60)


def test_what_was_learnt_is_kept_at_the_end(ca: TestCA) -> None:
    memory = ShortMemory()

    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        await open_in(visitor.session("x"))

    visit(ca, scenario, memory=memory)
    kept = memory.host_state(HOST)
    assert kept is not None
    assert datetime.now(UTC) - datetime.fromisoformat(kept["last_answer"]) < timedelta(minutes=5)


# --- stopping -------------------------------------------------------------------------------------


def test_a_walk_is_cancelled_at_once_and_frees_its_host(ca: TestCA) -> None:
    async def scenario(net: Loopback, visitor: HttpVisitor) -> None:
        arrived = asyncio.Event()

        async def hang(_: Asked, out: Out) -> None:
            arrived.set()
            await asyncio.sleep(60)

        net.answers[HOST, "/start"] = hang
        tasks = [asyncio.create_task(open_in(visitor.session("x"))) for _ in range(3)]
        await arrived.wait()
        began = time.monotonic()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert time.monotonic() - began < 10, "a host that hangs would hold it for 30 s"
        assert isinstance(await open_in(visitor.session("x"), f"https://{HOST}/fine"), Page)

    visit(ca, scenario, limits=Limits(connect=30, total=30))
