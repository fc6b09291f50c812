"""What a browser tells of its pages without anything being done in them: answers, documents, and what LOOK sees.

The one script run in a page, LOOK, reads: it says whether a field holds something, never what.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import field
from datetime import datetime
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab
from playwright.async_api import Request

from monitor.case.assist.attempt import Passed
from monitor.values import dataclass

_WIDGETS: Final = ("challenges.cloudflare.com", "recaptcha", "hcaptcha", "captcha")  # frames that only ask that

LOOK: Final = """() => {
  const kinds = ["text", "email", "tel", "number", "search", "password", "url", "textarea"];
  const furniture = "header,footer,nav,[role=banner],[role=contentinfo],[role=navigation],[role=search]";
  const words = e => [e.id, e.name, e.placeholder, e.ariaLabel].join(" ").toLowerCase();
  const day = e => /date|jour|semaine|jj\\/mm/.test(words(e)) && !/naiss|birth/.test(words(e));
  const holds = e => kinds.includes(e.type) && e.value.length > 0 && !e.readOnly && !e.disabled
    && e.checkVisibility() && !day(e) && (e.value.length !== e.defaultValue.length || !e.closest(furniture));
  return {
    typed: [...document.querySelectorAll("input, textarea")].some(holds),
    height: document.documentElement ? document.documentElement.scrollHeight : 0,
  };
}"""


@dataclass(slots=True)
class Times:
    """When each request for a document began and ended, by our clock (aware UTC)."""

    began: dict[Request, datetime] = field(default_factory=dict)
    ended: dict[Request, datetime] = field(default_factory=dict)


async def look(tab: Tab) -> dict[str, Any]:
    """What LOOK says of the page, and whether a frame inside it that answers holds something typed."""
    told: dict[str, Any] = await tab.evaluate(LOOK)
    for frame in tab.frames[1:]:
        with suppress(PlaywrightError):
            told["typed"] = told["typed"] or (await frame.evaluate(LOOK))["typed"]
    return told


async def passed(request: Request, times: Times) -> Passed:
    """A request and its answer. What it carried is never asked for. Raises Playwright's Error."""
    response = None if request.failure else await request.response()
    status, headers, body = None, list[tuple[str, str]](), None
    if response is not None:
        status = response.status
        headers = [(one["name"], one["value"]) for one in await response.headers_array()]
        if not 300 <= status < 400:
            with suppress(PlaywrightError):  # the browser no longer has it
                body = await response.body()
    began = times.began[request]
    return Passed(
        method=request.method,
        url=request.url,
        started=began,
        finished=max(began, times.ended.get(request, began)),
        status=status,
        headers=tuple(headers),
        body=body,
        failure=request.failure,
    )


async def inside(tab: Tab) -> list[str]:
    """The documents shown inside the page, those of a captcha left alone."""
    found = []
    for frame in tab.frames[1:]:
        if frame.url.startswith("http") and not any(word in frame.url for word in _WIDGETS):
            with suppress(PlaywrightError):
                found.append(await frame.content())
    return found


def tab_of(request: Request) -> Tab | None:
    """The tab whose document a request asks for; None for anything else."""
    try:
        if not request.is_navigation_request() or request.frame.parent_frame is not None:
            return None
        return request.frame.page
    except PlaywrightError:  # a frame that is gone, or none yet
        return None


def chain_of(request: Request) -> list[Request]:
    """A document's requests, redirects first."""
    chain = [request]
    while (before := chain[0].redirected_from) is not None:
        chain.insert(0, before)
    return chain
