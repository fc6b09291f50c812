"""Request forms (`/commencer/SLUG`) and their public figures (`/statistiques/SLUG`) of demarche.numerique.gouv.fr.

The old host redirects there, as from 2025.

Words and markup follow the platform's public source (start page of a visitor who is not signed in; `est close`).
"""

from __future__ import annotations

import json
import re
import secrets
import zlib
from datetime import timedelta
from html import escape

from tests.simulator.messages import Answer, Request, html, moved
from tests.simulator.plays.scene import Place, Scene

DEFAULT = "open"
STATES = frozenset({"open", "closed", "announced", "draft", "agents_only", "replaced", "layout_changed"})
HOST, OLD_HOSTS = "demarche.numerique.gouv.fr", ("www.demarches-simplifiees.fr", "demarches-simplifiees.fr")
ROBOTS = "User-agent: *\nDisallow: /users/\nDisallow: /administrateurs/\nDisallow: /dossiers/\n"
REPLACING = "nouvelle-demarche"
AGENTS = (
    '<h1>Suivi interne</h1><div class="fr-callout"><h2>Commencer la démarche</h2><a class="fr-connect" '
    'href="/pro_connect/login">S\'identifier avec ProConnect</a></div>'
)
FIGURES = re.compile(r"/statistiques/[\w-]+")
PATH = re.compile(r"(?P<desk>/commencer/[\w-]+)/?(?P<next>sign_in|sign_up|france_connect|dossier)?")


def locate(request: Request) -> Place | None:
    """The start page of a form; what lies behind its buttons is `account`."""
    if request.host in (HOST, *OLD_HOSTS) and request.path.startswith("/users/"):
        return Place("/users/", "account", False)
    if request.host == HOST and FIGURES.fullmatch(request.path):
        return Place(request.path, "figures", True)
    if found := PATH.fullmatch(request.path):
        step, old = "account" if found["next"] else "start", request.host in OLD_HOSTS
        starts = step == "start" and request.starts_a_look and not old
        return Place(found["desk"], step, starts, aliases=(HOST, *OLD_HOSTS), indifferent=old)
    return None


def forbidden(request: Request, place: Place, person: bool) -> str | None:
    """Nobody of ours opens an account or signs in."""
    return "login" if place.step == "account" or request.method == "POST" else None


def answer(scene: Scene) -> Answer:
    """The start page, open or closed."""
    if scene.request.host in OLD_HOSTS:
        return moved(f"https://{HOST}{scene.request.target}", 301)
    if scene.place.step == "figures":
        return html(_figures(scene.place.desk))
    if scene.place.step == "account":
        return html(_page("Connexion", "<h1>Se connecter</h1>"))
    title = scene.label or scene.place.desk.rsplit("/", 1)[-1].replace("-", " ").capitalize()
    if scene.state.name == "closed":
        since = scene.now - timedelta(days=30)
        words = f"La démarche « {title} » est close depuis le {since:%d/%m/%Y}"
        return html(_page(words, f"<h1>Cette démarche est close</h1>\n<p>{escape(words)}.</p>"))
    if scene.state.name == "layout_changed":
        return html(_page("Bienvenue", "<h1>Vos démarches en ligne</h1><p>Recherchez une démarche.</p>"))
    if scene.state.name == "replaced" and not scene.place.desk.endswith(REPLACING):
        return moved(f"https://{HOST}/commencer/{REPLACING}")
    if scene.state.name == "agents_only":
        return html(_page(title, AGENTS))
    notice = '<div class="fr-notice"><p>Démarche en test</p></div>\n' if scene.state.name == "draft" else ""
    if scene.state.name == "announced":
        notice = f"<p>{escape(scene.state.params.get('words', 'Les demandes seront ouvertes prochainement.'))}</p>\n"
    return html(_page(title, _form(scene.place.desk, title, notice)))


def _figures(desk: str) -> str:
    """The charts of the page of figures: the pairs stand in the script that draws them. Numbers follow the address."""
    filed = 40 + zlib.crc32(desk.encode()) % 3000
    funnel = [["Tous (dont brouillon)", filed * 3 // 2], ["Déposés", filed], ["Instruction débutée", filed * 4 // 5]]
    shares = [["Acceptés", 61.5], ["Refusés", 8.1], ["Classés sans suite", 30.4]]
    charts = "".join(
        f'<div id="chart-{n}">Chargement...</div>\n<script>new Chartkick["{kind}"]("chart-{n}", {json.dumps(pairs)}, '
        "{});</script>\n"
        for n, (kind, pairs) in enumerate(((("ColumnChart"), [*funnel, ["Traités", filed // 2]]), ("PieChart", shares)))
    )
    title = desk.rsplit("/", 1)[-1].replace("-", " ").capitalize()
    return _page(f"Statistiques · {title}", f"<h1>Statistiques</h1>\n<h2>{escape(title)}</h2>\n{charts}")


def _form(desk: str, title: str, notice: str) -> str:
    return (
        f'<div class="commencer form">\n<h1 class="procedure-title">{escape(title)}</h1>\n{notice}'
        '<div class="fr-callout"><h2 class="fr-callout__title">Commencer la démarche</h2>\n'
        f'<div class="fr-connect-group"><a class="fr-connect" href="{desk}/france_connect">'
        '<span class="fr-connect__login">S’identifier avec</span> <span class="fr-connect__brand">FranceConnect</span>'
        "</a></div>\n"
        f'<h3 class="fr-h6">Avec mon compte</h3><ul class="fr-btns-group"><li><a class="fr-btn" href="{desk}/sign_up">'
        f'Créer un compte</a></li><li><a class="fr-btn fr-btn--secondary" href="{desk}/sign_in">J’ai déjà un compte</a>'
        "</li></ul></div>\n"
        "<h2>Quel est l’objet de la démarche ?</h2><p>Cette démarche permet de demander un rendez-vous. Elle ne vaut "
        "pas convocation : la préfecture vous répondra par la messagerie.</p></div>"
    )


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="fr" data-fr-scheme="system">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)} · demarche.numerique.gouv.fr</title>\n"
        f'<meta name="csrf-token" content="{secrets.token_urlsafe(48)}">\n</head>\n<body>\n'
        '<header class="fr-header" role="banner"><p class="fr-logo">République<br>française</p></header>\n'
        f'<main id="contenu" role="main">\n{body}\n</main>\n'
        '<footer class="fr-footer" role="contentinfo"><p>demarche.numerique.gouv.fr</p></footer>\n</body>\n</html>\n'
    )
