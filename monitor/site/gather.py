"""The store read once for a build: counts, last answers, what pages publish and what changed on them.

The site tells what is sealed and at least a day old: all of it stands in sweeps up to the last that is in the kept
tallies, and no observation of a later one is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from gettext import gettext as _
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.core.errors import StoreError
from monitor.core.health import FACTS
from monitor.core.prefecture import Desk, Prefecture, desk_key, notice_key
from monitor.core.readings import detail_of, from_json
from monitor.core.record import RecordLine
from monitor.report.remarks import remark_on
from monitor.report.rereadings import unconfirmed, uncounted
from monitor.report.table import PrefectureRow, rows
from monitor.site.contested import contested
from monitor.site.hours import DeskHours
from monitor.site.model import DeskView, LastSaid, NoticeChange, PrefectureView, SiteData
from monitor.store.forward import SETTLED_AFTER, looks_again
from monitor.store.kept.tally import Kind, TallyEnd
from monitor.store.records import Records
from monitor.store.rows import LastReading, Row
from monitor.store.sealed import EVIDENCE, log_end, newest_sweep
from monitor.store.store import reading

_CHECKPOINT: Final = "checkpoint"  # in the folder of a sealed sweep
_LOOKS_BACK: Final = 60  # two months of daily looks at a notice


def gather(data: Path, prefectures: Sequence[Prefecture], now: datetime) -> SiteData:
    """What the site of these préfectures shows. now: aware; it decides only whether the tallies are old enough.

    Raises StoreError where they are not or what they count is not sealed, ConfigurationError for contested sentences.
    """
    with reading(data) as opened:
        end = opened[0].tallied() if opened else None
        if opened is not None and end is not None:
            return _Gathering(data, opened[0], end, now).site(prefectures)
        simulated = bool(opened and opened[0].simulated())
    views = [
        _view(row, [_undesked(key, desk) for key, desk in _declared(row.prefecture)])
        for row in rows(prefectures, {}, {})
    ]
    return SiteData(
        prefectures=views,
        until=None,
        sweep=0,
        size=0,
        simulated=simulated,
        checkpoint=None,
        contested=contested(data),
    )


def _declared(prefecture: Prefecture) -> list[tuple[str, Desk]]:
    return [(desk_key(prefecture, desk), desk) for desk in prefecture.active_desks]


def _undesked(key: str, desk: Desk, **found: Any) -> DeskView:
    return DeskView(
        key=key,
        label=desk.label,
        procedure=desk.procedure,
        platform=desk.platform.name,
        url=desk.platform.url,
        **found,
    )


def _view(row: PrefectureRow, desks: Sequence[DeskView], **found: Any) -> PrefectureView:
    known: dict[str, Any] = {"changes": (), "last": None} | found
    return PrefectureView(prefecture=row.prefecture, desks=desks, picture=row.picture, withdrawn=row.withdrawn, **known)


class _Gathering:
    """One reading of one data folder."""

    def __init__(self, data: Path, records: Records, end: TallyEnd, now: datetime) -> None:
        self._data, self._records, self._end = data, records, end
        self._stop = records.first_after(end.sweep)
        self._refuse_young(now)
        self._refuse_unsealed()
        self._again = unconfirmed(data)
        self._without = uncounted(records, self._again)
        self._simulated = records.simulated_before(self._stop)
        newest = records.latest(end.until)
        self._latest = {key: one for key, one in newest.items() if one.row.seq < self._stop}
        self._withheld = records.latest().keys() - self._latest.keys()

    def _refuse_young(self, now: datetime) -> None:
        if self._end.until > now - SETTLED_AFTER:
            raise StoreError(
                _(
                    "the figures kept go to {until}, not 24 hours ago by this machine's clock: set the clock right"
                ).format(until=f"{self._end.until:%Y-%m-%d %H:%M} UTC")
            )

    def _refuse_unsealed(self) -> None:
        sealed = log_end(self._data)
        if sealed is None or sealed.size < self._stop:
            raise StoreError(
                _("{n} observations are counted and {sealed} are sealed: `vigie run` seals what is left").format(
                    n=self._stop, sealed=sealed.size if sealed else 0
                )
            )

    def site(self, prefectures: Sequence[Prefecture]) -> SiteData:
        """All of it."""
        notices = {
            notice_key(one, notice): self._notice(one.code, notice_key(one, notice), notice.url)
            for one in prefectures
            for notice in one.notices
            if notice.retired is None
        }
        facts = {key: json.loads(lines[-1]) for key, (lines, _changes) in notices.items() if lines}
        made = rows(prefectures, {}, facts, lambda key: [json.loads(line) for line in notices[key][0]])
        newest = newest_sweep(self._data / EVIDENCE)
        return SiteData(
            prefectures=[self._prefecture(row, notices) for row in made],
            until=self._end.until,
            sweep=self._end.sweep,
            size=self._stop,
            simulated=self._simulated,
            checkpoint=(newest / _CHECKPOINT).read_bytes() if newest else None,
            contested=contested(self._data),
        )

    def _prefecture(
        self, row: PrefectureRow, notices: Mapping[str, tuple[Sequence[bytes], Sequence[NoticeChange]]]
    ) -> PrefectureView:
        one = row.prefecture
        desks = [self._desk(one.zone, _undesked(key, desk)) for key, desk in _declared(one)]
        known = {desk.key for desk in desks}
        desks += [self._desk(one.zone, found) for found in self._undeclared(one) if found.key not in known]
        changes = [
            change for notice in one.notices if notice.retired is None for change in notices[notice_key(one, notice)][1]
        ]
        changes.sort(key=lambda change: (-change.seq, change.fact))
        return _view(row, desks, changes=changes, last=self._end.until.astimezone(one.zone).date())

    # --- desks --------------------------------------------------------------------------------------------------------

    def _undeclared(self, prefecture: Prefecture) -> Iterator[DeskView]:
        """Desks that were looked at and are no longer declared, or retired: what was recorded is not hidden."""
        for key, found in self._latest.items():
            code, _stroke, slug = key.partition("/")
            if code == prefecture.code and "/" not in slug:
                record: RecordLine = json.loads(found.row.line)
                yield DeskView(
                    key=key,
                    label=record["label"],
                    procedure=record.get("procedure", ""),
                    platform=record.get("platform", ""),
                    url=record["url"],
                    declared=False,
                )

    def _desk(self, zone: ZoneInfo, bare: DeskView) -> DeskView:
        counted = DeskHours(zone, self._end.until.astimezone(zone).date())
        for day, kind, hours in self._counts(bare.key):
            if kind.what == "look" and kind.simulated == self._simulated:
                counted.add(day, kind, hours)
        found = self._latest.get(bare.key)
        return replace(
            bare,
            said=None if found is None else self._said(found, zone),
            withheld=bare.key in self._withheld,
            days=counted.days,
            week=counted.week,
            causes=counted.causes,
            episodes=counted.episodes,
            weeks=counted.weeks,
        )

    def _counts(self, key: str) -> Iterator[tuple[int, Kind, Sequence[int]]]:
        """What is kept of a desk; its looks counted again where something of it counts no more."""
        if key in self._without.checks:
            return
        if key in self._without.partly:
            for _check, day, kinds in looks_again(self._records, key, self._stop, self._without).drain():
                yield from ((day, kind, hours) for kind, hours in kinds.items())
            return
        yield from self._records.tallies(key, "look")

    def _said(self, found: LastReading, zone: ZoneInfo) -> LastSaid:
        record = json.loads(found.row.line)
        return LastSaid(
            reading=record["reading"],
            detail=detail_of(from_json(record)),
            seen=record.get("seen"),
            url=record["url"],
            day=found.row.started.astimezone(zone).date(),
            since=found.since.astimezone(zone).date(),
            seq=found.row.seq,
            remark=remark_on(record["url"], found.row.seq, found.row.line, self._again),
        )

    # --- notices ------------------------------------------------------------------------------------------------------

    def _notice(self, code: str, key: str, url: str) -> tuple[Sequence[bytes], Sequence[NoticeChange]]:
        """Records of the last looks in which a page was read, oldest first, and every change between two of them."""
        read = [row for row in self._records.history(key, stop=self._stop) if row.reading in FACTS and not row.damaged]
        changes: list[NoticeChange] = []
        for row, before in zip_longest(read, read[1:]):
            if b'"changes"' in row.line:
                changes += _changes(code, key, url, row, before)
        return [row.line for row in reversed(read[:_LOOKS_BACK])], changes


def _changes(code: str, key: str, url: str, row: Row, before: Row | None) -> Iterator[NoticeChange]:
    for told in json.loads(row.line).get("changes", ()):
        yield NoticeChange(
            prefecture=code,
            notice=key,
            url=url,
            fact=told["fact"],
            kind=told["kind"],
            before=told["before"],
            after=told["after"],
            at=row.started,
            seq=row.seq,
            was_at=None if before is None else before.started,
            was_seq=None if before is None else before.seq,
        )
