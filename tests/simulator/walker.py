"""A plain visitor for tests: httpx under real host names and real TLS checks, forms filled in as a browser does.

No pace, no robots, no caps: it shows what the server does, not what the monitor does.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import httpcore
import httpx
import lxml.html

from tests.simulator.client import Simulator
from tests.simulator.plays import ez_pages

USER_AGENT = "vigie/0 (+https://exemple.invalid; test) id=essai-1"


class _ToSimulator(httpcore.NetworkBackend):
    """Connects every name to one address; name, SNI and certificate check stay what they are."""

    def __init__(self, address: str, port: int) -> None:
        self._to, self._inner = (address, port), httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """The socket behind `host`."""
        return self._inner.connect_tcp(*self._to, timeout, local_address, socket_options)


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Transport(httpx.BaseTransport):
    def __init__(self, simulator: Simulator, trust: Path | None) -> None:
        tls = ssl.create_default_context(cafile=str(trust)) if trust else ssl.create_default_context()
        backend = _ToSimulator(simulator.address, simulator.https)
        self._pool = httpcore.ConnectionPool(tls, max_connections=100, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                target,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


class Walker:
    """A visitor with its own cookies. Redirects are followed only by `follow`."""

    def __init__(self, simulator: Simulator, *, trusting: bool = True, timeout: float = 60.0) -> None:
        self.client = httpx.Client(
            transport=_Transport(simulator, simulator.ca_file if trusting else None),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(timeout, connect=60.0),  # only what is asked may be slow
            trust_env=False,
        )
        self.page: httpx.Response | None = None

    def __enter__(self) -> Walker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.close()

    def get(self, url: str, **more: Any) -> httpx.Response:
        """One request, one answer."""
        self.page = self.client.get(url, **more)
        return self.page

    def follow(self, url: str) -> httpx.Response:
        """The page at the end of the redirects."""
        return self._to_the_end(self.get(url))

    def press(self, form: str, name: str, value: str, ticks: Mapping[str, str] | None = None) -> httpx.Response:
        """Press a button of a form of the page shown, hidden fields sent along; the page at the end of it."""
        assert self.page is not None
        tree = self.tree()
        found = tree.xpath("//form[@id=$id]", id=form) or tree.xpath("//form")
        fields = {i.name: i.value for i in found[0].xpath(".//input[@type='hidden']")}
        assert found[0].xpath(".//input[@name=$n and @value=$v]", n=name, v=value), f"no button {name}={value}"
        data = {**fields, **(ticks or {}), name: value}
        self.page = self.client.post(self.page.url.join(found[0].get("action")), data=data)
        return self._to_the_end(self.page)

    def demand(self, module: str) -> httpx.Response:
        """On an eZ module: conditions ticked, demand made; the page at the end of it."""
        self.get(module)
        return self.press("FormBookingCreate", "nextButton", ez_pages.START, {"condition": "on"})

    def tree(self) -> Any:
        """The page shown, parsed."""
        assert self.page is not None
        return lxml.html.fromstring(self.page.text)

    def texts(self, path: str) -> list[str]:
        """Text of what an XPath finds, white space made single."""
        return [" ".join(e.text_content().split()) for e in self.tree().xpath(path)]

    def _to_the_end(self, answer: httpx.Response) -> httpx.Response:
        for _ in range(10):
            if answer.next_request is None:
                break
            answer = self.client.send(answer.next_request)
        self.page = answer
        return answer
