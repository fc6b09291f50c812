"""Chromium's own visits: the page's script runs, and every request is made by the callable it is given, or refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from monitor.core.exchange import Exchange
from monitor.core.prefecture import Open, Page, Press
from monitor.core.readings import Obstructed, Reading, Seen, Unreached, Unreadable
from monitor.core.record import digest
from monitor.fetch.browser.requests import Resource
from monitor.fetch.browser.session import ChromiumVisitor
from monitor.fetch.browser.visit import Visited
from tests.support import browsers
from tests.support.browsers import AGENT, URL, ZONE, Running, Site, ears, exchange, needs_chromium, running

pytestmark = needs_chromium
AWAITED = r"/api/slots$"
ASK = """<div id=place></div><script>fetch('/api/slots', {method: 'POST', body: '{"a":1}',
headers: {'Content-Type': 'application/json'}}).then(r => r.json()).then(d => place.textContent = 'vu ' + d.days.length,
e => place.textContent = 'Aucun créneau disponible')</script>"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Running]:
    with running() as one:
        yield one


def visit(chromium: Running, site: Site, url: str = URL, **more: Any) -> Visited:
    return chromium.run(chromium.browser.visit(url, site.fetch, zone=ZONE, agent=AGENT, **more))


def dom(visited: Visited) -> str:
    assert isinstance(visited.came, Page), visited.came
    return visited.came.body.decode()


def json(body: str, status: int = 200) -> Exchange:
    headers = [("Content-Type", "application/json")]
    return exchange("POST", "https://www.essai.gouv.fr/api/slots", body, status, headers)


def test_the_final_dom_is_what_the_script_made(chromium: Running) -> None:
    script = """<p id=x></p><script src=/app.js></script>
    <script>fetch('/d').then(r => r.text()).then(t => x.textContent = t)</script>"""
    site = Site({"/page": script, "/app.js": "document.title='é'", "/d": "données"})
    visited = visit(chromium, site)
    assert isinstance(visited.came, Page)
    assert (visited.came.url, visited.came.status) == (URL, 200)
    assert '<p id="x">données</p>' in dom(visited)
    assert "<title>é</title>" in dom(visited)
    assert site.paths == ["/page", "/app.js", "/d"]
    assert [e.url for e in visited.exchanges] == [f"https://www.essai.gouv.fr{path}" for path in site.paths]
    assert visited.document is visited.exchanges[0]
    assert visited.came.header("content-type") == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "body",
    [
        ASK,
        "<script>fetch('https://api.example/x').catch(() => document.title = 'Aucun créneau')</script>",
        "<script>fetch('/panne').catch(() => document.title = 'Aucun créneau')</script>",
        "<script>new WebSocket('wss://www.essai.gouv.fr/').onerror = () => document.title = 'Aucun créneau'</script>",
        "<script>new Worker(URL.createObjectURL(new Blob(['close()']))); document.title = 'Aucun créneau'</script>",
    ],
)
def test_what_a_script_wrote_without_its_data_is_not_read(chromium: Running, body: str) -> None:
    came = visit(chromium, Site({"/page": body, "/panne": Unreached(cause="reset")})).came
    assert isinstance(came, Unreadable)
    assert came.why == "mid_visit"


