"""The application: routes, and what is answered where something else happens. It logs no path, no address, no code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.settings import logs
from monitor.web.clerk import place
from monitor.web.routes import Routes, page

MINUTE: Final = 60.0


def application(routes: Routes) -> Starlette:
    """The ASGI application. Its office is closed with it."""

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        language = routes.language(request)
        if status == 404:
            back = (f"/{language}/", routes.pages.word(language, "home"))
            return page(routes.pages.plain(language, "lost", back=back), status)
        return page(routes.pages.plain(language, "refused", "refused_text"), status)

    async def failed(request: Request, error: Exception) -> Response:
        logs.tell(logs.WARNING, "web_bug", type(error).__name__, at=place(error))
        return page(routes.pages.plain(routes.language(request), "failed", "failed_text"), 500)

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        minutes = asyncio.create_task(_minutes(routes))
        yield
        minutes.cancel()
        await asyncio.to_thread(routes.office.close)

    return Starlette(
        routes=routes.all(), exception_handlers={HTTPException: refused, Exception: failed}, lifespan=life
    )  # fmt: skip


async def _minutes(routes: Routes) -> None:
    """What was kept is acted on, what could not leave is tried again, the form opens again when the budget allows."""
    while True:
        routes.office.hear()
        routes.office.wake()
        routes.office.look_again()
        await asyncio.sleep(MINUTE)
