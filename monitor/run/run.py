"""A run from its beginning to its end: what `vigie run` and `vigie check` do, and what anything else that looks calls.

Choose, look and seal under the lock, send, tell who watches. Nothing is printed: a follower is told what happens, and
what came of it all is returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any, Final

from monitor.core.errors import LockedError, VigieError
from monitor.run import wiring
from monitor.run.choose import RunRequest, choose, told_before
from monitor.run.watching import Watchers
from monitor.store.store import reading
from monitor.values import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.catalogue.catalogue import Catalogue
    from monitor.run.sweeping import Swept
    from monitor.settings.settings import Settings
    from monitor.store.files import Lock
    from monitor.store.records import Records
    from monitor.sweep.follow import Follower
    from monitor.sweep.plan import Look, Skipped
    from monitor.sweep.sweep import Summary

FAILED: Final = 3
TOO_MANY: Final = 1


@dataclass(frozen=True, slots=True)
class Freed:
    """The daily removal of what is past its time. size: bytes freed; None where the disk stood in the way."""

    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended.

    code: 0 done; 3 at least one check could not be read or reached; 1 more of them than `[watching] unread_share`
    allows; 128 + signal. skipped: what must wait, where no
    look was to be taken and swept is None. messages: by outcome (`Sent` ...). ping: by part, None or why who watches
    could not be told; None as a whole where nobody is to be told.
    """

    code: int = 0
    skipped: tuple[Skipped, ...] = ()
    swept: Swept | None = None
    freed: Freed | None = None
    messages: Mapping[str, int] = field(default_factory=dict)
    ping: Mapping[str, str | None] | None = None

    @property
    def stopped(self) -> bool:
        """True when a signal cut the sweep short."""
        return self.swept is not None and bool(self.swept.stopped)

    def to_json(self) -> dict[str, Any]:
        """A sweep that came to its end as one JSON object, its observations left out."""
        assert self.swept is not None
        assert self.swept.summary is not None
        told = {**self.swept.summary.to_json(), "deadline": self.swept.summary.late, **self.swept.to_json()}
        told |= {} if self.freed is None else {"freed": self.freed.size}
        told |= {"messages": dict(self.messages)}
        return told | ({} if self.ping is None else {"ping": dict(self.ping)})


def run(request: RunRequest, chosen: Settings, follower: Follower | None = None) -> Ended:
    """The whole of a run. follower: told what happens meanwhile.

    Raises LockedError while another sweep runs, UsageError for what nobody knows, StoreError, ConfigurationError.
    """
    declared = wiring.catalogue(chosen)
    watchers = Watchers(chosen, scheduled=request.scheduled)
    try:
        looks, skipped = _glance(request, chosen, declared)
        if looks:
            ended = _sweep(request, chosen, declared, watchers, follower)
        else:
            _send_waiting(chosen, declared)
            ended = Ended(skipped=skipped)
    except LockedError:
        raise  # the sweep that holds the lock has its own start and end
    except Exception as error:
        watchers.ended(error.exit_code if isinstance(error, VigieError) else 1)
        raise
    if ended.swept is None or ended.swept.summary is None or ended.stopped:
        return replace(ended, ping=watchers.ended(ended.code))
    return replace(ended, ping=watchers.ended(ended.code, ended.to_json(), ended.swept.summary.failures))


def _glance(request: RunRequest, chosen: Settings, declared: Catalogue) -> tuple[tuple[Look, ...], tuple[Skipped, ...]]:
    """What there is to look at, and what must wait; without the lock."""
    with reading(chosen.data) as opened:
        if opened:
            wiring.same_world(chosen, opened[0])
        last = opened[0].last_visits() if opened else {}
    return choose(request, chosen, declared, last)


def _send_waiting(chosen: Settings, declared: Catalogue) -> None:
    """What an earlier run could not send; costs a glance at the database where there is nothing."""
    from monitor.alerts.send.outbox import waits

    if waits(chosen.data, datetime.now(UTC)):
        from monitor.fetch.clock import SystemClock
        from monitor.run.alerting import Alerting

        Alerting(chosen, declared, SystemClock(chosen.simulation.time_scale)).send()


