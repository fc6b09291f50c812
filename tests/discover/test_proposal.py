"""From what a walk found to a declaration that loads, and what differs from today's plugin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from monitor import api
from monitor.api import Desk, EzBooking, Notice, Prefecture, Provenance, RdvPrefecture
from monitor.catalogue.declaration import faults
from monitor.core.readings import Obstructed, Seen, Unreadable
from monitor.discover.addresses import twin_key
from monitor.discover.declare import declaration, misplaced
from monitor.discover.found import Candidate, DeskLink, Discovery, Examined, Ground, PageMention
from monitor.discover.proposal import propose
from monitor.discover.verdict import PageFinding, PageStanding
from monitor.read.platforms.orion import Orion

SITE = "https://www.essai.gouv.fr"
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
SOURCE = Provenance("public code", "2024", "confirmed_1")
TODAY = Prefecture(
    code="90",
    slug="essai",
    name="Essai",
    office="Préfecture",
    site=SITE,
    provenance=SOURCE,
    no_desk="Rien.",
    searched_on=date(2026, 1, 1),
)


def candidate(path: str, words: str = "un lien", **more: Any) -> Candidate:
    mention = PageMention(f"{SITE}/Demarches", words, f"{words} dans sa phrase")
    return Candidate(twin_key(f"{SITE}{path}"), [f"{SITE}{path}"], "link", 0, mentions=[mention], **more)


def page(path: str, *findings: PageFinding, name: str = "Une page", **more: Any) -> Examined:
    return Examined(
        candidate(path), f"{SITE}{path}", f"{SITE}{path}", PageStanding(name=name), findings=findings, **more
    )


def link(
    platform: Any, label: str = "Renouvellement", *, whose: bool | None = True, ground: Ground = "link", **more: Any
) -> DeskLink:
    mentions = [PageMention(f"{SITE}/Rendez-vous", label)]
    return DeskLink(platform, label, ("renewal", "student"), whose, ground, mentions, **more)


def found(*pages: Examined, desks: tuple[DeskLink, ...] = (), **more: Any) -> Discovery:
    return Discovery(
        "90", SITE, 40, AT, AT, AT.date(), host="www.essai.gouv.fr", pages=list(pages), desks=list(desks), **more
    )


def loaded(walk: Discovery, today: Prefecture = TODAY, *, simulated: bool = False) -> Prefecture:
    """The declaration pasted into a plugin, as a person would, and loaded."""
    text = declaration(walk, propose(walk, today, simulated=simulated))
    names: dict[str, Any] = {name: getattr(api, name) for name in api.__all__}
    head = 'code="90", slug="essai", name="Essai", office="P", site="https://www.essai.gouv.fr", provenance=P,'
    made = eval(f"Prefecture({head}\n{text})", {**names, "P": SOURCE})
    assert isinstance(made, Prefecture)
    assert faults(made) == []
    return made


def changes(walk: Discovery, today: Prefecture = TODAY) -> set[tuple[str, str, str]]:
    return {(one.status, one.what, one.slug) for one in propose(walk, today, simulated=False).changes}


PAN = PageFinding("pan", 95, "page_says", "Le point d’accueil numérique …", "published")


def test_a_page_read_is_declared_with_its_day_and_its_evidence() -> None:
    walk = found(page("/PAN", PAN, name="Aide numérique"), page("/Voie-postale", PageFinding("filing", 75, "channels")))
    pan, filing = sorted(loaded(walk).notices, key=lambda one: one.kind, reverse=True)
    assert pan == Notice(
        slug="pan",
        kind="pan",
        url=f"{SITE}/PAN",
        label="Aide numérique",
        provenance=Provenance("vigie discover", "2026-11-24", "confirmed_1"),
        verified_on=date(2026, 11, 24),
    )
    assert (filing.kind, filing.slug) == ("foreigners", "depot")
    text = declaration(walk, propose(walk, TODAY, simulated=False))
    assert "# « un lien » in « un lien dans sa phrase » on https://www.essai.gouv.fr/Demarches" in text
    assert "# pan 95 (page_says published): « Le point d’accueil numérique … »" in text


def test_a_simulation_says_so_where_it_would_be_pasted() -> None:
    (notice,) = loaded(found(page("/PAN", PAN)), simulated=True).notices
    assert notice.provenance.source == "vigie discover, simulation"


def test_booking_links_for_foreigners_are_declared_and_the_others_are_told() -> None:
    walk = found(
        desks=(
            link(EzBooking("www.essai.gouv.fr", 1)),
            link(RdvPrefecture(2), "x" * 80),
            link(EzBooking("www.essai.gouv.fr", 3), "Commission médicale", whose=False),
            link(EzBooking("www.essai.gouv.fr", 4), "Prendre rendez-vous", whose=None),
            link(Orion("https://esii-orion.com/orion-reservation/slots?account=A"), "Remise"),
        )
    )
    made = loaded(walk)
    assert [(d.slug, d.platform.url, d.procedure, d.also) for d in made.desks] == [
        ("renouvellement", f"{SITE}/booking/create/1", "renewal", ("student",)),
        ("module-2", RdvPrefecture(2).url, "renewal", ("student",)),
    ]
    assert {d.verified_on for d in made.desks} == {None}
    text = declaration(walk, propose(walk, TODAY, simulated=False))
    assert "not declared (another matter): https://www.essai.gouv.fr/booking/create/3" in text
    assert "not declared (for whom is not said): https://www.essai.gouv.fr/booking/create/4" in text
    assert "not declared (platform not declarable): https://esii-orion.com/" in text


def test_a_module_known_to_serve_others_is_refused_by_name_whatever_its_link_says() -> None:
    walk = found(desks=(link(RdvPrefecture(3460), "Titre de séjour"), link(RdvPrefecture(3461), "Titre de séjour")))
    made = propose(walk, TODAY, simulated=False)
    assert [one.entry.platform for one in made.desks] == [RdvPrefecture(3461)]
    text = declaration(walk, made)
    assert (
        f"not declared (not for foreigners: commission médicale du permis de conduire): {RdvPrefecture(3460).url}"
        in text
    )
    assert not [*misplaced(text)]
    assert [one.url for one in misplaced(text.replace("RdvPrefecture(3461)", "RdvPrefecture(3460)"))] == [
        RdvPrefecture(3460).url
    ]


def test_no_desk_says_how_many_pages_were_looked_at() -> None:
    made = loaded(found(page("/PAN", PAN), page("/Autre")))
    assert made.desks == ()
    assert made.no_desk is not None
    assert "2 pages examinées" in made.no_desk
    assert made.searched_on == date(2026, 11, 24)


def test_the_difference_from_today() -> None:
    def notice(slug: str, path: str) -> Notice:
        return Notice(slug=slug, kind="pan", url=f"{SITE}{path}", provenance=SOURCE)

    def desk(slug: str, number: int, label: str = "x") -> Desk:
        return Desk(
            slug=slug,
            label=label,
            procedure="renewal",
            platform=EzBooking("www.essai.gouv.fr", number, "http"),
            provenance=SOURCE,
        )

    today = replace(
        TODAY,
        no_desk=None,
        searched_on=None,
        notices=(
            notice("reste", "/index.php/Reste"),
            notice("parti", "/Parti"),
            notice("demenage", "/Demenage"),
            notice("pas-vu", "/Pas-vu"),
            replace(notice("ailleurs", "/"), url="https://www.accueil-etrangers.gouv.fr/x"),
        ),
        desks=(
            desk("la", 1),
            desk("change", 2, "Renouvellement à Nanterre"),
            desk("plus-la", 3),
            replace(desk("retire", 4), retired=date(2025, 1, 1)),
        ),
    )
    gone = page("/Parti", reading=Unreadable(why="not_found", seen=Seen("404", "status")))
    moved = replace(page("/Neuf/Demenage", PAN, redirected=True), candidate=candidate("/Demenage"))
    walk = found(
        page("/Reste", PAN),
        gone,
        moved,
        page("/Substitution", PageFinding("substitution", 90, "channel_on_failure")),
        desks=(
            link(EzBooking("www.essai.gouv.fr", 1)),
            link(EzBooking("www.essai.gouv.fr", 12), "Renouvellement à Nanterre"),
            link(EzBooking("www.essai.gouv.fr", 13), "Première demande"),
        ),
    )
    assert changes(walk, today) == {
        ("same", "notice", "reste"),
        ("missing", "notice", "parti"),
        ("moved", "notice", "demenage"),
        ("not_examined", "notice", "pas-vu"),
        ("not_examined", "notice", "ailleurs"),
        ("new", "notice", "substitution"),
        ("same", "desk", "la"),
        ("moved", "desk", "change"),
        ("missing", "desk", "plus-la"),
        ("new", "desk", "premiere-demande"),
    }
    made = loaded(walk, today)
    assert {one.slug: one.url for one in made.notices} == {
        "reste": f"{SITE}/index.php/Reste",
        "demenage": f"{SITE}/Neuf/Demenage",
        "substitution": f"{SITE}/Substitution",
    }
    kept = next(one for one in made.notices if one.slug == "reste")
    assert (kept.provenance, kept.verified_on) == (SOURCE, date(2026, 11, 24))
    assert [one.slug for one in made.desks] == ["la", "change", "premiere-demande"]
    assert made.desks[0] == today.desks[0]
    told = declaration(walk, propose(walk, today, simulated=False))
    assert "declared today, missing: notice parti https://www.essai.gouv.fr/Parti (Unreadable(not_found))" in told


def test_what_only_a_list_or_a_breadcrumb_names_is_declared_as_such() -> None:
    left = [
        candidate("/Liste", also_listed=True, kinds={"pan": 60}),
        candidate("/Etrangers", "Étrangers", crumb=True, kinds={"foreigners": 40}),
        candidate("/Autre", kinds={"pan": 60}),
    ]
    only_listed = link(
        EzBooking("www.essai.gouv.fr", 7), "Renouvellement", whose=None, ground="list", listed=True, claimed=True
    )
    made = loaded(found(not_examined=left, desks=(only_listed,)))
    assert {one.url: (one.kind, one.provenance.confidence) for one in made.notices} == {
        f"{SITE}/Liste": ("pan", "listed"),
        f"{SITE}/Etrangers": ("foreigners", "derived"),
    }
    assert {one.verified_on for one in made.notices} == {None}
    assert made.desks[0].provenance.confidence == "listed"


def test_a_page_cannot_write_into_the_declaration() -> None:
    trick = '"),\n)\nimport os  # \u202e\u2028"""\x00\r\nDesk('
    walk = found(
        page("/PAN", replace(PAN, seen=trick), name=trick),
        desks=(link(EzBooking("www.essai.gouv.fr", 1), trick),),
    )
    made = loaded(walk)
    assert len(made.notices) == len(made.desks) == 1
    assert made.notices[0].label == trick
    text = declaration(walk, propose(walk, TODAY, simulated=False))
    assert all(char == "\n" or char.isprintable() for char in text)


def test_an_unread_home_page_proposes_nothing() -> None:
    walk = found(page("/", reading=Obstructed(obstacle="waf", seen=Seen("403", "status"))))
    walk.home = walk.pages[0].reading
    proposal = propose(walk, TODAY, simulated=False)
    assert (proposal.notices, proposal.desks, proposal.changes) == ([], [], [])
    assert walk.none_found() == ()
