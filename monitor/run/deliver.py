"""A delivery by hand: the outbox shown and drained, the mailbox read, a trial message sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.lines import StoppedLine, free_lines, stopped_lines
from monitor.alerts.send.outbox import Waiting, counts, waiting
from monitor.alerts.send.outcome import Outcome
from monitor.alerts.text.letters import nudge, trial
from monitor.core.errors import UsageError
from monitor.run import wiring
from monitor.run.accounts import hear, letterhead, mailbox_address, notifier, operator_urls, register
from monitor.store.beside import written
from monitor.store.schema import FILE
from monitor.store.store import reading
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.alerts.people.inbox import Answered
    from monitor.alerts.text.compose import Letterhead
    from monitor.settings.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxShown:
    """What is still to be told, and what became of the rest.

    counts: parcels by state. waiting: those still due. unasked: subscribers whose question did not leave yet. stopped:
    channels that refuse our own account. sent: what left just now, by outcome (`Sent` ...).
    """

    counts: Mapping[str, int]
    waiting: Sequence[Waiting]
    unasked: int
    stopped: Sequence[StoppedLine] = ()
    sent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRequest:
    """A trial message to one subscriber by number; to the operator, in that language, without one."""

    subscriber: int | None = None
    language: Language = "fr"


def outbox(chosen: Settings, *, send: bool = False) -> OutboxShown:
    """The outbox. send: what is due leaves first, also by a channel that was left alone."""
    sent: Mapping[str, int] = {}
    if send:
        from monitor.fetch.clock import SystemClock
        from monitor.run.alerting import Alerting

        if (chosen.data / FILE).exists():
            with register(chosen) as (db, _subscribers), written(db):
                free_lines(db)
        clock = SystemClock(chosen.simulation.time_scale)
        sent = dict(Alerting(chosen, wiring.catalogue(chosen), clock).send())
    with reading(chosen.data) as opened:
        if not opened:  # showing what there is makes no data folder
            return OutboxShown(counts={}, waiting=(), unasked=0, sent=sent)
    with register(chosen) as (db, subscribers):
        return OutboxShown(
            counts=counts(db), waiting=waiting(db), unasked=len(subscribers.unasked()), stopped=stopped_lines(db),
            sent=sent,
        )  # fmt: skip


def inbox(chosen: Settings) -> Answered:
    """Read the mailbox once and act on it. Raises UsageError where the settings name none, MailboxError."""
    if not (chosen.inbox.server or chosen.web.signal or chosen.web.address):
        raise UsageError(_("no [inbox] is set: run `vigie subscribers confirm` and `vigie subscribers remove` by hand"))
    return hear(chosen, wiring.catalogue(chosen))


def tried(request: TrialRequest, chosen: Settings) -> list[tuple[str, Outcome]]:
    """Send a trial message. Returns to whom, in words, and what the channel answered."""
    head = letterhead(chosen, wiring.catalogue(chosen), mailbox_address(chosen))
    if request.subscriber is not None:
        return list(_subscriber(request.subscriber, chosen, head))
    return list(_operator(request.language, chosen, head))


def _subscriber(number: int, chosen: Settings, head: Letterhead) -> Iterator[tuple[str, Outcome]]:
    """Only who said yes: before, nothing but the question is sent. The nudge too, where they have one."""
    with register(chosen) as (_db, subscribers):
        to = subscribers.get(number).to
        if to.state != "active":
            raise UsageError(_("subscriber {number} is {state}: nothing is sent").format(number=number, state=to.state))
        _yes, stop = subscribers.codes(number)
        now = datetime.now(UTC)
        message = replace(trial(to, head, at=now, stop=stop), ticket=subscribers.ticket(number, f"{now:t%y%m%d%H%M%S}"))
        sender = notifier(chosen)
        yield (
            _("subscriber {number}").format(number=number),
            sender.send(to.channel, subscribers.address(number), message),
        )
        held = subscribers.nudges.get(number)
        if held is not None and held.confirmed:
            told = _("nudge of subscriber {number}").format(number=number)
            yield told, sender.send("nudge", subscribers.nudges.address(number), nudge(to))


def _operator(language: Language, chosen: Settings, head: Letterhead) -> Iterator[tuple[str, Outcome]]:
    """The operator's own address, then each plain URL, by its place in the list: the URL itself is a secret."""
    urls, contact = operator_urls(chosen), chosen.operator.contact
    by_mail = bool(chosen.mail.server) and "@" in contact
    if not by_mail and not urls:
        raise UsageError(
            _("nothing to try: set [mail] and an e-mail address as [operator] contact, or [operator_alerts] urls")
        )
    me = Subscription(id=0, channel="email", state="active", prefectures=(), language=language)
    if by_mail:
        message = trial(me, replace(head, mailbox=""), at=datetime.now(UTC))
        yield _("e-mail to the operator"), notifier(chosen).send("email", contact, message)
    for number, url in enumerate(urls, start=1):
        from monitor.alerts.send.channels import tell
        from monitor.alerts.send.outcome import plain
        from monitor.alerts.text.compose import compose
        from monitor.alerts.text.samples import sample

        event = sample("sweep_missing")
        notice = plain((event,), compose([event], me, head))
        yield _("[operator_alerts] address {number}").format(number=number), tell(url, notice)
