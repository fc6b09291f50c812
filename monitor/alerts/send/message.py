"""A message ready to be sent: what a subscriber reads, without the address it goes to. Pure.

What became of handing one message to a channel. Pure.

Texts are the program's own words and codes: never an address, a token or the channel's own sentence.

What may go to a plain address of the operator (ntfy, Matrix, a mailing list ...): its own events, and notices. Pure.

An opened slot may not: what is sent there is broadcast, and slots are told to the persons concerned only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, get_args

from monitor.alerts.news.events import Event, OperatorKind
from monitor.paper.document import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """subject: one line. text, html: the same words twice. headers: for e-mail, never Message-ID: the channel gives the
    only one. attachments: names are ASCII."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


def ascii_name(name: str) -> str:
    """A file name every mail program and telephone shows: ASCII letters, digits, `.`, `-`, `_`; at most 80."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, ending = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.").rpartition(".")
    return f"{(stem or ending)[:70]}.{ending[:9]}" if dot and stem else (ending[:80] or "document")


def untelling(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The same files under names that say nothing: `document-1.pdf`."""
    return tuple(
        replace(one, name=f"document-{number}{_ending(one.name)}") for number, one in enumerate(attachments, start=1)
    )


def _ending(name: str) -> str:
    return "." + ascii_name(name).rpartition(".")[2] if "." in name else ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took it. reference: the channel's own number for it, empty when it gave none."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not taken; worth another try."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Certainly not taken, and the same message would be refused again. permanent: the address itself is no good."""

    why: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken: no answer came after it left."""

    why: str


Outcome = Sent | Later | Refused | Unknown


NOTICE_KINDS: Final = (
    "pan_published",
    "pan_withdrawn",
    "pan_changed",
    "channel_published",
    "channel_withdrawn",
    "channel_reworded",
)
PLAIN_KINDS: Final[frozenset[str]] = frozenset((*get_args(OperatorKind), *NOTICE_KINDS))


@dataclass(frozen=True, slots=True)
class PlainNotice:
    """A message that may be broadcast. Made by `plain` only."""

    subject: str
    text: str


def plain(events: tuple[Event, ...], message: Message) -> PlainNotice:
    """The notice. Raises ValueError when one of the events may not be broadcast."""
    if not events or not all(event.kind in PLAIN_KINDS for event in events):
        raise ValueError("only operator's events and notices go to a plain address")
    return PlainNotice(message.subject, message.text)
