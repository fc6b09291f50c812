"""Rows of others' lists: read in their own formats, placed, never more than their source says."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalogue.catalogue import load
from monitor.core.errors import UsageError
from monitor.discover.survey.sources import COVERAGE, COVERAGE_SOURCE, DILA_SOURCE, placed, read_source

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "survey"
COUNTRY = load("prefectures").prefectures


def rows(*names: str):  # type: ignore[no-untyped-def]
    found = [row for name in names for row in read_source(name, (FILES / name).read_bytes())]
    return placed(found, COUNTRY)


def test_a_table_of_booking_addresses_is_placed_by_the_office_s_name_or_the_host() -> None:
    found = rows("couverture-rdv-prefecture.csv")
    assert [row.code for row in found] == ["01", "01", "", "95", ""], "a row without an address is no row"
    assert {row.provenance.source for row in found} == {COVERAGE_SOURCE}
    assert {row.provenance.confidence for row in found} == {"listed"}
    assert found[0].where == "couverture-rdv-prefecture.csv, line 2"
    assert (found[0].label, found[0].place()) == ("Remise de titre de séjour", None)


def test_the_annuaire_places_a_sous_prefecture_that_a_table_only_names() -> None:
    found = rows("couverture-rdv-prefecture.csv", "annuaire.json")
    assert [row.code for row in found if "Gex" in row.name] == ["01", "01"]


def test_the_annuaire_gives_offices_and_doors_with_its_day_and_licence() -> None:
    office, _sub, pan = rows("annuaire.json")
    assert (office.told, office.code, office.phone) == ("office", "01", "01 99 00 12 34")
    assert office.address == "1 rue de l'Essai, 01000 Essai-en-Bresse"
    assert (office.provenance.source, office.provenance.date) == (DILA_SOURCE, "2026-11-18")
    place = pan.place()
    assert place is not None
    assert (place.kind, place.phone, place.address) == (
        "pan",
        "01 99 00 56 78",
        "2 rue de l'Essai, 01000 Essai-en-Bresse",
    )
    assert pan.provenance.date is None, "an entry without a day has none"


def test_the_dump_of_the_annuaire_says_the_same_as_its_api() -> None:
    api = json.loads((FILES / "annuaire.json").read_text(encoding="utf-8"))["results"]
    plain = [{k: json.loads(v) if str(v)[:1] == "[" else v for k, v in one.items()} for one in api]
    for one in plain:
        one["adresse_courriel"] = [one["adresse_courriel"]] if "adresse_courriel" in one else []
    dump = json.dumps({"service": plain}).encode()
    assert placed(read_source("annuaire.json", dump), COUNTRY) == rows("annuaire.json")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,2\n", "no column guichet_slug"),
        (b'{"other": []}', "no list called results"),
        (b"{", "x.csv: "),
        (b"", "no column guichet_slug"),
    ],
)
def test_another_file_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_source("x.csv", data)
    assert said in str(refused.value)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_rows_or_one_sentence(data: bytes) -> None:
    for whole in (data, ",".join(COVERAGE).encode() + b"\n" + data, b'{"results":[' + data + b"]}"):
        with suppress(UsageError):
            placed(read_source("x", whole), COUNTRY[:3])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("[{}]"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["valeur", "type_service_local"]), inner)
    ),
    max_leaves=6,
)
KEYS = (
    "nom",
    "pivot",
    "adresse",
    "telephone",
    "adresse_courriel",
    "site_internet",
    "code_insee_commune",
    "date_modification",
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_an_entry_of_any_shape_is_read_or_left(entry: dict[str, object]) -> None:
    entry["pivot"] = entry.get("pivot") or [{"type_service_local": "point_accueil_numerique"}]
    for row in read_source("x", json.dumps({"results": [entry]}).encode()):
        row.place()
