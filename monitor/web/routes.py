"""The routes. GET changes nothing, whoever opens a link; a POST acts, and its answer tells nothing of an address.

No cookie, no session, no account: a form bears a dated stamp, a link the code that is its right.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from monitor.alerts.people.requests import SelfRequest
from monitor.alerts.text.letters import CONSENT_TEXT
from monitor.core.errors import StoreError
from monitor.settings import logs
from monitor.values import dataclass
from monitor.web import forms
from monitor.web.clerk import CrowdedError
from monitor.web.forms import Posted, RefusedBodyError
from monitor.web.limits import NetworkLimit
from monitor.web.office import STATES, Change, FrontOffice, instant, rewish
from monitor.web.pages import HEADERS, SelfServicePages, Typed, typed
from monitor.web.words import NAMES

T = TypeVar("T")
Answer = Callable[[Request], Awaitable[Response]]
WAIT: Final = 0.08  # seconds; a store that a sweep holds takes longer


@dataclass(frozen=True, kw_only=True)
class Routes:
    """stamp: what a form of a purpose bears at an instant (seconds since 1970, UTC). wait: seconds for which the page
    of who presses a button waits for the clerk."""

    pages: SelfServicePages
    office: FrontOffice
    limit: NetworkLimit
    stamp: Callable[[str, int], str]
    now: Callable[[], datetime] = instant
    wait: float = WAIT

    def all(self) -> list[Route]:
        """They, each in every language of the pages."""
        every: list[Route] = [Route("/", self._front), Route("/ok", self._well)]
        for language in NAMES:  # messages of ours lead to each, whatever is offered now
            every += [
                Route(f"/{language}/", self._in(language, self._form)),
                Route(f"/{language}/abonnement", self._to(f"/{language}/")),
                Route(f"/{language}/abonnement", self._in(language, self._subscribe), methods=["POST"]),
                Route(f"/{language}/c/{{code}}", self._in(language, self._confirm_page)),
                Route(f"/{language}/c/{{code}}", self._in(language, self._confirm), methods=["POST"]),
                Route(f"/{language}/u/{{code}}", self._in(language, self._stop_page)),
                Route(f"/{language}/u/{{code}}", self._in(language, self._stop), methods=["POST"]),
                Route(f"/{language}/a/{{code}}", self._in(language, self._desk)),
                Route(f"/{language}/a/{{code}}", self._in(language, self._brought), methods=["POST"]),
                Route(f"/{language}/a/{{code}}/feuille", self._in(language, self._sheet)),
                Route(f"/{language}/vie-privee", self._in(language, self._privacy)),
                Route(f"/{language}/gerer", self._in(language, self._manage_form)),
                Route(f"/{language}/gerer", self._in(language, self._manage), methods=["POST"]),
                Route(f"/{language}/g/{{code}}", self._in(language, self._choices)),
                Route(f"/{language}/g/{{code}}", self._in(language, self._change), methods=["POST"]),
            ]
        return every

    def language(self, request: Request) -> str:
        """The language of a path that leads nowhere, of the pages; else their first."""
        first = request.scope["path"].split("/")[1:2]
        return first[0] if first and first[0] in self.pages.offered.languages else self.pages.offered.languages[0]

    @staticmethod
    def _in(language: str, answer: Callable[[Request, str], Awaitable[Response]]) -> Answer:
        async def answered(request: Request) -> Response:
            return await answer(request, language)

        return answered

    @staticmethod
    def _to(path: str) -> Answer:
        async def answered(request: Request) -> Response:
            return RedirectResponse(path, 303, headers=HEADERS)

        return answered

    async def _well(self, request: Request) -> Response:
        return PlainTextResponse("ok\n" if self.office.alive else "clerk\n", 200 if self.office.alive else 500)

    async def _front(self, request: Request) -> Response:
        """The first language a browser asks for that these pages have."""
        wanted = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
        known = self.pages.offered.languages
        language = next((one for one in wanted if one in known), known[0])
        return RedirectResponse(f"/{language}/", 303, headers={**HEADERS, "vary": "accept-language"})

    async def _privacy(self, request: Request, language: str) -> Response:
        return page(self.pages.privacy_page(language))

    # --- subscribing ---

    async def _form(self, request: Request, language: str) -> Response:
        place = request.query_params.get("prefecture", "")  # who comes from its page of the public site
        filled = Typed(prefectures=[place], language=language) if place in self.pages.offered.offices else None
        return self._shown_form(language, filled=filled)

    def _shown_form(
        self, language: str, status: int = 200, *, wrong: list[str] | None = None, filled: Typed | None = None
    ) -> Response:
        at = self.now()
        token, closed = self.stamp("add", int(at.timestamp())), self.office.closed
        body = self.pages.subscribe(language, token, at.date(), closed=closed, wrong=wrong or (), filled=filled)
        return page(body, status)

    async def _subscribe(self, request: Request, language: str) -> Response:
        """The same answer for an address that is known, new, left or given up: it leaves before any is looked up."""
        form = await self._posted(request, language)
        if isinstance(form, Response):
            return form
        if self.office.closed:
            return self._shown_form(language, 503)
        if not self._fresh(form, "add"):
            return self._shown_form(language, 422, wrong=["stale"], filled=typed(form, language))
        asked = forms.asked(form, self.pages.offered, language, self.now().date())
        if isinstance(asked, list):
            return self._shown_form(language, 422, wrong=asked, filled=typed(form, language))
        return self._taken(request, language, form, asked, "look", "look_text")

    def _taken(
        self, request: Request, language: str, form: Posted, asked: SelfRequest, title: str, text: str
    ) -> Response:
        if not self.limit.allows(request.client.host if request.client else ""):
            return self._told(language, "too_many", "too_many_text", status=429)
        if not forms.one(form, "website"):  # a field that people do not see: who fills it in fills in every one
            try:
                self.office.ask(asked)
            except CrowdedError:
                return self._told(language, "too_many", "busy_text", status=503)
        return self._told(language, title, text, status=202)

    # --- yes and stop ---

    async def _confirm_page(self, request: Request, language: str) -> Response:
        path = f"/{language}/c/{_code(request)}"
        return page(self.pages.button(language, "confirm", "confirm_text", "confirm_button", path))

    async def _confirm(self, request: Request, language: str) -> Response:
        if (refused := await self._pressed(request, language)) is not None:
            return refused
        code = _code(request)
        found = await self._done(lambda: self.office.confirm(code))
        if found is LATER:
            return await self._kept(language, code, f"/{language}/c/{code}")
        if found is None:
            return self._told(language, "expired", "expired_text", status=404, back=(f"/{language}/", "subscribe"))
        back = (f"/{language}/g/{found}", "confirmed_link")
        return self._told(language, "confirmed", "confirmed_text", back=back)

    async def _stop_page(self, request: Request, language: str) -> Response:
        return page(self.pages.button(language, "stop", "stop_text", "stop_button", f"/{language}/u/{_code(request)}"))

    async def _stop(self, request: Request, language: str) -> Response:
        """The page's own button, and what a mail provider posts for its user (RFC 8058): only the path is read."""
        if (refused := await self._pressed(request, language, anybody=True)) is not None:
            return refused
        code = _code(request)
        if await self._done(lambda: self.office.stop(code)) is LATER:
            return await self._kept(language, code, f"/{language}/u/{code}")
        return self._told(language, "stopped", "stopped_text")

    # --- one's own choices ---

    async def _manage_form(self, request: Request, language: str) -> Response:
        return page(self.pages.manage(language, self._stamped("manage")))

    async def _manage(self, request: Request, language: str) -> Response:
        form = await self._posted(request, language)
        if isinstance(form, Response):
            return form
        address = forms.mail_address(form)
        wrong = ["stale"] if not self._fresh(form, "manage") else ["address"] if address is None else []
        if wrong or address is None:
            filled = typed(form, language)
            return page(self.pages.manage(language, self._stamped("manage"), wrong=wrong, filled=filled), 422)
        return self._taken(request, language, form, SelfRequest(address=address, wishes=None), "look", "manage_look")

    async def _choices(self, request: Request, language: str) -> Response:
        return await self._shown_choices(language, _code(request))

    async def _shown_choices(
        self, language: str, code: str, status: int = 200, *, saved: bool = False, wrong: list[str] | None = None,
        filled: Typed | None = None,
    ) -> Response:  # fmt: skip
        held = await self._done(lambda: self.office.held(code))
        path = f"/{language}/g/{code}"
        if held is LATER:
            return self._later(language, path)
        if held is None:
            return self._told(language, "expired", "expired_text", status=404, back=(f"/{language}/gerer", "manage"))
        today = self.now().date()
        return page(
            self.pages.choices(language, held, path, today, saved=saved, wrong=wrong or (), filled=filled), status
        )

    async def _change(self, request: Request, language: str) -> Response:
        form = await self._posted(request, language)
        if isinstance(form, Response):
            return form
        code, act = _code(request), forms.one(form, "do")
        match act:
            case "copy":
                return await self._copied(language, code)
            case "save":
                return await self._saved(language, code, form)
            case "pause" | "resume":
                state = STATES[act]
                return await self._changed(language, code, lambda people, who, at: people.set_state(who, state, at))
            case "leave":
                return await self._changed(language, code, lambda people, who, at: people.remove(who, at), "stopped")
            case "erase" if forms.one(form, "sure"):
                return await self._changed(language, code, lambda people, who, at: people.erase(who, at), "erased")
        return await self._shown_choices(language, code, 422)

    async def _saved(self, language: str, code: str, form: Posted) -> Response:
        today = self.now().date()
        chosen = forms.wishes(form, self.pages.offered, language, today)
        if isinstance(chosen, list):
            return await self._shown_choices(language, code, 422, wrong=chosen, filled=typed(form, language))
        return await self._changed(language, code, rewish(chosen))

    async def _changed(self, language: str, code: str, do: Change, gone: str = "") -> Response:
        done = await self._done(lambda: self.office.change(code, do))
        if done is LATER:
            return self._later(language, f"/{language}/g/{code}")
        if done and gone:
            return self._told(language, gone, *(["stopped_text"] if gone == "stopped" else []))
        return await self._shown_choices(language, code, saved=True)

    async def _copied(self, language: str, code: str) -> Response:
        held = await self._done(lambda: self.office.held(code))
        if held is LATER or held is None:
            return await self._shown_choices(language, code)
        body = json.dumps(held.export, ensure_ascii=False, indent=1).encode()
        named = {"content-disposition": 'attachment; filename="vigie.json"'}
        return Response(body, headers={**HEADERS, **named}, media_type="application/json")

    # --- help desks ---

    async def _desk(self, request: Request, language: str) -> Response:
        return await self._shown_desk(language, _code(request))

    async def _shown_desk(
        self, language: str, code: str, status: int = 200, *, wrong: list[str] | None = None,
        filled: Typed | None = None, done: bool = False,
    ) -> Response:  # fmt: skip
        desk, path = await self._done(lambda: self.office.desk(code)), f"/{language}/a/{code}"
        if desk is LATER:
            return self._later(language, path)
        if desk is None:
            return self._told(language, "expired", "expired_text", status=404, back=(f"/{language}/", "home"))
        today = self.now().date()
        return page(
            self.pages.desk(language, desk, path, today, wrong=wrong or (), filled=filled, done=done), status
        )  # fmt: skip

    async def _brought(self, request: Request, language: str) -> Response:
        """Whether the address was known already shows in nothing."""
        form = await self._posted(request, language)
        if isinstance(form, Response):
            return form
        code = _code(request)
        asked = forms.asked(form, self.pages.offered, language, self.now().date())
        wrong = asked if isinstance(asked, list) else []
        if forms.one(form, "how") not in ("sent", "signed"):
            wrong = [*wrong, "how"]
        if wrong or isinstance(asked, list):
            return await self._shown_desk(language, code, 422, wrong=wrong, filled=typed(form, language))
        signed = CONSENT_TEXT if forms.one(form, "how") == "signed" else ""
        done = await self._done(lambda: self.office.bring(code, asked, signed))
        if done is LATER:
            return self._later(language, f"/{language}/a/{code}")
        if not done:
            return self._told(language, "too_many", "busy_text", status=503, back=(f"/{language}/a/{code}", "desk"))
        return await self._shown_desk(language, code, done=True)

    async def _sheet(self, request: Request, language: str) -> Response:
        return page(self.pages.sheet(language))

    # --- what all of them do ---

    async def _posted(self, request: Request, language: str) -> Posted | Response:
        if not forms.from_here(request):
            return self._refused(language, 403)
        try:
            return await forms.posted(request)
        except RefusedBodyError as error:
            return self._refused(language, error.status)

    async def _pressed(self, request: Request, language: str, *, anybody: bool = False) -> Response | None:
        """A button's POST has nothing to read. anybody: a mail provider's has a body of any kind, which is not read."""
        if not forms.from_here(request):
            return self._refused(language, 403)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 9 or int(length) > forms.BODY:
            return self._refused(language, 413)
        if anybody:
            return None
        form = await self._posted(request, language) if int(length) else None
        return form if isinstance(form, Response) else None

    def _refused(self, language: str, status: int) -> Response:
        return self._told(language, "refused", "refused_text", status=status, back=(f"/{language}/", "home"))

    def _told(
        self, language: str, title: str, *text: str, status: int = 200, back: tuple[str, str] | None = None
    ) -> Response:
        said = (back[0], self.pages.word(language, back[1])) if back else None
        return page(self.pages.plain(language, title, *text, back=said), status)

    def _later(self, language: str, path: str) -> Response:
        return self._told(language, "later", "later_text", status=202, back=(path, "again"))

    async def _kept(self, language: str, code: str, path: str) -> Response:
        """A yes or a stop that waits is on the disk before its answer leaves; a mail provider presses once only."""
        try:
            await asyncio.to_thread(self.office.keep, code)
        except StoreError as error:
            logs.tell(logs.WARNING, "web_answer_not_kept", str(error))
            return self._told(language, "failed", "failed_text", status=503, back=(path, "again"))
        return self._told(language, "later", "kept_text", status=202)

    def _stamped(self, purpose: str) -> str:
        return self.stamp(purpose, int(self.now().timestamp()))

    def _fresh(self, form: Posted, purpose: str) -> bool:
        return forms.fresh(forms.one(form, "t"), lambda at: self.stamp(purpose, at), self.now())

    async def _done(self, work: Callable[[], Future[T]]) -> T | Any:
        """What a clerk did; LATER where it has not yet, and goes on."""
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(work())), self.wait)
        except (TimeoutError, CrowdedError):
            return LATER


LATER: Final = object()


def page(body: bytes, status: int = 200, headers: Mapping[str, str] = HEADERS) -> Response:
    """A page as it is answered."""
    return Response(body, status, headers=headers, media_type="text/html")


def _code(request: Request) -> str:
    """The code of a path; one that cannot be any is nobody's."""
    code: str = request.path_params["code"]
    return code if len(code) <= 64 and code.isascii() and code.replace("-", "").isalnum() else "-"