def test_the_awaited_answer_is_the_page_to_read(chromium: Running) -> None:
    answer = json('{"days": [1]}')
    site = Site({"/page": ASK, "/api/slots": answer})
    visited = visit(chromium, site, awaited=AWAITED, picture=True)
    assert visited.came == Page(url=answer.url, status=200, headers=answer.headers, body=answer.decoded_body)
    method, url, headers, body = site.asked[1]
    assert (method, url, body) == ("POST", "https://www.essai.gouv.fr/api/slots", b'{"a":1}')
    assert headers["Content-Type"] == "application/json"
    assert headers["Origin"] == "https://www.essai.gouv.fr"
    assert headers["User-Agent"].endswith(f" {AGENT}")
    assert "HeadlessChrome" in headers["User-Agent"], "it does not pass for another browser"
    assert headers["Accept-Language"].startswith("fr-FR")
    assert visited.shot is not None
    assert (visited.shot.how, visited.shot.body_sha256) == ("visited", digest(ASK.encode()))
    assert [(one.url, one.sha256) for one in visited.used] == [(url, digest(answer.decoded_body))]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (json('{"error": "x"}', 404), 404),
        (json("", 503), 503),
        (Unreached(cause="timeout"), Unreached(cause="timeout")),
        (Obstructed(obstacle="robots", seen=Seen("Disallow: /api", "robots.txt")), "robots"),
    ],
)
def test_an_answer_that_failed_is_never_read_from_what_the_script_wrote(
    chromium: Running, answer: Exchange | Reading, expected: object
) -> None:
    """The script writes "Aucun créneau disponible" into the page whenever its request fails."""
    came = visit(chromium, Site({"/page": ASK, "/api/slots": answer}), awaited=AWAITED).came
    if isinstance(expected, int):
        assert isinstance(came, Page)
        assert (came.status, came.url) == (expected, "https://www.essai.gouv.fr/api/slots")
    elif expected == "robots":
        assert isinstance(came, Obstructed)
    else:
        assert came == expected


def test_without_the_awaited_request_the_document_as_received_is_read(
    chromium: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.fetch.browser.visit.ANSWER_WITHIN", 0.2)
    body = "<div id=x></div><script>x.textContent='Aucun créneau disponible'</script>"
    came = visit(chromium, Site({"/page": body}), awaited=AWAITED).came
    assert isinstance(came, Page)
    assert came.body == body.encode()
    forged = "<script>fetch('https://autre.gouv.fr/api/slots')</script>"
    came = visit(chromium, Site({"/page": forged, "/api/slots": json('{"days":[]}')}), awaited=AWAITED).came
    assert isinstance(came, Page)
    assert came.body == forged.encode(), "the same path on another host is not the answer"
    image = "<img src=/api/slots><link rel=stylesheet href=/api/slots>"
    came = visit(chromium, Site({"/page": image, "/api/slots": json('{"days":[]}')}), awaited=AWAITED).came
    assert isinstance(came, Page)
    assert came.body == image.encode()


def test_the_last_of_several_answers_is_read(chromium: Running) -> None:
    class Twice(Site):
        async def fetch(
            self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
        ) -> Exchange | Reading:
            came = await super().fetch(method, url, headers, body)
            return json("", 503) if self.paths.count("/api/slots") == 1 and "api" in url else came

    body = "<script>const f = () => fetch('/api/slots', {method: 'POST'}); f().then(r => { if (!r.ok) f() })</script>"
    visited = visit(chromium, Twice({"/page": body, "/api/slots": json('{"days": [7]}')}), awaited=AWAITED)
    assert isinstance(visited.came, Page)
    assert visited.came.body == b'{"days": [7]}'
    assert [e.status for e in visited.exchanges] == [200, 503, 200]


def test_redirects_and_cookies_pass_hop_by_hop(chromium: Running) -> None:
    first = [
        ("Location", "https://rdv.essai.gouv.fr/b"),
        ("Set-Cookie", "un=1; Domain=essai.gouv.fr; Secure"),
        ("X", "é"),
    ]
    second = [("Location", "/c"), ("Set-Cookie", "deux=2; HttpOnly"), ("Content-Length", "999")]
    site = Site(
        {
            "/page": exchange("GET", URL, "", 302, first),
            "/b": exchange("GET", "https://rdv.essai.gouv.fr/b", "x", 307, second),
            "/c": exchange(
                "GET", "https://rdv.essai.gouv.fr/c", "<p>fin</p><script>document.title=document.cookie</script>"
            ),
        }
    )
    visited = visit(chromium, site)
    assert isinstance(visited.came, Page)
    assert visited.came.url == "https://rdv.essai.gouv.fr/c"
    assert "<title>un=1</title>" in dom(visited)
    assert [asked[2].get("Cookie") for asked in site.asked] == [None, "un=1", "un=1; deux=2"]
    assert visit(chromium, Site({"/page": "<p>x</p>"})).exchanges[0].status == 200


def test_each_visit_begins_without_cookies_or_storage(chromium: Running) -> None:
    sets = exchange("GET", URL, "<script>localStorage.a='1';document.cookie='b=2'</script>", 200,
                    [browsers.HTML, ("Set-Cookie", "c=3")])  # fmt: skip
    visit(chromium, Site({"/page": sets}))
    site = Site({"/page": "<script>document.title='['+document.cookie+(localStorage.a||'')+']'</script>"})
    assert "<title>[]</title>" in dom(visit(chromium, site))
    assert "Cookie" not in site.asked[0][2]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://login.essai.gouv.fr/", "login"),
        ("https://evil.example/", "not an official host"),
        ("file:///etc/passwd", "not followed from"),
        ("https://www.essai.gouv.fr/booking/create/1/5", "step 5"),
        ("http://127.0.0.1/", "not an official host"),
        (URL, "more than 10 redirects"),
    ],
)
def test_redirects_that_are_not_followed(chromium: Running, location: str, expected: str) -> None:
    site = Site({"/page": exchange("GET", URL, "<p>Aucun créneau</p>", 302, [("Location", location)])})
    visited = visit(chromium, site)
    assert set(site.paths) == {"/page"}
    if expected == "login":
        assert isinstance(visited.came, Obstructed)
        assert visited.came.obstacle == "login"
    else:
        assert isinstance(visited.came, Unreached)
        assert visited.came.cause == "redirects"
        assert expected in str(visited.came.detail)


