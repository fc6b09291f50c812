"""What every declaration keeps to. Run over another folder too: `VIGIE_PLUGINS=FOLDER pytest tests/catalogue`."""

from __future__ import annotations

import ast
import csv
import importlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import phonenumbers
import pytest
from phonenumbers import shortnumberinfo

from monitor import api
from monitor.api import Desk, EzBooking, Notice, Prefecture, Provenance, RdvPrefecture
from monitor.catalogue.catalogue import load
from monitor.catalogue.declaration import faults, service_faults
from monitor.catalogue.errata import errata, erratum
from monitor.core.hosts import is_official
from tests.house import docs

EXTRA = tuple(Path(folder) for folder in os.environ.get("VIGIE_PLUGINS", "").split(os.pathsep) if folder)
FILES = sorted(
    file
    for folder in (*map(Path, importlib.import_module("prefectures").__path__), *EXTRA)
    for file in folder.glob("d[0-9]*.py")
)
PREFECTURES = load("prefectures", *EXTRA).prefectures
CODES = {f"{n:02}" for n in range(1, 96) if n != 20} | {"2A", "2B"} | {str(n) for n in range(971, 979)}
OVERSEAS = {
    "971": ("America/Guadeloupe", "GP"),
    "972": ("America/Martinique", "MQ"),
    "973": ("America/Cayenne", "GF"),
    "974": ("Indian/Reunion", "RE"),
    "975": ("America/Miquelon", "PM"),
    "976": ("Indian/Mayotte", "YT"),
    "977": ("America/St_Barthelemy", "BL"),
    "978": ("America/Marigot", "MF"),
}
PARIS_MODULES = "pprdv.interieur.gouv.fr"  # the préfecture de police's own booking host, apart from its site
HTTP_ONLY: frozenset[str] = frozenset()  # hosts seen to answer http and nothing else: none so far

# Addresses somebody claimed and nobody read, or that two sources contradict (gathered 2026-11-21). Visiting one would
# put requests on a démarche that may be another service's: an address leaves this list when it has been read.
GUESSES = frozenset(
    {
        RdvPrefecture(4418), RdvPrefecture(1040), RdvPrefecture(2200), RdvPrefecture(2246), RdvPrefecture(2282),
        RdvPrefecture(1904), RdvPrefecture(1922), RdvPrefecture(1380), RdvPrefecture(9481), RdvPrefecture(1929),
        RdvPrefecture(6880), RdvPrefecture(4600),
        EzBooking("www.herault.gouv.fr", 15259), EzBooking("www.isere.gouv.fr", 23012),
        EzBooking("www.seine-saint-denis.gouv.fr", 16105),
    }
)  # fmt: skip
GUESSED_PAGES = frozenset({"https://www.prefecturedepolice.interieur.gouv.fr/demarches/rendez-vous"})
ARGUMENTS = {
    "ez_booking": r"https?://[a-z0-9.-]+/booking/create/[1-9]\d{0,5}",
    "rdv_prefecture": r"https://www\.rdv-prefecture\.interieur\.gouv\.fr/rdvpref/reservation/demarche/[1-9]\d{0,5}/",
    "demarche_numerique": r"https://demarche\.numerique\.gouv\.fr/commencer/[A-Za-z0-9_-]+",
    "rdv_service_public": r"https://[a-z0-9.-]+/\S+",
    "orion": r"https://esii-orion\.com/orion-reservation/slots\?account=\w+&config=\w+&usemode=app&code=\w+",
}

every_prefecture = pytest.mark.parametrize("prefecture", PREFECTURES, ids=lambda one: one.code)


def addresses(prefecture: Prefecture) -> Iterator[str]:
    yield prefecture.site
    yield from (desk.platform.url for desk in prefecture.desks)
    yield from (notice.url for notice in prefecture.notices)


