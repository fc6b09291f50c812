"""Messages that tell no event: the question before the first message (double opt-in), and the trial of a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.text.compose import Letterhead, headers, self_service, stop_way
from monitor.alerts.text.kinds import SAID
from monitor.alerts.text.message import Line, Message, mail_to, pressed
from monitor.alerts.text.render import rendered
from monitor.alerts.text.words import Tongue
from monitor.core.words import N_

CONSENT_TEXT: Final = "2026-11-30"  # version of the words below, kept as proof of what was agreed to
HOURS: Final = 48

_WORDS: Final[Mapping[str, str]] = {
    "subject": N_("Confirm whether you want these messages"),
    "asked": N_(
        "Somebody, probably you, asked that messages of a watch be sent to this address. Nothing will be sent "
        "unless you agree."
    ),
    "yes_answer": N_(
        "To agree: answer this message with the word OUI, or send an e-mail to {mailbox} with the subject: {yes}"
    ),
    "no_answer": N_(
        "To refuse, or to stop later: answer with the word STOP, or send an e-mail to {mailbox} with the subject: "
        "{stop}"
    ),
    "yes_mail": N_("To agree: send an e-mail to {mailbox} with the subject: {yes}"),
    "no_mail": N_("To refuse, or to stop later: send an e-mail to {mailbox} with the subject: {stop}"),
    "yes_page": N_("To agree: open this page and press its button: {yes}"),
    "no_page": N_("To refuse, or to stop later: open this page and press its button: {stop}"),
    "or_answer": N_("Or answer this message with the word OUI, or the word STOP."),
    "link": N_("The link to your choices"),
    "link_asked": N_(
        "Somebody, probably you, asked for messages or for this link. This address receives these messages already."
    ),
    "link_opens": N_("To see, change, pause, copy or erase what is kept, open this page within an hour: {page}"),
    "link_ignore": N_("If you did not ask for it, do nothing: nothing changes."),
    "yes_operator": N_("To agree: answer {contact} with this code: {yes}"),
    "no_operator": N_("To refuse, or to stop later: write to {contact} with this code: {stop}"),
    "ignore": N_("If you do nothing, this request and this address are erased after {hours} hours."),
    "kept": N_("What is kept"),
    "rights": N_("Your rights (GDPR)"),
    "trial": N_("Trial: your messages arrive"),
    "at": N_("Sent on {at} UTC."),
    "version": N_("Version of this text: {version}"),
    "operator": N_("whoever keeps this log"),
    "look_email": N_("Look at your e-mail."),
    "look_signal": N_("Look at Signal."),
    "here": N_(
        "To be told here, in one sentence, that a message waits for you: answer, by the e-mail or Signal that brings "
        "you your messages, with this code: {code}"
    ),
    "not_here": N_("If you did not ask for this, do nothing: within {hours} hours it is erased."),
}
_LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "kept_lines": (
        N_("Your address, encrypted; your choices (préfectures, procedures, language, how often)."),
        N_("The proof that you agreed: the date, the version of this text, a digest of your code. No IP address."),
        N_("Nothing is passed on to a préfecture or to anyone else. The messages hold no tracking."),
        N_("After you leave, only a digest remains, so that you are not written to again."),
    ),
    "rights_lines": (
        N_("This rests on your consent: you can withdraw it at any time."),
        N_("You can ask {contact} for access, a copy, correction or erasure."),
        N_("You can complain to the CNIL, the French data-protection authority: www.cnil.fr."),
    ),
    "trial_lines": (
        N_("This is a trial of the channel, asked for by whoever keeps the log. No news of any préfecture."),
        N_("There is nothing to do."),
    ),
}


def confirmation(to: Subscription, head: Letterhead, *, yes: str, stop: str) -> Message:
    """The only message before consent. yes, stop: the codes `OUI-…` and `STOP-…`, whole.

    It names no préfecture and no procedure: the address may be another person's.
    """
    tongue = Tongue(to.language)
    words, lines = tongue.all(_WORDS), _lines(tongue)
    by_mail = "answer" if head.answers and to.channel == "email" else "mail"
    way = "page" if head.web else by_mail if head.mailbox else "operator"
    if head.web:
        yes, stop_at = self_service(head, to.language, "c", yes), self_service(head, to.language, "u", stop)
    else:
        stop_at = stop
    values = {
        "mailbox": head.mailbox,
        "contact": head.contact or head.operator or words["operator"],
        "yes": yes,
        "stop": stop_at,
        "hours": HOURS,
        "version": CONSENT_TEXT,
    }
    answered = [words["or_answer"]] if head.web and head.answers and to.channel == "email" else []
    parts = [
        ("", [words["asked"], words[f"yes_{way}"], words[f"no_{way}"], *answered, words["ignore"]]),
        (words["kept"], lines["kept_lines"]),
        (words["rights"], lines["rights_lines"]),
        ("", [words["version"]]),
    ]
    codes = {words[f"yes_{way}"]: yes, words[f"no_{way}"]: stop_at} if head.web or head.mailbox else {}
    filled = [
        (
            name,
            [
                pressed(
                    line.format_map(values), code, code if head.web else mail_to(head.mailbox, code), large=code == yes
                )
                if (code := codes.get(line))
                else Line(before=line.format_map(values))
                for line in told
            ],
        )
        for name, told in parts
    ]
    return _letter(words["subject"], filled, tongue, head, stop)


def link_letter(to: Subscription, head: Letterhead, *, code: str, stop: str) -> Message:
    """To a subscriber whose address was typed on a page: the way to their choices. code: `GERER-…`, whole."""
    tongue = Tongue(to.language)
    words, page = tongue.all(_WORDS), self_service(head, to.language, "g", code)
    lines = [
        Line(before=words["link_asked"]),
        pressed(words["link_opens"].format(page=page), page, page, large=True),
        Line(before=words["link_ignore"]),
    ]
    if way := stop_way(head, tongue, stop, to.channel):
        lines.append(replace(way, before=f"{tongue.say(SAID['stop'])}{tongue.say(SAID['colon'])} {way.before}"))
    return _letter(words["link"], [("", lines)], tongue, head, stop)


def trial(to: Subscription, head: Letterhead, *, at: datetime, stop: str = "") -> Message:
    """A message that says nothing but that it arrived. at: UTC."""
    tongue = Tongue(to.language)
    words = tongue.all(_WORDS)
    told = [*_lines(tongue)["trial_lines"], words["at"].format(at=f"{at:%Y-%m-%d %H:%M:%S}")]
    lines = [Line(before=line) for line in told]
    if way := stop_way(head, tongue, stop, to.channel):
        lines.append(replace(way, before=f"{tongue.say(SAID['stop'])}{tongue.say(SAID['colon'])} {way.before}"))
    return _letter(words["trial"], [("", lines)], tongue, head, stop)


def nudge(to: Subscription) -> Message:
    """One sentence for a place that others may read: where to look, and nothing of what there is."""
    text = Tongue(to.language).say(_WORDS[f"look_{to.channel}"])
    return Message(subject="", text=text, html="")


def nudge_question(to: Subscription, code: str) -> Message:
    """What is sent to such a place before anything else. code: `ICI-…`, whole."""
    words = Tongue(to.language).all(_WORDS)
    lines = (words["here"].format(code=code), words["not_here"].format(hours=HOURS))
    return Message(subject="", text="\n\n".join(lines), html="")


def kept_and_rights(tongue: Tongue, contact: str) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
    """What the question says of what is kept and of one's rights, each under its heading, for the privacy page."""
    lines, words = _lines(tongue), tongue.all(_WORDS)
    named = {"contact": contact or words["operator"]}
    kept, rights = ([line.format_map(named) for line in lines[name]] for name in ("kept_lines", "rights_lines"))
    return (words["kept"], kept), (words["rights"], rights)


def _lines(tongue: Tongue) -> dict[str, tuple[str, ...]]:
    return {name: tuple(map(tongue.say, lines)) for name, lines in _LINES.items()}


def _letter(
    subject: str, parts: Sequence[tuple[str, Sequence[Line]]], tongue: Tongue, head: Letterhead, stop: str
) -> Message:
    sender = f"{head.operator} {head.project}".strip()
    text, html = rendered(
        "letter",
        parts=parts,
        language=tongue.code,
        direction=tongue.direction,
        to_read_over="" if tongue.read_over else tongue.say(SAID["to_read_over"]),
        colon=tongue.say(SAID["colon"]),
        sender=sender,
    )
    return Message(subject=" ".join(subject.split()), text=text, html=html, headers=headers(head, stop, ""))
