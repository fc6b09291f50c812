"""The national picture: for each préfecture, what its desks last said, and what its notices publish."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from monitor.catalogue.age import to_reopen
from monitor.core.changes import CHANNELS
from monitor.core.health import withdrawn
from monitor.core.labels import label
from monitor.core.prefecture import Desk, Notice, Prefecture, desk_key, notice_key
from monitor.core.readings import detail_of, from_json
from monitor.core.record import RecordLine
from monitor.core.words import N_, spoken
from monitor.report.picture import NoticeSeen, PrefecturePicture, picture
from monitor.report.remarks import Remark
from monitor.values import dataclass

Record = RecordLine
SEEN_FOR = timedelta(days=30)
PUBLIC_AFTER = timedelta(hours=24)  # DECISIONS 21


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """What a desk last said. record: None when it was never looked at. good: its last good reading of a real site.

    withheld: it was looked at, and only too lately for a public file. remark: why that last reading counts no more.
    declared: the desk itself.
    """

    check: str
    label: str
    procedure: str
    url: str
    record: Record | None
    since: datetime | None
    good: datetime | None = None
    withheld: bool = False
    remark: Remark | None = None
    declared: Desk

    @property
    def read_on(self) -> date | None:
        """The day (UTC) of its last good reading of a real site."""
        return self.good.date() if self.good else None

    def to_reopen(self, today: date) -> bool:
        """True where its address was neither opened nor read, nor its source dated, in the 90 days before."""
        return to_reopen(self.declared.provenance, today, self.declared.verified_on, self.read_on)

    def seen(self, at: datetime) -> bool:
        """True where its real site gave a good reading in the 30 days before `at` (aware)."""
        return self.good is not None and at - SEEN_FOR <= self.good

    def words(self, lang: str) -> str:
        """Mark and label of the reading."""
        if self.withheld:
            return "· " + spoken(lang).gettext(N_("reading under 24 h old, not published"))
        if self.record is None:
            return "· " + spoken(lang).gettext(N_("never looked at"))
        if self.remark is not None:
            found = self.remark.label
        else:
            found = label(self.record["reading"], detail_of(from_json(dict(self.record))))
        return f"{found.mark} {found.said(lang)}"

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        since = self.since and self.since.isoformat()
        return {
            "check": self.check,
            "label": self.label,
            "procedure": self.procedure,
            "since": since,
            "last_good": self.good and self.good.isoformat(),
            "verified_on": self.declared.verified_on and self.declared.verified_on.isoformat(),
            "source_date": self.declared.provenance.date,
            "last": self.record,
            "remark": self.remark and self.remark.said("en"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureRow:
    """One préfecture's three answers.

    simulated: some of it was played by a simulator. withdrawn: (fact, sentence) of what was published and what three
    looks over at least a day did not find again. pages_read: the day (UTC) each notice of its real site was last read,
    by slug.
    """

    prefecture: Prefecture
    desks: tuple[DeskRow, ...]
    picture: PrefecturePicture
    simulated: bool
    withdrawn: tuple[tuple[str, str], ...] = ()
    pages_read: Mapping[str, date]

    def read_on(self, notice: Notice) -> date | None:
        """The day one of its notices was last read, None where it never was."""
        return self.pages_read.get(notice.slug)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        one = self.prefecture
        return {
            "code": one.code,
            "name": one.name,
            "site": one.site,
            "no_desk": one.no_desk,
            "simulated": self.simulated,
            "desks": [desk.to_json() for desk in self.desks],
            **self.picture.to_json(),
            "withdrawn": [{"fact": fact, "seen": seen} for fact, seen in self.withdrawn],
        }


def rows(
    prefectures: Iterable[Prefecture],
    latest: Mapping[str, tuple[Record, datetime]],
    facts: Mapping[str, Record],
    history: Callable[[str], Sequence[Record]] = lambda key: (),
    good: Mapping[str, datetime] | None = None,
    withheld: Collection[str] = (),
    remarks: Mapping[str, Remark] = MappingProxyType({}),
) -> tuple[PrefectureRow, ...]:
    """latest: last counted record by key, and since when its reading holds; facts: the last of each notice read.

    history: the records of a notice, oldest first, asked for where something is no longer found. good: last good
    reading of each desk's real site, by key. withheld: keys of which nothing old enough for a public file is known.
    remarks: by key, why the last record of a desk counts no more.
    """
    return tuple(_row(one, latest, facts, history, good or {}, withheld, remarks) for one in prefectures)


def _row(
    one: Prefecture,
    latest: Mapping[str, tuple[Record, datetime]],
    facts: Mapping[str, Record],
    history: Callable[[str], Sequence[Record]],
    good: Mapping[str, datetime],
    withheld: Collection[str],
    remarks: Mapping[str, Remark],
) -> PrefectureRow:
    read = [(n.url, facts.get(notice_key(one, n))) for n in one.notices if n.retired is None]
    desks = tuple(_desk(one, desk, latest, good, withheld, remarks) for desk in one.active_desks)
    records = [*(desk.record for desk in desks), *(record for _url, record in read)]
    return PrefectureRow(
        prefecture=one,
        desks=desks,
        picture=picture([_notice(url, record) for url, record in read], receives_foreigners=_receives(one)),
        withdrawn=tuple(_withdrawn(one, facts, history)),
        pages_read=dict(_pages_read(one, facts)),
        simulated=any(record is not None and record.get("simulated", False) for record in records),
    )


def _pages_read(one: Prefecture, facts: Mapping[str, Record]) -> Iterator[tuple[str, date]]:
    for notice in one.notices:
        record = facts.get(notice_key(one, notice))
        if record is not None and not record.get("simulated", False):
            yield notice.slug, date.fromisoformat(record["started"][:10])


def _withdrawn(
    one: Prefecture, facts: Mapping[str, Record], history: Callable[[str], Sequence[Record]]
) -> Iterator[tuple[str, str]]:
    for key in (notice_key(one, n) for n in one.notices if n.retired is None):
        if key in facts:
            looks = history(key)
            for fact in ("pan", *(f"channel:{name}" for name in CHANNELS)):
                if (sentence := withdrawn(looks, fact)) is not None:
                    yield fact, sentence


def _desk(
    one: Prefecture,
    desk: Desk,
    latest: Mapping[str, tuple[Record, datetime]],
    good: Mapping[str, datetime],
    withheld: Collection[str],
    remarks: Mapping[str, Remark],
) -> DeskRow:
    key = desk_key(one, desk)
    record, since = latest.get(key) or (None, None)
    return DeskRow(
        check=key,
        label=desk.label,
        procedure=desk.procedure,
        url=desk.platform.url,
        record=record,
        since=since,
        good=good.get(key),
        withheld=key in withheld,
        remark=remarks.get(key),
        declared=desk,
    )


def _notice(url: str, record: Record | None) -> NoticeSeen:
    if record is None:
        return NoticeSeen(url=url, facts=None)
    return NoticeSeen(url=url, facts=record["facts"], at=record["started"], unmodified="unchanged_since" in record)


def _receives(one: Prefecture) -> bool | None:
    """True where the declaration shows a door or a desk for foreigners; it never says that there is none."""
    desks = any(desk.procedure not in ("naturalisation", "pan", "other") for desk in one.desks)
    places = any(place.kind == "foreigners" for place in one.places)
    return True if desks or places or any(n.kind == "foreigners" for n in one.notices) else None
