"""RDV-Préfecture (`/rdvpref/reservation/demarche/N/`): start page, conditions with a captcha, then the slots.

The captcha's door is real: without a session whose code was right, `creneau/` leads back to `cgu/`. Posting a code is
a violation unless the script says that a person is present; the right code is known to the control endpoint alone.
"""

from __future__ import annotations

import random
import re
import secrets
from datetime import datetime, timedelta
from html import escape
from typing import Any

from tests.simulator.messages import Answer, Request, html, moved
from tests.simulator.plays import captcha
from tests.simulator.plays.scene import Place, Scene

DEFAULT = "captcha"
STATES = frozenset({
    "captcha", "no_slot", "slots", "not_yet_open", "session_expired", "no_button", "layout_changed", "contradictory",
})  # fmt: skip
COOKIE, COOKIE_FLAGS = "JSESSIONID", "Path=/rdvpref; Secure; HttpOnly"
HOST = "www.rdv-prefecture.interieur.gouv.fr"
SESSION_SECONDS = 1800.0
PATH = re.compile(r"(?P<desk>/rdvpref/reservation/demarche/\d+)(?:/(?P<step>[\w-]*))?/?")
RESERVE = ("_reserver", "_validerCreneau", "informations", "confirmation", "_confirmer")


def locate(request: Request) -> Place | None:
    """Steps: `accueil`, `cgu`, `_validerCaptcha`, `creneau`, and what comes after."""
    if request.path.startswith("/rdvpref/login"):
        return Place("/rdvpref/login", "login", False)
    if found := PATH.fullmatch(request.path):
        step = found["step"] or "accueil"
        return Place(found["desk"] + "/", step, step == "accueil" and request.starts_a_look)
    return None


def forbidden(request: Request, place: Place, person: bool) -> str | None:
    """Posting a captcha's code with nobody there; logging in; taking a slot."""
    if place.step == "_validerCaptcha" and not person:
        return "captcha_post"
    if place.step == "login":
        return "login"
    if place.step in RESERVE or (place.step == "creneau" and request.method == "POST"):
        return "reservation"
    return None


def answer(scene: Scene) -> Answer:
    """The page of this step."""
    step = scene.place.step
    if step == "login" or step in RESERVE:
        return html(_page("Simulateur", "<p>Cette page ne se demande jamais.</p>"), 410)
    session = scene.open_session(COOKIE)
    if scene.elapsed - session.started > SESSION_SECONDS:
        session.started = scene.elapsed
        session.desks.clear()
    walk = session.desks.setdefault(scene.place.desk, {"passed": False, "context": secrets.token_hex(16)})
    if scene.state.name == "session_expired" and step == "creneau":
        walk["passed"] = False
    play = {"accueil": _start, "cgu": _conditions, "_validerCaptcha": _code, "creneau": _slots}.get(step)
    reply = html(_page("Page introuvable", "<h1>Page introuvable</h1>"), 404) if play is None else play(scene, walk)
    return scene.with_cookie(reply, COOKIE, session, COOKIE_FLAGS)


def _start(scene: Scene, walk: dict[str, Any]) -> Answer:
    if scene.state.name == "layout_changed":
        return html(_page("Accueil", "<h1>Bienvenue</h1><p>Choisissez votre préfecture.</p>"))
    book = f'<a class="fr-btn" href="{scene.place.desk}cgu/">Prendre un rendez-vous</a>\n'
    buttons = ("" if scene.state.name == "no_button" else book) + (
        '<a class="fr-btn fr-btn--secondary" href="/rdvpref/login/">Gérer mes rendez-vous</a>'
    )
    return html(
        _page(
            "Accueil",
            '<p class="fr-stepper__state">étape 1 sur 6</p>\n'
            f"<h1>{escape(_label(scene))}</h1>\n<h2>Que souhaitez-vous faire ?</h2>\n{buttons}",
        )
    )


ERRORS = {
    "invalidCaptcha": '<p id="text-input-captcha-desc-error" class="fr-error-text">Le code de sécurité saisi est '
    "incorrect</p>\n",
    "errorSessionInvalide": '<div class="fr-alert fr-alert--error"><p>Votre session a expiré.</p></div>\n',
}


