"""One check's walk over HTTP: from page to page, or request by request for a browser; all checked, paced, recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlencode

import httpx

from monitor.core.exchange import Exchange
from monitor.core.hosts import Url, is_official, join, parse, refusal
from monitor.core.prefecture import Move, Open, Page
from monitor.core.readings import Obstructed, Reading, Seen, Unreached, Unreadable
from monitor.fetch.http.capture import Permit
from monitor.fetch.http.connection import Request, header
from monitor.fetch.http.hops import BECOMES_GET, REDIRECT, REDIRECTS, is_transient, next_url, no_way, page_of
from monitor.fetch.http.hosts import LeftAloneError
from monitor.fetch.http.robots import Robots
from monitor.read.robots import RobotsRules

Headers = tuple[tuple[str, str], ...]
_ACCEPT = (
    ("Accept", "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"),
    ("Accept-Language", "fr-FR,fr;q=0.9"),
    ("Accept-Encoding", "gzip"),
)
_OURS = frozenset((  # headers of a browser's request that this transport writes itself
    "host", "user-agent", "accept-encoding", "connection", "content-length", "expect", "keep-alive", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade",
))  # fmt: skip
SECOND_TRIES = 1  # of a check, after a failure that may pass


class Answering(Protocol):
    """What a walk asks of: the hosts, or in a replay what was recorded of them."""

    def permit(self) -> Permit:
        """A session's right to hold big bodies."""
        ...

    def slow(self, host: str, crawl_delay: float) -> None:
        """robots.txt asks for this many seconds between requests."""
        ...

    async def exchange(self, request: Request, permit: Permit, *, final: bool = True) -> Exchange:
        """Ask once; see `Hosts.exchange`."""
        ...


