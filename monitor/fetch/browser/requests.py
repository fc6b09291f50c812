"""Every request of a page, paused before it leaves Chromium (CDP `Fetch`) and answered by us, or refused and listed.

Nothing is ever let through to Chromium's own network. Redirects are paused hop by hop, which Playwright's `route` does
not do for answers it was given (2026-11). Frames, workers and popups a page is not meant to open are caught by the
browser-wide `refuse_all`, behind which there is still no resolver.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, MutableSequence, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, NamedTuple

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from monitor.core.hosts import is_official, parse
from monitor.values import dataclass

ICON = "icon"  # asked for by the window, at a moment of its own; no part of any picture, so neither given nor listed
_NOT_OURS_TO_REPEAT = frozenset((  # framing and coding of the wire: the body handed on is whole and decoded
    "connection", "content-encoding", "content-length", "keep-alive", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
))  # fmt: skip


class Resource(NamedTuple):
    """A sub-resource as it was fetched. body: decoded bytes."""

    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page asks for.

    kind: `document` (the page itself), `frame` (a document inside it), `icon` (the tab's), else CDP's resource type in
    lower case (`stylesheet`, `script`, `image`, `font`, `xhr`, `fetch`, `ping` ...). first: the page's first address or
    a redirect hop from it, not a later move. headers: as Chromium would send them, cookies included.
    """

    method: str
    url: str
    kind: str
    first: bool
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a page is given. body: decoded bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """A request that was not answered, and why."""

    method: str
    url: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Used:
    """A sub-resource a page was given. sha256: of the decoded bytes."""

    url: str
    kind: str
    sha256: str


def plain(resource: Resource) -> PageAnswer:
    """A sub-resource as an answer. Any origin may use it: which could is not kept with it."""
    return PageAnswer(
        200, (("Content-Type", resource.content_type), ("Access-Control-Allow-Origin", "*")), resource.body
    )


def key(url: str) -> str:
    """An address as resources are known by: normalised, without fragment."""
    try:
        return str(parse(url))
    except ValueError:
        return url.partition("#")[0]


def on_official_host(url: str) -> bool:
    """True for an http or https address on a host of the State or its services."""
    try:
        return is_official(parse(url).host)
    except ValueError:
        return False


Answering = Callable[[Asked], Awaitable[PageAnswer | str]]  # a string says why the request is refused


class Interception:
    """The requests of one page. main_frame: CDP id of its top frame."""

    def __init__(self, session: CDPSession, answer: Answering, *, main_frame: str) -> None:
        self._session, self._answer, self._main_frame = session, answer, main_frame
        self._tasks: set[asyncio.Task[None]] = set()
        self._moves = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._idle_since = 0.0
        self.refused: list[RefusedRequest] = []
        self.used: list[Used] = []
        self.bugs: list[Exception] = []

    async def start(self) -> None:
        """From now on nothing passes but by us."""
        self._session.on("Fetch.requestPaused", lambda event: self._paused(event))
        await self._session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    def refuse(self, method: str, url: str, kind: str, why: str) -> None:
        """List a request that was not made."""
        self.refused.append(RefusedRequest(method, url, kind, why))

    async def quiet(self, seconds: float) -> None:
        """Wait until no request has been under way for so long."""
        loop = asyncio.get_running_loop()
        while True:
            await self._idle.wait()
            left = self._idle_since + seconds - loop.time()
            if left <= 0:
                return
            await asyncio.sleep(left)

    async def stop(self) -> None:
        """Drop what is still under way. Raises the first bug met while answering."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.bugs:
            raise self.bugs[0]

    def _paused(self, event: dict[str, Any]) -> None:
        asked = self._asked(event)
        task = asyncio.ensure_future(self._reply(event["requestId"], asked))
        self._tasks.add(task)
        self._idle.clear()
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self._idle_since = asyncio.get_running_loop().time()
            self._idle.set()

    def _asked(self, event: dict[str, Any]) -> Asked:
        request = event["request"]
        kind = event.get("resourceType", "Other").lower()
        if kind == "other" and request["headers"].get("Accept", "").startswith("image/"):
            kind = ICON
        if kind == "document" and event.get("frameId") != self._main_frame:
            kind = "frame"
        if kind == "document" and "redirectedRequestId" not in event:
            self._moves += 1
        return Asked(
            method=request["method"],
            url=request["url"],
            kind=kind,
            first=kind == "document" and self._moves == 1,
            headers=tuple(request["headers"].items()),
            body=b"".join(base64.b64decode(part.get("bytes", "")) for part in request.get("postDataEntries", ())),
        )

    async def _reply(self, number: str, asked: Asked) -> None:
        try:
            answer = "the icon of a window" if asked.kind == ICON else await self._answer(asked)
        except Exception as bug:  # noqa: BLE001 - in a task nobody hears it: `stop` raises it
            self.bugs.append(bug)
            answer = "bug"
        with suppress(PlaywrightError):  # the page is gone, and with it whoever asked
            if isinstance(answer, PageAnswer):
                if asked.kind != "document":
                    self.used.append(Used(asked.url, asked.kind, hashlib.sha256(answer.body).hexdigest()))
                await self._fulfil(number, answer)
            else:
                if asked.kind != ICON:
                    self.refuse(asked.method, asked.url, asked.kind, answer)
                await _refuse(self._session, number, stay=asked.kind in ("document", "frame") and not asked.first)

    async def _fulfil(self, number: str, answer: PageAnswer) -> None:
        headers = [{"name": name, "value": value} for name, value in handed_on(answer.headers)]
        body = base64.b64encode(answer.body).decode()
        await self._session.send(
            "Fetch.fulfillRequest",
            {
                "requestId": number,
                "responseCode": answer.status,
                "responsePhrase": _phrase(answer.status),
                "responseHeaders": headers,
                "body": body,
            },
        )


async def refuse_all(session: CDPSession, strays: MutableSequence[RefusedRequest]) -> None:
    """Refuse whatever no page's own interception has answered, in every context of the browser, and list it."""

    async def refuse(number: str) -> None:
        with suppress(PlaywrightError):
            await _refuse(session, number, stay=False)

    tasks: set[asyncio.Task[None]] = set()

    def paused(event: dict[str, Any]) -> None:
        request = event["request"]
        kind = event.get("resourceType", "Other").lower()
        strays.append(RefusedRequest(request["method"], request["url"], kind, "not asked by a page that is being read"))
        task = asyncio.ensure_future(refuse(event["requestId"]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    session.on("Fetch.requestPaused", lambda event: paused(event))
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})


async def _refuse(session: CDPSession, number: str, *, stay: bool) -> None:
    """stay: an answer without content, so that the page that asked remains instead of an error page of Chromium's."""
    if stay:
        await session.send("Fetch.fulfillRequest", {"requestId": number, "responseCode": 204})
    else:
        await session.send("Fetch.failRequest", {"requestId": number, "errorReason": "BlockedByClient"})


def handed_on(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers without those of framing and coding."""
    return tuple((name, value) for name, value in headers if name.lower() not in _NOT_OURS_TO_REPEAT)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
