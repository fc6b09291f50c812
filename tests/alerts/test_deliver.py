"""The drain: every parcel settled once, no channel delays another, files made once, and no apprise without need."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from monitor.alerts.news.events import Event
from monitor.alerts.people.subscriptions import Channel, Subscription, Via
from monitor.alerts.send.deliver import PATIENCE, WORKERS, Files, Sender, deliver
from monitor.alerts.send.outcome import Later, Outcome, Sent
from monitor.alerts.text.compose import Letterhead
from monitor.alerts.text.message import Message
from monitor.alerts.text.samples import sample
from monitor.paper.document import Attachment

PDF = Attachment("releve.pdf", b"%PDF", "application/pdf", "")


@dataclass(frozen=True)
class Parcel:
    id: str
    to: Subscription
    address: str
    events: Sequence[Event] = field(default_factory=lambda: [sample("slots_open")])
    stop: str = ""
    ticket: str = ""
    nudge: bool = False


def parcel(number: int, channel: Channel = "email", *, attach: bool = True) -> Parcel:
    to = Subscription(id=number, channel=channel, state="active", prefectures=("95",), attach=attach)
    return Parcel(f"p{number}", to, f"a{number}@exemple.test")


class Queue:
    """An outbox in memory, used from one thread only, as the real one must be."""

    def __init__(self, parcels: Sequence[Parcel]) -> None:
        self.due = list(parcels)
        self.settled: list[tuple[str, Outcome]] = []
        self.thread = threading.get_ident()

    def lease(self, channel: str, count: int) -> Sequence[Parcel]:
        assert threading.get_ident() == self.thread
        mine = [one for one in self.due if one.to.channel == channel][:count]
        self.due = [one for one in self.due if one not in mine]
        return mine

    def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        assert threading.get_ident() == self.thread
        self.settled.append((parcel.id, outcome))


class Channels:
    """Takes everything; Signal may wait until e-mail has finished."""

    def __init__(self, hold: threading.Event | None = None) -> None:
        self.got: list[tuple[str, Message]] = []
        self.hold = hold

    def send(self, channel: Via, address: str, message: Message) -> Outcome:
        if channel == "signal" and self.hold is not None:
            assert self.hold.wait(20)
        self.got.append((address, message))
        return Sent(address)


def sender(channels: Channels, attach: object = None) -> Sender:
    return Sender(send=channels.send, head=Letterhead(), attach=attach or (lambda scope, seq: (PDF,)))  # type: ignore[arg-type]


def test_every_parcel_is_sent_and_settled_once() -> None:
    queue, channels = Queue([parcel(n, "signal" if n % 3 else "email") for n in range(60)]), Channels()
    assert deliver(queue, sender(channels)) == {"Sent": 60}
    assert sorted(name for name, _ in queue.settled) == sorted(f"p{n}" for n in range(60))
    assert len(channels.got) == 60


def test_a_hanging_channel_delays_no_other() -> None:
    """Signal hangs until the last e-mail was handed over: were one waiting for the other, this would time out."""
    released = threading.Event()
    channels = Channels(released)
    mails = [parcel(n) for n in range(200)]
    queue = Queue([*(parcel(1000 + n, "signal") for n in range(50)), *mails])
    take = channels.send

    def send(channel: Via, address: str, message: Message) -> Outcome:
        outcome = take(channel, address, message)
        if {one.address for one in mails} <= {address for address, _ in channels.got}:
            released.set()
        return outcome

    assert deliver(queue, replace(sender(channels), send=send)) == {"Sent": 250}


def test_a_channel_that_fails_again_and_again_is_left_alone() -> None:
    queue = Queue([parcel(n, "signal") for n in range(100)] + [parcel(1000 + n) for n in range(30)])

    def send(channel: Via, address: str, message: Message) -> Outcome:
        return Later("no answer in time") if channel == "signal" else Sent()

    done = deliver(queue, replace(sender(Channels()), send=send))
    assert done["Sent"] == 30
    assert PATIENCE <= done["Later"] < 40
    assert len(queue.due) == 100 - done["Later"]


def test_files_are_made_once_a_scope_and_only_for_who_wants_them() -> None:
    made: list[tuple[str, int | None]] = []

    def attach(scope: str, seq: int | None) -> Sequence[Attachment]:
        made.append((scope, seq))
        time.sleep(0)  # lets the other workers come to the same scope
        return (PDF,)

    channels = Channels()
    deliver(Queue([parcel(n, attach=n % 2 == 0) for n in range(40)]), sender(channels, attach))
    assert made == [("95/titre-de-sejour", 1)]
    assert {bool(message.attachments) for _a, message in channels.got} == {True, False}


def test_news_whose_files_are_too_large_goes_without_them_and_says_so() -> None:
    queue, channels = Queue([parcel(1), parcel(2, attach=False)]), Channels()

    def send(channel: Via, address: str, message: Message) -> Outcome:
        if message.attachments:
            return Later("552 5.3.4", firm=True, too_large=True)
        return channels.send(channel, address, message)

    assert deliver(queue, replace(sender(channels), send=send)) == {"Sent": 2}
    said = {address: "trop lourds" in message.text for address, message in channels.got}
    assert said == {"a1@exemple.test": True, "a2@exemple.test": False}


def test_nothing_more_is_begun_once_our_own_account_is_at_fault() -> None:
    queue = Queue([parcel(n, "signal") for n in range(100)] + [parcel(1000 + n) for n in range(30)])
    asked: list[str] = []

    def send(channel: Via, address: str, message: Message) -> Outcome:
        if channel == "signal":
            asked.append(address)
            return Later("our own account", ours=True)
        return Sent()

    done = deliver(queue, replace(sender(Channels()), send=send))
    assert done["Sent"] == 30
    assert len(asked) <= WORKERS["signal"]
    assert len(queue.due) == 100 - done["Later"], "what was leased and not begun comes later too"


@pytest.mark.parametrize(
    ("seqs", "upto"), [((0,), 0), ((None,), None), ((3, 9), 9), ((9, 3), 9), ((0, 5), 5), ((5, 0), 5), ((None, 0), 0)]
)
def test_files_are_those_up_to_the_newest_observation_the_first_of_all_included(
    seqs: Sequence[int | None], upto: int | None
) -> None:
    """Sequence numbers begin at 0, which is one, and not none."""
    made: list[tuple[str, int | None]] = []
    files = Files(lambda scope, seq: made.append((scope, seq)) or ())  # type: ignore[func-returns-value]
    files.of(replace(sample("slots_open"), check="95/x", seq=seq) for seq in seqs)
    files.of([replace(sample("disk_low"), check="", seq=4)])
    assert made == [("95/x", upto)]


def test_whoever_has_enough_leases_nothing_more() -> None:
    queue = Queue([parcel(n) for n in range(3)])
    assert deliver(queue, sender(Channels()), enough=lambda: True) == {}
    assert len(queue.due) == 3


def test_a_bug_is_raised_after_the_others_were_settled() -> None:
    def send(channel: Via, address: str, message: Message) -> Outcome:
        if address == "a3@exemple.test":
            raise ZeroDivisionError
        return Sent()

    queue = Queue([parcel(n) for n in range(20)])
    with pytest.raises(ZeroDivisionError):
        deliver(queue, replace(sender(Channels()), send=send))
    assert len(queue.settled) == 19


def test_apprise_is_imported_only_to_send() -> None:
    modules = "monitor.alerts.send.deliver, monitor.run.accounts, monitor.cli.alerts.deliver"
    code = f"import sys, {modules}; print('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
