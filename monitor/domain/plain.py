"""What may go to a plain address of the operator (ntfy, Matrix, a mailing list ...): its own events, and notices. Pure.

An opened slot may not: what is sent there is broadcast, and slots are told to the persons concerned only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from monitor.domain.events import Event, OperatorKind
from monitor.domain.message import Message

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
