"""The words people read for each reading: French first, English beside it. Records keep the class names.

A label says what was read and no more: "aucun créneau affiché" is what the page showed, not what the préfecture has.
"""

from __future__ import annotations

from typing import NamedTuple


class Label(NamedTuple):
    """Words for one reading, and a mark that does not rely on colour."""

    mark: str
    fr: str
    en: str


LABELS: dict[tuple[str, str | None], Label] = {
    ("SlotsOpen", None): Label("●", "créneau affiché", "slot shown"),
    ("SlotsOpen", "weak"): Label("◐", "passage ouvert, aucun créneau encore vu", "way open, no slot seen yet"),
    ("NoSlot", None): Label("○", "aucun créneau, selon le site", "no slot, says the site"),
    ("NoSlot", "by_data"): Label("○", "aucun créneau dans les données du site", "no slot in the site's data"),
    ("NoSlot", "no_calendar"): Label("○", "aucun calendrier, selon le site", "no calendar, says the site"),
    ("NotYetOpen", None): Label("◌", "ouverture annoncée", "opening announced"),
    ("RequestForm", None): Label(
        "▤", "formulaire de demande ouvert (sans calendrier)", "request form open (no calendar)"
    ),
    ("Obstructed", None): Label("■", "obstacle, non lu", "obstacle, not read"),
    ("Obstructed", "captcha"): Label("■", "derrière un captcha, non lu", "behind a captcha, not read"),
    ("Obstructed", "login"): Label("■", "derrière une connexion, non lu", "behind a login, not read"),
    ("Obstructed", "waf"): Label("■", "accès refusé au relevé", "access refused to the monitor"),
    ("Obstructed", "rate_limit"): Label("■", "le site demande de ralentir", "the site asks to slow down"),
    ("Obstructed", "queue"): Label("■", "file d'attente, non lu", "waiting room, not read"),
    ("Obstructed", "robots"): Label("■", "interdit aux robots, non visité", "disallowed to robots, not visited"),
    ("Unavailable", None): Label("△", "site indisponible, selon lui", "unavailable, says the site"),
    ("Unavailable", "overloaded"): Label("△", "service surchargé, selon le site", "overloaded, says the site"),
    ("Unavailable", "maintenance"): Label("△", "maintenance, selon le site", "maintenance, says the site"),
    ("Unavailable", "server_error"): Label("△", "erreur du serveur", "server error"),
    ("Closed", None): Label("✕", "démarche fermée, selon le site", "procedure closed, says the site"),
    ("Published", None): Label("▤", "publié sur la page", "published on the page"),
    ("NotFound", None): Label("·", "rien trouvé sur les pages lues", "none found on the pages read"),
    ("Contradictory", None): Label("?", "phrases contradictoires", "contradictory sentences"),
    ("FrontPageShown", None): Label(
        "▫",
        "La page d'accueil s'affichait. Cela ne dit rien de la connexion, du dépôt ni des pièces jointes.",
        "The front page was shown. That says nothing of signing in, filing or attachments.",
    ),
    ("PublishedFigures", None): Label(
        "#", "chiffres publiés par l'État lui-même", "figures the State itself publishes"
    ),
    ("Unreadable", None): Label("?", "page non lue", "page not read"),
    ("Unreadable", "layout_changed"): Label("?", "page non reconnue", "page not recognised"),
    ("Unreadable", "contradictory"): Label("?", "page contradictoire", "contradictory page"),
    ("Unreadable", "mid_visit"): Label("?", "visite arrêtée en chemin", "visit ended half-way"),
    ("Unreadable", "session_lost"): Label("?", "session perdue", "session lost"),
    ("Unreadable", "not_found"): Label("?", "page introuvable", "page not found"),
    ("Unreadable", "empty"): Label("?", "réponse vide", "empty answer"),
    ("Unreadable", "not_text"): Label("?", "réponse qui n'est pas du texte", "answer is not text"),
    ("Unreadable", "too_big"): Label("?", "page trop grande pour être lue", "page too big to be read"),
    ("Unreadable", "too_many"): Label(
        "?", "trop de calendriers, tous n'ont pas été lus", "too many calendars, not all read"
    ),
    ("Unreadable", "replaced"): Label("?", "formulaire remplacé par un autre", "form replaced by another"),
    ("Unreadable", "draft"): Label("?", "formulaire en test, pas encore ouvert", "form being tested, not open yet"),
    ("Unreadable", "looks_like_a_wall"): Label(
        "?", "page qui ressemble à un barrage, non lue", "page that looks like a wall, not read"
    ),
    ("Unreached", None): Label("–", "site non atteint", "site not reached"),
    ("Unreached", "dns"): Label("–", "nom introuvable", "name not found"),
    ("Unreached", "tls"): Label("–", "certificat refusé", "certificate refused"),
    ("Unreached", "connect"): Label("–", "connexion impossible", "could not connect"),
    ("Unreached", "timeout"): Label("–", "pas de réponse à temps", "no answer in time"),
    ("Unreached", "reset"): Label("–", "connexion coupée", "connection cut"),
    ("Unreached", "truncated"): Label("–", "réponse incomplète", "incomplete answer"),
    ("Unreached", "too_large"): Label("–", "réponse trop grande", "answer too large"),
    ("Unreached", "redirects"): Label("–", "redirection non suivie", "redirect not followed"),
    ("Unreached", "forbidden_address"): Label("–", "adresse interdite", "forbidden address"),
    ("Unreached", "vantage_offline"): Label("–", "notre propre réseau ne répondait pas", "our own network was down"),
}


def label(reading: str, detail: str | None = None) -> Label:
    """The label of a class name and its detail; a detail without words of its own takes those of its class."""
    return LABELS.get((reading, detail)) or LABELS[(reading, None)]
