"""Messages that tell no event: the question before the first message (double opt-in), and the trial of a channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.message import Message
from monitor.alerts.text.compose import TONGUES, Letterhead, headers, stop_way
from monitor.alerts.text.render import rendered

CONSENT_TEXT: Final = "2026-11-24"  # version of the words below, kept as proof of what was agreed to
HOURS: Final = 48

_FR: Final[dict[str, str | tuple[str, ...]]] = {
    "subject": "Confirmez-vous vouloir ces messages ?",
    "asked": "Quelqu'un, sans doute vous, a demandé que des messages de veille soient envoyés à cette adresse. Rien "
    "ne sera envoyé sans votre accord.",
    "yes_mail": "Pour accepter : envoyez un courriel à {mailbox} avec pour objet : {yes}",
    "no_mail": "Pour refuser, ou arrêter plus tard : envoyez un courriel à {mailbox} avec pour objet : {stop}",
    "yes_operator": "Pour accepter : répondez à {contact} avec ce code : {yes}",
    "no_operator": "Pour refuser, ou arrêter plus tard : écrivez à {contact} avec ce code : {stop}",
    "ignore": "Si vous ne faites rien, cette demande et cette adresse sont effacées après {hours} heures.",
    "kept": "Ce qui est gardé",
    "kept_lines": (
        "Votre adresse, chiffrée ; vos choix (préfectures, démarches, langue, fréquence).",
        "La preuve de votre accord : la date, la version de ce texte, une empreinte de votre code. Pas d'adresse IP.",
        "Rien n'est transmis à une préfecture ni à personne d'autre. Les messages ne contiennent aucun pistage.",
        "Après votre départ, seule une empreinte reste, pour ne plus vous écrire.",
    ),
    "rights": "Vos droits (RGPD)",
    "rights_lines": (
        "Le traitement repose sur votre consentement : vous pouvez le retirer à tout moment.",
        "Vous pouvez demander l'accès, une copie, la rectification ou l'effacement à {contact}.",
        "Vous pouvez saisir la CNIL : www.cnil.fr.",
    ),
    "trial": "Essai : vos messages arrivent",
    "trial_lines": (
        "Ceci est un essai du canal, demandé par la personne qui tient le relevé. Aucune nouvelle d'une préfecture.",
        "Vous n'avez rien à faire.",
    ),
    "at": "Envoyé le {at} UTC.",
    "version": "Version de ce texte : {version}",
    "operator": "la personne qui tient ce relevé",
}

_EN: Final[dict[str, str | tuple[str, ...]]] = {
    "subject": "Do you want these messages?",
    "asked": "Somebody, probably you, asked that messages of a watch be sent to this address. Nothing will be sent "
    "unless you agree.",
    "yes_mail": "To agree: send an e-mail to {mailbox} with the subject: {yes}",
    "no_mail": "To refuse, or to stop later: send an e-mail to {mailbox} with the subject: {stop}",
    "yes_operator": "To agree: answer {contact} with this code: {yes}",
    "no_operator": "To refuse, or to stop later: write to {contact} with this code: {stop}",
    "ignore": "If you do nothing, this request and this address are erased after {hours} hours.",
    "kept": "What is kept",
    "kept_lines": (
        "Your address, encrypted; your choices (préfectures, procedures, language, how often).",
        "The proof that you agreed: the date, the version of this text, a digest of your code. No IP address.",
        "Nothing is passed on to a préfecture or to anyone else. The messages hold no tracking.",
        "After you leave, only a digest remains, so that you are not written to again.",
    ),
    "rights": "Your rights (GDPR)",
    "rights_lines": (
        "This rests on your consent: you can withdraw it at any time.",
        "You can ask {contact} for access, a copy, correction or erasure.",
        "You can complain to the CNIL, the French data-protection authority: www.cnil.fr.",
    ),
    "trial": "Trial: your messages arrive",
    "trial_lines": (
        "This is a trial of the channel, asked for by whoever keeps the log. No news of any préfecture.",
        "There is nothing to do.",
    ),
    "at": "Sent on {at} UTC.",
    "version": "Version of this text: {version}",
    "operator": "whoever keeps this log",
}


def confirmation(to: Subscription, head: Letterhead, *, yes: str, stop: str) -> Message:
    """The only message before consent. yes, stop: the codes `OUI-…` and `STOP-…`, whole.

    It names no préfecture and no procedure: the address may be another person's.
    """
    words = _words(to.language)
    way = "mail" if head.mailbox else "operator"
    values = {
        "mailbox": head.mailbox,
        "contact": head.contact or head.operator or words["operator"],
        "yes": yes,
        "stop": stop,
        "hours": HOURS,
        "version": CONSENT_TEXT,
    }
    parts = [
        ("", [words["asked"], words[f"yes_{way}"], words[f"no_{way}"], words["ignore"]]),
        (words["kept"], words["kept_lines"]),
        (words["rights"], words["rights_lines"]),
        ("", [words["version"]]),
    ]
    filled = [(name, [str(line).format_map(values) for line in lines]) for name, lines in parts]
    return _letter(str(words["subject"]), filled, to.language, head, stop)


def trial(to: Subscription, head: Letterhead, *, at: datetime, stop: str = "") -> Message:
    """A message that says nothing but that it arrived. at: UTC."""
    words = _words(to.language)
    lines = [*words["trial_lines"], str(words["at"]).format(at=f"{at:%Y-%m-%d %H:%M:%S}")]
    if way := stop_way(head, to.language, stop):
        lines.append(f"{TONGUES[to.language].said['stop']}{' :' if to.language == 'fr' else ':'} {way}")
    return _letter(str(words["trial"]), [("", lines)], to.language, head, stop)


def _words(language: Language) -> dict[str, str | tuple[str, ...]]:
    return _FR if language == "fr" else _EN


def _letter(
    subject: str, parts: Sequence[tuple[object, Sequence[str]]], language: Language, head: Letterhead, stop: str
) -> Message:
    sender = f"{head.operator} {head.project}".strip()
    text, html = rendered("letter", parts=parts, language=language, sender=sender)
    return Message(subject=subject, text=text, html=html, headers=headers(head, stop, ""))
