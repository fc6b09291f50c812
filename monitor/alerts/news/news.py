"""What a new observation of a check is news of, from what stood before. Pure.

Only what was read is compared with what was read: a time-out, an error page, our own broken network or a page that was
not understood neither confirms nor refutes. Each rule takes what stands and the new look, and gives what stands now and
the events. The key of an event names the run it is about, so the same news has the same key whoever derives it.

Steadiness, so that what flickers is told as such: an opened slot is told at once (a weak one when the confirming visit
of the same sweep shows it too), with `again` where slots were gone less than AGAIN ago. A closed procedure, an obstacle
and its end want two looks in a row. What comes back to what it was less than BACK ago says so (`back`, since when).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from monitor.alerts.news.digest import DIGEST_DAYS, counted
from monitor.alerts.news.events import Event
from monitor.alerts.news.look import NewsLook, Told
from monitor.alerts.news.notices import notice_news
from monitor.alerts.news.standing import ANSWERS, NOTICES, SILENCE, Run, Standing
from monitor.core.record import RecordLine

STEADY: Final = 2
BACK: Final = timedelta(minutes=30)
AGAIN: Final = timedelta(hours=1)


SIGHT: Final = timedelta(hours=12)  # a host is left alone six hours at most: twice that, and the monitor was off
SIGHT_DAILY: Final = timedelta(hours=36)  # of what is looked at once a day


def news(before: Standing | None, record: RecordLine, *, digest_days: int = DIGEST_DAYS) -> Told:
    """What stands after `record`, and what is to be told. before: None where the check was never looked at.

    A record that `before` knows already changes nothing. A national service tells nobody anything. What a simulator
    played is never compared with what a site said: keep a standing for each.
    """
    look = NewsLook.of(record)
    standing = before if before is not None and before.simulated == look.simulated else Standing()
    if look.seq <= standing.seq:
        return standing, ()
    standing = replace(standing, simulated=look.simulated, subject=look.subject, seq=look.seq)
    standing, digested = counted(standing, look, digest_days)
    if look.offline:  # a site's silence is counted from when our own network answers again
        return replace(standing, silent=None), digested
    if _out_of_sight(standing, look):
        standing = replace(standing, silent=None)
    standing = replace(standing, last=look.at, came=standing.came if look.said in SILENCE else look.at)
    events: tuple[Event, ...] = ()
    for rule in _RULES:
        standing, told = rule(standing, look)
        events += told
    return standing, events + digested if look.subject.look != "service" else ()


def _out_of_sight(standing: Standing, look: NewsLook) -> bool:
    """Whether nobody looked for so long that a silence may have ended in between: ours, not the site's."""
    daily = look.subject.look != "desk" or look.subject.platform == "demarche_numerique"
    return standing.last is not None and look.at - standing.last > (SIGHT_DAILY if daily else SIGHT)


def _slots(standing: Standing, look: NewsLook) -> Told:
    if look.said == "SlotsOpen":
        return _open(standing, look)
    opening = standing.opening
    if opening is None or look.said not in ANSWERS:
        return standing, ()
    soonest, standing = standing.soonest, replace(standing, opening=None, soonest="")
    if not opening.told:
        return standing, ()
    event = look.event(
        "slots_gone",
        opening.seq,
        quote=look.quote,
        before=opening.quote,
        facts={
            "opened_at": opening.at.isoformat(),
            "first_day": soonest,
            "gone_at": look.at.isoformat(),
            "now": f"{look.said}/{look.apart}" if look.apart else look.said,
            "weak": "true" if opening.told == "weak" else "",
            "back": standing.lately(look.said, look.at, BACK),
        },
    )
    return standing.over("slots", look.at), (event,)


def _open(standing: Standing, look: NewsLook) -> Told:
    opening, weak = standing.opening, bool(look.record.get("weak"))
    run = look.run(opening, quote=standing.quote)
    level = "weak" if weak else "strong"
    confirmed = opening is not None and opening.sweep == look.sweep
    if run.told == "strong" and not weak:
        return _nearer(replace(standing, opening=run), look, run)
    if run.told in (level, "strong") or (weak and not confirmed):
        return replace(standing, opening=run), ()
    facts = {
        "first_day": str(look.record.get("first_day") or ""),
        "weak": "true" if weak else "",
        "again": standing.lately("slots", run.at, AGAIN),
    }
    event = look.event("slots_open", run.seq, what=level, quote=look.quote, before=run.before, facts=facts)
    return replace(standing, opening=replace(run, told=level), soonest=facts["first_day"]), (event,)


