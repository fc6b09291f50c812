"""The labelled pages of `tests/fixtures/notices` and the State sites of the simulator keep their own rules.

Nothing here judges a reader: a label that quotes words its page does not hold, or an address without a file, would make
every measure taken on them worthless.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Comment

TESTS = Path(__file__).resolve().parents[2]
NOTICES = TESTS / "fixtures" / "notices"
SITES = TESTS / "simulator" / "sites"
EXPECTED: dict[str, Any] = json.loads((SITES / "EXPECTED.json").read_text(encoding="utf-8"))
PAGES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(NOTICES.glob("*.json"))}

KEYS = {
    "url", "departement_code", "site_kind", "official", "updated_on", "text_kind", "stored_text_truncated",
    "page_period", "labels", "evidence", "source_terms", "notes", "traps", "expected",
}  # fmt: skip
CHANNELS = {"counter", "postal", "email", "phone"}
ACCESS = {"online", "phone", "email", "form", "walk_in", "post"}
ROLES = {"information", "appointment", "partners", "follow_up"}
BASES = {"prescribed_by_arrete", "imposed", "on_request", "offered", None}
PAN_LABELS = {
    "exists", "for_foreigners", "status", "scope", "access", "places", "phones", "emails", "appointment_urls", "hours",
}  # fmt: skip
BREAKS = ("p", "div", "li", "ul", "ol", "td", "th", "tr", "h1", "h2", "h3", "h4", "br", "summary", "details", "section",
          "blockquote", "caption", "aside", "footer", "nav", "button", "span.fr-link__detail")  # fmt: skip


def squeeze(text: str) -> str:
    """Runs of white space made one space, as the contract asks of every quote."""
    return re.sub(r"\s+", " ", text).strip()


def visible(markup: str) -> str:
    """All text a visitor sees, menus included; block elements end a word."""
    soup = BeautifulSoup(markup, "lxml")
    for comment in soup.find_all(string=lambda s: isinstance(s, Comment)):
        comment.extract()
    for hidden in soup.select("script, style, head, [hidden]"):
        hidden.decompose()
    for block in soup.select(", ".join(BREAKS)):
        block.append("\n")
        block.insert(0, "\n")
    return squeeze(soup.get_text())


def pdf_text(data: bytes) -> str:
    from pypdf import PdfReader

    return squeeze(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


@cache
def file_text(path: Path) -> str:
    data = path.read_bytes()
    return pdf_text(data) if data.startswith(b"%PDF") else visible(data.decode("utf-8"))


def page_text(page: dict[str, Any]) -> str:
    return squeeze(page["text"]) if "text" in page else file_text(NOTICES / page["html_file"])


def printed(reading: dict[str, Any]) -> Iterator[str]:
    """Every value of a reading that the page has to print word for word (e-mails are compared apart)."""
    pan = reading.get("pan", {})
    yield from (*pan.get("places", ()), *pan.get("phones", ()), *filter(None, [pan.get("hours")]))
    for channel, facts in reading.get("channels", {}).items():
        yield from (v for v in facts.get("addresses", ()) if channel != "email")
        yield from filter(None, [facts.get("arrete")])
    ordinary = reading.get("ordinary_appointment", {})
    yield from filter(None, [reading.get("drop_box"), ordinary.get("online_only_admitted")])
    yield from filter(None, [reading.get("ccc", {}).get("phone")])
    yield from (c["value"] for c in reading.get("contacts", ()) if c["kind"] != "email")
    yield from (form["label"] for form in reading.get("forms", ()))


def mailboxes(reading: dict[str, Any]) -> list[str]:
    channels = reading.get("channels", {})
    return [
        *reading.get("pan", {}).get("emails", ()),
        *channels.get("email", {}).get("addresses", ()),
        *(c["value"] for c in reading.get("contacts", ()) if c["kind"] == "email"),
    ]


def check_reading(reading: dict[str, Any], text: str) -> None:
    """The shape of a reading, and its values in the text (e-mails without spaces: a PDF breaks them at a hyphen)."""
    pan = reading.get("pan", {})
    assert pan.get("status", "not_found") in {"published", "closed", "not_found", "contradictory"}
    assert pan.get("for_foreigners") in {True, False, None}
    assert set(pan.get("access", ())) <= ACCESS
    if pan.get("status") == "not_found":
        assert not any(pan.get(k) for k in ("for_foreigners", "access", "places", "phones", "emails", "links", "hours"))
    assert set(reading.get("channels", {})) <= CHANNELS
    for facts in reading.get("channels", {}).values():
        assert facts.get("basis") in BASES
        assert not (facts["substitution"] and facts.get("published") is False)
    assert reading.get("two_vectors") in {True, False, None}
    assert {c["role"] for c in reading.get("contacts", ())} <= ROLES
    for value in printed(reading):
        assert value in text, value
    unspaced = text.replace(" ", "")
    for value in mailboxes(reading):
        assert value.replace(" ", "") in unspaced, value
    if reading.get("updated_on") is not None:
        year, month, day = date.fromisoformat(reading["updated_on"]).isoformat().split("-")
        assert any(f"{day}{sep}{month}{sep}{year}" in text for sep in "/.-")


def test_the_set_is_large_enough_and_covers_every_trap() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", (NOTICES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = {(trap, name) for trap, names in rows for name in names.split(", ")}
    assert listed == {(trap, name) for name, page in PAGES.items() for trap in page["traps"]}
    assert len(rows) >= 100
    assert len(PAGES) >= 40
    assert sum("html_file" in page for page in PAGES.values()) * 3 >= len(PAGES)
    assert len({page["url"] for page in PAGES.values()}) == len(PAGES)


def test_every_stored_page_is_labelled() -> None:
    named = {NOTICES / page["html_file"] for page in PAGES.values() if "html_file" in page}
    assert named == set((NOTICES / "html").iterdir())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_corpus_schema(name: str) -> None:
    page = PAGES[name]
    assert set(page) - {"text", "html_file"} == KEYS
    assert ("text" in page) != ("html_file" in page)
    assert page["text_kind"] == "invented"
    assert page["site_kind"] in {"prefecture", "rdv", "other"}
    assert page["traps"]
    assert page["notes"]
    assert page["evidence"]
    labels = page["labels"]
    assert set(labels) == {"pan", "appointments", "alternatives", "ccc", "contact_only"}
    assert set(labels["pan"]) == PAN_LABELS
    assert labels["pan"]["exists"] in {"yes", "no", "unclear"}
    assert labels["pan"]["status"] in {"open", "closed", None}
    assert set(labels["appointments"]) == {"required", "platform", "urls", "slots"}
    assert labels["appointments"]["slots"] in {"unknown", "none"}
    assert set(labels["alternatives"]) == CHANNELS


@pytest.mark.parametrize("name", PAGES)
def test_evidence_is_verbatim(name: str) -> None:
    text = page_text(PAGES[name])
    missing = {key: quote for key, quote in PAGES[name]["evidence"].items() if squeeze(quote) not in text}
    assert missing == {}


@pytest.mark.parametrize("name", PAGES)
def test_expectation_stands_on_the_page_and_agrees_with_the_labels(name: str) -> None:
    page = PAGES[name]
    labels, expected = page["labels"], page["expected"]
    check_reading(expected, page_text(page))
    assert expected["official_host"] is page["official"]
    assert bool(page["updated_on"]) == bool(expected.get("updated_on"))
    for channel, facts in expected["channels"].items():
        if "published" in facts:
            assert facts["published"] == (labels["alternatives"][channel]["published"] and page["official"]), channel
    if not page["official"]:
        assert expected["pan"]["status"] == "not_found"
    if expected["pan"].get("status") == "published":
        assert labels["pan"]["exists"] == "yes"
        assert labels["pan"]["status"] == "open"


@pytest.mark.parametrize("name", PAGES)
def test_only_service_mailboxes_and_no_mobile_number(name: str) -> None:
    text = page_text(PAGES[name])
    people = [m for m in re.findall(r"[\w.+-]+@[\w.-]*\w", text) if not re.search(r"gouv(\.fr)?$|@yo$", m)]
    assert people == []
    assert not re.search(r"\b0[67](?:[ .-]?\d\d){4}\b", text)


# -- the simulator's State sites ---------------------------------------------------------------------------------------


def plain(url: str) -> str:
    """One address for a page and its twins."""
    parts = urlsplit(url)
    path = re.sub(r"^(/index\.php|/layout/set/print)+", "", parts.path).rstrip("/") or "/"
    return f"https://{parts.netloc}{path}"


def site_file(url: str) -> Path | None:
    """Where a page lies; `URL#v2` names the later version of the same address."""
    parts = urlsplit(url)
    path = urlsplit(plain(url.partition("#")[0])).path.strip("/") or "index"
    version = f".{parts.fragment}" if parts.fragment else ""
    base = SITES / parts.netloc
    return next((f for f in (base / f"{path}{version}.html", base / path) if f.is_file()), None)


@cache
def hrefs(path: Path, url: str) -> tuple[str, ...]:
    if path.suffix != ".html":
        return ()
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
    return tuple(urljoin(url, str(a["href"])) for a in soup.select("a[href]"))


def is_booking(url: str) -> bool:
    return "/booking/create/" in url


@cache
def walk(host: str) -> dict[str, int]:
    """Clicks from the home page to every page of the host; fails on a link that leads nowhere."""
    start = EXPECTED[host]["start"]
    clicks, queue = {plain(start): 0}, deque([start])
    while queue:
        url = queue.popleft()
        path = site_file(url)
        assert path is not None, url
        for link in hrefs(path, url):
            if urlsplit(link).netloc != host or is_booking(link) or not link.startswith("http"):
                continue
            if plain(link) not in clicks:
                clicks[plain(link)] = clicks[plain(url)] + 1
                queue.append(plain(link))
    return clicks


def test_the_twelve_sites_are_there() -> None:
    codes = {site["departement_code"] for site in EXPECTED.values()}
    assert codes == {"95", "92", "93", "75", "94", "91", "38", "33", "2A", "63", "12", "973"}


@pytest.mark.parametrize("host", EXPECTED)
def test_every_page_to_discover_is_within_four_clicks(host: str) -> None:
    site, clicks = EXPECTED[host], walk(host)
    elsewhere = {"appointment_links", "bare_booking_hosts"}
    found = [url for kind, urls in site["discover"].items() if kind not in elsewhere for url in urls]
    for url in [*found, *(lure["url"] for lure in site["lures"]), *(u.partition("#")[0] for u in site["notices"])]:
        assert clicks.get(plain(url), 99) <= 4, url
    assert (SITES / host / "robots.txt").is_file()
    links = {link for url in clicks if (path := site_file(url)) for link in hrefs(path, url)}
    assert set(site["discover"]["appointment_links"]) <= links
    text = " ".join(file_text(path) for url in clicks if (path := site_file(url)))
    assert all(name in text for name in site["discover"]["bare_booking_hosts"])


@pytest.mark.parametrize("host", EXPECTED)
def test_sitemaps_name_pages_that_exist(host: str) -> None:
    path = SITES / host / "sitemap.xml"
    locations = re.findall(r"<loc>([^<]+)</loc>", path.read_text(encoding="utf-8")) if path.exists() else []
    assert [url for url in locations if site_file(url) is None] == []
    assert bool(locations) is path.exists()


@pytest.mark.parametrize("url", [url for site in EXPECTED.values() for url in site["notices"]])
def test_expected_readings_stand_on_their_page(url: str) -> None:
    path = site_file(url)
    assert path is not None
    reading = EXPECTED[urlsplit(url).netloc]["notices"][url]["reading"]
    check_reading(reading, file_text(path))
    assert set(reading.get("pan", {}).get("links", ())) <= set(hrefs(path, url.partition("#")[0]))
