"""What became of handing one message to a channel, and what may be broadcast at all. Pure.

Texts are the program's own words and codes: never an address, a token or the channel's own sentence. What goes to a
plain address of the operator (ntfy, Matrix, a mailing list ...) is read by whoever listens there: the operator's own
events, and notices; never an opened slot, which is told to the persons concerned only.
"""

from __future__ import annotations

from typing import Final, get_args

from monitor.alerts.news.events import Event, OperatorKind
from monitor.alerts.text.message import Message
from monitor.values import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took it. reference: the channel's own number for it, empty when it gave none."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not taken; worth another try.

    ours: a fault of our own account or line, which the next message would meet as well. firm: the channel said it for
    good, so that the next try waits for hours: quotas, policies and block lists pass. too_large: without its files it
    may be taken.
    """

    why: str
    ours: bool = False
    firm: bool = False
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Certainly not taken, and the address itself is no good."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken: no answer came after it left, or one that is known to be wrong. ours: as of `Later`."""

    why: str
    ours: bool = False


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
