"""What was recorded is read again by the readers of today: which `NoSlot` and `SlotsOpen` do they no longer confirm?

From the bytes that were kept; nothing is asked of any site. Nothing recorded or sealed is changed: the answer is kept
beside the store (`report.rereadings`), and exports, figures and the table mark what it names and count it no more.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from monitor import __version__
from monitor.core.readings import Reading, SlotsOpen, from_json, to_json
from monitor.core.record import RecordLine, digest
from monitor.report.remarks import Unconfirmed
from monitor.report.rereadings import keep, unconfirmed, uncounted
from monitor.run import wiring
from monitor.store.store import reading
from monitor.sweep.plan import declared_looks
from monitor.sweep.replay import Outcome, ReadAgain, Replayer, kept_in
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.settings.settings import Settings
    from monitor.store.blobs import Blobs
    from monitor.store.records import Records
    from monitor.store.rows import Row

CLASSES: Final = ("NoSlot", "SlotsOpen")  # what a court or a person acts on


@dataclass(frozen=True, slots=True, kw_only=True)
class RereadRequest:
    """What is to be read again. since: first day, in each préfecture's legal time; None for all that was recorded."""

    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuted:
    """One observation that is no longer confirmed. record: as it was recorded."""

    record: RecordLine
    entry: Unconfirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class RereadResult:
    """What came of it. asked: readings of CLASSES in the time asked for. not_read: of them, by the reason why not."""

    asked: int = 0
    confirmed: int = 0
    refuted: Sequence[Refuted] = ()
    not_read: Mapping[Outcome, int] = field(default_factory=dict)


def reread(
    request: RereadRequest, chosen: Settings, *, progress: Callable[[int, int], None] = lambda done, of: None
) -> RereadResult:
    """Read again and keep the answer. progress: told how many are done, of how many; also during a sweep.

    What could not be read again keeps the answer of an earlier time. Raises StoreError, ConfigurationError.
    """
    with reading(chosen.data) as opened:
        if opened is None:
            return RereadResult()
        known = unconfirmed(chosen.data)
        done = asyncio.run(_Rereading(request, chosen, *opened).run(known, progress))
    keep(chosen.data, known.values())
    return done


class _Rereading:
    """One pass over a data folder."""

    def __init__(self, request: RereadRequest, chosen: Settings, records: Records, blobs: Blobs) -> None:
        from monitor.read.notices.rules import notice_rules

        declared = wiring.catalogue(chosen)
        digests = wiring.source_digests(declared)
        self._since, self._records = request.since, records
        self._replayer = Replayer(
            kept=kept_in(blobs),
            look=declared_looks(declared, notice_rules),
            sources=lambda one: digests.of(one.rule, one.subject.prefecture),
        )

    async def run(self, known: dict[int, Unconfirmed], progress: Callable[[int, int], None]) -> RereadResult:
        """known: the answers of earlier times, brought up to date."""
        wanted = self._wanted()
        refuted: list[Refuted] = []
        not_read: Counter[Outcome] = Counter()
        for done, row in enumerate(map(self._row, wanted), 1):
            record: RecordLine = json.loads(row.line)
            try:
                recorded = from_json(record)
                again = await self._replayer.again(record, recorded)
            except (ValueError, KeyError, TypeError, AttributeError):
                not_read["unknown"] += 1
                continue
            if again.outcome == "same" or (again.now is not None and _confirms(again.now, recorded)):
                known.pop(row.seq, None)
            elif again.outcome == "other":
                known[row.seq] = _entry(row, again)
                refuted.append(Refuted(record=record, entry=known[row.seq]))
            else:
                not_read[again.outcome] += 1
            progress(done, len(wanted))
        confirmed = len(wanted) - len(refuted) - not_read.total()
        return RereadResult(asked=len(wanted), confirmed=confirmed, refuted=refuted, not_read=not_read)

    def _wanted(self) -> Sequence[int]:
        wrong = uncounted(self._records, {})  # what is no desk of foreigners counts nowhere, whatever is read there
        zones: dict[str, ZoneInfo] = {}
        out = []
        for seq, check, started, said, _detail, _simulated in self._records.outlines(0, self._records.size()):
            if said not in CLASSES or (check, seq) in wrong:
                continue
            if self._since is not None:
                if check not in zones:
                    zones[check] = ZoneInfo(json.loads(self._row(seq).line).get("time_zone", "Europe/Paris"))
                if started.astimezone(zones[check]).date() < self._since:
                    continue
            out.append(seq)
        return out

    def _row(self, seq: int) -> Row:
        return next(self._records.rows(seq, seq + 1))


def _confirms(now: Reading, recorded: Reading) -> bool:
    """Whether today's reading still says what was recorded: another sentence may carry it, and more may be seen.

    A slot that was seen is not confirmed by an open way behind which none is seen.
    """
    if type(now) is not type(recorded):
        return False
    return not (isinstance(now, SlotsOpen) and isinstance(recorded, SlotsOpen) and now.weak and not recorded.weak)


def _entry(row: Row, again: ReadAgain) -> Unconfirmed:
    return Unconfirmed(
        seq=row.seq,
        check=row.subject,
        line_sha256=digest(row.line),
        recorded=row.reading,
        now=None if again.now is None else to_json(again.now),
        asks=again.asks,
        at=datetime.now(UTC),
        program=f"vigie {__version__}",
    )