def test_a_document_that_does_not_come_is_its_reading(chromium: Running) -> None:
    for failure in (Unreached(cause="tls"), Obstructed(obstacle="robots", seen=Seen("Disallow: /", "robots.txt"))):
        visited = visit(chromium, Site({"/page": failure}), awaited=AWAITED, picture=True)
        assert (visited.came, visited.shot) == (failure, None)
    broken = exchange("GET", URL, "<p>Aucun")
    partial = Exchange(
        **{n: getattr(broken, n) for n in Exchange.__slots__} | {"failure": Unreached(cause="truncated")}
    )
    visited = visit(chromium, Site({"/page": partial}))
    assert visited.came == Unreached(cause="truncated")
    assert visited.exchanges == (partial,)


@pytest.mark.parametrize(("status", "body"), [(404, ""), (403, ""), (503, ""), (404, "<h1>404</h1>"), (200, "")])
def test_statuses_reach_the_reader(chromium: Running, status: int, body: str) -> None:
    came = visit(chromium, Site({"/page": exchange("GET", URL, body, status)})).came
    assert isinstance(came, Page)
    assert came.status == status
    assert b"chrome-error" not in came.body
    assert b"ERR_" not in came.body


def test_a_file_to_save_is_read_as_received(chromium: Running) -> None:
    pdf = exchange(
        "GET", URL, b"%PDF-1.7", 200, [("Content-Type", "application/pdf"), ("Content-Disposition", "attachment")]
    )
    came = visit(chromium, Site({"/page": pdf})).came
    assert isinstance(came, Page)
    assert came.body == b"%PDF-1.7"


def test_day_s_sub_resources_are_not_asked_again(chromium: Running) -> None:
    body = "<link rel=stylesheet href=/a.css><script src=/a.js></script><img src=/i.png><script>fetch('/a.js')</script>"
    known = {"https://www.essai.gouv.fr/a.css": Resource("text/css", b"p{}"),
             "https://www.essai.gouv.fr/a.js": Resource("text/javascript", b"document.title='su'")}  # fmt: skip
    site = Site({"/page": body, "/a.js": "frais"})
    visited = visit(chromium, site, known=known, picture=True)
    assert site.paths == ["/page", "/a.js"], "what the script itself asks for is always asked anew"
    assert "<title>su</title>" in dom(visited)
    assert visited.shot is not None
    assert visited.shot.wanted == ("https://www.essai.gouv.fr/i.png",), "images are for the picture, not for the visit"


