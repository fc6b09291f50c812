"""RDV Service Public (`/prendre_rdv`, `/org/N`): places, a week's grid, or the sentence; no captcha, no account.

Markup and words follow the platform's public source (views `search/_lieu_selection`, `_creneaux`, `_nothing_to_show`);
`slots_dsfr` is the grid and `places` the cards as newer versions draw them (changes 4894 of 2024-12, 5619 of 2025-09),
`places_2024` what stood there before.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from html import escape

from tests.simulator.messages import Answer, Request, html
from tests.simulator.plays.scene import Place, Scene

DEFAULT = "no_slot"
HOSTS = ("rdv.anct.gouv.fr", "rdv.numerique.gouv.fr", "www.rdv-solidarites.fr")
STATES = frozenset({
    "no_slot", "places", "places_2024", "slots", "slots_dsfr", "workshops", "closed_grid", "unknown_organisation",
    "no_label", "referent_none", "motifs", "layout_changed",
})  # fmt: skip
ROBOTS = "User-agent: *\nDisallow: /prendre_rdv_prescripteur/\nDisallow: /prescripteur/\n"
NONE = "Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé."
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def locate(request: Request) -> Place | None:
    """A search, or an organisation's page; `account` is what asks who one is."""
    if request.host in HOSTS and request.path.startswith(("/users/", "/agents/")):
        return Place("/users/", "account", False)
    if request.path.rstrip("/") == "/prendre_rdv" or request.path.startswith(("/org/", "/motif/")):
        return Place(request.path.rstrip("/"), "search", request.starts_a_look, dict(request.query))
    return None


def forbidden(request: Request, place: Place, person: bool) -> str | None:
    """Choosing a slot leads to an account: neither is ours to ask for."""
    return "reservation" if place.step == "account" or request.method == "POST" else None


def answer(scene: Scene) -> Answer:
    """One search page."""
    state = scene.state.name
    if scene.place.step == "account":
        return html(_page("Connexion", "<h1>Se connecter</h1>"))
    if state == "unknown_organisation":
        return html(_page("RDV Service Public", '<div class="alert alert-danger">Organisation non trouvée</div>'))
    if state == "layout_changed":
        return html(_page("RDV Service Public", "<h1>Prenez rendez-vous</h1><p>Où habitez-vous ?</p>"))
    if state == "no_label":
        return html(_page("RDV Service Public", f"<section>{_nothing(NONE)}</section>"))
    inner = f'<div class="container">{_recap(scene)}{_body(scene)}</div>'
    return html(_page(_label(scene), f'<section class="bg-light p-4">{inner}</section>'))


def _body(scene: Scene) -> str:
    match scene.state.name:
        case "places":
            return _places(scene)
        case "places_2024":
            return _places_2024(scene)
        case "workshops":
            return _workshops(scene)
        case "motifs":
            return _motifs(scene)
        case "slots":
            return _grid(scene, "btn btn-light", "de")
        case "slots_dsfr":
            return _grid(scene, "fr-col-12 fr-btn fr-btn--tertiary fr-mb-1w", "du")
        case "closed_grid":
            return _closed(scene)
        case "referent_none":
            return _nothing("Votre référent n'a pas de créneaux disponibles.")
    return _nothing(NONE)


def _label(scene: Scene) -> str:
    slug = scene.request.query.get("motif_name_with_location_type", "rendez_vous").split("-")[0]
    return scene.label or slug.replace("_", " ").strip().capitalize()


def _recap(scene: Scene) -> str:
    return (
        '<div class="card"><ul class="list-group list-group-flush"><li class="list-group-item">'
        f'<h2 class="pb-1 mb-1">{escape(_label(scene))} (Sur place)</h2></li></ul></div>\n'
    )


def _nothing(words: str) -> str:
    return f'<div class="card"><div class="card-body"><div class="rdv-font-weight-700">{words}</div></div></div>\n'


def _first(scene: Scene) -> datetime:
    first = scene.state.params.get("first")
    day = datetime.fromisoformat(first) if first else scene.now + timedelta(days=9)
    return day.replace(hour=9, minute=30, second=0, microsecond=0)


