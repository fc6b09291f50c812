"""How often, and how long to wait: intervals between visits, spacing between requests, and what a refusal costs.

Pure: instants and fractions of chance are arguments. Sources: the rates seen to be harmless on these platforms
(PLATFORMS, section 0, rule 6), RFC 9110 section 10.2.3 for Retry-After.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from monitor.values import dataclass

Kind = Literal["calendar", "request_form", "notice"]

INTERVAL: dict[Kind, timedelta] = {
    "calendar": timedelta(minutes=20),
    "request_form": timedelta(hours=24),
    "notice": timedelta(hours=24),
}
SPREAD = 0.2  # an interval varies by this much each way, so that visits do not fall on the same minute
FLOOR = timedelta(minutes=10)  # between two visits of a desk, whatever the settings say
CONFIRM_AFTER = timedelta(seconds=60)  # the one visit under the floor: a weak opening is looked at once more

SPACING = 1.0  # seconds between the last byte of an answer and the first byte of the host's next request
JITTER = 0.25  # seconds of chance added to it
CRAWL_DELAY_AT_MOST = 600.0  # a longer Crawl-delay is read as the floor between two visits

FIRST_DELAY = timedelta(minutes=10)
LONGEST_DELAY = timedelta(hours=6)
RETRY_AFTER_AT_MOST = timedelta(hours=24)  # beyond a day it is a mistake, and we would forget a préfecture
LEFT_ALONE_AT = 3  # refusals in a row

_REFUSALS = frozenset((403, 429, 502, 503, 504))


def due(
    last: datetime, kind: Kind, jitter: float, *, interval: timedelta | None = None, scale: float = 1.0
) -> datetime:
    """When a desk or notice last visited at `last` is due again.

    jitter: -1 to 1, where in the spread. interval: the operator's, in place of the kind's. scale: a simulation's. Never
    earlier than the floor. Raises ValueError for a jitter out of range.
    """
    if not -1 <= jitter <= 1:
        raise ValueError(f"jitter {jitter} is not between -1 and 1")
    usual = INTERVAL[kind] if interval is None else interval
    return last + max(usual * (1 + SPREAD * jitter), FLOOR) * scale


def may_visit(last: datetime | None, at: datetime, *, confirming: bool = False, scale: float = 1.0) -> bool:
    """True where the floor allows a visit at `at`; `confirming`: the one visit that confirms a weak opening."""
    return last is None or at >= last + (CONFIRM_AFTER if confirming else FLOOR) * scale


def spacing(chance: float, *, contact: bool, crawl_delay: float = 0.0, least: float = SPACING) -> float:
    """Seconds to leave between an answer and the host's next request.

    chance: 0 to 1. contact: an operator's contact stands in the User-Agent; without one the spacing doubles.
    crawl_delay: seconds asked by robots.txt, honoured when larger. least: the operator's own, honoured when slower.
    """
    own = (max(least, SPACING) + JITTER * chance) * (1 if contact else 2)
    return max(own, min(crawl_delay, CRAWL_DELAY_AT_MOST))


# --- refusals ---------------------------------------------------------------------------------------------------------


def is_refusal(status: int) -> bool:
    """True for the answers by which a site says "not you, not now": 403, 429, 502, 503, 504."""
    return status in _REFUSALS


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What a host has told us about our pace; kept across runs. All instants are aware UTC.

    refusals: how many in a row. not_before: end of the delay they cost. retry_at: the site's own Retry-After.
    last_answer: last byte, or failure, of its last answer.
    """

    refusals: int = 0
    last_refusal: datetime | None = None
    not_before: datetime | None = None
    retry_at: datetime | None = None
    last_answer: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """Integers and ISO 8601 strings; what is not known is absent."""
        out: dict[str, Any] = {"refusals": self.refusals}
        for name in _INSTANTS:
            at: datetime | None = getattr(self, name)
            if at is not None:
                out[name] = at.isoformat()
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> HostState:
        """The inverse of `to_dict`. Raises KeyError or ValueError on anything else."""
        instants = {name: datetime.fromisoformat(data[name]) for name in _INSTANTS if name in data}
        return cls(refusals=int(data["refusals"]), **instants)


_INSTANTS = ("last_refusal", "not_before", "retry_at", "last_answer")


def after_answer(
    state: HostState,
    status: int | None,
    at: datetime,
    *,
    retry_after: str | None = None,
    final: bool = True,
    scale: float = 1.0,
) -> HostState:
    """The state once an answer has come, or failed to (`status` None), at `at`.

    A refusal costs 10 minutes, then twice as much each time, up to 6 hours. Only a page a visitor would read (`final`)
    with a status under 500 forgets them: a redirect in front of a 403 does not. retry_after: the header's value.
    """
    state = replace(state, last_answer=at)
    if status is None:
        return state
    asked = parse_retry_after(retry_after, at) if retry_after is not None and status >= 400 else None
    if is_refusal(status):
        delay = min(FIRST_DELAY * 2 ** min(state.refusals, 10), LONGEST_DELAY)
        state = replace(
            state,
            refusals=state.refusals + 1,
            last_refusal=at,
            not_before=at + max(delay, asked or timedelta(0)) * scale,
        )
    elif final and status < 500 and not 300 <= status < 400:
        state = HostState(last_answer=at, retry_at=state.retry_at)
    return replace(state, retry_at=at + asked * scale) if asked else state


def left_alone(state: HostState, at: datetime, *, sweep_began: datetime) -> str | None:
    """Why the host is not asked at `at`, or None.

    Retry-After holds at once. The delay of a refusal holds for the sweeps to come, and for the current one from the
    third in a row on; past its end the host is tried, and one more refusal closes it again.
    """
    if state.retry_at is not None and at < state.retry_at:
        return f"Retry-After, until {_instant(state.retry_at)}"
    if state.not_before is None or state.last_refusal is None or at >= state.not_before:
        return None
    if state.refusals >= LEFT_ALONE_AT or state.last_refusal < sweep_began:
        times = f"{state.refusals} refusals in a row" if state.refusals > 1 else "a refusal"
        return f"{times}, until {_instant(state.not_before)}"
    return None


def parse_retry_after(value: str, at: datetime) -> timedelta | None:
    """How long `Retry-After` asks to wait from `at`: seconds or an HTTP date, a day at most; None for garbage."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), RETRY_AFTER_AT_MOST) or None
    from email.utils import parsedate_to_datetime

    try:
        until = parsedate_to_datetime(text)
        wait = until.replace(tzinfo=until.tzinfo or UTC) - at
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(wait, RETRY_AFTER_AT_MOST) if wait > timedelta(0) else None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