class HttpSession:
    """Implements `monitor.core.ports.Session`: one check's walk."""

    def __init__(self, hosts: Answering, robots: Robots, agent: str) -> None:
        self._hosts, self._robots, self._agent = hosts, robots, agent
        self._cookies: httpx.Cookies | None = None  # made for the first that is given: many sites give none
        self._permit = hosts.permit()
        self._exchanges: list[Exchange] = []
        self._retried = False
        self._asked_once = False
        self._turn = asyncio.Lock()

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """Every exchange so far, in order."""
        return self._exchanges

    @property
    def asked(self) -> bool:
        """True once a request has left, or was about to."""
        return self._asked_once

    def close(self) -> None:
        """The bodies of this walk are no longer needed: big ones of other walks may be read."""
        self._permit.give_back()

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        """Make one move; see `monitor.core.ports.Session`."""
        asked = self._asked(move, page)
        if not isinstance(asked, tuple):
            return asked
        method, url, body = asked
        if refusal(method, str(url)):
            return no_way(str(url))
        if not is_official(url.host):
            return Unreached(cause="redirects", detail=f"not an official host: {url.host}")
        try:
            return await self._walk(method, url, body, move[-1].unless if isinstance(move[-1], Open) else ())
        except LeftAloneError as error:
            return Unreached(cause="connect", detail=f"not asked: {error}")

    async def fetch(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Exchange | Reading:
        """Ask once for a browser and follow nothing: the exchange, or the reading that says why nothing was asked.

        headers: as the browser would send them, its cookies included; what belongs to the connection is ours, and the
        User-Agent always names this program and the check. One request at a time, whatever the page's script does.
        """
        try:
            asked = parse(url)
        except ValueError as error:
            return no_way(str(error))
        if refusal(method, str(asked)):
            return no_way(str(asked))
        if not is_official(asked.host):
            return Unreached(cause="redirects", detail=f"not an official host: {asked.host}")
        async with self._turn:
            try:
                if (forbidden := await self._forbidden(asked)) is not None:
                    return forbidden
                return await self._ask(Request(method, asked, self._passed_on(asked, headers, body), body))
            except LeftAloneError as error:
                return Unreached(cause="connect", detail=f"not asked: {error}")

    def _passed_on(self, url: Url, headers: Sequence[tuple[str, str]], body: bytes) -> Headers:
        """A browser's headers as they go out: coding and framing are what this transport can undo."""
        named = next((value for name, value in headers if name.lower() == "user-agent"), "")
        agent = named if self._agent in named else f"{named} {self._agent}".strip()
        kept = [(name, value) for name, value in headers if name.lower() not in _OURS]
        length = [("Content-Length", str(len(body)))] if body else []
        return (("Host", url.authority), ("User-Agent", agent), *kept, ("Accept-Encoding", "gzip"), *length)

    def _asked(self, move: Move, page: Page | None) -> tuple[str, Url, bytes] | Reading:
        last = move[-1]
        try:
            if isinstance(last, Open):
                return "GET", join(parse(page.url), last.url) if page else parse(last.url), b""
            from monitor.read.pages.forms import FormChanged, submission

            if page is None:
                raise RuntimeError("a visit begins with an address")
            try:
                form = submission(page, move)
            except FormChanged as error:
                return Unreadable(why="layout_changed", step=str(error))
            url, fields = parse(form.url), urlencode(form.fields)
        except ValueError as error:
            return no_way(last.url if isinstance(last, Open) else str(error))
        if form.method.upper() == "POST":
            return "POST", url, fields.encode()
        return "GET", parse(f"{url}?{fields}"), b""

    async def _walk(self, method: str, url: Url, body: bytes, unless: Headers) -> Page | Reading:
        """Ask, and follow redirects one by one. unless: conditions, of the first address only."""
        asked: set[tuple[str, Url, str | None]] = set()
        for _hop in range(REDIRECTS + 1):
            this = (method, url, self._cookie(url))
            if this in asked:
                return Unreached(cause="redirects", detail=f"a loop at {url}")
            asked.add(this)
            if (forbidden := await self._forbidden(url)) is not None:
                return forbidden
            exchange = await self._ask(self._request(method, url, body, more=unless))
            unless = ()
            if exchange.failure is not None:
                return exchange.failure
            location = header(exchange, "location")
            if exchange.status not in REDIRECT or location is None:
                return page_of(exchange)
            if method == "POST" and exchange.status in BECOMES_GET:
                method, body = "GET", b""
            target = next_url(method, url, location)
            if not isinstance(target, Url):
                return target
            url = target
        return Unreached(cause="redirects", detail=f"more than {REDIRECTS}, last to {url}")

    async def _forbidden(self, url: Url) -> Reading | None:
        rules = await self._robots.rules(url, self._ask_robots)
        if not isinstance(rules, RobotsRules):
            return rules
        self._hosts.slow(url.host, rules.crawl_delay)
        line = rules.disallows(str(url))
        return Obstructed(obstacle="robots", seen=Seen(line, "robots.txt"), detail=str(url)) if line else None

    def _request(
        self, method: str, url: Url, body: bytes = b"", *, more: Headers = (), cookies: bool = True
    ) -> Request:
        headers = [("Host", url.authority), ("User-Agent", self._agent), *_ACCEPT, *more]
        if cookies and (cookie := self._cookie(url)):
            headers.append(("Cookie", cookie))
        if method == "POST":
            headers += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(body)))]
        return Request(method, url, tuple(headers), body)

    def _cookie(self, url: Url) -> str | None:
        """The `Cookie` header of a request: what this check was given for that address."""
        if self._cookies is None or (bare := _as_httpx(url)) is None:
            return None
        self._cookies.set_cookie_header(bare)
        value: str | None = bare.headers.get("cookie")
        return value

    def _keep_cookies(self, url: Url, headers: Headers) -> None:
        """Also of an answer that broke off; in a replay it tells a redirect to itself from a loop."""
        given = [(name.encode(), value.encode()) for name, value in headers if name.lower() == "set-cookie"]
        if given and (bare := _as_httpx(url)) is not None:
            self._cookies = httpx.Cookies() if self._cookies is None else self._cookies
            self._cookies.extract_cookies(httpx.Response(200, headers=given, request=bare))

    async def _ask_robots(self, url: Url) -> Exchange:
        return await self._ask(self._request("GET", url, cookies=False), final=False)

    async def _ask(self, request: Request, *, final: bool = True) -> Exchange:
        """A transient failure is tried once more, once a check in all, and waits its turn like any request."""
        if await self._try(request, final):
            from tenacity import AsyncRetrying, stop_after_attempt  # loaded by a failure alone: most looks have none

            # Its objects refer to each other: nothing that holds a body may be among them, or it stays until collected.
            await AsyncRetrying(stop=stop_after_attempt(SECOND_TRIES))(self._try, request, final)
        return self._exchanges[-1]

    async def _try(self, request: Request, final: bool) -> bool:
        """Ask once. True when the check's second try is for this."""
        self._asked_once = True
        exchange = await self._hosts.exchange(request, self._permit, final=final)
        self._exchanges.append(exchange)
        self._keep_cookies(request.url, exchange.headers)
        if self._retried or not is_transient(exchange):
            return False
        self._retried = True
        return True


def _as_httpx(url: Url) -> httpx.Request | None:
    """What httpx's cookie jar goes by; None for an address too long for httpx, which then has no cookies."""
    try:
        bare = httpx.Request("GET", str(url))
    except httpx.InvalidURL:
        return None
    bare.headers.encoding = "utf-8"  # else a cookie beyond ASCII, which sites do give, is an error
    return bare
