"""French words of a court file: how each kind of event is called in a chronology, and each démarche."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from monitor.case.court.dossier import Dossier
from monitor.case.model import Attempt, Author, DateSource
from monitor.paper.french import MONTHS, captioned

SITE, PORTAL, CCC, PAN = (
    "site de rendez-vous",
    "portail ANEF",
    "centre de contact citoyens",
    "point d'accueil numérique",
)
PREFECTURE = "préfecture"

KINDS_FR: Final[Mapping[str, tuple[str, str]]] = {
    # kind: by what means, with what result
    "no_slot": (SITE, "aucun créneau disponible, selon le site"),
    "category_missing": (SITE, "la démarche ne peut pas être choisie"),
    "error_message": (SITE, "message d'erreur"),
    "form_unavailable": (SITE, "formulaire indisponible"),
    "attempt": (SITE, "tentative dont le résultat n'est pas noté"),
    "slot_offered": (SITE, "un créneau était proposé"),
    "captcha_wall": (SITE, "page d'un test anti-robot"),
    "site_down": (SITE, "site non joignable"),
    "unreadable": (SITE, "page dont le résultat n'est pas lisible"),
    "anef_account": (PORTAL, "blocage : compte"),
    "anef_password": (PORTAL, "blocage : mot de passe"),
    "anef_contact_details": (PORTAL, "blocage : coordonnées"),
    "anef_previous_card": (PORTAL, "blocage : titre précédent non enregistré comme remis"),
    "anef_other_request_pending": (PORTAL, "blocage : autre demande en cours"),
    "anef_attachment": (PORTAL, "blocage : pièce jointe refusée"),
    "anef_category_absent": (PORTAL, "blocage : catégorie absente"),
    "anef_not_recognised": (PORTAL, "blocage : personne ou titre non reconnu"),
    "anef_error_code": (PORTAL, "blocage : code d'erreur"),
    "anef_no_confirmation": (PORTAL, "aucune confirmation de dépôt"),
    "anef_no_attestation": (PORTAL, "aucune attestation délivrée"),
    "ccc_call": (CCC, "appel téléphonique"),
    "ccc_message": (CCC, "message écrit"),
    "ccc_attestation": (CCC, "attestation de l'impossibilité de déposer en ligne"),
    "pan_sought": (PAN, "rendez-vous ou visite demandés"),
    "pan_visit": (PAN, "visite"),
    "pan_refusal": (PAN, "refus"),
    "pan_unavailable": (PAN, "aucun point d'accueil ou aucun rendez-vous"),
    "email": ("courriel", "demande écrite à la préfecture"),
    "registered_letter": ("lettre recommandée", "demande écrite à la préfecture"),
    "letter": ("lettre", "demande écrite à la préfecture"),
    "walk_in": ("guichet", "présentation sur place"),
    "prefecture_call": ("téléphone", "appel à la préfecture"),
    "door_refusal": ("guichet", "accès refusé sur place"),
    "prefecture_answer": (PREFECTURE, "réponse"),
    "prefecture_attestation": (PREFECTURE, "attestation"),
    "late_date": (PREFECTURE, "date donnée, jugée tardive par la personne"),
    "date_cancelled": (PREFECTURE, "date annulée"),
    "date_given": (PREFECTURE, "date donnée"),
    "refusal_of_date": (PREFECTURE, "refus d'une date"),
    "refusal_of_registration": (PREFECTURE, "refus d'enregistrer la demande"),
    "removal_order": (PREFECTURE, "obligation de quitter le territoire français"),
    "receipt": (PREFECTURE, "récépissé ou attestation de prolongation"),
    "documents_requested": (PREFECTURE, "demande de pièces"),
    "application_refused": (PREFECTURE, "refus de la demande"),
    "application_granted": (PREFECTURE, "demande acceptée"),
    "filed": ("dépôt", "demande déposée"),
    "ofii_attestation": ("dépôt", "attestation de dépôt de l'OFII, dossier complet"),
    "application_closed": ("dépôt", "demande clôturée"),
    "application_reclassified": ("dépôt", "demande requalifiée"),
    "document_missing": ("document", "document manquant"),
    "document_expired": ("document", "document expiré"),
    "documents_sent": ("document", "pièces envoyées"),
    "reasons_asked": ("lettre", "motifs d'un refus implicite demandés"),
    "urgency_proof": ("document", "pièce sur l'urgence"),
}

PROCEDURES_FR: Final[Mapping[str, str]] = {
    "first_request": "première demande de titre de séjour",
    "renewal": "renouvellement de titre de séjour",
    "change_of_status": "changement de statut",
    "duplicate": "duplicata",
    "change_of_address": "changement d'adresse",
    "receipt_renewal": "renouvellement de récépissé",
    "aes": "admission exceptionnelle au séjour",
    "student": "titre de séjour étudiant",
    "talent": "titre de séjour talent",
    "family_reunification": "regroupement familial",
    "international_protection": "protection internationale",
    "eu_citizen": "titre de séjour de citoyen de l'Union européenne",
    "ukraine": "protection temporaire",
    "travel_document": "titre de voyage",
    "naturalisation": "naturalisation",
    "collection": "remise de titre",
    "pan": "rendez-vous au point d'accueil numérique",
    "other": "autre démarche",
}
AUTHORS: Final[Mapping[Author, str]] = {"person": "la personne elle-même", "helper": "un aidant autorisé"}
DATES: Final[Mapping[DateSource, str]] = {
    "stated": "date indiquée par la personne",
    "exif": "date enregistrée dans l'image (EXIF)",
    "file_name": "date portée par le nom du fichier",
    "mail": "date du courriel",
    "assist": "date enregistrée par le programme pendant la tentative",
}
DONE: Final = "à la date où ce dossier a été constitué"


def procedure(code: str) -> str:
    """A démarche in French; a code of nobody's, as it was written."""
    return PROCEDURES_FR.get(code, code or "démarche non précisée")


def prefet(office: str) -> str:
    """`préfet du Val-d'Oise`, `préfet de police`: who is written to and sued, from the name of the office."""
    head, _space, rest = office.partition(" ")
    return f"préfet {rest}" if head == "Préfecture" and rest else "préfet [à préciser]"


def short_day(day: date) -> str:
    """`12 mars 2026`."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def when(event: Attempt, dossier: Dossier) -> str:
    """Day, hour and offset in legal time; that the hour is not known where it is not."""
    if event.at is None:
        return f"{short_day(event.day)}, heure non connue"
    return captioned(event.at, dossier.zone)


def hour(event: Attempt, dossier: Dossier) -> str:
    """`09h14`, legal time; empty when not known."""
    local = event.local(dossier.zone)
    return f"{local:%Hh%M}" if local else ""


def result(event: Attempt) -> str:
    """What came of it: our word for its kind, then what was noted, each said to be so."""
    parts = [KINDS_FR[event.kind][1]]
    if event.sentence:
        parts.append(f"phrase notée : « {event.sentence} »")
    if event.reference:
        parts.append(f"n° {event.reference}")
    if event.due:
        parts.append(f"pour le {short_day(event.due)}")
    if event.site_serves is False:
        parts.append("site qui ne dessert pas la commune de résidence")
    if event.erratum is not None:
        parts.append(f"ce guichet n'est pas celui des étrangers ({event.erratum.what})")
    return " ; ".join(parts)
