"""The front page of a portal, and the figures the State publishes of a form: what is read, and what is not claimed."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.prefecture import Context, Page
from monitor.core.readings import (
    FrontPageShown,
    Obstructed,
    PublishedFigures,
    Reading,
    Unavailable,
    Unreadable,
    detail_of,
    from_json,
    to_json,
)
from monitor.core.record import canonical
from monitor.read.platforms.form_figures import LABELS, FormFigures
from monitor.read.platforms.front_page import FrontPage

CONTEXT = Context(zone=ZoneInfo("Europe/Paris"))
PORTAL = FrontPage("https://portail.gouv.fr/particuliers/", r"\bétrangers en france\b", script=True)
FORM = FormFigures("rdv-sejour")
TITLE = "<title>Administration numérique pour les étrangers en France</title>"


def portal(body: str, status: int = 200, head: str = TITLE) -> Reading:
    html = f"<!DOCTYPE html><html lang=fr><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return PORTAL.read(Page(url=PORTAL.url, status=status, headers=headers, body=html.encode()), CONTEXT)


def figures(body: str, platform: FormFigures = FORM, status: int = 200) -> Reading:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return platform.read(Page(url=platform.url, status=status, headers=headers, body=body.encode()), CONTEXT)


def page_of(*charts: str) -> str:
    scripts = "".join(f'<script>new Chartkick["ColumnChart"]("c", {chart}, {{}});</script>' for chart in charts)
    return f"<html><head><title>Statistiques</title></head><body><h1>Statistiques</h1>{scripts}</body></html>"


def test_a_heading_in_sight_is_the_front_page() -> None:
    found = portal("<h1>Les  étrangers en France</h1>")
    assert isinstance(found, FrontPageShown)
    assert (found.seen.text, found.seen.selector) == ("Les étrangers en France", "h1")


@pytest.mark.parametrize(
    "shell",
    [
        "<div id=app></div><noscript>Activez JavaScript.</noscript>",
        "<h1 hidden>Les étrangers en France</h1>",
        "<p>Les étrangers en France</p>",
        "<h1>Bienvenue</h1>",
    ],
)
def test_a_shell_with_the_portals_title_is_not_the_front_page(shell: str) -> None:
    assert isinstance(portal(shell), Unreadable)


@pytest.mark.parametrize(
    ("body", "status", "cls", "detail"),
    [
        ("<h1>Site en maintenance</h1><p>Revenez plus tard.</p>", 200, Unavailable, "maintenance"),
        ("<h1>503 Service Unavailable</h1>", 503, Unavailable, "overloaded"),
        ("<h1>Erreur</h1>", 500, Unavailable, "server_error"),
        ("<h1>Forbidden</h1>", 403, Obstructed, "waf"),
        ("", 404, Unreadable, "not_found"),
    ],
)
def test_what_is_not_shown_is_told_as_what_it_is(body: str, status: int, cls: type[Reading], detail: str) -> None:
    found = portal(body, status, head="")
    assert isinstance(found, cls)
    assert detail_of(found) == detail


def test_figures_are_the_sites_labels_and_numbers_as_printed() -> None:
    funnel = '[["Tous (dont brouillon)",1500],["D\\u00e9posés",1000],["Instruction débutée",800],["Traités",500]]'
    found = figures(page_of(funnel, '[["Acceptés",61.5],["Refusés",8.1],["Classés sans suite",30.4]]'))
    assert isinstance(found, PublishedFigures)
    assert found.figures["Déposés"] == "1000"
    assert found.figures["Classés sans suite"] == "30.4"
    assert found.delays == ()
    assert canonical(to_json(found))
    assert from_json(json.loads(canonical(to_json(found)))) == found


def test_open_data_give_the_delays_of_thirty_days() -> None:
    data = {"funnel": [["Déposés", 12], ["Traités", 3]], "processing_time": [86400.4, 172800, 900000]}
    found = figures(json.dumps(data, ensure_ascii=False), FormFigures("x", 4321))
    assert isinstance(found, PublishedFigures)
    assert (found.figures, found.delays) == ({"Déposés": "12", "Traités": "3"}, (86400, 172800, 900000))
    assert FormFigures("x", 4321).url == "https://demarche.numerique.gouv.fr/api/public/v1/demarches/4321/stats"


@pytest.mark.parametrize(
    "chart",
    ['[["Acceptés",61.5]]', '[["Déposés",1],["Déposés",2]]', "[]", '[["Visites",12]]', '[["Déposés","beaucoup"]]'],
)
def test_no_figure_is_made_up(chart: str) -> None:
    assert isinstance(figures(page_of(chart)), Unreadable)


def test_a_home_page_the_site_redirects_to_is_no_page_of_figures() -> None:
    """An unknown form is answered with a redirect to the home page and a warning."""
    page = Page(url="https://demarche.numerique.gouv.fr/", status=200, body=page_of('[["Déposés",1]]').encode())
    assert isinstance(FORM.read(page, CONTEXT), Unreadable)


@given(st.text(), st.sampled_from((*LABELS, "Autre")), st.integers(0, 10**9 - 1))
def test_whatever_surrounds_a_pair_only_known_labels_are_kept(around: str, label: str, number: int) -> None:
    found = figures(page_of(json.dumps([["Déposés", 7], [label, number]])) + around.replace("<", ""))
    if isinstance(found, PublishedFigures):
        assert set(found.figures) <= set(LABELS)
    with_data = figures(json.dumps({"funnel": around}))
    assert isinstance(with_data, Unreadable | PublishedFigures)
