"""What stands of one check as far as news goes: kept between looks, so that the next one can be compared. Pure.

It is a fold over the observations of the check, in the order of their sequence; it can be made again from them. A run
is an unbroken series of looks that said the same, those that say nothing of it passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from monitor.values import dataclass

ANSWERS: Final = frozenset({"SlotsOpen", "NoSlot", "NotYetOpen", "RequestForm", "Closed"})
NOTICES: Final = frozenset({"Published", "NotFound", "Contradictory"})
SILENCE: Final = frozenset({"Unreached", "Unavailable"})
ABOUT_US: Final = "@"  # what is kept under such a name is of the monitor itself: no check is called so


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of looks. seq, at: of its first; looks: how many; what: tells runs of one sort apart.

    sweep: of its last look. told: what was told of it, empty when nothing was. quote: the site's sentence in its last
    look. before: the sentence of the answer that stood when it began.
    """

    seq: int
    at: datetime
    looks: int = 1
    sweep: int = 0
    what: str = ""
    told: str = ""
    quote: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The looks of one period. number: of the period; seq, at, quote: of its last `NoSlot`; first, last: its looks.

    by_data: how many of its `NoSlot` rest on data, without a sentence.
    """

    number: int
    first: datetime
    last: datetime
    looks: int = 0
    no_slot: int = 0
    by_data: int = 0
    unread: int = 0
    open: bool = False
    seq: int = 0
    at: datetime | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Which check it is, in the words of its last record."""

    check: str = ""
    look: str = "desk"
    prefecture: str = ""
    procedure: str = ""
    label: str = ""
    platform: str = ""
    url: str = ""
    time_zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands of one check.

    seq, last: of the last look. answer, quote, answered: class, sentence and instant of the last answer; failures and
    obstacles are none. came: when a page last came. ended: when what stood was last read, by its name: the class of an
    answer that another replaced, `slots` that were told gone, an obstacle told lifted, `page` before an obstacle; or
    began (`clear`).
    opening: the run of `SlotsOpen` that no other answer ended; soonest: the nearest day told of it, ISO 8601. closed:
    of `Closed`. hindrance: of obstacles; blocked: the obstacle people were told of; clear: answers
    since. silent: nothing came; unread: it was not understood.
    tally: of the digest's period. facts: of a notice, as people know them; absent: runs in which a fact was not found;
    formerly: the sentence before, and when it was last read, by fact; rule: what read them.
    """

    simulated: bool = False
    subject: Concerned = Concerned()
    seq: int = -1
    last: datetime | None = None
    answer: str = ""
    quote: str = ""
    answered: datetime | None = None
    came: datetime | None = None
    ended: Mapping[str, datetime] = field(default_factory=dict)
    opening: Run | None = None
    soonest: str = ""
    closed: Run | None = None
    hindrance: Run | None = None
    blocked: Run | None = None
    clear: int = 0
    silent: Run | None = None
    unread: Run | None = None
    tally: Tally | None = None
    facts: Mapping[str, Any] | None = None
    absent: Mapping[str, Run] = field(default_factory=dict)
    formerly: Mapping[str, Run] = field(default_factory=dict)
    rule: str = ""

    def over(self, name: str, at: datetime | None) -> Standing:
        """The same, knowing when what is named was last read. at: None where it never was."""
        return self if at is None else replace(self, ended={**self.ended, name: at})

    def lately(self, name: str, at: datetime, within: timedelta) -> str:
        """When what is named was last read, ISO 8601, if that is not longer ago than `within`; else empty."""
        ended = self.ended.get(name)
        return ended.isoformat() if ended is not None and timedelta() <= at - ended <= within else ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; what is empty is left out."""
        told = ((name, getattr(self, name), getattr(_EMPTY, name)) for name in _FIELDS[Standing])
        return {name: _plain(value) for name, value, empty in told if value != empty}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Standing:
        """The inverse; what this version does not know is passed over."""
        read = {name: _READ[name](one) if name in _READ else one for name, one in value.items() if name in _KNOWN}
        return Standing(**read)


def kept_under(check: str, *, simulated: bool) -> str:
    """Under which name the standing of a check is kept: what was played has one of its own. No check begins so."""
    return f"~{check}" if simulated else check


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if (names := _FIELDS.get(type(value))) is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value


def _run(value: Mapping[str, Any]) -> Run:
    return Run(**{**value, "at": datetime.fromisoformat(value["at"])})


def _tally(value: Mapping[str, Any]) -> Tally:
    times = {name: datetime.fromisoformat(value[name]) for name in ("first", "last", "at") if value[name]}
    return Tally(**{**value, **times})


_READ: Final[Mapping[str, Any]] = {
    "subject": lambda value: Concerned(**value),
    "last": datetime.fromisoformat,
    "came": datetime.fromisoformat,
    "answered": datetime.fromisoformat,
    "ended": lambda value: {name: datetime.fromisoformat(at) for name, at in value.items()},
    "tally": _tally,
    **dict.fromkeys(("absent", "formerly"), lambda value: {fact: _run(one) for fact, one in value.items()}),
    **dict.fromkeys(("opening", "closed", "hindrance", "blocked", "silent", "unread"), _run),
}
_FIELDS: Final[Mapping[type, tuple[str, ...]]] = {
    kind: tuple(one.name for one in fields(kind)) for kind in (Run, Tally, Concerned, Standing)
}
_KNOWN: Final = frozenset(_FIELDS[Standing])
_EMPTY: Final = Standing()
