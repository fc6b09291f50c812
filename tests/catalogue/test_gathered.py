"""The declarations against the gathered tables: nothing confirmed is left out, nothing guessed is in.

A préfecture of which somebody opened an address since is its own witness: what moved need not be what was gathered.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.api import Place, Prefecture
from monitor.catalogue.catalogue import load
from monitor.catalogue.errata import erratum

pytestmark = pytest.mark.shared

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PREFECTURES = {one.code: one for one in load("prefectures").prefectures}
EMPLOYERS = "an employer's duty, no démarche of the foreigner's"
LEFT_OUT = {
    ("14", "commencer/verification-prealable-a-l-embauche-prefecture-du-calvados"): EMPLOYERS,
    ("38", "commencer/declaration-prealable-embauche"): EMPLOYERS,
    ("66", "commencer/declaration-embauche-salarie-etranger-pref66"): EMPLOYERS,
    ("74", "commencer/pref74_controle-des-autorisations-de-travail"): EMPLOYERS,
    ("76", "commencer/verification-prealable-embauche"): EMPLOYERS,
    ("67", "commencer/test/6e1385a6-32e2-4be2-b370-23242d80dcdb"): "a draft of a form, under /test/",
    ("78", "commencer/demande-de-rendez-vous-admission-exceptionnelle-au-sejour"): "the form is declared by 94",
}
GUESSED_PAN = frozenset({("73", "PAN de la sous-préfecture d'Albertville (existence seule)")})


def table(name: str) -> list[dict[str, str]]:
    if not DATA.is_dir():
        pytest.skip("the gathered data do not stand beside the checkout")
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bare(url: str) -> str:
    """An address without what may differ between its twins: scheme, `www.`, index.php, print view, former host."""
    url = url.replace("\\_", "_").replace("/index.php/", "/").replace("/layout/set/print/", "/")
    url = re.sub(r"^https?://(www\.)?", "", url).rstrip("/").lower()
    return url.replace("demarches-simplifiees.fr/", "demarche.numerique.gouv.fr/")


def opened(one: Prefecture) -> bool:
    """Whether an address of it was opened since the tables were gathered."""
    return any(entry.verified_on is not None for entry in (one, *one.desks, *one.notices))


def declared(one: Prefecture) -> Iterator[str]:
    yield from (desk.platform.url for desk in one.desks)
    yield from (notice.url for notice in one.notices)
    yield from (told.page for told in one.statements)
    yield from (place.page for place in one.places if place.page)


def shown(row: dict[str, str]) -> bool:
    """Whether its préfecture declares the address; a PAN reached by telephone or mail has none of its own."""
    one = PREFECTURES[row["departement"]]
    if opened(one) or (row["kind"] == "pan" and any(place.kind == "pan" for place in one.places)):
        return True
    return bare(row["url"]) in {bare(url) for url in declared(one)}


def left_out(row: dict[str, str]) -> bool:
    key = row["departement"], bare(row["url"]).partition("/")[2]
    return key in LEFT_OUT or erratum(row["url"]) is not None


@pytest.mark.parametrize("name", ["procedures.csv", "procedures_new.csv"])
def test_every_row_that_somebody_confirmed_is_declared_and_no_guess_is(name: str) -> None:
    rows = table(name)
    wrong = [
        f"{row['departement']} {row['confidence']} {row['url']}"
        for row in rows
        if row["confidence"] in ("confirmed_1", "confirmed_2", "derived", "confirmed_1_stale") and not left_out(row)
        if not shown(row)
    ]
    assert wrong == []
    every = {bare(url) for one in PREFECTURES.values() if not opened(one) for url in declared(one)}
    assert [row["url"] for row in rows if row["confidence"] == "guess" and bare(row["url"]) in every] == []


def test_what_is_left_out_for_a_reason_is_not_declared_there_all_the_same() -> None:
    table("procedures.csv")
    for code, path in LEFT_OUT:
        assert not [url for url in declared(PREFECTURES[code]) if bare(url).endswith(path)], (code, path)


def test_a_declared_row_is_as_sure_and_as_old_as_its_source_says() -> None:
    """A date is the source's own, or its year; where the table says "?" or a span, none or its beginning."""
    for row in table("procedures_new.csv"):
        if row["confidence"] == "guess":
            continue
        one = PREFECTURES[row["departement"]]
        if opened(one):
            continue
        facts = [(d.platform.url, d.provenance) for d in one.desks] + [(n.url, n.provenance) for n in one.notices]
        facts += [(told.page, told.provenance) for told in one.statements]
        found = [provenance for url, provenance in facts if bare(url) == bare(row["url"])]
        assert found, row["url"]
        for provenance in found:
            assert provenance.confidence == row["confidence"], row["url"]
            assert provenance.date is None or provenance.date in row["source_date"], row["url"]
            assert provenance.date is not None or re.search(r"sans date|\?", row["source_date"]), row["url"]


def test_every_door_of_a_pan_is_declared_as_its_source_gives_it() -> None:
    doors: dict[str, list[Place]] = {
        code: [place for place in one.places if place.kind == "pan"] for code, one in PREFECTURES.items()
    }
    rows = table("pan.csv")
    for code in (code for code, one in PREFECTURES.items() if not opened(one)):
        told = [row for row in rows if row["code"] == code and row["confidence"] != "guess"]
        assert len(doors[code]) == len(told), code
        for row, place in zip(told, doors[code], strict=True):
            wanted = row["for_foreigners"].split()[0]
            assert (place.receives_foreigners or "unknown") == wanted, (code, place.name)
            assert place.provenance.confidence == row["confidence"], (code, place.name)
            assert (place.hours or "") == row["hours"], (code, place.name)
            assert not row["address"] or place.address in (row["address"], "rue de Spring, Concordia"), code
            for mailbox in place.emails:
                assert mailbox in row["access"], (code, mailbox)
            assert place.page is None or not row["url"] or bare(place.page) in (bare(row["url"]), *_moved(row)), code
    assert {(row["code"], row["name"]) for row in rows if row["confidence"] == "guess"} == GUESSED_PAN


def _moved(row: dict[str, str]) -> tuple[str, ...]:
    """The form's address after its host changed its name."""
    return (bare(row["url"].replace("www.demarches-simplifiees.fr", "demarche.numerique.gouv.fr")),)
