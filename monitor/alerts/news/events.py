"""What people are told of: an event is one change between two readings, with the words either side rests on. Pure.

An event says what an observation says and no more. Its key is the same whoever derives it and however often, so that
nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Final, Literal, get_args

from monitor.values import dataclass

SubscriberKind = Literal[
    "slots_open",
    "slots_gone",
    "no_slot_digest",
    "procedure_closed",
    "obstacle_appeared",
    "obstacle_lifted",
    "pan_published",
    "pan_withdrawn",
    "pan_changed",
    "channel_published",
    "channel_withdrawn",
    "channel_reworded",
    "unreachable",
]
CorrectionKind = Literal["desk_corrected"]
OperatorKind = Literal[
    "plugin_unreadable",
    "platform_fell",
    "authority_failing",
    "disk_low",
    "sweep_missing",
    "clock_unsynchronised",
    "message_given_up",
    "address_suspended",
    "addresses_spared",
    "sending_stopped",
]
EventKind = SubscriberKind | CorrectionKind | OperatorKind

SUBSCRIBER_KINDS: Final[tuple[str, ...]] = get_args(SubscriberKind)
OPERATOR_KINDS: Final[tuple[str, ...]] = get_args(OperatorKind)
ALWAYS_TOLD: Final[tuple[str, ...]] = get_args(CorrectionKind)  # whatever was asked for: what was told was wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing to tell.

    key: 32 hexadecimal digits, the event's identity. at: UTC instant of the observation it rests on. check: `95/slug`
    or `95/notices/slug`, empty for the operator's events, as are prefecture, label, url. seq: its observation's number.
    quote: the site's own sentence now; before: the sentence it replaces. facts: what else the message says, by name
    (`first_day`, `sooner`, `obstacle`, `channel`, `hours`, `cause`, `gone_at` ...). Never personal data.
    """

    key: str
    kind: EventKind
    at: datetime
    prefecture: str = ""
    check: str = ""
    procedure: str = ""
    label: str = ""
    url: str = ""
    time_zone: str = "Europe/Paris"
    seq: int | None = None
    quote: str = ""
    before: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False

    @property
    def urgent(self) -> bool:
        """Told at once, beside the sweep; everything else waits for the seal."""
        return self.kind == "slots_open"

    def to_json(self) -> dict[str, Any]:
        """As the outbox keeps it: plain JSON values."""
        return {
            "key": self.key,
            "kind": self.kind,
            "at": self.at.isoformat(),
            "prefecture": self.prefecture,
            "check": self.check,
            "procedure": self.procedure,
            "label": self.label,
            "url": self.url,
            "time_zone": self.time_zone,
            "seq": self.seq,
            "quote": self.quote,
            "before": self.before,
            "facts": dict(self.facts),
            "simulated": self.simulated,
        }

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Event:
        """The event `to_json` gave."""
        return Event(**{**value, "at": datetime.fromisoformat(value["at"])})
