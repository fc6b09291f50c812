"""Addresses that are one page, the words a link stands among, sitemaps, and which links lead to a booking product."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.prefecture import Page
from monitor.discover.addresses import ADDRESSES, path_words, plain, read_sitemap, same_host, twin_key
from monitor.read.notices.prose.links import AROUND, outline, printed_addresses
from monitor.read.pages.html import parse
from monitor.read.platforms.booking import booking_of
from monitor.read.platforms.demarche_numerique import DemarcheNumerique
from monitor.read.platforms.ez_booking import EzBooking
from monitor.read.platforms.orion import Orion
from monitor.read.platforms.rdv_prefecture import RdvPrefecture
from monitor.read.platforms.rdv_service_public import RdvServicePublic

PAGE = "https://www.essai.gouv.fr/Demarches/Etrangers/PAN"


# --- twins ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        f"{PAGE}/",
        f"{PAGE}/PAN",
        f"{PAGE}#horaires",
        f"{PAGE}?xtor=EPR-1&utm_source=lettre",
        "http://essai.gouv.fr/Demarches/Etrangers/PAN",
        "https://WWW.essai.gouv.fr/index.php/Demarches/Etrangers/PAN",
        "https://www.essai.gouv.fr/layout/set/print/Demarches/Etrangers/PAN/PAN",
        "https://www.essai.gouv.fr/index.php/layout/set/print/Demarches/Etrangers/%50AN",
    ],
)
def test_every_spelling_of_a_page_has_one_key(url: str) -> None:
    assert twin_key(url) == twin_key(PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.essai.gouv.fr/Demarches/Etrangers/PAN2",
        "https://www.essai.gouv.fr/Demarches/Etrangers/pan",
        "https://www.essai.gouv.fr/Demarches/Etrangers",
        "https://www.essai.gouv.fr/PAN",
        f"{PAGE}?page=2",
        "https://www.rdv.essai.gouv.fr/Demarches/Etrangers/PAN",
        "https://www.essai.gouv.fr/index.phpDemarches/Etrangers/PAN",
    ],
)
def test_another_page_has_another_key(url: str) -> None:
    assert twin_key(url) != twin_key(PAGE)


def test_an_article_of_spip_and_its_print_view_are_one() -> None:
    article = "http://www.essai.gouv.fr/etrangers-dans-l-essai-a7247.html"
    assert twin_key(article) == twin_key("https://essai.gouv.fr/spip.php?page=article_print&id_article=7247")
    assert twin_key(article) != twin_key("https://essai.gouv.fr/spip.php?page=article_print&id_article=7248")


def test_the_home_page_is_one_whatever_its_spelling() -> None:
    homes = ("https://www.essai.gouv.fr", "http://essai.gouv.fr/index.php", "https://www.essai.gouv.fr/#main")
    assert len({twin_key(url) for url in homes}) == 1
    assert {plain(url) for url in homes} == {"https://www.essai.gouv.fr/", "http://essai.gouv.fr/"}


PATHS = st.lists(st.text("aAé-_%.~!", min_size=1, max_size=6), max_size=5).map("/".join)


@given(PATHS, st.sampled_from(["", "?page=2", "?b=1&a=2", "?xtor=1&a="]))
def test_a_plain_spelling_is_plain_and_keeps_its_key(path: str, query: str) -> None:
    url = f"https://www.essai.gouv.fr/{path}{query}"
    assert plain(plain(url)) == plain(url)
    assert twin_key(plain(url)) == twin_key(url)
    assert twin_key(f"http://essai.gouv.fr/index.php/{path}{query}") == twin_key(url)


def test_what_is_no_address_is_said() -> None:
    for url in ("mailto:a@b.gouv.fr", "javascript:void(0)", "https://[::1]/", "/relative"):
        with pytest.raises(ValueError, match=r"\w"):
            twin_key(url)


def test_one_site_is_one_host_but_for_www() -> None:
    assert same_host("www.essai.gouv.fr", "ESSAI.gouv.fr")
    assert not same_host("www.rdv.essai.gouv.fr", "www.essai.gouv.fr")
    assert not same_host("essai.gouv.fr.example.org", "essai.gouv.fr")


def test_an_address_as_words() -> None:
    assert path_words("https://www.essai.gouv.fr/index.php/Demarches/Acc%C3%A8s_PAN/Acc%C3%A8s_PAN") == (
        "Demarches",
        "Accès PAN",
    )


# --- links ------------------------------------------------------------------------------------------------------------

MARKUP = """<html><head><title>Rendez-vous - Les services de l'État</title></head><body>
<header class="fr-header"><a href="/">Accueil</a><nav class="fr-nav"><a href="/Demarches">Démarches</a></nav></header>
<main><nav class="fr-breadcrumb" aria-label="vous êtes ici :"><a href="/">Accueil</a>
<a href="/Demarches">Démarches</a><a href="/Demarches/Etrangers">Étrangers</a><a>Rendez-vous</a></nav>
<h1>Rendez-vous</h1>
<h2>Nanterre</h2>
<table><tr><th>Site</th><th>Lien</th></tr>
<tr><td>Renouvellement</td><td><a href="/booking/create/11025">cliquez <b>ici</b></a></td></tr></table>
<p>Première demande : <a href="http://demarche.numerique.gouv.fr/commencer/rdv-1">formulaire</a>. Pour l'admission
exceptionnelle, remplir le <a href="https://demarche.numerique.gouv.fr/commencer/rdv-2">formulaire</a>.
<a href="Aide">Aide</a> <a href="mailto:x@essai.gouv.fr">écrire</a> <a href="#haut">haut</a></p>
<p><a href="/image"><img alt="Plan d'accès"></a> <a href="/vide" title="Sans mots"></a></p>
<iframe src="https://www.rdv.essai.gouv.fr/booking/create/3"></iframe>
<p>Réservez sur pprdv.interieur.gouv.fr ou écrivez à contact@rdv.essai.gouv.fr.</p>
</main><footer><a href="/Contact">Nous contacter</a></footer></body></html>"""


def outlined(markup: str = MARKUP, url: str = "https://www.essai.gouv.fr/Demarches/Etrangers/Rendez-vous"):  # type: ignore[no-untyped-def]
    return outline(parse(Page(url=url, status=200, body=markup.encode())), url)


def test_a_page_is_called_by_its_own_name_and_stands_under_its_breadcrumb() -> None:
    page = outlined()
    assert page.name == "Rendez-vous"
    assert page.crumbs == ("Démarches", "Étrangers")
    assert page.above[-1] == "https://www.essai.gouv.fr/Demarches/Etrangers"


def test_the_name_is_the_title_where_the_heading_is_the_site() -> None:
    page = outlined("<title>Étrangers - Les services de l'État</title><h1>Les services de l'État</h1>")
    assert page.name == "Étrangers"


def test_a_link_of_a_table_is_quoted_with_its_row_and_heading() -> None:
    link = next(a for a in outlined().anchors if a.href == "/booking/create/11025")
    assert (link.url, link.words) == ("https://www.essai.gouv.fr/booking/create/11025", "cliquez ici")
    assert (link.around, link.heading, link.where) == ("Renouvellement cliquez ici", "Nanterre", "main")


def test_a_link_of_a_paragraph_is_quoted_with_its_own_sentence() -> None:
    first, second = (a for a in outlined().anchors if a.words == "formulaire")
    assert first.around == "Première demande : formulaire."
    assert second.around == "Pour l'admission exceptionnelle, remplir le formulaire."


def test_where_links_stand_and_what_is_no_link() -> None:
    anchors = {a.href: a for a in outlined().anchors}
    assert anchors["/Contact"].where == "chrome"
    assert anchors["/Demarches/Etrangers"].where == "crumb"
    assert anchors["Aide"].url == "https://www.essai.gouv.fr/Demarches/Etrangers/Aide"
    assert anchors["/image"].words == "Plan d'accès"
    assert anchors["/vide"].words == "Sans mots"
    assert "https://www.rdv.essai.gouv.fr/booking/create/3" in anchors
    assert not any(href.startswith(("mailto:", "#")) for href in anchors)


def test_base_is_obeyed() -> None:
    page = outlined('<head><base href="/Demarches/"></head><a href="PAN">PAN</a>')
    assert page.anchors[0].url == "https://www.essai.gouv.fr/Demarches/PAN"


def test_a_long_row_is_cut_around_its_link() -> None:
    row = "mot " * 200 + '<a href="/x">ici</a> ' + "mot " * 200
    link = outlined(f"<ul><li>{row}</li></ul>").anchors[0]
    assert "ici" in link.around
    assert link.around.startswith("[…] ")
    assert link.around.endswith(" […]")
    assert len(link.around) <= AROUND + 8


@given(st.binary(max_size=400))
def test_no_markup_makes_it_fail(body: bytes) -> None:
    url = "https://www.essai.gouv.fr/"
    outline(parse(Page(url=url, status=200, body=b"<html><body>" + body)), url)


def test_printed_addresses_are_met_and_mail_domains_are_not() -> None:
    text = (
        "Voir https://www.essai.gouv.fr/booking/create/12. Ou pprdv.interieur.gouv.fr, a@rdv.essai.gouv.fr, 12.50 fr."
    )
    found = [address for address, _ in printed_addresses(text)]
    assert found == ["https://www.essai.gouv.fr/booking/create/12", "https://pprdv.interieur.gouv.fr"]


# --- sitemaps ---------------------------------------------------------------------------------------------------------

NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*urls: str) -> bytes:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>2024-01-01</lastmod></url>" for url in urls)
    return f'<?xml version="1.0"?><urlset {NS}>{entries}</urlset>'.encode()


def test_a_sitemap_plain_gzipped_or_an_index() -> None:
    plain_one = read_sitemap(urlset(" https://a.gouv.fr/x?a=1&amp;b=2 ", "https://a.gouv.fr/y"))
    assert plain_one is not None
    assert plain_one.pages == ("https://a.gouv.fr/x?a=1&b=2", "https://a.gouv.fr/y")
    assert read_sitemap(gzip.compress(urlset("https://a.gouv.fr/x"))) == read_sitemap(urlset("https://a.gouv.fr/x"))
    index = read_sitemap(
        f"<sitemapindex {NS}><sitemap><loc>https://a.gouv.fr/1.gz</loc></sitemap></sitemapindex>".encode()
    )
    assert index is not None
    assert (index.indexes, index.pages) == (("https://a.gouv.fr/1.gz",), ())


def test_a_sitemap_is_read_within_bounds() -> None:
    many = read_sitemap(urlset(*(f"https://a.gouv.fr/{n}" for n in range(ADDRESSES + 3))))
    assert many is not None
    assert (len(many.pages), many.cut) == (ADDRESSES, True)
    bomb = gzip.compress(b"<urlset>" + b" " * 40_000_000)
    assert read_sitemap(bomb) is not None
    laughs = b'<!DOCTYPE u [<!ENTITY a "https://a.gouv.fr/">]><urlset><url><loc>&a;</loc></url></urlset>'
    assert read_sitemap(laughs) == read_sitemap(b"<urlset></urlset>")


@pytest.mark.parametrize("body", [b"", b"<html><body>404</body></html>", b"\x1f\x8bxx", b"Sitemap: x", b"<rss/>"])
def test_what_is_no_sitemap_is_none(body: bytes) -> None:
    assert read_sitemap(body) is None


@given(st.binary(max_size=300))
def test_no_bytes_make_a_sitemap_fail(body: bytes) -> None:
    read_sitemap(body)
    read_sitemap(b"<urlset>" + body)
    read_sitemap(zlib.compress(body))


# --- booking links ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "platform"),
    [
        ("http://www.essai.gouv.fr/booking/create/11343/2", EzBooking("www.essai.gouv.fr", 11343)),
        ("https://www.essai.gouv.fr/index.php/booking/create/9/", EzBooking("www.essai.gouv.fr", 9)),
        ("https://www.rdv.puy-de-dome.gouv.fr/booking/create/801", EzBooking("www.rdv.puy-de-dome.gouv.fr", 801)),
        ("http://pprdv.interieur.gouv.fr/booking/create/976", EzBooking("pprdv.interieur.gouv.fr", 976)),
        ("https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/9911/cgu/", RdvPrefecture(9911)),
        ("https://www.demarches-simplifiees.fr/commencer/rnlvt-pro-evry", DemarcheNumerique("rnlvt-pro-evry")),
        ("https://demarche.numerique.gouv.fr/commencer/pan-93?x=1", DemarcheNumerique("pan-93")),
        (
            "https://rdv.anct.gouv.fr/prendre_rdv?public_link_organisation_id=1",
            RdvServicePublic("https://rdv.anct.gouv.fr/prendre_rdv?public_link_organisation_id=1"),
        ),
        (
            "https://esii-orion.com/orion-reservation/slots?account=EVMSPI&config=SEJOURREMISE",
            Orion("https://esii-orion.com/orion-reservation/slots?account=EVMSPI&config=SEJOURREMISE"),
        ),
    ],
)
def test_a_booking_link_names_its_desk(url: str, platform: object) -> None:
    booking = booking_of(url)
    assert booking is not None
    assert booking.platform == platform


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://pprdv.interieur.gouv.fr", "pprdv.interieur.gouv.fr"),
        ("http://www.rdv.aveyron.gouv.fr/", "www.rdv.aveyron.gouv.fr"),
        ("https://www.rdv-prefecture.interieur.gouv.fr/", "www.rdv-prefecture.interieur.gouv.fr"),
        ("https://www.demarches-simplifiees.fr/", "demarche.numerique.gouv.fr"),
        ("https://rdv.anct.gouv.fr/", "rdv.anct.gouv.fr"),
    ],
)
def test_a_booking_host_without_a_path_is_a_host_only(url: str, host: str) -> None:
    booking = booking_of(url)
    assert booking is not None
    assert (booking.host, booking.platform) == (host, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.essai.gouv.fr/Demarches/Prendre-un-rendez-vous",
        "https://www.essai.gouv.fr/booking/login",
        "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/",
        "https://www.service-public.fr/",
        "mailto:rdv@essai.gouv.fr",
        "not an address",
    ],
)
def test_other_pages_are_no_booking_links(url: str) -> None:
    assert booking_of(url) is None