def test_nothing_but_what_is_answered_leaves(chromium: Running) -> None:
    with ears() as listening:
        near, port = f"127.0.0.1:{listening.port}", listening.port
        body = f"""<div id=done></div><iframe src="/cadre"></iframe><iframe src="http://{near}/f"></iframe>
        <img src="http://[::1]:{port}/a"><img src="http://169.254.169.254/"><link rel=prefetch href="http://{near}/p">
        <link rel=preconnect href="http://{near}"><script>
        const tried = [];
        const note = f => {{ try {{ tried.push(Promise.resolve(f()).catch(() => 0)) }} catch (e) {{}} }};
        note(() => fetch('http://{near}/x', {{mode: 'no-cors'}}));
        note(() => fetch('https://api.example/x', {{mode: 'no-cors'}}));
        note(() => fetch('file:///etc/passwd'));
        note(() => fetch('/put', {{method: 'PUT', body: 'x'}}));
        note(() => navigator.sendBeacon('/beacon', 'x'));
        note(() => navigator.sendBeacon('http://{near}/beacon', 'x'));
        note(() => new WebSocket('ws://{near}/ws'));
        note(() => new WebSocket('wss://www.essai.gouv.fr/ws'));
        note(() => new EventSource('http://{near}/es'));
        note(() => new WebTransport('https://{near}/wt').ready);
        note(() => new Image().src = 'http://localhost:{port}/l');
        note(() => window.open('http://{near}/w'));
        note(() => new Worker(URL.createObjectURL(new Blob(["fetch('http://{near}/k');importScripts('http://{near}/s')"]))));
        note(() => new SharedWorker(URL.createObjectURL(new Blob(["fetch('http://{near}/k')"]))));
        note(() => navigator.serviceWorker.register('/sw.js'));
        note(async () => {{
          const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{near}'}},
            {{urls: ['turn:{near}?transport=udp', 'turn:{near}?transport=tcp'], username: 'u', credential: 'c'}}]}});
          peer.createDataChannel('x'); await peer.setLocalDescription(await peer.createOffer());
          await new Promise(r => {{ peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && r();
            setTimeout(r, 3000) }});
        }});
        Promise.all(tried).then(() => {{ done.textContent = 'tout essayé'; location.href = 'http://{near}/nav' }});
        </script>"""
        site = Site({"/page": body, "/api/slots": json("{}")})
        visited = visit(chromium, site, awaited=AWAITED)
        assert listening.heard() == 0
    assert site.paths == ["/page"]
    assert isinstance(visited.came, Page)
    why = {one.url.removeprefix("https://www.essai.gouv.fr"): one.why for one in visited.refused}
    assert why["https://api.example/x"] == "not an official host"
    assert why[f"http://{near}/x"] == f"port {port}"
    assert why[f"http://[::1]:{port}/a"] == "not an official host"
    assert why["/cadre"] == why[f"http://{near}/f"] == "a document inside the page"
    assert why["/put"] == "method PUT"
    assert why["/beacon"] == "POST of the page's script"
    assert why["wss://www.essai.gouv.fr/ws"] == "no network"
    assert why[f"http://{near}/nav"] == "leaves the page"