def _sweep(
    request: RunRequest, chosen: Settings, declared: Catalogue, watchers: Watchers, follower: Follower | None
) -> Ended:
    """Look and seal under the lock, then send. There it is chosen again: another sweep may have ended meanwhile."""
    from monitor.fetch.clock import SystemClock
    from monitor.run.alerting import Alerting
    from monitor.run.sweeping import Sweeping
    from monitor.settings import logs
    from monitor.store.files import closed_words, hold
    from monitor.store.forward import bring_forward
    from monitor.store.store import Store
    from monitor.sweep.follow import Unheard

    clock = SystemClock(chosen.simulation.time_scale)
    alerting = Alerting(chosen, declared, clock)
    with hold(chosen.data) as lock:
        if lock.closed:
            logs.tell(logs.WARNING, "folder_closed", closed_words(chosen.data))
        watchers.begins()
        with Store(lock, at=clock.now()) as store:
            wiring.same_world(chosen, store.records)
            evidence = wiring.evidence(chosen, clock)
            evidence.seal(store.records, clock.now())  # what an earlier run left unsealed
            store.let_go()
            looks, skipped = choose(request, chosen, declared, store.records.last_visits())
            if not looks:
                return Ended(skipped=skipped)
            facts = store.records.last_facts([look.subject.key for look in looks])
            looks = told_before(looks, declared, facts)
            sweeping = Sweeping(request, chosen, declared, store, evidence, alerting, clock)
            swept = sweeping.run(looks, skipped, follower or Unheard())
            if not swept.stopped:
                with store.transaction() as tx:
                    bring_forward(tx.db, store.records, clock.now())
            daily = request.scheduled and chosen.retention.automatic and _is_first_of_the_day(store.records)
        if swept.stopped or swept.summary is None:
            return Ended(code=128 + swept.stopped, swept=swept)
        freed = _collect(chosen, lock) if daily else None
    code = _code(swept.summary, chosen.watching.unread_share if request.scheduled else 1.0)
    messages = alerting.send()
    if request.scheduled and chosen.site.folder is not None:
        _publish(chosen, declared, chosen.site.folder, clock.now())
    return Ended(code=code, swept=swept, freed=freed, messages=messages)


def _code(summary: Summary, share: float) -> int:
    """share: of the checks that were made, how many may fail before it is the monitor that does."""
    if len(summary.failed) > share * len(summary.looked):
        return TOO_MANY
    return FAILED if summary.failed or summary.late else 0


def _publish(chosen: Settings, declared: Catalogue, out: Path, now: datetime) -> None:
    """The public site, built again where an hour has passed; what stands in its way is no failure of the sweep."""
    from monitor.settings import logs
    from monitor.site.publish import is_due, publish, site_options

    if not is_due(out, now):
        return
    try:
        done = publish(chosen, declared.prefectures, out, site_options(chosen), now)
    except VigieError as error:
        logs.tell(logs.WARNING, "site_failed", str(error))
        return
    words = _("the public site was built: {path}, {n} files").format(path=out, n=done.built.files)
    logs.tell(logs.INFO, "site", words, files=done.built.files, changed=done.built.changed)


def _is_first_of_the_day(records: Records) -> bool:
    """True when no earlier sweep began on the UTC day of the last one."""
    last = [*records.sweep_ends(2)]
    return len(last) < 2 or last[0].started.date() != last[1].started.date()


def _collect(chosen: Settings, lock: Lock) -> Freed:
    """The daily removal of what is past its time."""
    from monitor.settings import logs
    from monitor.store.policy import collect
    from monitor.store.retention import removable_bytes

    try:
        with removable_bytes(lock) as old:
            done = collect(old, datetime.now(UTC), chosen.retention.months, apply=True)
    except VigieError as error:
        logs.tell(logs.WARNING, "gc_failed", str(error))
        return Freed(None)
    for pack in done.packs:
        if pack.damaged:
            words = _("{file} is damaged: left as it is").format(file=pack.file)
            logs.tell(logs.WARNING, "gc_damaged", words, file=pack.file)
    logs.tell(logs.INFO, "gc", _("removed: {size} bytes").format(size=done.freed), freed=done.freed)
    return Freed(done.freed)
