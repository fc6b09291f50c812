"""All pages of a site with and without data: no script, nothing from elsewhere, no dead link, each drawing with its
table, two builds the same."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from monitor.site.diary import FOLDER
from monitor.site.outputs import outputs
from tests.support.sites import CERGY, OPTIONS, every, gathered, look, recorded, site_of

NOW = datetime(2026, 11, 30, 15, 7, tzinfo=UTC)
CODES = ("60", "93", "95", "2A", "971")
CAPTCHA = {"obstacle": "captcha", "detail": "captcha", "seen": "Captcha"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty days of three desks: one says no, one shows slots now and then, one stands behind a captcha."""
    folder = tmp_path_factory.mktemp("site") / "data"
    sweeps = [
        (
            at,
            [
                look(CERGY),
                look("93/aes-bobigny", "SlotsOpen" if n % 9 == 0 else "NoSlot"),
                look("93/aes-le-raincy", "Obstructed", **CAPTCHA),
            ],
        )
        for n, at in enumerate(every(NOW, 40))
    ]
    recorded(folder, sweeps, NOW)
    return folder


@pytest.fixture(scope="module")
def site(data: Path) -> Mapping[str, bytes]:
    return site_of(data, NOW, CODES)


class Read(HTMLParser):
    """What matters of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("href", "src", "srcset", "data", "action", "poster"):
                self.loads.append(value or "")
            elif name == "id":
                self.ids.append(value or "")
            elif name.startswith("on") or name == "style":
                self.handlers.append(name)


def pages(site: Mapping[str, bytes]) -> dict[str, Read]:
    """All but the diary, which has a script: `test_diary`."""
    own = {path: data for path, data in site.items() if not path.startswith(f"{FOLDER}/")}
    return {path: Read(data.decode()) for path, data in own.items() if path.endswith(".html")}


def test_no_script_no_form_nothing_from_elsewhere(site: Mapping[str, bytes]) -> None:
    for path, page in pages(site).items():
        assert not {"script", "iframe", "object", "embed", "form", "img", "base", "style"} & set(page.tags), path
        assert not page.handlers, path
        for address in page.loads:
            local = not address.startswith(("http:", "https:", "//", "data:"))
            assert local, (path, address)


def test_every_page_forbids_what_it_does_not_need(site: Mapping[str, bytes]) -> None:
    for path in pages(site):
        assert b"default-src 'none'; style-src 'self'" in site[path], path


def test_no_link_is_dead_and_no_name_stands_twice(site: Mapping[str, bytes]) -> None:
    found = pages(site)
    for path, page in found.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            file, _hash, name = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
            assert target in site, (path, link)
            assert not name or name in found[target].ids, (path, link)


def test_each_page_has_one_title_and_tells_its_language(site: Mapping[str, bytes]) -> None:
    for path, page in pages(site).items():
        folder = path.partition("/")[0]
        lang = folder if folder in ("en", "es", "pt", "ar") else "fr"
        assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">'.encode() in site[path]
        assert page.tags.count("h1") == 1, path


def test_two_builds_are_the_same(data: Path, site: Mapping[str, bytes]) -> None:
    later = site_of(data, NOW + timedelta(hours=5), CODES)
    assert later == site


def test_the_four_numbers_of_the_country_are_those_of_its_table(data: Path, site: Mapping[str, bytes]) -> None:
    """160 looks each: 160 no slot; 143 no slot and 18 slots ...: what stands in the page is the sum of the desks."""
    gathered_ = gathered(data, NOW, CODES)
    looks = sum(one.lately().looks for one in gathered_.prefectures)
    page = site["en/index.html"].decode()
    assert f"{looks:,} looks in 30 days" in page
    told = [int(n.replace(",", "")) for n in re.findall(rf"<small>([\d,]+) / {looks:,}</small>", page)]
    assert len(told) == 4
    assert sum(told) == looks
    by_day = re.findall(r"<tr><th scope=row>[\d-]+<td>(\d+)<td>(\d+)<td>(\d+)<td>(\d+)<td>(\d+)", page)
    assert all(sum(map(int, row[:4])) == int(row[4]) for row in by_day)
    days = sum(counts.looks for one in gathered_.prefectures for desk in one.desks for counts in desk.days.values())
    assert sum(int(row[4]) for row in by_day) == days


def test_a_table_stands_beside_each_drawing(site: Mapping[str, bytes]) -> None:
    """On the page itself, or of a préfecture with many desks on the page it leads to."""
    found = pages(site)
    for path, page in found.items():
        tables = page.tags.count("table")
        if (beside := path.replace(".html", "-chiffres.html")) in found:
            tables += found[beside].tags.count("table")
        assert tables >= page.tags.count("svg"), path


def test_nobody_looked_is_said_where_nobody_did(site: Mapping[str, bytes]) -> None:
    page = site["en/60.html"].decode()
    assert "No desk is known here." in page
    assert "no slot was shown" not in page
    country = site["en/index.html"].decode()
    assert 'class="s-nobody"' in country
    assert country.count("<td class=hn colspan=5>") == 3, "of 60 and 2A no desk is known; at those of 971 nobody looked"


def test_a_captcha_is_no_refusal(site: Mapping[str, bytes]) -> None:
    page = site["en/93.html"].decode()
    assert "could not be read (looks" in page
    listed = site["en/classement.html"].decode()
    compared, _heading, beside = listed.partition('<h2 id="unread">')
    assert "AES Le Raincy" not in compared
    assert "AES Le Raincy" in beside


def test_a_site_of_nothing_says_so(tmp_path: Path) -> None:
    found = dict(outputs(gathered(tmp_path / "data", NOW, CODES), OPTIONS))
    assert b"Nobody has looked yet" in found["en/index.html"]
    assert b"never looked at" in found["en/95.html"]
    assert not any(b"no slot was shown;" in data for path, data in found.items() if path.startswith("en/"))


def test_a_contested_sentence_leads_to_what_was_found(data: Path) -> None:
    seq = next(desk.said.seq for desk in gathered(data, NOW).prefectures[0].desks if desk.key == CERGY and desk.said)
    file = data / "contested.toml"
    file.write_text(
        f'[[contested]]\nobservation = {seq}\non = 2026-11-29\nby = "Préfecture du Val-d\'Oise"\n'
        'says = "Le module était en maintenance."\nanswer = { fr = "La page le dit.", en = "The page says so." }\n',
        "utf-8",
    )
    try:
        found = site_of(data, NOW)
    finally:
        file.unlink()
    assert f'href="../en/rectification-{seq}.html"'.encode() in found["en/95.html"]
    assert b"The page says so." in found[f"en/rectification-{seq}.html"]
    assert "aucun créneau" in found["95.html"].decode(), "nothing is deleted"
