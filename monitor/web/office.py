"""What the pages ask of the store, each by the clerk whose work it is; the pages themselves touch none of it.

Four clerks: what strangers ask (gathered, budgeted), what holders of a code do, what is read, and what is sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from monitor.alerts.people.budget import Budget
from monitor.alerts.people.requests import HelpDesk, HelpDesks, SelfRequest, take
from monitor.alerts.people.spool import KeptAnswer, Spool
from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.people.subscriptions import Holder, State, Subscription
from monitor.alerts.send.asking import LINK_FOR
from monitor.alerts.text.letters import CONSENT_TEXT
from monitor.run.accounts import hear_kept, register
from monitor.settings.settings import Settings
from monitor.values import dataclass
from monitor.web.clerk import Clerk, CrowdedError

GATHER: Final = 0.25  # seconds

STATES: Final[Mapping[str, State]] = {"pause": "paused", "resume": "active"}

Change = Callable[[Subscribers, int, datetime], None]
Send = Callable[[sqlite3.Connection, Subscribers], object]


def instant() -> datetime:
    """Aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ClerkDesk:
    """A clerk's desk."""

    db: sqlite3.Connection
    people: Subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """All that is held of one subscriber, for themselves. export: as `Subscribers.export`."""

    holder: Holder
    export: Mapping[str, Any]


class FrontOffice:
    """send: hands over the questions and links that wait, and says what of it must be tried later. spool: keeps what
    was pressed while the store was held."""

    def __init__(self, chosen: Settings, send: Send, spool: Spool, *, gather: float = GATHER) -> None:
        self._chosen, self._send, self._spool = chosen, send, spool
        self.budget = Budget(an_hour=chosen.web.questions_an_hour, a_day=chosen.web.questions_a_day)
        self.closed = False  # to strangers, since the budget of all is spent; as last read
        self._strangers = Clerk("strangers", self._opened, pause=gather)
        self._holders = Clerk("holders", self._opened)
        self._readers = Clerk("readers", self._opened)
        self._sender = Clerk("sender", self._opened)

    @contextmanager
    def _opened(self) -> Iterator[ClerkDesk]:
        with register(self._chosen) as (db, people):
            yield ClerkDesk(db, people)

    @property
    def alive(self) -> bool:
        """Whether all clerks are at work."""
        return all(one.alive for one in self.clerks)

    @property
    def clerks(self) -> tuple[Clerk[ClerkDesk], ...]:
        """They, in the order in which work goes from one to the next."""
        return self._strangers, self._holders, self._sender, self._readers

    def close(self) -> None:
        """Write down what was taken, then end."""
        for one in self.clerks:
            one.close()

    # --- strangers: their answer has left when this begins ---

    def ask(self, request: SelfRequest) -> Future[None]:
        """Somebody typed an address. Raises CrowdedError."""

        def work(desk: ClerkDesk) -> None:
            number = take(request, desk.db, desk.people, self.budget, instant())
            self.closed = self.budget.spent(desk.db, instant())
            if number is not None:
                self.wake()

        return self._strangers.hand(work)

    # --- holders of a code ---

    def confirm(self, code: str) -> Future[str | None]:
        """Yes. The `GERER-…` code of who said it, now or before; None for a code of nobody."""

        def work(desk: ClerkDesk) -> str | None:
            number = desk.people.confirm(code, f"{CONSENT_TEXT} web", instant())
            number = desk.people.agreed(code) if number is None else number
            return None if number is None else desk.people.link(number, instant() + LINK_FOR)

        return self._holders.hand(work)

    def stop(self, code: str) -> Future[None]:
        """Stop. What the page says is the same for a code of nobody."""

        def work(desk: ClerkDesk) -> None:
            desk.people.stop(code, instant())

        return self._holders.hand(work)

    def keep(self, code: str) -> None:
        """A yes or a stop that its clerk has not got to: on the disk when this returns. Raises StoreError."""
        self._spool.keep([KeptAnswer(at=instant(), text=code)])
        self.hear()

    def hear(self) -> None:
        """What is kept is to be acted on; returns at once."""
        if self._spool.waiting():
            with suppress(CrowdedError):
                self._holders.hand(lambda desk: hear_kept(self._chosen, desk.people))

    def change(self, code: str, do: Change) -> Future[bool]:
        """Something a holder does with their own; False where the code leads to nobody any more."""

        def work(desk: ClerkDesk) -> bool:
            number = desk.people.linked(code, instant())
            if number is not None:
                do(desk.people, number, instant())
            return number is not None

        return self._holders.hand(work)

    def held(self, code: str) -> Future[Held | None]:
        """What a `GERER-…` code leads to. Reads only."""

        def work(desk: ClerkDesk) -> Held | None:
            number = desk.people.linked(code, instant())
            if number is None:
                return None
            return Held(holder=desk.people.get(number), export=desk.people.export(number))

        return self._readers.hand(work)

    # --- help desks ---

    def desk(self, code: str) -> Future[HelpDesk | None]:
        """Whose `AIDE-…` code it is. Reads only."""
        return self._readers.hand(lambda desk: HelpDesks(desk.db, desk.people).holding(code, instant()))

    def bring(self, code: str, asked: SelfRequest, signed: str) -> Future[bool]:
        """Somebody whom a help desk subscribes, as `HelpDesks.bring`; False for a code of nobody too."""

        def work(desk: ClerkDesk) -> bool:
            desks = HelpDesks(desk.db, desk.people)
            holder = desks.holding(code, instant())
            taken = holder is not None and desks.bring(holder, asked, self.budget, instant(), signed)
            if taken:
                self.wake()
            return taken

        return self._holders.hand(work)

    # --- what leaves ---

    def wake(self) -> None:
        """Something is to be sent, or may be tried again; returns at once."""
        with suppress(CrowdedError):
            if self._sender.idle:
                self._sender.hand(lambda desk: self._send(desk.db, desk.people))

    def look_again(self) -> None:
        """Once a minute: whether the form may open again."""

        def work(desk: ClerkDesk) -> None:
            self.closed = self.budget.spent(desk.db, instant())

        with suppress(CrowdedError):
            self._readers.hand(work)


def rewish(wishes: Subscription) -> Change:
    """Other choices, for `FrontOffice.change`; what the form does not ask about stays as it was."""

    def do(people: Subscribers, number: int, at: datetime) -> None:
        before = people.get(number).to
        chosen = replace(
            before,
            prefectures=wishes.prefectures,
            procedures=wishes.procedures,
            before=wishes.before,
            language=wishes.language,
            discreet=wishes.discreet,
            time_zone=wishes.time_zone,
        )
        people.rewish(number, chosen, at)

    return do