def _conditions(scene: Scene, walk: dict[str, Any]) -> Answer:
    """A fresh captcha on every showing."""
    number = secrets.token_hex(16)
    code = f"{secrets.randbelow(1_000_000):06d}"
    scene.sessions.codes[number] = code
    target = f"{scene.place.desk}_validerCaptcha"
    picture = captcha.data_uri(code, random.Random(number))
    return html(
        _page(
            f"{_label(scene)} / Constituez votre dossier",
            f'<h1>Constituez votre dossier</h1>\n<form method="post" action="{target}">\n'
            f"{ERRORS.get(scene.request.query.get('error', ''), '')}"
            f'<input type="hidden" name="CTX" value="{walk["context"]}">'
            f'<input type="hidden" name="captchaId" id="captchaId" value="{number}">\n'
            f'<div class="captcha" id="captchaFR_CaptchaImageDiv"><img id="captchaFR_CaptchaImage" src="{picture}" '
            'width="200" height="70" alt="captcha"></div>\n'
            '<label for="captchaFormulaireExtInput">Veuillez saisir le code de sécurité</label>'
            '<input id="captchaFormulaireExtInput" name="captchaUsercode" type="text" autocomplete="off">\n'
            '<button type="button">Énoncer le code du captcha</button>'
            '<button type="button">Générer un nouveau captcha</button>\n'
            f'<button type="submit" class="fr-btn" formaction="{target}">Suivant</button></form>',
        )
    )


def _code(scene: Scene, walk: dict[str, Any]) -> Answer:
    form = scene.request.form
    if scene.request.method != "POST":
        return html(_page("Erreur", "<h1>Méthode non autorisée</h1>"), 405)
    if form.get("CTX") != walk["context"]:
        return moved(f"{scene.place.desk}cgu/?error=errorSessionInvalide")
    right = scene.sessions.codes.pop(form.get("captchaId", ""), None)
    if right is None or form.get("captchaUsercode") != right:
        return moved(f"{scene.place.desk}cgu/?error=invalidCaptcha")
    walk["passed"] = True
    return moved(f"{scene.place.desk}creneau/")


def _slots(scene: Scene, walk: dict[str, Any]) -> Answer:
    if not walk["passed"]:
        return moved(f"{scene.place.desk}cgu/?error=errorSessionInvalide")
    none, some = _none(scene), _some(scene)
    body = {"slots": some, "contradictory": none + some}.get(scene.state.name, none)
    return html(_page(f"{_label(scene)} / Choisissez votre créneau", body))


def _none(scene: Scene) -> str:
    monday = (scene.now - timedelta(days=scene.now.weekday())).replace(hour=11, minute=58)
    ahead = scene.state.name == "not_yet_open"
    at = monday + timedelta(days=7) if ahead else monday
    text = scene.state.params.get("at_instant") or f"{at:%d/%m/%Y} à {at:%H:%M}"
    week = at + timedelta(days=14)
    return (
        '<div class="text-center q-pa-md"><h2>Aucun créneau disponible</h2><p>Veuillez réessayer ultérieurement.</p>'
        f'<p><span class="fr-text--italic">{"Prochaine" if ahead else "Dernière"} mise en ligne de rendez-vous : '
        f'</span><span class="fr-text--italic fr-text--bold">le {text} pour des créneaux de la semaine du '
        f"{week:%d/%m/%Y}</span></p></div>\n"
    )


def _some(scene: Scene) -> str:
    day = _first_day(scene)
    cards = "".join(
        f'<div class="row cellule justify-center radio-card"><input type="radio" id="trhId_{123456 + i}" '
        f'name="selection.trhId" value="{123456 + i}"><label for="trhId_{123456 + i}">{9 + i:02d}h00</label></div>\n'
        for i in range(3)
    )
    return (
        f'<h1>Choisissez votre créneau</h1>\n{cards}<script>VUiPage.vueData = {{"critere":{{"ageIds":[2246],'
        f'"premierJour":"{day:%d/%m/%Y}","dateMin":"{day:%d/%m/%Y}","minutesMin":0,'
        f'"dateMax":"{day + timedelta(days=11):%d/%m/%Y}","datePremiereDispo":"{day:%d/%m/%Y}"}}}};</script>\n'
    )


def _first_day(scene: Scene) -> datetime:
    first = scene.state.params.get("first")
    return datetime.fromisoformat(first) if first else scene.now + timedelta(days=14)


def _label(scene: Scene) -> str:
    return scene.label or f"Titre de séjour - démarche {scene.place.desk.rstrip('/').rsplit('/', 1)[-1]}"


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="fr" data-fr-scheme="light">\n<head>\n<meta charset="utf-8">\n'
        f"<title>RDV-Préfecture / {escape(title)}</title>\n"
        '<link rel="stylesheet" href="/rdvpref/static/dsfr.min.css">\n</head>\n<body>\n'
        '<header role="banner" class="fr-header"><p class="fr-logo">Ministère<br>de l\'Intérieur</p>'
        '<a href="/rdvpref/" title="Accueil - RDV-Préfecture">RDV-Préfecture</a></header>\n'
        f'<main role="main" id="page" class="fr-container">\n{body}\n</main>\n'
        '<footer class="fr-footer" role="contentinfo"><ul><li>Plan du site</li><li>Accessibilité : non conforme</li>'
        f"<li>Mentions légales</li></ul></footer>\n<!-- {secrets.token_hex(8)} -->\n</body>\n</html>\n"
    )
