"""Judgements over several observations, never over one. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Any, Final, Literal

from monitor.values import dataclass

LOOKS = 3  # that did not find it any more, in a row
SPAN = timedelta(hours=24)  # between the first and the last of them: a night's maintenance withdraws nothing
FACTS = ("Published", "NotFound", "Contradictory")

STALE: Final = timedelta(days=31)  # the settings allow 30 days between two looks; what is older describes nothing
WINDOW: Final = timedelta(hours=25)  # the slowest desks are looked at once a day, give or take the jitter
FALL_DESKS: Final = 3  # of two desks, "more than half" would be both: that says nothing of a product
LOOK_BACK: Final = 500  # looks: a week of a calendar's; how long it has lasted is told no further back

State = Literal["well", "shut_out", "doubtful", "broken", "gone", "silent", "dormant"]
Asleep = Literal["never", "retired", "browser", "stale"]
GRAVITY: Final[tuple[State, ...]] = ("broken", "gone", "doubtful", "silent", "shut_out", "well", "dormant")
NEEDS_A_PERSON: Final[frozenset[State]] = frozenset({"broken", "gone"})

_SILENCE: Final = ("Unreached", "Unavailable")
_FAILING: Final = ("Unreadable", "Closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One observation, as far as health goes. at: aware UTC. detail: as `readings.detail_of` gives it."""

    at: datetime
    reading: str
    detail: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What several looks at one desk or page amount to.

    why: the detail of the reading it rests on (`captcha`, `layout_changed` ...), or why it sleeps (`Asleep`).
    looks, since: how many in a row say so, and the first of them (aware UTC), as far back as LOOK_BACK looks.
    last: the last look, whatever it said.
    """

    state: State
    why: str = ""
    looks: int = 0
    since: datetime | None = None
    last: datetime | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One event: more than half of a platform's desks are not read. of: desks whose page came; since: aware UTC."""

    unread: int
    of: int
    since: datetime


def judge(looks: Iterable[Glance], *, now: datetime, asleep: Asleep | None = None) -> Judgement:
    """The state of one desk or page. looks: newest first, read no further than needed. asleep: why none is expected.

    * dormant: `asleep`, never looked at, or not for longer than STALE.
    * silent: the last LOOKS looks, or all there are, brought no whole answer or the answer that it cannot serve. Fewer
      are passed over: they neither confirm nor refute what was read before. `vantage_offline` never counts.
    * shut_out: it answers, but a captcha, a firewall, robots.txt ... stands before it. One look says so.
    * gone: LOOKS looks in a row over SPAN found a 404, or the site's word that it is closed.
    * broken: the same number and time, and none of the known answers was recognised. doubtful: not yet so long.
    * well: the last look that said something was understood (`Closed` is, until it has lasted).
    """
    told = (look for look in looks if look.detail != "vantage_offline")
    silent: list[Glance] = []
    first: Glance | None = None
    for look in islice(told, LOOK_BACK):
        if look.reading not in _SILENCE:
            first = look
            break
        silent.append(look)
    newest = silent[0] if silent else first
    if asleep is not None or newest is None or now - newest.at > STALE:
        why = asleep or ("never" if newest is None else "stale")
        return Judgement(
            state="dormant",
            why=why,
            last=None if newest is None else newest.at,
            simulated=newest is not None and newest.simulated,
        )
    if first is None or len(silent) >= LOOKS:
        return _judged("silent", silent, newest)
    spoke = (look for look in islice(told, LOOK_BACK) if look.reading not in _SILENCE)
    if first.reading == "Obstructed":
        return _judged("shut_out", [first, *takewhile(lambda look: look.reading == "Obstructed", spoke)], newest)
    if first.reading not in _FAILING:
        return _judged("well", [first], newest)
    return _failing([first, *takewhile(lambda look: look.reading in _FAILING, spoke)], newest)


def _failing(run: Sequence[Glance], newest: Glance) -> Judgement:
    absent = list(takewhile(lambda look: look.reading == "Closed" or look.detail == "not_found", run))
    if _lasting(absent):
        return _judged("gone", absent, newest)
    if run[0].reading == "Closed":
        return _judged("well", absent, newest)
    unread = list(takewhile(lambda look: look.reading == "Unreadable", run))
    return _judged("broken" if _lasting(unread) else "doubtful", unread, newest)


def _lasting(run: Sequence[Glance]) -> bool:
    return len(run) >= LOOKS and run[0].at - run[-1].at >= SPAN


def _judged(state: State, run: Sequence[Glance], newest: Glance) -> Judgement:
    return Judgement(
        state=state,
        why=run[0].detail or "",
        looks=len(run),
        since=run[-1].at,
        last=newest.at,
        simulated=newest.simulated,
    )


def fall(desks: Iterable[Judgement], *, now: datetime) -> Fall | None:
    """The event that a platform can no longer be read, from the state of its desks; None while it can.

    Only desks whose page came within WINDOW count: those that are gone or silent say nothing of the reader.
    """
    came = [one for one in _came(desks) if one.last is not None and now - one.last <= WINDOW]
    unread = [one for one in came if one.state in ("doubtful", "broken")]
    if len(came) < FALL_DESKS or 2 * len(unread) <= len(came):
        return None
    return Fall(unread=len(unread), of=len(came), since=min(one.since for one in unread if one.since))


def _came(desks: Iterable[Judgement]) -> Iterator[Judgement]:
    """Those whose page came: a 404 is no fault of the reader, whatever state it is judged."""
    return (one for one in desks if one.state in ("well", "shut_out", "doubtful", "broken") and one.why != "not_found")


def platform_state(desks: Sequence[Judgement], fallen: Fall | None) -> State:
    """A platform's: broken or doubtful where it fell, else what more than half of its waking desks are, else well."""
    awake = [one.state for one in desks if one.state != "dormant"]
    if not awake:
        return "dormant"
    if fallen is not None:
        return "broken" if 2 * awake.count("broken") > fallen.of else "doubtful"
    state, times = Counter(awake).most_common(1)[0]
    return state if 2 * times > len(awake) and state not in ("doubtful", "broken") else "well"


def plugin_state(parts: Iterable[Judgement]) -> State:
    """A plugin's: the gravest of its desks and pages, those asleep left out unless all are."""
    return min((one.state for one in parts), key=GRAVITY.index, default="dormant")


def withdrawn(history: Sequence[Mapping[str, Any]], fact: str) -> str | None:
    """The sentence of a published fact that three looks over at least 24 h did not find again; None otherwise.

    history: records of one notice, oldest first. fact: `pan` or `channel:NAME`. Only looks in which the notice was read
    count: an error page, a captcha or a time-out neither confirms nor withdraws anything.
    """
    absent: list[datetime] = []
    for record in reversed([r for r in history if r["reading"] in FACTS]):
        sentence = _published(record["facts"], fact)
        if sentence is None:
            absent.append(datetime.fromisoformat(record["started"]))
            continue
        enough = len(absent) >= LOOKS and absent[0] - absent[-1] >= SPAN
        return sentence if enough else None
    return None


def _published(facts: Mapping[str, Any], fact: str) -> str | None:
    """The sentence a fact rests on, None where it is not published."""
    if fact == "pan":
        seen: str | None = facts["pan"]["seen"] if facts["pan"]["status"] == "published" else None
        return seen
    channel = facts["channels"][fact.removeprefix("channel:")]
    return (channel["seen"] or "") if channel["published"] else None
