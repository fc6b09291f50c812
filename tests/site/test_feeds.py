"""The feeds: read by feedparser, both sentences and dates in each entry, ids that nothing changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.site.model import NoticeChange
from monitor.site.opendata.feeds import FACTS, KINDS, entry_id
from tests.site.invented import BASE, OPTIONS, PUBLISHED, VANISHED, built, data, empty


def atom(path: str, files: dict[str, bytes] | None = None) -> Any:
    read = feedparser.parse((files or built())[path])
    assert not read.bozo, read.get("bozo_exception")
    return read


def ids(changes: Sequence[NoticeChange], **options: Any) -> dict[str, str]:
    """By headline's préfecture and page: of both forms, which agree."""
    files = built(data(changes=changes), replace(OPTIONS, **options))
    items = json.loads(files["notices.json"])["items"]
    assert [one["id"] for one in items] == [one.id for one in atom("notices.atom", files).entries]
    return {one["external_url"] + one["_vigie"]["fact"]: one["id"] for one in items}


def test_a_pan_that_vanished_is_told_with_both_sentences_and_dates() -> None:
    for path in ("notices.atom", "95/notices.atom"):
        entry = atom(path).entries[0]
        told = entry.content[0].value.replace("\N{NO-BREAK SPACE}", " ")
        assert (
            entry.title
            == "Val-d'Oise (95) – point d’accueil numérique (PAN)\N{NO-BREAK SPACE}: ne se trouve plus sur la page"
        )
        assert "Avant (2026-11-13 10:12, heure légale sur place ; observation 4012)" in told
        assert str(VANISHED.before) in told
        assert "Après (2026-11-20 10:12, heure légale sur place ; observation 4711)" in told
        assert entry.updated == "2026-11-20T09:12:44Z"
    assert not atom("93/notices.atom").entries


def test_an_entry_leads_to_its_prefecture_and_to_the_page_that_was_read() -> None:
    entry = atom("01/notices.atom").entries[0]
    assert {one.rel: one.href for one in entry.links} == {"alternate": f"{BASE}/01.html", "via": PUBLISHED.url}
    assert str(PUBLISHED.after) in entry.content[0].value, "what a page wrote is text, never markup"
    assert "2026-10-03 01:30" in entry.content[0].value, "the day is that of the préfecture's clock"


def test_the_json_feed_has_what_the_standard_asks_for() -> None:
    told = json.loads(built()["95/notices.json"])
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["feed_url"] == f"{BASE}/95/notices.json"
    assert told["title"]
    for item in told["items"]:
        assert item["id"]
        assert item["content_text"]
        assert item["_vigie"]["before"] == VANISHED.before


def test_an_id_never_changes() -> None:
    """Not with the address of the site, its language, what comes after, or the wording of a programme to come."""
    before = ids([VANISHED])
    later = replace(VANISHED, fact="channel:email", seq=9000, at=VANISHED.at + timedelta(days=3))
    after = ids([later, PUBLISHED, VANISHED], base_url="https://elsewhere.example", languages=("en", "fr", "facile"))
    assert before.items() <= after.items()
    assert len(set(after.values())) == 3
    assert entry_id(VANISHED) == "urn:uuid:0280e776-68cd-5ff0-9f4c-65ee78994473"


def test_without_an_address_or_figures_there_are_no_feeds() -> None:
    assert not [one for one in built(options=replace(OPTIONS, base_url="")) if "notices." in one]
    assert not [one for one in built(empty()) if "notices." in one]


def test_every_change_that_is_recorded_has_its_words() -> None:
    from typing import get_args

    from monitor.core.changes import CHANNELS, ChangeKind

    assert set(KINDS) == set(get_args(ChangeKind))
    assert set(FACTS) == {"pan", *(f"channel:{one}" for one in CHANNELS)}


@given(seen=st.text(min_size=1))
@settings(max_examples=40, deadline=None)
def test_whatever_a_page_wrote_the_feeds_can_be_read(seen: str) -> None:
    """Control signs, markup, half characters: Atom holds what XML can, JSON all of it."""
    files = built(data(changes=[replace(VANISHED, before=seen)]))
    assert len(atom("notices.atom", files).entries) == 1
    assert json.loads(files["notices.json"])["items"][0]["_vigie"]["before"] == seen
