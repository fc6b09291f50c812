"""What the pages are drawn from: read from the store once, the same for all languages, nothing younger than 24 hours.

Days and hours are of the préfecture's legal time. Of a desk no instant stands here, only days: a date beside an hour
would tell who resells slots when to come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from typing import Final, Literal

from monitor.core.prefecture import Prefecture
from monitor.report.picture import PrefecturePicture
from monitor.report.remarks import Remark
from monitor.site.counts import NOTHING, Counts, summed
from monitor.values import dataclass

Openings = Literal["hours", "blocks", "none"]
BARS: Final = 90  # days
MONTH: Final = 30  # days
WEEKS: Final = 13  # of the hours of the week


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSaid:
    """The last answer of a desk that is old enough. day: of the look; since: day its unbroken run began.

    seen: the site's own words, where it gave any. seq: number of the observation. remark: why it counts no more.
    """

    reading: str
    detail: str | None
    seen: str | None
    url: str
    day: date
    since: date
    seq: int
    remark: Remark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """One desk. days: counts by legal day, oldest first, those nobody looked on left out. week: of the last 13 weeks,
    by (weekday, hour), Monday 0. causes: looks of the last 30 days by (class, detail), all of them.

    episodes: times in those 13 weeks that a slot appeared after a look that showed none. weeks: how many of the 13 were
    looked in. withheld: it was looked at, and only too lately. declared: it stands in the catalogue today.
    """

    key: str
    label: str
    procedure: str
    platform: str
    url: str
    declared: bool = True
    said: LastSaid | None = None
    withheld: bool = False
    days: Mapping[date, Counts] = field(default_factory=dict)
    week: Mapping[tuple[int, int], Counts] = field(default_factory=dict)
    causes: Mapping[tuple[str, str | None], int] = field(default_factory=dict)
    episodes: int = 0
    weeks: int = 0

    def day(self, day: date) -> Counts:
        """What was counted that day."""
        return self.days.get(day, NOTHING)

    def lately(self, last: date | None, days: int = MONTH) -> Counts:
        """The sum of so many days up to `last`, included; of none where there is no last day."""
        return NOTHING if last is None else summed(self.day(last - timedelta(days=n)) for n in range(days))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChange:
    """What changed between two readings of one page of a préfecture. fact: `pan` or `channel:NAME`.

    kind: of `core.changes.ChangeKind`. before, after: the sentences either side rests on, None where there is none.
    at, was_at: aware UTC instants of the two readings; seq, was_seq: numbers of their observations.
    """

    prefecture: str
    notice: str
    url: str
    fact: str
    kind: str
    before: str | None
    after: str | None
    at: datetime
    seq: int
    was_at: datetime | None
    was_seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """A sentence that a préfecture contests. seq: the observation it was quoted from. at: day; by: who; words: what it
    says, and answer: what was found, by language (`fr`, `en`)."""

    seq: int
    at: date
    by: str
    words: Mapping[str, str]
    answer: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureView:
    """One préfecture: its declaration, its desks, what its pages publish, and what changed on them, newest first.

    last: the last legal day of the figures there, whole or not; None while nothing is counted. withdrawn: (fact,
    sentence), as `report.table` has it.
    """

    prefecture: Prefecture
    desks: Sequence[DeskView]
    picture: PrefecturePicture
    withdrawn: Sequence[tuple[str, str]]
    changes: Sequence[NoticeChange]
    last: date | None

    @property
    def code(self) -> str:
        """`01` ... `2A` ... `976`."""
        return self.prefecture.code

    @property
    def name(self) -> str:
        """The département's."""
        return self.prefecture.name

    def day(self, day: date) -> Counts:
        """What was counted at all its desks that day."""
        return summed(desk.day(day) for desk in self.desks)

    def lately(self, days: int = MONTH) -> Counts:
        """The sum of its last days."""
        return summed(desk.lately(self.last, days) for desk in self.desks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteData:
    """All of it. until: the instant up to which sweeps are counted (aware UTC), None while there is none to show.

    sweep: number of the last of them; size: how many observations they hold. simulated: a simulator played them.
    checkpoint: the newest signed head of the log, None where there is none: it tells how many observations there are,
    and of none what it says.
    """

    prefectures: Sequence[PrefectureView]
    until: datetime | None
    sweep: int
    size: int
    simulated: bool
    checkpoint: bytes | None
    contested: Sequence[Contested] = ()

    @property
    def changes(self) -> Sequence[NoticeChange]:
        """Every change of a notice, newest first."""
        every = [change for one in self.prefectures for change in one.changes]
        return sorted(every, key=lambda change: (-change.seq, change.fact))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """What the operator chose. base_url: where the site will stand, without a stroke at its end; empty: no feeds.

    contact: e-mail or https address for corrections. openings: how finely the hours of openings may be told.
    languages: codes, the first of which stands at the root of the site. subscribe: where people subscribe themselves,
    without a stroke at its end, and subscribe_in: its languages, the first for who reads none of them; empty: nowhere.
    """

    base_url: str
    contact: str
    openings: Openings
    languages: tuple[str, ...]
    subscribe: str = ""
    subscribe_in: tuple[str, ...] = ()
