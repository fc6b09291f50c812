"""One made-up event of each kind, to show what a message looks like. Marked as a simulation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from monitor.alerts.news.events import OPERATOR_KINDS, Event, EventKind

AT: Final = datetime(2026, 11, 23, 8, 14, 5, tzinfo=UTC)
OFFICES: Final = {"95": "Préfecture du Val-d'Oise"}

_NONE_LEFT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous."
_PAN = "Le point d'accueil numérique est ouvert sur rendez-vous le mardi matin."
_POST = "En cas d'impossibilité constatée, le dossier peut être adressé par voie postale."
_FACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "slots_open": {"first_day": "2026-12-01"},
    "slots_gone": {"opened_at": "2026-11-23T08:14:05+00:00"},
    "no_slot_digest": {
        "since": "2026-11-16T08:00:00+00:00",
        "until": "2026-11-23T08:00:00+00:00",
        "looks": "504",
        "no_slot": "498",
        "unread": "6",
    },
    "obstacle_appeared": {"obstacle": "captcha"},
    "obstacle_lifted": {"obstacle": "captcha", "since": "2026-11-20T10:00:00+00:00"},
    "channel_published": {"channel": "postal"},
    "channel_withdrawn": {"channel": "postal"},
    "channel_reworded": {"channel": "postal"},
    "unreachable": {"hours": "24", "cause": "timeout"},
    "desk_corrected": {"served": "commission médicale du permis de conduire", "noted": "2026-11-29", "ends": "true"},
    "plugin_unreadable": {"looks": "6"},
    "platform_fell": {"platform": "ez_booking", "desks": "31"},
    "authority_failing": {"authority": "exemple"},
    "disk_low": {"free_mb": "412"},
    "sweep_missing": {"expected": "2026-11-23T08:00:00+00:00"},
    "clock_unsynchronised": {"max_error_seconds": "93"},
    "message_given_up": {"subscriber": "12", "hours": "48"},
    "address_suspended": {"subscriber": "12", "code": "550 5.1.1"},
    "addresses_spared": {"line": "email", "code": "550 5.1.1"},
    "sending_stopped": {"line": "signal", "code": "the Signal gateway said 400: our own account"},
}
_QUOTES: Final[Mapping[str, tuple[str, str]]] = {
    "slots_open": ("Choisissez votre créneau", ""),
    "slots_gone": (_NONE_LEFT, "Choisissez votre créneau"),
    "no_slot_digest": (_NONE_LEFT, ""),
    "procedure_closed": ("Cette démarche n'est plus proposée en ligne.", ""),
    "obstacle_appeared": ("Veuillez recopier les caractères de l'image.", ""),
    "obstacle_lifted": (_NONE_LEFT, ""),
    "pan_published": (_PAN, ""),
    "pan_withdrawn": ("", _PAN),
    "pan_changed": (_PAN.replace("mardi", "jeudi"), _PAN),
    "channel_published": (_POST, ""),
    "channel_withdrawn": ("", _POST),
    "channel_reworded": (_POST.replace("En cas d'impossibilité constatée", "Sur demande écrite"), _POST),
}


def sample(kind: EventKind) -> Event:
    """The made-up event of a kind."""
    facts = _FACTS.get(kind, {})
    quote, before = _QUOTES.get(kind, ("", ""))
    if kind in OPERATOR_KINDS:
        check = "95/titre-de-sejour" if kind == "plugin_unreadable" else ""
        return Event(key=f"{0:032x}", kind=kind, at=AT, check=check, facts=facts, simulated=True)
    return Event(
        key=f"{0:032x}",
        kind=kind,
        at=AT,
        prefecture="95",
        check="95/titre-de-sejour",
        procedure="renewal",
        label="Renouvellement d'un titre de séjour",
        url="https://www.val-doise.gouv.fr/",
        seq=1,
        quote=quote,
        before=before,
        facts=facts,
        simulated=True,
    )
