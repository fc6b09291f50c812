"""Senders as processes: two at once, and one killed at any statement or hand-over. What arrived stands in a file."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.alerts.people.subscriptions import Channel
from monitor.alerts.send.deliver import Sender, deliver
from monitor.alerts.send.outbox import counts
from monitor.alerts.send.outcome import Outcome, Sent
from monitor.alerts.send.queue import LEASE
from monitor.alerts.text.compose import Letterhead
from monitor.alerts.text.message import Message
from tests.support.outbox import Clocks, enter, event, queue, subscribers, tell

PEOPLE, POINTS = 12, 100


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an opened slot and other news for everybody."""
    folder = tmp_path_factory.mktemp("outbox")
    with subscribers(folder) as (db, people):
        enter(people, PEOPLE, attach=False)
        tell(db, [event(1, "slots_open"), event(2)])
    return folder


def forked(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, the child says so and ends
        os._exit(1)
    raise AssertionError


def drain(folder: Path, mailbox: Path, clocks: Clocks, step: Callable[[], None] = lambda: None) -> None:
    """As `vigie run` does, handing over by appending a line to `mailbox`. step: called at every point of interest."""
    file = os.open(mailbox, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def send(channel: Channel, address: str, message: Message) -> Outcome:
        step()
        os.write(file, f"{address} {message.headers['X-Vigie-Reference']}\n".encode())
        step()
        return Sent()

    with subscribers(folder) as (db, people):
        db.set_trace_callback(lambda statement: step())
        deliver(queue(db, people, clocks), Sender(send=send, head=Letterhead(), attach=lambda scope, seq: ()))


def arrived(mailbox: Path) -> Counter[tuple[str, str]]:
    lines = mailbox.read_text().splitlines() if mailbox.exists() else []
    return Counter((address, reference) for address, reference in (line.split() for line in lines))


def everything() -> set[tuple[str, str]]:
    return {
        (f"p{n}@exemple.test", one.key) for n in range(PEOPLE) for one in (event(1, "slots_open"), event(2))
    }  # fmt: skip


def killed_at(number: int) -> Callable[[], None]:
    """A step that kills this process when it is taken for the `number`th time, by whichever thread."""
    lock, left = threading.Lock(), iter(range(number))

    def step() -> None:
        with lock:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

    return step


def killed_drain(ready: Path, place: Path, point: int) -> tuple[Path, Path]:
    """Folder and mailbox of a drain that was killed at a point, or before it: on a busy machine senders lease more at
    a time, and a whole drain has fewer points."""
    while True:
        folder, mailbox = shutil.copytree(ready, place), place.with_suffix(".txt")
        _pid, status = os.waitpid(forked(lambda: drain(folder, mailbox, Clocks(), killed_at(point))), 0)  # noqa: B023
        if os.WIFSIGNALED(status):
            return folder, mailbox
        assert status == 0
        shutil.rmtree(folder)
        mailbox.unlink()
        point -= max(1, point // 10)


def steps(ready: Path, tmp_path: Path) -> int:
    """How many points of interest a whole drain has."""
    taken: Iterator[int] = iter(range(10**9))
    folder = shutil.copytree(ready, tmp_path / "whole")
    drain(folder, tmp_path / "whole.txt", Clocks(), lambda: next(taken) and None)  # type: ignore[func-returns-value]
    assert set(arrived(tmp_path / "whole.txt")) == everything()
    return next(taken)


def test_killed_anywhere_nothing_is_lost_and_nothing_comes_more_than_twice(ready: Path, tmp_path: Path) -> None:
    last = steps(ready, tmp_path)
    chosen = random.Random(20261124).choices(range(last), k=POINTS)
    lost = doubled = 0
    for place, point in enumerate(chosen):
        folder, mailbox = killed_drain(ready, tmp_path / f"k{place}", point)
        before = arrived(mailbox)
        later = Clocks()
        later.forward(LEASE)
        drain(folder, mailbox, later)
        found = arrived(mailbox)
        assert max(before.values(), default=0) <= 1
        assert max(found.values()) <= 2, f"killed at {point}"
        lost += len(everything() - set(found))
        doubled += sum(count - 1 for count in found.values())
        with sqlite3.connect(folder / "vigie.db") as db:
            assert counts(db) == {"sent": 2 * PEOPLE}
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        shutil.rmtree(folder)
    print(f"killed {POINTS} times (of {last} points): lost {lost}, doubled {doubled} of {POINTS * 2 * PEOPLE}")
    assert lost == 0


def test_two_senders_share_an_outbox(ready: Path, tmp_path: Path) -> None:
    folder, mailbox = shutil.copytree(ready, tmp_path / "shared"), tmp_path / "mailbox"
    with subscribers(folder) as (db, people):
        enter(people, 60, first=PEOPLE, attach=False)
        tell(db, [event(n) for n in range(10, 14)])
        tell(db, [event(n, "slots_open") for n in range(20, 24)])
    children = [forked(lambda: drain(folder, mailbox, Clocks())) for _sender in range(2)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    found = arrived(mailbox)
    assert set(found.values()) == {1}
    assert len(found) == PEOPLE * (1 + 4 + 1) + 60 * (4 + 1)
    with sqlite3.connect(folder / "vigie.db") as db:
        assert set(counts(db)) == {"sent"}