def _nearer(standing: Standing, look: NewsLook, run: Run) -> Told:
    """An opening already told whose first day comes nearer: news for who waits for an earlier day, and nobody else."""
    day, told = str(look.record.get("first_day") or ""), standing.soonest
    if not (day and told and day < told):
        return standing, ()
    facts = {"first_day": day, "sooner": told}
    event = look.event("slots_open", run.seq, what=f"strong {day}", quote=look.quote, before=run.before, facts=facts)
    return replace(standing, soonest=day), (event,)


def _closed(standing: Standing, look: NewsLook) -> Told:
    if look.said != "Closed":
        over = standing.closed is not None and look.said in ANSWERS
        return (replace(standing, closed=None) if over else standing), ()
    if standing.answer in ("", "Closed") and standing.closed is None:
        return standing, ()  # it was closed when it was first read
    run = look.run(standing.closed, quote=standing.quote)
    if run.looks < STEADY or run.told:
        return replace(standing, closed=run), ()
    facts = {"back": standing.lately("Closed", run.at, BACK)}
    event = look.event("procedure_closed", run.seq, quote=look.quote, before=run.before, facts=facts)
    return replace(standing, closed=replace(run, told="closed")), (event,)


def _obstacle(standing: Standing, look: NewsLook) -> Told:
    if look.said == "Obstructed":
        return _hindered(standing, look)
    if not look.answered:
        return standing, ()
    standing, blocked = standing if standing.clear else standing.over("clear", look.at), standing.blocked
    standing = replace(standing, hindrance=None, clear=standing.clear + 1)
    if blocked is None or standing.clear < STEADY:
        return standing, ()
    facts = {
        "obstacle": blocked.what,
        "since": blocked.at.isoformat(),
        "back": standing.lately("page", standing.ended["clear"], BACK),
    }
    event = look.event("obstacle_lifted", blocked.seq, what=blocked.what, quote=look.quote, facts=facts)
    return replace(standing, blocked=None).over(blocked.what, look.at), (event,)


def _hindered(standing: Standing, look: NewsLook) -> Told:
    """An obstacle: told at the second look in a row that meets one, if the page was ever read."""
    run, blocked = standing.hindrance, standing.blocked
    if run is not None and blocked is None:
        run = replace(run, what=look.detail)  # two obstacles in turn stand before the page no less than one
    if run is None and blocked is None:
        standing = standing.over("page", standing.answered)
    run = look.run(run, look.detail)
    standing = replace(standing, hindrance=run, clear=0)
    known = blocked is not None and blocked.what == look.detail
    if run.looks < STEADY or known or not standing.answer:
        return standing, ()
    facts = {"obstacle": look.detail, "back": standing.lately(look.detail, run.at, BACK)}
    event = look.event("obstacle_appeared", run.seq, what=look.detail, quote=look.quote, facts=facts)
    return replace(standing, blocked=run), (event,)


def _failures(standing: Standing, look: NewsLook) -> Told:
    """Runs of silence and of pages not understood: told at the end of a sweep, over several checks."""
    if look.said in SILENCE:
        return replace(standing, silent=_goes_on(standing.silent, look)), ()
    if look.said == "Unreadable":
        return replace(standing, silent=None, unread=_goes_on(standing.unread, look)), ()
    if standing.silent is None and standing.unread is None:
        return standing, ()
    return replace(standing, silent=None, unread=None), ()


def _goes_on(run: Run | None, look: NewsLook) -> Run:
    """The run of failures with one more, whatever its cause."""
    return look.run(replace(run, what=look.detail) if run else None, look.detail)


def _notice(standing: Standing, look: NewsLook) -> Told:
    if look.said not in NOTICES:
        return standing, ()
    standing, found = notice_news(standing, look.record, look.seq, look.at)
    events = tuple(
        look.event(one.kind, one.run, what=one.fact, quote=one.quote, before=one.before, facts=one.facts)
        for one in found
    )
    return standing, events


def _answer(standing: Standing, look: NewsLook) -> Told:
    """The last of the rules: what the others compare the next look with."""
    if not look.answered:
        return standing, ()
    if standing.answer != look.said:
        standing = standing.over(standing.answer, standing.answered) if standing.answer else standing
    return replace(standing, answer=look.said, quote=look.quote, answered=look.at), ()


_RULES: Final[tuple[Callable[[Standing, NewsLook], Told], ...]] = (
    _slots, _closed, _obstacle, _failures, _notice, _answer,
)  # fmt: skip