def _places(scene: Scene) -> str:
    at = _first(scene)
    day = f"{DAYS[at.weekday()]} {at:%d/%m/%Y} à {at:%Hh%M}"
    return (
        '<p class="fr-text--lg">Sélectionnez un lieu de RDV :</p><p class="fr-text--sm">1 lieu est disponible</p>\n'
        '<ul class="fr-raw-list"><li class="fr-card fr-enlarge-link fr-card--horizontal fr-mb-2w">'
        '<div class="fr-card__body"><div class="fr-card__content"><h3 class="fr-card__title">'
        f'<a href="/prendre_rdv?lieu_id=731&amp;date={at:%Y-%m-%d}">Préfecture - 1 place Exemple, 35000 Rennes</a></h3>'
        '<div class="fr-card__end"><p class="fr-card__detail">Accueil des étrangers</p><div class="fr-card__detail">'
        f'<p class="fr-text fr-mt-3w">Prochaine disponibilité le <strong>{day}</strong></p></div></div></div></div>'
        "</li></ul>\n"
    )


def _workshops(scene: Scene) -> str:
    at = _first(scene)
    return (
        "<p>Inscrivez-vous à l'atelier de votre choix :</p>\n"
        f'<div class="card"><div class="card-header">Atelier</div><div class="card-body"><p>{DAYS[at.weekday()]} '
        f"{at:%d/%m/%Y} à {at:%Hh%M}</p><p>3 places restantes</p></div>"
        '<div class="card-footer"><a href="/users/rdvs/77/participations/new">S\'inscrire</a></div></div>\n'
    )


def _motifs(scene: Scene) -> str:
    link = "/prendre_rdv?motif_name_with_location_type=remise_de_titre-public_office"
    return (
        '<p class="fr-text--lg">Sélectionnez le motif de votre RDV :</p>\n<ul class="fr-raw-list"><li class="fr-card">'
        f'<a href="{link}">Remise de titre</a></li></ul>\n'
    )


def _places_2024(scene: Scene) -> str:
    at = _first(scene)
    shown = f"{DAYS[at.weekday()]} {at:%d/%m/%Y} à {at:%Hh%M}"
    link = f"/prendre_rdv?lieu_id=731&amp;date={at:%Y-%m-%d}"
    return (
        "<h3>Sélectionnez un lieu de RDV :</h3><p>1 lieu est disponible</p>\n"
        '<div class="card mb-3 card-hoverable"><div class="card-body"><div class="row"><div class="col-md">'
        '<h4 class="card-title">Préfecture, accueil des étrangers</h4></div><div class="col-md">'
        f'<a class="d-block stretched-link" href="{link}"><div class="row"><div class="col">Prochaine disponibilité le'
        f"<br><strong>{shown}</strong></div></div></a></div></div></div></div>\n"
    )


def _grid(scene: Scene, classes: str, article: str) -> str:
    first, cells = _first(scene), []
    for number in range(7):
        day = first + timedelta(days=number)
        slot = ""
        if number in (0, 2):
            label = f"Choisir le créneau {article} {DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} à 09:30"
            href = f"/users/rdv_wizard_step/new?starts_at={day:%Y-%m-%d}"
            slot = f'<a class="{classes}" aria-label="{label}" href="{href}">09:30</a>'
        cells.append(_day(day, slot or '<p class="fr-text--sm">Pas de créneau disponible</p>'))
    return _week(cells)


def _closed(scene: Scene) -> str:
    grey = '<p class="rdv-color-text-mention-grey">Date fermée à la reservation</p>'
    return _week([_day(_first(scene) + timedelta(days=n), grey) for n in range(7)])


def _day(day: datetime, inner: str) -> str:
    head = f"<p><strong>{DAYS[day.weekday()]}</strong><br>{day.day} {MONTHS[day.month - 1]}</p>"
    return f'<div class="col">{head}{inner}</div>\n'


def _week(cells: list[str]) -> str:
    return (
        '<h3 class="font-weight-bold">Sélectionnez un créneau :</h3>\n<div class="card mb-3"><div class="card-body">'
        f'<div id="creneaux-lieu-731"><div class="row">{"".join(cells)}</div></div></div></div>\n'
    )


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)} - RDV Service '
        f'Public</title>\n<meta name="csrf-token" content="{secrets.token_urlsafe(48)}">\n</head>\n<body>\n'
        '<header class="fr-header" role="banner"><a href="/" title="Accueil">RDV Service Public</a></header>\n'
        f'<main id="content">\n{body}\n</main>\n<footer class="fr-footer"><p>Agence nationale de la cohésion des '
        "territoires</p></footer>\n</body>\n</html>\n"
    )
