"""What subscribers and operators read: one or several events as one message, in text and HTML, in their language.

A message says what was read and no more; a filing channel is a sentence of the page, never an advice. The *discreet*
form names no place, procedure or file on the outside: subject, first line, attachment names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.news.events import OPERATOR_KINDS, Event
from monitor.alerts.people.subscriptions import Channel, Subscription
from monitor.alerts.text.kinds import CAUSES, CHANNELS, KINDS, LADDER, LADDER_NATURALISATION, OBSTACLES, SAID
from monitor.alerts.text.message import Line, Message, ascii_name, mail_to, pressed, untelling
from monitor.alerts.text.operator import OPERATOR, TOLD
from monitor.alerts.text.render import rendered
from monitor.alerts.text.words import Tongue, Words
from monitor.paper.document import Attachment
from monitor.values import dataclass

SIMULATION: Final = "SIMULATION"
REFERENCE: Final = "X-Vigie-Reference"  # the parcel's identity, the same if it is sent twice
SUBJECT: Final = 150  # characters: apprise cuts at 250, telephones show far fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes. operator, contact: as in the settings. mailbox: where STOP-CODE is read, empty without an inbox.

    answers: a plain answer to a message reaches that mailbox. web: where subscribers serve themselves, such as
    `https://vigie.example.org`, empty without. offices: name of a préfecture by code. project: the program's own page.
    site: address of the public site whose guide messages lead to, empty where there is none.
    """

    operator: str = ""
    contact: str = ""
    mailbox: str = ""
    answers: bool = False
    web: str = ""
    offices: Mapping[str, str] = field(default_factory=dict)
    project: str = ""
    site: str = ""

    def guide(self, language: str) -> str:
        """Where the site's guide stands in that language; French is at its root. Empty without a site."""
        folder = "" if language == "fr" else f"{language}/"
        return f"{self.site}/{folder}guide.html" if self.site else ""


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
    left_out: bool = False,
    previous_stamp: datetime | None = None,
) -> Message:
    """One message for all of `events` (at least one).

    stop: the subscriber's code, without which the operator is named instead. reference: identity of the parcel, the
    same for a message sent twice. left_out: its files did not go through, which is said. previous_stamp: UTC instant of
    the last stamped seal, told beside an opened slot, whose own stamp follows.
    """
    tongue = Tongue(to.language)
    said = tongue.all(SAID)
    blocks = [_block(event, tongue, head, to.limit) for event in events]
    simulated = any(event.simulated for event in events)
    subject = blocks[0].heading
    if len(blocks) > 1:
        subject = tongue.ngettext("Log: {count} piece of news", "Log: {count} pieces of news", len(blocks))
    shown = _attached(attachments, discreet=to.discreet)
    text, html = rendered(
        "alert",
        said=said,
        language=tongue.code,
        direction=tongue.direction,
        to_read_over="" if tongue.read_over else said["to_read_over"],
        blocks=blocks,
        discreet=to.discreet,
        simulated=simulated,
        not_instead=any(not event.urgent and event.kind not in OPERATOR_KINDS for event in events),
        guide="" if all(event.kind in OPERATOR_KINDS for event in events) else head.guide(tongue.code),
        enclosed=[
            *([said["left_out"]] if left_out else []),
            *_enclosed(events, tongue, shown, previous_stamp),
        ],
        stop=stop_way(head, tongue, stop, to.channel),
        manage=_manage(head, tongue) if stop else None,
        sent_by=_sender(head, tongue),
        reference=_grouped(reference or events[0].key),
    )
    return Message(
        subject=_subject(said["discreet"] if to.discreet else subject, tongue, simulated=simulated),
        text=text,
        html=html,
        headers=headers(head, stop, reference or events[0].key),
        attachments=shown,
    )


