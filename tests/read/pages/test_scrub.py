"""What belongs to one visit goes out of a page, and nothing a reading rests on does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.readings import to_json
from monitor.read.pages.scrub import MARK, scrub, scrub_text
from tests.read.recorded import Recorded, recorded

SECRET = "kJ8s-Zq2_91LmNa"
PAGES = [one for one in recorded() if one.row]


@pytest.mark.parametrize(
    "page",
    [
        '<input type="hidden" name="x" value="{}">',
        "<input value='{}' TYPE=HIDDEN>",
        "<input name=csrf_field type=text value={}>",
        '<input type="hidden" title="a > b" value="{}"/>',
        '<meta name="csrf-token" content="{}">',
        '<meta content="{}" name="csrf-token">',
        '<script nonce="{}">',
        '<div data-session-id="{}">',
        "<script>var state = {{'csrfToken': '{}', a: 1}}</script>",
        '<script>{{"sessionId":"{}"}}</script>',
        '<a href="/x?a=1&amp;token={}">',
        '<a href="/x;jsessionid={}?a=1">',
        '<form action="/y?PHPSESSID={}#z">',
        "<p>Request ID: {}</p>",
        "<p>Incident ID: {}</p>",
        "eyJhbGciOiJIUzI1NiJ9.{}.abc",
    ],
)
def test_a_token_goes_wherever_it_stands(page: str) -> None:
    out = scrub(page.format(SECRET).encode())
    assert SECRET.encode() not in out
    assert MARK in out


@pytest.mark.parametrize(
    "word",
    [
        b"123e4567-e89b-12d3-a456-426614174000",
        b"9f86d081884c7d659a2feaa0c55ad015",
        b"Az09_Az09_Az09_Az09_Az09_Az09_Az09_Az09_Az09_A",
        b"203.0.113.7",
        b"2001:db8:85a3:8d3:1319:8a2e:370:7348",
        b"2001:db8:0:1::7",
    ],
)
def test_what_is_shaped_like_one_goes_too(word: bytes) -> None:
    assert word not in scrub(b"<p>" + word + b"</p>")


@pytest.mark.parametrize(
    "page",
    [
        b'<input type="hidden" name="x" value="">',
        b'<input type="text" name="nom" value="Dupont-Durand">',
        b'<p data-session-expired="Votre session a expire">Votre session a expir\xe9 : recommencez.</p>',
        b"<td>09:00</td><td>10:30:00</td><td>24/11/2026</td><td>01 34 20 95 95</td>",
        b"<a href='/Demarches/Etrangers/Titre-de-sejour/Renouvellement-de-titre-de-sejour-2026'>",
        b'<a style="color: #aabbcc" href="/booking/create/13860?planning=12">',
        b"Il n'existe plus de plage horaire libre pour votre demande de rendez-vous.",
    ],
)
def test_everything_else_stays(page: bytes) -> None:
    assert scrub(page) == page


def test_addresses_lose_their_tokens_alone() -> None:
    assert scrub_text(f"https://a.gouv.fr/x;jsessionid={SECRET}?p=1&token={SECRET}") == (
        "https://a.gouv.fr/x;jsessionid=scrubbed?p=1&token=scrubbed"
    )


@pytest.mark.parametrize("one", [pytest.param(one, id=one.golden.name) for one in PAGES])
def test_no_recorded_page_reads_otherwise_once_scrubbed(one: Recorded, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_bytes(scrub(one.page.read_bytes()))
    told, scrubbed = to_json(one.read()), to_json(Recorded(page=page, golden=page, document=one.document).read())
    assert scrubbed["reading"] == told["reading"]
    assert scrubbed["selector"] == told["selector"]


@given(
    st.binary(max_size=300)
    | st.text(alphabet="<input type=hidden value='\"tokn:;&?=09af.->", max_size=200).map(str.encode)
)
def test_any_bytes_and_twice_is_as_once(page: bytes) -> None:
    once = scrub(page)
    assert scrub(once) == once
