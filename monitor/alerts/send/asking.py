"""The two messages that no news causes: the question before consent, and the link to one's own choices.

Each is claimed before it is handed over: of two senders one asks, and one that is killed asks nobody twice. Whether a
message left that a killed sender had in hand cannot be known: it is not sent again by itself, and the person may ask
for it again once the sender is dead for certain, without the day that is otherwise between two questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING, Final

from monitor.alerts.send.outcome import Later, Outcome, Sent, Unknown
from monitor.alerts.text.letters import confirmation, link_letter
from monitor.settings import logs

if TYPE_CHECKING:
    from monitor.alerts.people.subscribers import Subscribers
    from monitor.alerts.send.deliver import Send
    from monitor.alerts.text.compose import Letterhead
    from monitor.core.ports import Clock

PATIENCE: Final = 5  # failures in a row after which the rest waits: a server that is down is not asked for each of them
LINK_FOR: Final = timedelta(hours=1)


def ask(
    people: Subscribers,
    send: Send,
    head: Letterhead,
    clock: Clock,
    resting: set[str],
    enough: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Hand over every question and link that waits. Only a "later" asks again. Returns outcomes by class name.

    resting: channels whose own account is at fault, as far as is known; those found so are added.
    """
    done: Counter[str] = Counter()
    failed = 0
    for number in people.unasked():
        to = people.get(number).to
        if failed >= PATIENCE or enough() or to.channel in resting or not people.claim(number, clock.now()):
            continue
        yes, stop = people.codes(number)
        message = confirmation(to, head, yes=yes, stop=stop)
        message = replace(message, ticket=people.ticket(number, "question"))
        outcome = send(to.channel, people.address(number), message)
        if isinstance(outcome, Later):
            people.unclaim(number)
        else:
            people.settled(number, "question")
        failed = failed + 1 if isinstance(outcome, Later | Unknown) else 0
        _told(_("the question to subscriber {number} was not taken: {why}"), number, outcome)
        _heard(outcome, to.channel, resting, done)
    for number in people.links_asked():
        if failed >= PATIENCE or enough() or (holder := people.find(number)) is None:
            continue
        to, now = holder.to, clock.now()
        if to.channel in resting or not people.claim_link(number, now):
            continue
        message = link_letter(to, head, code=people.link(number, now + LINK_FOR), stop=people.codes(number)[1])
        outcome = send(to.channel, people.address(number), message)
        if isinstance(outcome, Later):
            people.ask_link(number, now)
        else:
            people.settled(number, "link")
        failed = failed + 1 if isinstance(outcome, Later | Unknown) else 0
        _told(_("the link to subscriber {number} was not taken: {why}"), number, outcome)
        _heard(outcome, to.channel, resting, done)
    return done


def _told(words: str, number: int, outcome: Outcome) -> None:
    if not isinstance(outcome, Sent):
        logs.tell(logs.WARNING, "question_not_taken", words.format(number=number, why=outcome.why))


def _heard(outcome: Outcome, channel: str, resting: set[str], done: Counter[str]) -> None:
    if isinstance(outcome, Later | Unknown) and outcome.ours:
        resting.add(channel)
    done[type(outcome).__name__] += 1
