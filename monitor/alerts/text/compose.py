"""What subscribers and operators read: one or several events as one message, in text and HTML, in their language.

A message says what was read and no more; a filing channel is a sentence of the page, never an advice. The *discreet*
form names no place, procedure or file on the outside: subject, first line, attachment names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.news.events import OPERATOR_KINDS, Event
from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.message import Message, ascii_name, untelling
from monitor.alerts.text.en import ENGLISH
from monitor.alerts.text.fr import FRENCH
from monitor.alerts.text.render import rendered
from monitor.alerts.text.words import Tongue, Words, moment, told
from monitor.paper.document import Attachment

TONGUES: Final[Mapping[str, Tongue]] = {"fr": FRENCH, "en": ENGLISH}
SIMULATION: Final = "SIMULATION"
SUBJECT: Final = 150  # characters: apprise cuts at 250, telephones show far fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes. operator, contact: as in the settings. mailbox: where STOP-CODE is read, empty without an inbox.

    offices: name of a préfecture by code. project: the program's own page.
    """

    operator: str = ""
    contact: str = ""
    mailbox: str = ""
    offices: Mapping[str, str] = field(default_factory=dict)
    project: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One event as the templates have it."""

    heading: str
    fact: str
    rows: Sequence[tuple[str, str]]
    extras: Sequence[str]
    quote: str
    before: str
    url: str
    steps: Sequence[str]
    unknown: str


def compose(
    events: Sequence[Event],
    to: Subscription,
    head: Letterhead,
    *,
    stop: str = "",
    reference: str = "",
    attachments: Sequence[Attachment] = (),
    previous_stamp: datetime | None = None,
) -> Message:
    """One message for all of `events` (at least one).

    stop: the subscriber's code, without which the operator is named instead. reference: identity of the parcel, the
    same for a message sent twice. previous_stamp: UTC instant of the last stamped seal, told beside an opened slot,
    whose own stamp follows.
    """
    tongue = TONGUES[to.language]
    blocks = [_block(event, to.language, tongue, head) for event in events]
    simulated = any(event.simulated for event in events)
    subject = blocks[0].heading if len(blocks) == 1 else tongue.said["digest"].format(count=len(blocks))
    shown = _attached(attachments, discreet=to.discreet)
    text, html = rendered(
        "alert",
        said=tongue.said,
        language=to.language,
        blocks=blocks,
        discreet=to.discreet,
        simulated=simulated,
        not_instead=any(not event.urgent and event.kind not in OPERATOR_KINDS for event in events),
        enclosed=_enclosed(events, tongue, to.language, shown, previous_stamp),
        stop=stop_way(head, to.language, stop),
        sent_by=_sender(head, tongue),
        reference=reference or events[0].key,
    )
    return Message(
        subject=_subject(tongue.said["discreet"] if to.discreet else subject, simulated=simulated),
        text=text,
        html=html,
        headers=headers(head, stop, reference or events[0].key),
        attachments=shown,
    )


def _block(event: Event, language: Language, tongue: Tongue, head: Letterhead) -> Block:
    words = tongue.kinds[_form(event)]
    zone = ZoneInfo(event.time_zone)
    values = _values(event, language, tongue, head)
    rows = [(tongue.said["when"], moment(event.at, zone, language, tongue))]
    if event.kind not in OPERATOR_KINDS:
        rows = [(tongue.said["where"], values["office"]), (tongue.said["what"], values["what"]), *rows]
    elif event.facts:
        rows += [(name, values[name]) for name in sorted(event.facts)]
    return Block(
        heading=words.title.format_map(values),
        fact=words.fact.format_map(values),
        rows=[(name, value) for name, value in rows if value],
        extras=_extras(event, words, tongue, values),
        quote=event.quote,
        before=event.before,
        url=event.url,
        steps=[step.format_map(values) for step in _steps(event, words, tongue)],
        unknown=words.unknown,
    )


def _form(event: Event) -> str:
    """The kind, but an opened slot that is only supposed, or gone when the message leaves, has sentences of its own.

    So has the end of an opening where no slot was seen, or where the site does not say that there is none.
    """
    if event.kind == "slots_gone" and (event.facts.get("weak") or event.facts.get("now", "NoSlot") != "NoSlot"):
        return "slots_gone_otherwise"
    if event.kind == "slots_open" and event.facts.get("weak") not in (None, "", "false"):
        return "slots_open_weak"
    return "slots_open_late" if event.kind == "slots_open" and event.facts.get("gone_at") else event.kind


def _extras(event: Event, words: Words, tongue: Tongue, values: Mapping[str, str]) -> list[str]:
    extras = (*words.extras, *((name, tongue.said[name]) for name in ("again", "back")))
    return [text.format_map(values) for name, text in extras if event.facts.get(name)]


def _steps(event: Event, words: Words, tongue: Tongue) -> Sequence[str]:
    if event.kind != "no_slot_digest":
        return words.next
    return tongue.ladder_naturalisation if event.procedure == "naturalisation" else tongue.ladder


class _Values(dict[str, str]):
    """What an event does not tell is said to be unknown, never left out silently."""

    def __missing__(self, name: str) -> str:
        return "?"


def _values(event: Event, language: Language, tongue: Tongue, head: Letterhead) -> Mapping[str, str]:
    zone = ZoneInfo(event.time_zone)
    values = _Values(
        {
            name: told(value, event.at, zone, language, whole=name in ("since", "until"))
            for name, value in event.facts.items()
        }
    )
    for name, known in (("obstacle", tongue.obstacles), ("channel", tongue.channels), ("cause", tongue.causes)):
        if name in event.facts:
            values[name] = known.get(event.facts[name], event.facts[name])
    values["office"] = head.offices.get(event.prefecture) or event.prefecture
    values["what"] = event.label or event.check
    values["check"] = event.check or event.facts.get("check", "?")
    values["at_hour"] = f"{event.at.astimezone(zone):%H:%M}"
    return values


def _attached(attachments: Sequence[Attachment], *, discreet: bool) -> Sequence[Attachment]:
    if discreet:
        return untelling(attachments)
    return tuple(replace(one, name=ascii_name(one.name)) for one in attachments)


def _enclosed(
    events: Sequence[Event], tongue: Tongue, language: Language, shown: Sequence[Attachment], stamp: datetime | None
) -> list[str]:
    slot = next((event for event in events if event.urgent), None)
    if slot is None:
        return [tongue.said["enclosed"]] if shown else []
    out = [tongue.said["so_far"]] if shown else []
    if stamp:
        when = moment(stamp, ZoneInfo(slot.time_zone), language, tongue)
        out.append(tongue.said["previous_stamp"].format(stamp=when))
    return [*out, tongue.said["own_stamp"]]


def _subject(text: str, *, simulated: bool) -> str:
    line = " ".join(text.split())
    line = f"{SIMULATION} - {line}" if simulated else line
    return line if len(line) <= SUBJECT else line[: SUBJECT - 1] + "…"


def stop_way(head: Letterhead, language: Language, stop: str) -> str:
    """How these messages are stopped: by mail where an inbox is read, else by writing to the operator."""
    said = TONGUES[language].said
    if head.mailbox and stop:
        return said["stop_mail"].format(mailbox=head.mailbox, code=stop)
    named = head.contact or head.operator
    return said["stop_operator"].format(contact=named) if named else ""


def _sender(head: Letterhead, tongue: Tongue) -> str:
    named = tongue.said["sent_by"].format(operator=head.operator) if head.operator else tongue.said["sent_by_nobody"]
    return f"{named} {head.project}".strip()


def headers(head: Letterhead, stop: str, reference: str) -> Mapping[str, str]:
    """Auto-Submitted: RFC 3834. List-Unsubscribe: RFC 2369, by mail only: there is no page that could track."""
    found = {"Auto-Submitted": "auto-generated"}
    if reference:
        found["X-Vigie-Reference"] = reference
    if head.mailbox and stop:
        found["List-Unsubscribe"] = f"<mailto:{head.mailbox}?subject={stop}>"
    elif "@" in head.contact:
        found["List-Unsubscribe"] = f"<mailto:{head.contact}?subject=STOP>"
    return found
