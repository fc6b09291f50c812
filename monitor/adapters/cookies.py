"""One check's cookie jar: empty at the start, dropped at the end. The standard library's, used as it means to be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.domain.hosts import Url

if TYPE_CHECKING:
    from email.message import Message
    from http.cookiejar import CookieJar


class Cookies:
    """Cookies by host, path, scheme and date, as a browser keeps them. Most hosts set none: then nothing is loaded."""

    def __init__(self) -> None:
        self._jar: CookieJar | None = None

    def header(self, url: Url) -> str | None:
        """Value of the `Cookie` header for a request, None when there is nothing to send."""
        if self._jar is None:
            return None
        from urllib.request import Request

        request = Request(str(url))  # noqa: S310 - only carries an address that was checked; nothing is opened
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")

    def keep(self, url: Url, headers: Iterable[tuple[str, str]]) -> None:
        """Take in what an answer sets."""
        values = [value for name, value in headers if name.lower() == "set-cookie"]
        if not values:
            return
        from http.cookiejar import CookieJar
        from urllib.request import Request

        if self._jar is None:
            self._jar = CookieJar()
        self._jar.extract_cookies(_Answer(values), Request(str(url)))  # type: ignore[arg-type]  # noqa: S310


class _Answer:
    """The one thing the jar asks of an answer."""

    def __init__(self, values: Iterable[str]) -> None:
        from email.message import Message

        self._message = Message()
        for value in values:
            self._message["Set-Cookie"] = value

    def info(self) -> Message:
        return self._message
