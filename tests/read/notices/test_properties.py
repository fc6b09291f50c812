"""What must hold whatever a page says."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.rules import notice_rules

URL = "https://www.gard.gouv.fr/Demarches/Etrangers/Sejour"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "sentences"
TABLES = tomllib.loads((FIXTURES / "channels.toml").read_text(encoding="utf-8"))
SENTENCES = [text for table in TABLES.values() for texts in table.values() for text in texts] + [
    case["text"] for case in tomllib.loads((FIXTURES / "pan.toml").read_text(encoding="utf-8"))["case"]
]
PIECES = st.sampled_from(
    [*SENTENCES, "- ", "\n", "\n\n", "Titre de séjour", "1) ", "0 806 001 620", "pref@gard.gouv.fr", "30000 Nîmes", ":"]
)
PAGES = st.lists(PIECES, max_size=12).map("\n".join)


def read(body: bytes, url: str = URL) -> PublishedFacts:
    return read_notice(body, None, url, notice_rules())


def collapsed(text: str) -> str:
    return " ".join(text.split())


def quotes(facts: Any) -> list[str]:
    """Every `seen` of the contract, at any depth."""
    if isinstance(facts, dict):
        own = [value for key, value in facts.items() if key in ("seen", "drop_box", "online_only_admitted")]
        return [q for q in own if isinstance(q, str)] + [q for value in facts.values() for q in quotes(value)]
    return [q for item in facts for q in quotes(item)] if isinstance(facts, list) else []


def sound(facts: PublishedFacts, visible: str) -> None:
    """Nothing without a quote; every quote, number and address is in the page."""
    answer = facts.to_json()
    json.dumps(answer)
    for quote in quotes(answer):
        assert quote in visible
    for quoted in facts.quotes():
        assert quoted.text == collapsed(facts.text[quoted.start : quoted.end])
    pan = answer["pan"]
    assert (pan["seen"] is not None) == (pan["status"] != "not_found")
    for channel in answer["channels"].values():
        assert (channel["seen"] is not None) == channel["published"]
        assert channel["published"] or channel["addresses"] == []
    printed = [*pan["phones"], *pan["emails"], *pan["places"], pan["hours"], answer["ccc"]["phone"]]
    printed += [c["value"] for c in answer["contacts"]] + [
        address for channel in answer["channels"].values() for address in channel["addresses"]
    ]
    assert all(value in visible for value in printed if value)


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode())))
def test_never_raises_on_anything(body: bytes) -> None:
    read(body)
    read(b"<html><body><p>" + body)
    read(b"%PDF-1.7\n" + body)


@settings(max_examples=80)
@given(PAGES)
def test_every_fact_rests_on_the_text(text: str) -> None:
    sound(read(text.encode()), collapsed(text))


@settings(max_examples=80)
@given(PAGES)
def test_nothing_is_published_elsewhere(text: str) -> None:
    answer = read(text.encode(), "https://www.example.org/gard.gouv.fr").to_json()
    assert answer["pan"]["status"] == "not_found"
    assert not any(channel["published"] for channel in answer["channels"].values())


@settings(max_examples=60)
@given(st.sampled_from(SENTENCES), st.sampled_from(["apostrophe", "nbsp", "spaces", "dashes", "nfd"]))
def test_typography_changes_no_answer(text: str, how: str) -> None:
    import unicodedata

    page = f"Titre de séjour\n\n{text}"
    other = {
        "apostrophe": page.replace("'", "\u2019"),
        "nbsp": re.sub(r"(?<=\w) (?=[:?!]|\w)", "\u00a0", page),
        "spaces": re.sub(r"(?<=\w) (?=\w)", "  ", page),
        "dashes": page.replace("rendez-vous", "rendez\u2011vous"),
        "nfd": unicodedata.normalize("NFD", page),
    }[how]
    one, two = read(page.encode()), read(other.encode())
    assert one.pan.status == two.pan.status
    assert one.pan.for_foreigners == two.pan.for_foreigners
    assert {k: c.published for k, c in one.channels.items()} == {k: c.published for k, c in two.channels.items()}
    sound(two, collapsed(other))


def test_a_page_of_text_without_stops_costs_no_square() -> None:
    from time import process_time

    started = process_time()
    for piece in ("0", "(", "12/03/", "par courrier ", "<div>", "<ul><li>a"):
        read((piece * (40_000 // len(piece))).encode())
    assert process_time() - started < 12  # measured: 2.4 s; quadratic rules took minutes