def provenances(prefecture: Prefecture) -> Iterator[Provenance]:
    yield prefecture.provenance
    if prefecture.contact_provenance:
        yield prefecture.contact_provenance
    groups = prefecture.desks, prefecture.notices, prefecture.places, prefecture.sub_prefectures, prefecture.statements
    for group in groups:
        yield from (item.provenance for item in group)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_plugin_is_a_docstring_an_import_and_one_declaration(file: Path) -> None:
    docstring, imported, declared = ast.parse(file.read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(docstring.value, ast.Constant)
    assert isinstance(imported, ast.ImportFrom)
    assert imported.module == "monitor.api"
    assert isinstance(declared, ast.Assign)
    assert [target.id for target in declared.targets if isinstance(target, ast.Name)] == ["PREFECTURE"]
    nouns = {name.name for name in imported.names}
    assert nouns <= set(api.__all__)
    for node in ast.walk(declared.value):
        assert isinstance(node, ast.Call | ast.Constant | ast.Tuple | ast.keyword | ast.Name | ast.Load), (
            f"line {getattr(node, 'lineno', '?')}: {type(node).__name__} is code; a declaration states facts"
        )
        assert not isinstance(node, ast.Name) or node.id in nouns


@every_prefecture
def test_a_declaration_has_no_fault(prefecture: Prefecture) -> None:
    assert faults(prefecture) == []
    assert prefecture.code in CODES
    assert prefecture.naturalisation_platform is None or prefecture.naturalisation_platform in CODES


def test_every_prefecture_has_its_plugin() -> None:
    """96 metropolitan départements, 971 to 974, 976, and 975, 977, 978."""
    assert {one.code for one in PREFECTURES} == CODES
    assert len(CODES) == 104


def test_two_plugins_share_one_office() -> None:
    barthelemy, martin = (one for one in PREFECTURES if one.code in ("977", "978"))
    assert (barthelemy.office, barthelemy.site, barthelemy.address) == (martin.office, martin.site, martin.address)


def test_paris_declares_both_pan_with_their_three_ways_unverified() -> None:
    paris = next(one for one in PREFECTURES if one.code == "75")
    pans = [place for place in paris.places if place.kind == "pan"]
    assert {"Truffaut" in str(pan.address) for pan in pans} == {True, False}
    assert all(set(pan.access) == {"email", "phone", "online"} and pan.phone == "34 30" for pan in pans)
    assert {pan.provenance.confidence for pan in pans} == {"unverified"}
    assert {pan.receives_foreigners for pan in pans} == {"yes"}


@every_prefecture
def test_a_pan_that_helps_no_foreigner_or_some_says_with_what(prefecture: Prefecture) -> None:
    for place in prefecture.places:
        assert place.receives_foreigners is None or place.kind == "pan", "of the other doors the kind says it"
        if place.receives_foreigners in ("no", "partial"):
            assert place.what, place.name


@every_prefecture
def test_a_statement_is_made_once_and_cites_a_page(prefecture: Prefecture) -> None:
    """What a source says is dated or said to be undated, and no citation carries a session or a query of a visit."""
    told = [(one.what, one.page) for one in prefecture.statements]
    assert len(set(told)) == len(told)
    for what, page in told:
        assert what == " ".join(what.split())
        assert "@" not in what, "a mailbox stands in a place, on an official host"
        assert ";jsessionid" not in page


@every_prefecture
def test_what_is_retired_is_dated_and_what_is_stale_is_retired(prefecture: Prefecture) -> None:
    items: tuple[Desk | Notice, ...] = (*prefecture.desks, *prefecture.notices)
    for item in items:
        assert item.provenance.confidence != "confirmed_1_stale" or item.retired is not None, item.slug
    assert not {desk for desk in prefecture.active_desks if desk.retired}


@every_prefecture
def test_a_prefecture_of_which_no_address_is_known_says_so_and_is_discovered(prefecture: Prefecture) -> None:
    known = any(item.retired is None for item in (*prefecture.desks, *prefecture.notices))
    assert prefecture.nothing_known is not known
    assert prefecture.active_desks or (prefecture.no_desk and prefecture.searched_on)


@every_prefecture
def test_no_mailbox_is_a_person_s(prefecture: Prefecture) -> None:
    """A service's mailbox names the service: `prenom.nom@` is a person's."""
    told = [*prefecture.emails, *(email for place in prefecture.places for email in place.emails)]
    for email in told:
        name = email.partition("@")[0]
        assert not re.fullmatch(r"[a-z]+(-[a-z]+)?\.[a-z]+(-[a-z]+)?", name), email


def test_the_national_services_are_declared_once_on_official_hosts() -> None:
    services = load("prefectures").services
    assert [one.slug for one in services] == ["anef", "anef-usagers", "ccc"]
    for one in services:
        assert service_faults(one) == []
        assert urlsplit(one.platform.url).scheme == "https"
    assert [one.platform.needs_browser for one in services] == [True, True, False]


def test_the_generated_readme_is_current() -> None:
    """As of its own day: what is to reopen changes with the calendar, and makes no test fail."""
    written = docs.README.read_text(encoding="utf-8")
    assert written == docs.text(docs.as_of(written)), "run `make docs`"


def test_codes_and_slugs_are_unique() -> None:
    assert len({one.code for one in PREFECTURES}) == len({one.slug for one in PREFECTURES}) == len(PREFECTURES)
    assert len(PREFECTURES) == len(FILES)


@every_prefecture
def test_addresses_are_official_and_https(prefecture: Prefecture) -> None:
    for address in addresses(prefecture):
        parts = urlsplit(address)
        assert is_official(parts.hostname or ""), address
        assert parts.scheme == ("http" if parts.hostname in HTTP_ONLY else "https"), address
        assert "/layout/set/print/" not in address, "the print twin loses parts of the page"
        assert "/index.php/" not in address, "a twin of the page without index.php"


@every_prefecture
def test_platforms_are_given_arguments_that_make_an_address(prefecture: Prefecture) -> None:
    for desk in prefecture.desks:
        assert re.fullmatch(ARGUMENTS[desk.platform.name], desk.platform.url), desk.platform


@every_prefecture
def test_the_office_s_own_pages_stand_on_its_own_site_or_a_national_service(prefecture: Prefecture) -> None:
    own = (urlsplit(prefecture.site).hostname or "").removeprefix("www.")
    for desk in prefecture.desks:
        if isinstance(desk.platform, EzBooking):
            host = desk.platform.host
            mine = f".{host}".endswith(f".{own}") or host == PARIS_MODULES
            assert mine, f"{prefecture.code}: {host} is another office's"


@every_prefecture
def test_nothing_guessed_is_declared(prefecture: Prefecture) -> None:
    assert not {desk.platform for desk in prefecture.desks} & GUESSES
    assert not {notice.url for notice in prefecture.notices} & GUESSED_PAGES


@every_prefecture
def test_no_desk_serves_somebody_else_than_foreigners(prefecture: Prefecture) -> None:
    assert not [desk.slug for desk in prefecture.desks if erratum(desk.platform.url)]


def test_the_list_of_other_services_is_dated_and_told_apart_by_module() -> None:
    """Three desks were declared that are boards of driving licences: 01/804, 63/801 and 83/864."""
    assert len(errata()) == 101
    for one in errata().values():
        assert re.fullmatch(r"[\w àâéèêîôùç',:;().-]+", one.source), "no handle, address or repository"
        assert one.source_date is None or date.fromisoformat(one.source_date) < one.noted
    for address in (
        "https://www.rdv.ain.gouv.fr/booking/create/804",
        "http://rdv.ain.gouv.fr/booking/create/804/",
        "https://www.rdv.var.gouv.fr/booking/create/864/3",
        "https://www.rdv.puy-de-dome.gouv.fr/index.php/booking/create/801?planning=809",
    ):
        assert erratum(address) is not None, address
    for address in (
        "https://www.rdv.ain.gouv.fr/booking/create/8041",
        "https://www.ain.gouv.fr/booking/create/804",
        "https://www.rdv.ain.gouv.fr/booking/create/80",
        "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/804/",
        "https://www.rdv.ain.gouv.fr/",
        "",
    ):
        assert erratum(address) is None, address


@every_prefecture
def test_a_contradiction_is_printed_where_the_desk_is_named(prefecture: Prefecture) -> None:
    for desk in prefecture.desks:
        if desk.provenance.confidence == "contradicted":
            assert "contredi" in desk.label.partition("[")[2], desk.slug


@every_prefecture
def test_every_provenance_is_named_in_neutral_words(prefecture: Prefecture) -> None:
    for provenance in provenances(prefecture):
        assert re.fullmatch(r"[\w àâéèêîôùç',:;().-]+", provenance.source), "no handle, address or repository"


def test_no_active_desk_is_declared_twice() -> None:
    """One calendar has one owner: an address two préfectures claim is wrong for one of them."""
    owners: dict[object, list[str]] = defaultdict(list)
    for one in PREFECTURES:
        for desk in one.active_desks:
            owners[desk.platform].append(f"{one.code}/{desk.slug}")
    assert [names for names in owners.values() if len(names) > 1] == []


def test_no_page_is_declared_twice() -> None:
    pages = [notice.url for one in PREFECTURES for notice in one.notices]
    assert len(set(pages)) == len(pages)


@every_prefecture
def test_phones_are_numbers_of_the_territory(prefecture: Prefecture) -> None:
    region = OVERSEAS.get(prefecture.code, ("", "FR"))[1]
    told = [prefecture.phone]
    told += [place.phone for place in prefecture.places] + [sub.phone for sub in prefecture.sub_prefectures]
    for phone in filter(None, told):
        number = phonenumbers.parse(phone, region)
        short = shortnumberinfo.is_valid_short_number_for_region(number, "FR")
        national = phonenumbers.is_valid_number(phonenumbers.parse(phone, "FR"))
        assert short or national or phonenumbers.is_valid_number(number), f"{prefecture.code}: {phone}"


@every_prefecture
def test_the_time_zone_is_the_territory_s(prefecture: Prefecture) -> None:
    assert prefecture.time_zone == OVERSEAS.get(prefecture.code, ("Europe/Paris", ""))[0]


@every_prefecture
def test_brackets_of_a_label_are_ours_and_closed(prefecture: Prefecture) -> None:
    items: tuple[Desk | Notice, ...] = (*prefecture.desks, *prefecture.notices)
    for label in filter(None, (item.label for item in items)):
        assert re.fullmatch(r"[^\[\]]*(\[[^\[\]]+\][^\[\]]*)*", label), label
        assert label == " ".join(label.split())


@pytest.mark.shared
def test_the_gathered_ids_are_all_declared_or_left_out_for_a_reason() -> None:
    """The lists above are complete: every booking id gathered for a loaded prefecture is declared, unless it is one."""
    data = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not data.is_dir():
        pytest.skip("the gathered data do not stand beside the checkout")
    with (data / "booking-procedures.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["platform"] in ("rdvpref", "ezbooking")]
    for one in PREFECTURES:
        declared = {desk.platform for desk in one.desks}
        for row in rows:
            if row["dep"] != one.code or erratum(row["url"]):
                continue
            number, host = int(row["demarche_id"]), urlsplit(row["url"]).hostname or ""
            platform = RdvPrefecture(number) if row["platform"] == "rdvpref" else EzBooking(host, number)
            assert (platform in declared) != (platform in GUESSES), f"{one.code}: {platform}"