def _block(event: Event, tongue: Tongue, head: Letterhead, limit: date | None) -> Block:
    form = _form(event)
    words = OPERATOR.get(form) or KINDS[form]
    zone = ZoneInfo(event.time_zone)
    values = _values(event, tongue, head)
    rows = [(tongue.say(SAID["when"]), tongue.moment(event.at, zone))]
    if event.kind not in OPERATOR_KINDS:
        rows = [(tongue.say(SAID["where"]), values["office"]), (tongue.say(SAID["what"]), values["what"]), *rows]
    elif event.facts:
        rows += [(tongue.say(TOLD.get(name, name)), values[name]) for name in sorted(event.facts)]
    return Block(
        heading=tongue.say(words.title).format_map(values),
        fact=tongue.say(words.fact).format_map(values),
        rows=[(name, value) for name, value in rows if value],
        extras=[*_extras(event, words, tongue, values), *_limited(event, tongue, limit)],
        quote=event.quote,
        before=event.before,
        url=event.url,
        steps=[tongue.say(step).format_map(values) for step in _steps(event, words)],
        unknown=tongue.say(words.unknown),
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
    extras = {**words.extras, **{name: SAID[name] for name in ("again", "back")}}
    return [tongue.say(text).format_map(values) for name, text in extras.items() if event.facts.get(name)]


def _limited(event: Event, tongue: Tongue, limit: date | None) -> list[str]:
    """To who asked for slots before a day: that they did, or, where the site named no day, that it may be later."""
    if event.kind != "slots_open" or limit is None:
        return []
    form = SAID["before_limit" if event.facts.get("first_day") else "day_unknown"]
    return [tongue.say(form, day=tongue.day(limit))]


def _steps(event: Event, words: Words) -> Sequence[str]:
    if event.kind != "no_slot_digest":
        return words.next
    return LADDER_NATURALISATION if event.procedure == "naturalisation" else LADDER


class _Values(dict[str, str]):
    """What an event does not tell is said to be unknown, never left out silently."""

    def __missing__(self, name: str) -> str:
        return "?"


def _values(event: Event, tongue: Tongue, head: Letterhead) -> Mapping[str, str]:
    zone = ZoneInfo(event.time_zone)
    values = _Values(
        {
            name: tongue.told(value, event.at, zone, whole=name in ("since", "until"))
            for name, value in event.facts.items()
        }
    )
    for name, known in (("obstacle", OBSTACLES), ("channel", CHANNELS), ("cause", CAUSES)):
        if name in event.facts:
            values[name] = tongue.say(known[value]) if (value := event.facts[name]) in known else value
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
    events: Sequence[Event], tongue: Tongue, shown: Sequence[Attachment], stamp: datetime | None
) -> list[str]:
    slot = next((event for event in events if event.urgent), None)
    alone = "_releve" if all(one.name.endswith(".pdf") for one in shown) else ""
    if slot is None:
        return [tongue.say(SAID[f"enclosed{alone}"])] if shown else []
    out = [tongue.say(SAID[f"so_far{alone}"])] if shown else []
    if stamp:
        out.append(tongue.say(SAID["previous_stamp"], stamp=tongue.moment(stamp, ZoneInfo(slot.time_zone))))
    return [*out, tongue.say(SAID["own_stamp"])]


def _grouped(reference: str) -> str:
    """A digest as people copy it. In one piece filters take some for Bitcoin addresses (SpamAssassin, PDS_BTC_ID)."""
    return "-".join(re.findall("[0-9a-f]{8}", reference)) if re.fullmatch("[0-9a-f]{32}", reference) else reference


def _subject(text: str, tongue: Tongue, *, simulated: bool) -> str:
    """One line. An English one is ASCII: a few accents in it are a trait of fraud (rspamd, R_MIXED_CHARSET)."""
    line = " ".join(text.split())
    if tongue.code == "en":
        line = unicodedata.normalize("NFKD", line).encode("ascii", "ignore").decode()
    line = f"{SIMULATION} - {line}" if simulated else line
    return line if len(line) <= SUBJECT else line[: SUBJECT - 1] + "…"


def stop_way(head: Letterhead, tongue: Tongue, stop: str, channel: Channel) -> Line | None:
    """How these messages are stopped: on a page, by answer or mail where there is one, else through the operator."""
    if head.web and stop:
        page = self_service(head, tongue.code, "u", stop)
        return pressed(tongue.say(SAID["stop_page"], page=page), page, page)
    if head.mailbox and stop:
        form = SAID["stop_answer" if head.answers and channel == "email" else "stop_mail"]
        return pressed(tongue.say(form, mailbox=head.mailbox, code=stop), stop, mail_to(head.mailbox, stop))
    named = head.contact or head.operator
    return Line(before=tongue.say(SAID["stop_operator"], contact=named)) if named else None


def self_service(head: Letterhead, language: str, page: str, code: str = "") -> str:
    """The address of a page where subscribers serve themselves; a code stands at its end."""
    return "/".join(filter(None, (head.web, language, page, code)))


def _manage(head: Letterhead, tongue: Tongue) -> Line | None:
    """Where subscribers ask for the link to their choices."""
    if not head.web:
        return None
    page = self_service(head, tongue.code, "gerer")
    return pressed(tongue.say(SAID["manage"], page=page), page, page)


def _sender(head: Letterhead, tongue: Tongue) -> str:
    form = SAID["sent_by" if head.operator else "sent_by_nobody"]
    return f"{tongue.say(form).format(operator=head.operator)} {head.project}".strip()


def headers(head: Letterhead, stop: str, reference: str) -> Mapping[str, str]:
    """Auto-Submitted: RFC 3834. List-Unsubscribe: RFC 2369, by mail, and by one POST to a page of ours (RFC 8058)."""
    found = {"Auto-Submitted": "auto-generated"}
    if reference:
        found[REFERENCE] = reference
    ways = [self_service(head, "fr", "u", stop)] if head.web and stop else []
    if ways:
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if head.mailbox and stop:
        ways.append(f"mailto:{head.mailbox}?subject={stop}")
    if ways:
        found["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways)
    elif "@" in head.contact:
        found["List-Unsubscribe"] = f"<mailto:{head.contact}?subject=STOP>"
    return found
