"""What a page says, with the words that prove it: a closed union, matched exhaustively.

Only what was positively read counts. Nothing is deduced from the absence of a text, and our own failure is never the
préfecture's. Of these classes `NoSlot` alone is proof that no slot was offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final, Literal, assert_never, get_args

from monitor.values import dataclass, pattern

_LONE: Final = pattern("[\ud800-\udfff]")

ObstacleKind = Literal["captcha", "login", "waf", "rate_limit", "queue", "robots"]
UnavailableKind = Literal["overloaded", "maintenance", "server_error"]
UnreadableWhy = Literal[
    "layout_changed", "contradictory", "mid_visit", "session_lost", "not_found", "empty", "not_text", "too_big",
    "too_many", "replaced", "draft", "looks_like_a_wall",
]  # fmt: skip
UnreachedCause = Literal[
    "dns", "tls", "connect", "timeout", "reset", "truncated", "too_large", "redirects", "forbidden_address",
    "vantage_offline",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """The words a reading rests on.

    text: verbatim part of the page (runs of white space made one space, nothing else changed).
    selector: where it stood: a CSS selector, `title`, `header:NAME`, `status`, `url` or a JSON path.
    """

    text: str
    selector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsOpen:
    """A positive element or sentence offers a slot. weak: the site let us pass to the step that only exists when
    slots do, but no cell was seen. first_day: first day offered, in the préfecture's calendar."""

    seen: Seen
    weak: bool = False
    first_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSlot:
    """The platform's own sentence inside its own container.

    by_data: the platform answers with data, not a sentence; printed and counted apart.
    detail: a variant the platform itself distinguishes (`no_calendar`, `beyond_booking_horizon`).
    last_published: aware instant of the last publication the page states. next_week: Monday of the week it was for.
    """

    seen: Seen
    by_data: bool = False
    detail: str | None = None
    last_published: datetime | None = None
    next_week: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYetOpen:
    """The page announces a future opening. opens_at: aware instant."""

    seen: Seen
    opens_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """A request form is open (demarche.numerique); there is no calendar, so never "a slot"."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstructed:
    """Something stands between a visitor and the answer. detail: e.g. `session_expired`, `invalid`, `turnstile`."""

    obstacle: ObstacleKind
    seen: Seen
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """The site answers that it cannot serve."""

    kind: UnavailableKind
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A sentence says the procedure is closed. A bare 404 is `Unreadable(not_found)`."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An answer came, and none of the known answers was recognised in it. step: where in the visit.

    too_many: more calendars, or pages of one answer, than a visit looks at; step says how many were, `8/12`. replaced:
    the site showed another form in the place of the one asked for. draft: a form its makers are still testing, whose
    files may be deleted at any time. looks_like_a_wall: short, and of robots, browsers or checks; no wall we know.
    """

    why: UnreadableWhy
    step: str | None = None
    seen: Seen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """No whole answer came. `vantage_offline`: our own control probes failed too, so it says nothing of the site."""

    cause: UnreachedCause
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A notice publishes a PAN, a filing channel or a way to an appointment.

    facts: as `vigie read --notice` prints them, with `quotes`, the offsets of each in the visible text.
    unchanged_since: sequence number of the record whose facts these are, where the site answered "not modified".
    """

    seen: Seen
    facts: Mapping[str, Any]
    unchanged_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """None of that was found on the pages listed. It never says that there is none."""

    pages_examined: tuple[str, ...]
    facts: Mapping[str, Any]
    unchanged_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradictory:
    """Two sentences of the notice cannot both hold."""

    seen: Seen
    facts: Mapping[str, Any]
    unchanged_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPageShown:
    """A national portal showed its front page: its own heading stood there. Nothing is known of what lies behind it."""

    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigures:
    """What the State publishes of a request form's files. Never slots, and no word of ours.

    figures: the platform's own labels, each with its number as printed. delays: the site's three durations, in seconds,
    under which files closed in the last 30 days were closed; empty where the page gives none.
    """

    seen: Seen
    figures: Mapping[str, str]
    delays: tuple[int, ...] = ()


NoticeFacts = Published | NotFound | Contradictory
ServiceReading = FrontPageShown | PublishedFigures
DeskReading = SlotsOpen | NoSlot | NotYetOpen | RequestForm
Reading = (
    DeskReading | NoticeFacts | ServiceReading | Obstructed | Unavailable | Closed | Unreadable | Unreached
)  # fmt: skip

CLASSES: dict[str, type[Reading]] = {one.__name__: one for one in get_args(Reading)}


def detail_of(reading: Reading) -> str | None:
    """The word that tells two readings of one class apart (`captcha`, `overloaded`, `timeout` ...)."""
    match reading:
        case Obstructed():
            return reading.obstacle
        case Unavailable():
            return reading.kind
        case Unreadable():
            return reading.why
        case Unreached():
            return reading.cause
        case NoSlot():
            return "by_data" if reading.by_data else reading.detail
        case SlotsOpen():
            return "weak" if reading.weak else None
        case NotYetOpen() | RequestForm() | Closed() | Published() | NotFound() | Contradictory():
            return None
        case FrontPageShown() | PublishedFigures():
            return None
    assert_never(reading)


def is_failure(reading: Reading) -> bool:
    """True for what makes a command exit 3: we could not read, or could not reach."""
    return isinstance(reading, Unreadable | Unreached)


def is_no_slot_proof(reading: Reading) -> bool:
    """True for the only class that counts as proof that no slot was offered."""
    return isinstance(reading, NoSlot)


def to_json(reading: Reading) -> dict[str, Any]:
    """`{"reading": class name, "seen": words or null, "selector": ..., fields ...}`: instants ISO 8601, dates ISO."""
    out: dict[str, Any] = {"reading": type(reading).__name__, "seen": None, "selector": None}
    for field in fields(reading):
        value = getattr(reading, field.name)
        if field.name == "seen":
            if value is not None:
                out["seen"], out["selector"] = value.text, value.selector
        elif isinstance(value, date):  # datetime is a date
            out[field.name] = value.isoformat()
        elif isinstance(value, tuple):
            out[field.name] = list(value)
        else:
            out[field.name] = value
    whole: dict[str, Any] = _well_formed(out)
    return whole


def well_formed(text: str) -> str:
    """A text without lone surrogates, which a site's JSON may escape (`"\\ud83d"`) and no UTF-8 can hold: U+FFFD in
    their place, as a browser shows them. The bytes that came are kept as they came.
    """
    return _LONE.sub("\N{REPLACEMENT CHARACTER}", text)


def _well_formed(value: Any) -> Any:
    match value:
        case str():
            return well_formed(value)
        case dict():
            return {name: _well_formed(one) for name, one in value.items()}
        case list():
            return [_well_formed(one) for one in value]
    return value


def from_json(data: Mapping[str, Any]) -> Reading:
    """The inverse of `to_json`. Raises KeyError or ValueError on data this version does not know."""
    cls = CLASSES[data["reading"]]
    known = {f.name for f in fields(cls)}
    values: dict[str, Any] = {k: v for k, v in data.items() if k in known and k != "seen"}
    for name in ("first_day", "next_week"):
        if values.get(name) is not None:
            values[name] = date.fromisoformat(values[name])
    for name in ("opens_at", "last_published"):
        if values.get(name) is not None:
            values[name] = datetime.fromisoformat(values[name])
    for name in ("pages_examined", "delays"):
        if name in values:
            values[name] = tuple(values[name])
    if data.get("seen") is not None:
        values["seen"] = Seen(data["seen"], data.get("selector") or "")
    return cls(**values)
