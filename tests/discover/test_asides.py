"""What is recognised by what it is: a print control, a medical board, another office's module, a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.cli.look.walks.listed import listed_in
from monitor.core.hosts import parse
from monitor.core.prefecture import Page, Place, Provenance
from monitor.discover.addresses import is_print_view
from monitor.discover.declare import declaration
from monitor.discover.found import Candidate, DeskLink, Examined
from monitor.discover.leads import link_rules
from monitor.discover.meeting import Listed, Met
from monitor.discover.proposal import propose
from monitor.discover.statepage import StatePage, read_page
from monitor.discover.verdict import PageStanding
from tests.discover.test_proposal import AT, TODAY, found, loaded

SITE = "https://www.cher.gouv.fr"


def met(body: str, *, path: str = "/Prendre-un-rendez-vous", rows: tuple[Listed, ...] = ()) -> Met:
    """The links of one page of the Cher's site that is everybody's."""
    head = "<html lang=fr><head><title>Rendez-vous</title></head>"
    html = f"{head}<body><main><h1>Rendez-vous</h1>{body}</main></body></html>"
    page = Page(
        url=SITE + path, status=200, headers=(("Content-Type", "text/html; charset=utf-8"),), body=html.encode()
    )
    read = read_page(page, link_rules().notices, called="", territory="FR", at=AT)
    assert isinstance(read, StatePage)
    out = Met(link_rules(), "18")
    out.site = parse(f"{SITE}/")
    for row in rows:
        assert out.listed(row) is None
    standing = PageStanding(name="Rendez-vous", path=("Prendre un rendez vous",))
    out.links_of(
        Examined(Candidate("k", [page.url], "link", 0), page.url, page.url, standing),
        read.outline,
        read.facts,
        inside=False,
    )
    return out


def desk(body: str, rows: tuple[Listed, ...] = ()) -> DeskLink:
    (one,) = met(body, rows=rows).desks.values()
    return one


@pytest.mark.parametrize(
    "control",
    [
        '<a class="fr-btn--print" href="/layout/set/print/Demarches/Etrangers">Imprimer</a>',
        '<a href="/index.php/layout/set/print/Demarches/Etrangers"><img alt="Imprimer la page"></a>',
        '<a href="/spip.php?page=article_print&amp;id_article=12">Version imprimable : formulaire à imprimer</a>',
        '<a href="javascript:window.print()">Imprimer le formulaire</a>',
        '<button onclick="window.print()">Imprimer</button>',
    ],
)
def test_a_print_control_announces_nothing(control: str) -> None:
    candidates = met(control).candidates.values()
    assert not any("print" in url for one in candidates for url in one.urls)
    assert not any("forms" in one.kinds for one in candidates)


def test_forms_to_print_are_no_print_control() -> None:
    (one,) = met('<a href="/Demarches/Etrangers/Formulaires-a-imprimer">Formulaires à imprimer</a>').candidates.values()
    assert "forms" in one.kinds
    assert "elsewhere" not in one.why
    assert one.score >= 60
    assert not is_print_view(one.urls[0])


def test_the_weight_of_a_file_is_no_words_of_its_link() -> None:
    file = '<a class="fr-link" href="/a.pdf">Formulaire<span class="fr-link__detail">PDF - 0,01 Mb</span></a>'
    (one,) = met(file).candidates.values()
    assert one.called == "Formulaire"


@pytest.mark.parametrize(
    "body",
    [
        '<h2>Titres de séjour</h2><p><a href="/booking/create/5">Commission médicale</a></p>',
        '<h2>Titres de séjour</h2><p>Visite médicale : <a href="/booking/create/5">prendre rendez-vous</a></p>',
        '<h2>Commission médicale</h2><h3>Bourges</h3><p><a href="/booking/create/5">Prendre rendez-vous</a></p>',
        '<h2>Permis de conduire</h2><h3>Suite</h3><p><a href="/booking/create/5">Prendre rendez-vous</a></p>',
    ],
)
def test_what_the_site_labels_for_others_is_for_others(body: str) -> None:
    assert desk(f"<p>Étrangers : les titres de séjour.</p>{body}").for_foreigners is False


def test_the_prose_of_everybody_s_page_does_not_make_a_desk_of_another_matter() -> None:
    page = "<p>Les étrangers prennent rendez-vous pour leur titre de séjour.</p>"
    assert desk(f'{page}<p>Dépôt de statuts : <a href="/booking/create/5">réserver</a></p>').for_foreigners is None
    assert desk(f'{page}<p>Étudiants : <a href="/booking/create/5">réserver</a></p>').for_foreigners is True
    assert desk(f'{page}<p><a href="/booking/create/5">cliquez ici</a></p>').for_foreigners is True


@pytest.mark.parametrize(
    "body",
    [
        '<p><a href="/booking/create/5">Détention d\'armes par un ressortissant étranger</a></p>',
        '<p>N\'utilisez pas ce lien pour un titre de séjour : <a href="/booking/create/5">module</a></p>',
        '<p>Titre de séjour, module désactivé définitivement : <a href="/booking/create/5">ancien module</a></p>',
        '<p>Titre de séjour, réservé aux associations : <a href="/booking/create/5">ici</a></p>',
    ],
)
def test_words_that_name_foreigners_and_take_it_back_leave_the_link_to_a_person(body: str) -> None:
    link = desk(f"<h2>Étrangers</h2>{body}")
    assert link.for_foreigners is None
    assert propose(found(desks=(link,)), TODAY, simulated=False).desks == []


@pytest.mark.parametrize(
    "words", ["Légalisation et apostille pour l'étranger", "Permis de conduire étranger", "Carte grise, pays étranger"]
)
def test_abroad_is_no_foreigner(words: str) -> None:
    assert desk(f'<p><a href="/booking/create/5">{words}</a></p>').for_foreigners is False


@pytest.mark.parametrize(
    ("href", "words"),
    [
        ("https://www.nievre.gouv.fr/booking/create/9", "Titre de séjour"),
        ("https://www.rdv.nievre.gouv.fr/booking/create/9", "Titre de séjour"),
        ("https://www.prefecturedepolice.interieur.gouv.fr/booking/create/9", "Titre de séjour"),
        ("https://pprdv.interieur.gouv.fr/booking/create/9", "Titre de séjour"),
        (
            "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/9/",
            "Titre de séjour à la préfecture voisine",
        ),
        (
            "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/9/",
            "Titre de séjour à la préfecture de la Nièvre",
        ),
    ],
)  # fmt: skip
def test_another_prefecture_s_module_is_told_and_not_proposed(href: str, words: str) -> None:
    link = desk(f'<p><a href="{href}">{words}</a></p>')
    assert link.elsewhere
    walk = found(desks=(link,))
    proposal = propose(walk, TODAY, simulated=False)
    assert (proposal.desks, proposal.undeclared) == ([], [link])
    assert f"not declared (another préfecture's: {link.elsewhere})" in declaration(walk, proposal)


@pytest.mark.parametrize(
    "href",
    [
        "https://www.rdv.cher.gouv.fr/booking/create/9",
        "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/9/",
    ],
)
def test_the_office_s_own_host_and_the_national_product_s_are_no_other_office(href: str) -> None:
    assert desk(f'<p><a href="{href}">Titre de séjour, préfecture du Cher</a></p>').elsewhere is None


# --- a list keeps its own word ----------------------------------------------------------------------------------------

LIST = Provenance("guichetlibre/couverture-rdv-prefecture", "2026-09", "confirmed_2")
ROW = Listed(2, f"{SITE}/booking/create/9", "Renouvellement de titre de séjour", "liste.csv, line 2", LIST)


def test_a_list_does_not_say_for_whom_by_itself_and_its_provenance_stays() -> None:
    link = desk("", rows=(ROW,))
    assert (link.for_foreigners, link.ground, link.claimed) == (None, "list", True)
    (made,) = loaded(found(desks=(link,))).desks
    assert made.provenance == LIST
    assert made.verified_on is None


def test_a_page_that_links_it_says_it_and_is_the_source() -> None:
    link = desk('<p><a href="/booking/create/9">Renouvellement de titre de séjour</a></p>', rows=(ROW,))
    assert (link.for_foreigners, link.ground, link.listed) == (True, "link", True)
    (made,) = loaded(found(desks=(link,))).desks
    assert made.provenance.source == "vigie discover"


@pytest.mark.parametrize(
    ("label", "confidence"),
    [
        ("Commission médicale", "listed"),
        ("Module 9", "listed"),
        ("Renouvellement de titre de séjour", "guess"),
        ("Renouvellement de titre de séjour", "confirmed_1_stale"),
    ],
)
def test_a_list_s_silence_or_guess_is_no_desk(label: str, confidence: str) -> None:
    row = Listed(2, ROW.url, label, ROW.place, Provenance("liste", None, confidence))  # type: ignore[arg-type]
    proposal = propose(found(desks=(desk("", rows=(row,)),)), TODAY, simulated=False)
    assert proposal.desks == []
    assert len(proposal.undeclared) == 1


def test_a_list_s_columns_are_read_under_their_names(tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(
        "confidence;url;source;label;date\n"
        f"confirmed_1;{ROW.url};annuaire;Titre de séjour;2026-09\n"
        f"sure;{ROW.url};annuaire;Titre;\n"
        f";{ROW.url};;Titre;\n"
        f";{ROW.url};annuaire;Titre;\n",
        encoding="utf-8",
    )
    rows, refused = listed_in(file)
    assert [row.provenance for row in rows] == [
        Provenance("annuaire", "2026-09", "confirmed_1"),
        None,
        Provenance("annuaire", None, "listed"),
    ]
    assert [line for line, _ in refused] == [3]
    assert "sure" in refused[0][1]


def test_today_s_other_places_are_kept() -> None:
    from dataclasses import replace

    place = Place(kind="naturalisation", address="1 rue du Bac, 18000 Bourges", provenance=LIST)
    today = replace(TODAY, places=(place,))
    assert loaded(found(), today).places == (place,)
