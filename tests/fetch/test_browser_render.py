"""Pictures of stored bytes, made by a real Chromium without network and without JavaScript."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from monitor.core.prefecture import Page
from monitor.core.record import digest
from monitor.fetch.browser.home import HEIGHT, WIDTH, BrowserError
from monitor.fetch.browser.requests import Resource
from monitor.fetch.browser.shot import Shot, pixels_digest
from tests.support.browsers import HTML, URL, ZONE, Running, cpu_of_descendants, ears, needs_chromium, page, running

pytestmark = needs_chromium
NONE = "Aucun créneau disponible"
FIXTURE = Path(__file__).parents[1] / "fixtures" / "pages" / "ez_booking_val-doise_11343_2_no_slot_2022-09.html"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Running]:
    with running() as one:
        yield one


def render(chromium: Running, shown: Page, resources: dict[str, Resource] | None = None, **more: Any) -> Shot:
    return chromium.run(chromium.browser.render(shown, resources or {}, zone=ZONE, **more))


def colour(png: bytes, x: int, y: int) -> tuple[int, ...]:
    with Image.open(io.BytesIO(png)) as image:
        found = image.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def test_the_picture_is_of_the_sentence_that_was_read(chromium: Running) -> None:
    shot = render(chromium, page(f"<title>t</title><h1>{NONE}</h1>"))
    again = render(chromium, page(f"<title>autre titre</title><!-- {'x' * 99} --><h1>{NONE}</h1>"))
    other = render(chromium, page("<title>t</title><h1>Choisissez votre créneau</h1>"))
    assert shot.pixels_sha256 == again.pixels_sha256
    assert shot.pixels_sha256 != other.pixels_sha256
    assert (shot.width, shot.height) == (WIDTH, HEIGHT)
    assert shot.body_sha256 == digest(f"<title>t</title><h1>{NONE}</h1>".encode())
    assert (shot.how, shot.url, shot.missing, shot.used) == ("rendered", URL, (), ())
    assert shot.browser.startswith("Chrome/")


def test_script_in_the_page_changes_nothing(chromium: Running) -> None:
    script = """<script>document.querySelector('h1').textContent = 'Des créneaux';</script>
    <body onload="document.body.innerHTML='<h1>Ouvert</h1>'"><img src=x onerror="document.body.innerHTML=''">"""
    honest = render(chromium, page(f"<body><h1>{NONE}</h1><img src=x>"))
    assert render(chromium, page(f"<h1>{NONE}</h1>{script}")).pixels_sha256 == honest.pixels_sha256


def test_a_charset_only_the_header_tells_is_kept(chromium: Running) -> None:
    latin = page(f"<h1>{NONE}</h1>".encode("latin-1"), headers=(("content-type", "text/html; charset=iso-8859-1"),))
    assert render(chromium, latin).pixels_sha256 == render(chromium, page(f"<h1>{NONE}</h1>")).pixels_sha256


def test_sub_resources_given_are_used_and_the_others_named(chromium: Running) -> None:
    body = f"""<link rel=stylesheet href="/s/a.css?v=1"><link rel=stylesheet href="//cdn.example/b.css">
    <h1>{NONE}</h1><img src="https://www.essai.gouv.fr/logo.png#top"><script src="/app.js"></script>"""
    css = Resource("text/css", b"body { background: rgb(0, 128, 0) url(/fond.png) }")
    shot = render(chromium, page(body), {"https://WWW.essai.gouv.fr/s/a.css?v=1": css})
    assert colour(shot.png, WIDTH - 1, HEIGHT - 1) == (0, 128, 0)
    assert [(one.url, one.kind, one.sha256) for one in shot.used] == [
        ("https://www.essai.gouv.fr/s/a.css?v=1", "stylesheet", digest(css.body))
    ]
    assert {(one.url, one.kind) for one in shot.missing} == {
        ("https://cdn.example/b.css", "stylesheet"),
        ("https://www.essai.gouv.fr/logo.png", "image"),
        ("https://www.essai.gouv.fr/fond.png", "image"),
    }
    assert set(shot.wanted) == {"https://www.essai.gouv.fr/logo.png", "https://www.essai.gouv.fr/fond.png"}
    whole = render(chromium, page(body), {"https://www.essai.gouv.fr/s/a.css?v=1": css, shot.wanted[0]: css})
    assert len(whole.wanted) == 1


def test_the_same_bytes_give_the_same_pixels_in_another_browser(chromium: Running) -> None:
    shown = page(FIXTURE.read_bytes())
    first = render(chromium, shown)
    with running() as other:
        assert render(other, shown).pixels_sha256 == first.pixels_sha256


def test_the_pixel_digest_is_of_rgb_and_size_whatever_encoded_them(chromium: Running) -> None:
    shot = render(chromium, page(f"<h1>{NONE}</h1>"))
    rebuilt = io.BytesIO()
    with Image.open(io.BytesIO(shot.png)) as image:
        image.convert("RGBA").save(rebuilt, "PNG", optimize=True)
        raw = image.convert("RGB").tobytes()
    assert rebuilt.getvalue() != shot.png
    assert pixels_digest(rebuilt.getvalue()) == (shot.pixels_sha256, WIDTH, HEIGHT)
    assert shot.pixels_sha256 == digest(b"1280x900\n" + raw)
    assert shot.png_sha256 == digest(shot.png)


def test_a_full_page_is_added_unless_it_is_endless(chromium: Running) -> None:
    tall = "<div style='height:3000px'></div>"
    shot = render(chromium, page(tall), full_page=True)
    assert shot.full is not None
    assert (shot.full.width, shot.height) == (WIDTH, HEIGHT)
    assert 3000 <= shot.full.height <= 3100
    assert render(chromium, page(tall)).full is None
    assert render(chromium, page("<div style='height:90000px'></div>"), full_page=True).full is None


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (404, (HTML,)),
        (503, (HTML, ("Retry-After", "60"))),
        (302, (HTML, ("Location", "https://www.essai.gouv.fr/ailleurs"))),
        (204, (HTML,)),
        (200, (HTML, ("Refresh", "0; url=https://www.essai.gouv.fr/ailleurs"))),
        (200, (HTML, ("Content-Disposition", "attachment; filename=a.html"))),
        (200, (HTML, ("Content-Encoding", "gzip"), ("Content-Length", "7"), ("Set-Cookie", "a=1"))),
    ],
)
def test_no_status_or_header_moves_the_page(
    chromium: Running, status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    expected = render(chromium, page(f"<h1>{NONE}</h1>"))
    shot = render(chromium, page(f"<h1>{NONE}</h1>", status=status, headers=headers))
    assert shot.pixels_sha256 == expected.pixels_sha256
    assert shot.missing == ()


@pytest.mark.parametrize(
    "target", ["https://www.essai.gouv.fr/ailleurs", "file:///etc/passwd", URL, "data:text/html,x"]
)
def test_a_page_that_refreshes_itself_elsewhere_stays(chromium: Running, target: str) -> None:
    shown = page(f'<meta http-equiv="refresh" content="0; url={target}"><h1>{NONE}</h1>')
    assert render(chromium, shown).pixels_sha256 == render(chromium, page(f"<h1>{NONE}</h1>")).pixels_sha256


def test_an_empty_body_is_a_blank_picture(chromium: Running) -> None:
    assert colour(render(chromium, page("", status=404)).png, 640, 450) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["application/pdf", "application/octet-stream", "application/x-msdownload", ""])
def test_what_chromium_does_not_lay_out_is_refused(chromium: Running, kind: str) -> None:
    with pytest.raises(BrowserError, match="cannot show"):
        render(chromium, page(b"%PDF-1.7\n", headers=(("Content-Type", kind),)))


def test_data_is_shown_as_text(chromium: Running) -> None:
    data = page('{"daySlots":[]}', headers=(("Content-Type", "application/json"),))
    other = page('{"daySlots":[1]}', headers=(("Content-Type", "application/json"),))
    assert render(chromium, data).pixels_sha256 != render(chromium, other).pixels_sha256


def test_nothing_a_page_asks_for_leaves_the_browser(chromium: Running) -> None:
    with ears() as listening:
        near, port = f"http://127.0.0.1:{listening.port}", listening.port
        body = f"""<link rel=preconnect href="{near}"><link rel=dns-prefetch href="{near}">
        <link rel=prefetch href="{near}/p"><link rel=preload as=image href="{near}/l"><link rel=icon href="{near}/i">
        <link rel=stylesheet href="{near}/s.css"><img src="{near}/a"><img src="http://[::1]:{port}/b">
        <img src="http://169.254.169.254/latest/meta-data"><img src="http://localhost:{port}/c">
        <img src="http://2130706433:{port}/d"><img src="file:///etc/passwd"><iframe src="{near}/f"></iframe>
        <object data="{near}/o"></object><embed src="{near}/e"><video src="{near}/v" autoplay></video>
        <form action="{near}/post" method=post></form><h1>{NONE}</h1>"""
        shot = render(chromium, page(body))
        assert listening.heard() == 0
    missing = {one.url for one in shot.missing}
    assert {f"{near}/a", f"http://[::1]:{port}/b", "http://169.254.169.254/latest/meta-data"} <= missing
    assert shot.wanted == ()


def test_two_pages_at_once_do_not_mix(chromium: Running) -> None:
    import asyncio

    async def both() -> list[Shot]:
        bodies = [f'<style>body{{background:rgb({n},0,0)}}</style><img src="/{n}.png">' for n in (10, 20, 30, 40)]
        return await asyncio.gather(*(chromium.browser.render(page(one), {}, zone=ZONE) for one in bodies))

    for number, shot in zip((10, 20, 30, 40), chromium.run(both()), strict=True):
        assert colour(shot.png, 5, HEIGHT - 1) == (number, 0, 0)
        assert [one.url for one in shot.missing] == [f"https://www.essai.gouv.fr/{number}.png"]


@pytest.mark.long
def test_a_picture_costs_less_than_0_9_s_of_cpu(chromium: Running) -> None:
    shown = page(FIXTURE.read_bytes())
    render(chromium, shown)
    with cpu_of_descendants() as spent:
        for _ in range(10):
            render(chromium, shown)
    assert spent() / 10 <= 0.9


def reds(png: bytes) -> list[int]:
    """The rows of a picture that hold the red of the line drawn around what was read."""
    with Image.open(io.BytesIO(png)) as image:
        flat = image.convert("RGB")
        rows = range(flat.height)
        return [y for y in rows if (200, 0, 0) in {flat.getpixel((x, y)) for x in range(0, flat.width, 8)}]


SLOTS = """<p>Légende : créneau libre</p><div style='height:2400px'></div><table id='planning'>
<tr><td>Lundi</td></tr><tr><td class='free'>Mardi <a href='/2'>9 h
 30</a></td></tr></table><div style='height:2400px'></div>"""
RADIO = """<div style='height:2400px'></div><input type='radio' id='trhId_1' style='display:none'>
<label for='trhId_1'>09:30</label><div style='height:2400px'></div>"""
JSON = '[{"day": "2026-06-02", "slots": ["09:30"]}]'


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (SLOTS, ("#planning td.free a", "Mardi 9 h 30")),
        (SLOTS, ("#planning td.free a", "/2")),
        (SLOTS, ("[[", "9 h 30")),
        (RADIO, ("input[id^=trhId_]", "09:30")),
        (
            f"<div style='height:2400px'></div><pre>{JSON}</pre><div style='height:2400px'></div>",
            ("$.day", "2026-06-02"),
        ),
        (f"<div style='height:2400px'></div><h2>{NONE}</h2><div style='height:2400px'></div>", ("h2", NONE)),
        (f"{SLOTS}<style>td {{ outline: none !important }}</style>", ("#planning td.free a", "Mardi 9 h 30")),
    ],
)
def test_what_was_read_is_in_the_middle_with_a_line_around_it(
    chromium: Running, body: str, read: tuple[str, str]
) -> None:
    shot = render(chromium, page(body), read=read)
    assert shot.boxed
    found = reds(shot.png)
    assert found, "no line"
    assert HEIGHT * 0.3 < sum(found) / len(found) < HEIGHT * 0.7


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("<title>Aucun</title><p>x", ("title", "Aucun")),
        ("<p style='display:none'>Mardi 9 h 30</p>", ("p", "Mardi 9 h 30")),
        (f"<pre style='height:{HEIGHT + 1}px'>{JSON}</pre>", ("$.day", "2026-06-02")),
        ("<p>x", ("status", "503")),
    ],
)
def test_what_has_no_place_on_the_page_gets_no_line(chromium: Running, body: str, read: tuple[str, str]) -> None:
    shot = render(chromium, page(body), read=read)
    assert (shot.boxed, reds(shot.png)) == (False, [])