def test_a_script_that_never_ends_is_left(chromium: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.fetch.browser.visit.VISIT_WITHIN", 2.0)
    visited = visit(chromium, Site({"/page": "<p>Aucun créneau</p><script>while(1){}</script>"}), picture=True)
    assert isinstance(visited.came, Unreadable)
    assert (visited.came.why, visited.shot) == ("mid_visit", None)
    assert "fin" in dom(visit(chromium, Site({"/page": "<p>fin</p>"}))), "the browser serves the next"


def test_a_script_that_asks_for_ever_is_stopped(chromium: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.fetch.browser.walk.REQUESTS_AT_MOST", 5)
    monkeypatch.setattr("monitor.fetch.browser.visit.VISIT_WITHIN", 3.0)
    body = "<script>(async () => { for (let i = 0;; i++) await fetch('/n' + i).catch(() => 0) })()</script>"
    site = Site({"/page": body})
    assert isinstance(visit(chromium, site).came, Page | Unreadable)
    assert len(site.asked) == 5


def test_an_awaited_answer_in_flight_at_the_end_is_a_timeout(
    chromium: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.fetch.browser.visit.VISIT_WITHIN", 1.5)

    class Slow(Site):
        async def fetch(
            self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
        ) -> Exchange | Reading:
            if "api" in url:
                await asyncio.Event().wait()
            return await super().fetch(method, url, headers, body)

    came = visit(chromium, Slow({"/page": ASK}), awaited=AWAITED).came
    assert isinstance(came, Unreached)
    assert came.cause == "timeout"


def test_a_bug_of_the_callable_is_raised(chromium: Running) -> None:
    class Bug(Site):
        async def fetch(
            self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes
        ) -> Exchange | Reading:
            raise KeyError("bug")

    with pytest.raises(KeyError, match="bug"):
        visit(chromium, Bug({}))


def test_the_preference_for_french_and_the_time_zone(chromium: Running) -> None:
    body = "<script>document.title=[navigator.language,Intl.DateTimeFormat().resolvedOptions().timeZone]</script>"
    came = chromium.run(
        chromium.browser.visit(URL, Site({"/page": body}).fetch, zone="America/Cayenne", agent=AGENT)
    ).came
    assert isinstance(came, Page)
    assert b"<title>fr-FR,America/Cayenne</title>" in came.body


def test_the_console_is_kept_within_bounds(chromium: Running) -> None:
    body = "<script>for (let i = 0; i < 200; i++) console.log('ligne ' + i + 'x'.repeat(1000))</script>"
    console = visit(chromium, Site({"/page": body})).console
    assert console[0].startswith("log: ligne 0")
    assert len(console) == 50
    assert max(map(len, console)) == 300


class Polite(Site):
    """A polite visitor and its session in one."""

    def __init__(self, answers: dict[str, Exchange | Reading | str]) -> None:
        super().__init__(answers)
        self.exchanges: list[Exchange] = []
        self.is_closed = False

    async def fetch(self, method: str, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Exchange | Reading:
        came = await super().fetch(method, url, headers, body)
        if isinstance(came, Exchange):
            self.exchanges.append(came)
        return came

    def session(self, check_id: str) -> Polite:
        return self

    def closed(self, host: str) -> str | None:
        return "later" if host == "shut.gouv.fr" else None

    async def reached(self) -> bool:
        return True

    def close(self) -> None:
        self.is_closed = True


def test_a_session_opens_one_address_and_nothing_else(chromium: Running) -> None:
    polite = Polite({"/page": ASK, "/api/slots": json('{"days": []}')})
    visitor = ChromiumVisitor(chromium.browser, polite, agent=lambda check: f"vigie/0 id={check}")
    assert (visitor.closed("shut.gouv.fr"), visitor.closed("www.essai.gouv.fr")) == ("later", None)
    session = visitor.session("abc", zone="Indian/Mayotte")
    with pytest.raises(RuntimeError, match="one address"):
        chromium.run(session.perform((Press("f", "n", "v"),), None))
    came = chromium.run(session.perform((Open(URL, answer=AWAITED),), None))
    assert isinstance(came, Page)
    assert came.body == b'{"days": []}'
    assert polite.asked[0][2]["User-Agent"].endswith(" vigie/0 id=abc")
    assert list(session.exchanges) == polite.exchanges
    assert len(session.exchanges) == 2
    with pytest.raises(RuntimeError, match="one address"):
        chromium.run(session.perform((Open(URL),), came))
    session.close()
    assert polite.is_closed
