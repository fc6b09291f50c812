"""A survey from its beginning to its end: one run, one pace a host, one lock on the data folder; stopped at any moment,
it goes on from what it has, and what it has is put before a person all the same.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from monitor import PROJECT_PAGE
from monitor.core.prefecture import Prefecture
from monitor.discover.leads import link_rules
from monitor.discover.survey.answers import FILE, KeptAnswers
from monitor.discover.survey.changes import changes
from monitor.discover.survey.edits import rewritten
from monitor.discover.survey.opened import host_of
from monitor.discover.survey.sources import SourceRow
from monitor.discover.survey.surveyed import SurveyedPrefecture, SurveyTools, survey_one
from monitor.discover.survey.told import told
from monitor.discover.walk import PAGES
from monitor.evidence.sums import check_id, first_anchor
from monitor.fetch.clock import SystemClock
from monitor.run import wiring
from monitor.run.ledger import StoreMemory
from monitor.store.files import Lock
from monitor.store.store import Store
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.core.ports import LiveSession, Visitor
    from monitor.settings.settings import Settings

FOLDER: Final = "survey"  # of the data folder: what was asked today
TIME_IS_UP: Final = "the time given to this survey is over"
STOPPED: Final = "this survey was stopped"


class SurveyFollower(Protocol):
    """Told what goes on."""

    def asks(self, code: str, url: str) -> None:
        """An address of a préfecture is about to be asked for, or its kept answer gone through."""
        ...

    def done(self, code: str) -> None:
        """All of a préfecture was gone through."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRequest:
    """What is to be surveyed. rows: of sources, each with its code. within: how long requests may leave; None: until
    all is asked. pages: of a walk at most."""

    prefectures: Sequence[Prefecture]
    files: Mapping[str, str]
    rows: Sequence[SourceRow] = ()
    within: timedelta | None = None
    pages: int = PAGES


@dataclass(slots=True, kw_only=True)
class SurveyResult:
    """What came of a survey. prefectures: as `monitor.discover.survey.told` says each. today, proposed: texts of the
    declarations by code. asked: requests that left in this run. over: why it ended before all was asked, else empty;
    number: of the signal that stopped it. unplaced: rows of no préfecture."""

    started: datetime
    simulated: bool
    prefectures: list[dict[str, Any]] = field(default_factory=list)
    today: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, str] = field(default_factory=dict)
    finished: datetime | None = None
    asked: int = 0
    over: str = ""
    number: int = 0
    unplaced: list[SourceRow] = field(default_factory=list)


def survey(request: SurveyRequest, chosen: Settings, lock: Lock, follower: SurveyFollower) -> SurveyResult:
    """All of it. On the first signal nothing more is asked and what there is is returned; the second ends the program.

    Raises StoreError, ConfigurationError.
    """
    clock = SystemClock(chosen.simulation.time_scale)
    out = SurveyResult(started=clock.now(), simulated=bool(chosen.simulation.address))
    with Store(lock, at=out.started.astimezone(UTC)) as store:
        wiring.same_world(chosen, store.records)
        answers = KeptAnswers(chosen.data / FOLDER / FILE, clock)
        try:
            visitor = wiring.visitor(chosen, StoreMemory(store), answers)
            found = asyncio.run(_Live(request, visitor, answers, clock, out, follower).all())
        finally:
            answers.close()
    out.asked, out.over, out.finished = answers.asked, answers.over, clock.now()
    codes = {one.code for one in request.prefectures}
    out.unplaced = [row for row in request.rows if not row.code]
    for one in found:
        if one.prefecture.code in codes:
            _tell(one, request, out)
    return out


def kept_by_host(chosen: Settings) -> Mapping[str, int]:
    """How many answers of today are kept, by host; the lock is not needed to count them."""
    file = chosen.data / FOLDER / FILE
    if not file.exists():
        return {}
    return Counter(host_of(url) for url in KeptAnswers.known(file, SystemClock()))


class _BoundedVisitor:
    """The visitor of a survey: once nothing more is to leave, each host is left alone."""

    def __init__(self, visitor: Visitor, answers: KeptAnswers) -> None:
        self._visitor, self._answers = visitor, answers

    def session(self, check_id: str) -> LiveSession:
        return self._visitor.session(check_id)

    def leave(self, host: str) -> None:
        self._visitor.leave(host)

    def closed(self, host: str) -> str | None:
        return self._answers.over or self._visitor.closed(host)

    async def reached(self) -> bool:
        return bool(self._answers.over) or await self._visitor.reached()  # what was not asked needs no probe

    async def aclose(self) -> None:
        await self._visitor.aclose()


class _Live:
    """The part of a survey that asks."""

    def __init__(
        self,
        request: SurveyRequest,
        visitor: Visitor,
        answers: KeptAnswers,
        clock: SystemClock,
        out: SurveyResult,
        follower: SurveyFollower,
    ) -> None:
        self._request, self._answers, self._out, self._follower = request, answers, out, follower
        self._visitor = _BoundedVisitor(visitor, answers)
        anchor, began = first_anchor(PROJECT_PAGE), out.started.isoformat()
        self._tools = SurveyTools(
            visitor=self._visitor,
            clock=clock,
            rules=link_rules(),
            name=lambda what: check_id(anchor, 0, f"survey {what} {began}"),
            simulated=out.simulated,
            pages=request.pages,
            report=follower.asks,
        )

    async def all(self) -> list[SurveyedPrefecture]:
        """Every préfecture, side by side; in the order asked for."""
        loop = asyncio.get_running_loop()
        work = asyncio.gather(*(self._one(one) for one in self._request.prefectures))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled, int(number), work)
        if self._request.within is not None:
            loop.call_later(self._request.within.total_seconds(), self._answers.stop, TIME_IS_UP)
        try:
            return list(await work)
        finally:
            await self._visitor.aclose()

    async def _one(self, one: Prefecture) -> SurveyedPrefecture:
        rows = [row for row in self._request.rows if row.code == one.code]
        found = await survey_one(one, self._tools, rows)
        self._follower.done(one.code)
        return found

    def _signalled(self, number: int, work: asyncio.Future[list[SurveyedPrefecture]]) -> None:
        if self._out.number:
            work.cancel()
            raise KeyboardInterrupt
        self._out.number = number
        self._answers.stop(STOPPED)


def _tell(one: SurveyedPrefecture, request: SurveyRequest, out: SurveyResult) -> None:
    """The texts of a declaration, before and after, and all that a person needs to judge between them."""
    code = one.prefecture.code
    file = Path(request.files[code])
    today = file.read_text(encoding="utf-8")
    found = changes(one, link_rules())
    proposed = rewritten(today, one.prefecture, found.edits) if found.edits else today
    out.today[code], out.proposed[code] = today, proposed
    out.prefectures.append(told(one, found, today, proposed, f"{file.parent.name}/{file.name}"))
