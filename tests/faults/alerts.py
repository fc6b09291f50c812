"""Faults between the outbox and the mailbox: every message is counted by recipient and identity where it arrived.

A message may come twice under one identity where its sender could not know; never a third time, and none is lost.
"""

from __future__ import annotations

import resource
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from monitor.alerts.send.outbox import put
from monitor.alerts.send.queue import LEASE, UNSURE_PAUSE
from monitor.store.beside import written
from monitor.store.schema import FILE
from tests.faults import Outcome
from tests.faults.mailbox import serving
from tests.faults.post import Post
from tests.faults.victim import forked, kill
from tests.support.outbox import NOBODY, Clocks, event, queue, subscribers, wishes

PEOPLE = [f"p{number}@exemple.test" for number in range(12)]
NEWS = (event(1, "slots_open"), event(2))
DAY = timedelta(days=1)


def _closed(folder: Path) -> Post:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return Post(probe.getsockname()[1], folder / "arrived")


@contextmanager
def _open(folder: Path) -> Iterator[Post]:
    folder.mkdir(exist_ok=True)
    post = _closed(folder)
    with serving(post.port, post.file):
        yield post


def _ready(data: Path, addresses: Sequence[str] = PEOPLE, clocks: Clocks | None = None) -> Path:
    """A folder with an opened slot and other news for everybody."""
    now = (clocks or Clocks()).now()
    with subscribers(data) as (db, people):
        for address in addresses:
            number = people.add(address, wishes(attach=False), now)
            people.confirm(number, "2026-11-24", now)
        with written(db):
            put(db, NEWS, now, NOBODY)
    return data


def _count(post: Post, planted: int, addresses: Sequence[str] = PEOPLE, *, twice: bool, wrong: int = 0) -> Outcome:
    """Against what had to arrive. wrong: what else is not as it has to be."""
    due = {(address, one.key) for address in addresses for one in NEWS}
    found = post.arrived()
    thrice = sum(count > 2 for count in found.values())
    return Outcome(
        planted=planted,
        lost=len(due - set(found)),
        duplicated=sum(found.values()) - len(found),
        corrupt=thrice + len(set(found) - due) + wrong,
        twice=twice,
    )


def _sum(outs: Sequence[Outcome]) -> Outcome:
    return Outcome(
        planted=sum(out.planted for out in outs),
        lost=sum(out.lost for out in outs),
        duplicated=sum(out.duplicated for out in outs),
        corrupt=sum(out.corrupt for out in outs),
        twice=outs[0].twice,
    )


def _unfinished(data: Path) -> int:
    """Rows neither sent nor settled otherwise, and whether the file is damaged."""
    with closing(sqlite3.connect(data / FILE)) as db:
        rows: int = db.execute("SELECT count(*) FROM outbox WHERE state != 'sent'").fetchone()[0]
        return rows + int(db.execute("PRAGMA integrity_check").fetchone() != ("ok",))


def _each(folder: Path, rounds: int, play: Callable[[Post, Path, int], Outcome]) -> Outcome:
    """Rounds with a copy of the ready folder each, and one server, which appends to the file they empty."""
    ready, outs = _ready(folder / "ready"), []
    with _open(folder / "post") as post:
        for number in range(rounds):
            post.file.write_text("", encoding="ascii")
            outs.append(play(post, shutil.copytree(ready, folder / f"data-{number}"), number))
            shutil.rmtree(folder / f"data-{number}")
    return _sum(outs)


def killed(folder: Path, rounds: int) -> Outcome:
    """kill -9 at random points from the first lease to the last settlement; the next sender comes when leases end."""
    chance, whole = Random(7), 0.0

    def play(post: Post, data: Path, number: int) -> Outcome:
        nonlocal whole
        if not whole:
            trial = _ready(folder / "trial", [f"trial-{one}" for one in PEOPLE])
            began = time.monotonic()
            forked(partial(post.drain, trial, Clocks())).numbers()
            whole = time.monotonic() - began
            post.file.write_text("", encoding="ascii")
        child = forked(partial(post.drain, data, Clocks()))
        time.sleep(chance.uniform(0, whole))
        kill(child)
        child.numbers()
        later = Clocks()
        later.forward(LEASE)
        post.drain(data, later)
        return _count(post, 1, twice=True, wrong=_unfinished(data))

    return _each(folder, rounds, play)


def two_senders(folder: Path, rounds: int) -> Outcome:
    """Two processes drain one outbox at the same time."""

    def play(post: Post, data: Path, number: int) -> Outcome:
        for child in [forked(partial(post.drain, data, Clocks())) for _sender in range(2)]:
            child.numbers()
        return _count(post, 1, twice=False, wrong=_unfinished(data))

    return _each(folder, rounds, play)


def down(folder: Path, rounds: int) -> Outcome:
    """Nobody listens for a day, in which a sender comes every ten minutes; then somebody does."""
    outs = []
    for number in range(rounds):
        (folder / str(number)).mkdir()
        post, data, clocks = _closed(folder / str(number)), _ready(folder / f"data-{number}"), Clocks()
        post.drained(data, clocks, DAY)
        early = len(post.arrived())
        with serving(post.port, post.file):
            post.drained(data, clocks, timedelta(hours=2))
            outs.append(_count(post, 1, twice=False, wrong=early + _unfinished(data)))
    return _sum(outs)


def hangs(folder: Path, rounds: int) -> Outcome:
    """Two recipients of whom the server says nothing, two whose message it takes in silence: nobody else waits."""
    addresses = [*PEOPLE, *(f"{word}{n}@exemple.test" for word in ("mute", "deaf") for n in range(2))]
    outs = []
    for number in range(rounds):
        data, clocks = _ready(folder / f"data-{number}", addresses), Clocks()
        with _open(folder / str(number)) as post:
            post.drain(data, clocks, timeout=1.0)
            at_once = post.arrived()
            waited = sum(at_once[address, one.key] == 0 for address in PEOPLE for one in NEWS)
            post.drained(data, clocks, 2 * UNSURE_PAUSE, timeout=1.0)
            outs.append(_count(post, 4, addresses, twice=True, wrong=waited + _unfinished(data)))
    return _sum(outs)


def refused(folder: Path, rounds: int) -> Outcome:
    """Addresses that do not exist: suspended at the first answer, never written to again, and the operator is told."""
    absent = [f"absent{n}@exemple.test" for n in range(3)]
    outs = []
    for number in range(rounds):
        data, clocks = _ready(folder / f"data-{number}", [*absent, *PEOPLE]), Clocks()
        with _open(folder / str(number)) as post:
            post.drained(data, clocks, timedelta(hours=3))
            with closing(sqlite3.connect(data / FILE)) as db:
                (suspended,) = db.execute("SELECT count(*) FROM subscriber WHERE state = 'suspended'").fetchone()
                (told,) = db.execute("SELECT count(*) FROM event WHERE kind = 'address_suspended'").fetchone()
                (due,) = db.execute("SELECT count(*) FROM outbox WHERE state = 'due'").fetchone()
            wrong = abs(suspended - len(absent)) + abs(told - len(absent)) + due
            outs.append(_count(post, len(absent), twice=False, wrong=wrong))
    return _sum(outs)


def full(folder: Path, rounds: int) -> Outcome:
    """Mailboxes that are full twice: nobody is suspended, and the message comes once there is room."""
    packed = [f"full{n}@exemple.test" for n in range(3)]
    outs = []
    for number in range(rounds):
        data, clocks = _ready(folder / f"data-{number}", [*packed, *PEOPLE]), Clocks()
        with _open(folder / str(number)) as post:
            post.drained(data, clocks, timedelta(hours=3))
            outs.append(_count(post, len(packed), [*packed, *PEOPLE], twice=False, wrong=_unfinished(data)))
    return _sum(outs)


def disk_full(folder: Path, rounds: int) -> Outcome:
    """No file of the sender may grow beyond a random size; then there is room, and the leases have ended."""
    chance = Random(8)

    def play(post: Post, data: Path, number: int) -> Outcome:
        room = chance.randrange(4096, 160_000)
        forked(partial(_cramped, post, data, room)).numbers()
        planted = _unfinished(data) > 0
        later = Clocks()
        later.forward(LEASE)
        post.drain(data, later)
        return _count(post, int(planted), twice=True, wrong=_unfinished(data))

    return _each(folder, rounds, play)


def _cramped(post: Post, data: Path, room: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    post.drain(data, Clocks())


def clock_back(folder: Path, rounds: int) -> Outcome:
    """The wall clock goes a day back: before the first sender, after a refusal, after a kill, and twice over."""
    outs = []
    for number in range(rounds):
        (folder / str(number)).mkdir()
        post, clocks = _closed(folder / str(number)), Clocks()
        data = _ready(folder / f"data-{number}", clocks=clocks)
        if number in (1, 3, 4):
            post.drain(data, clocks)  # nobody listens: all is put off
        clocks.wall -= DAY
        if number in (2, 4):
            with subscribers(data) as (db, people):
                queue(db, people, clocks).lease("email", 100)  # a sender that dies here
            clocks.ns += LEASE // timedelta(microseconds=1) * 1000
        if number == 3:
            post.drain(data, clocks)
            clocks.wall -= DAY
        with serving(post.port, post.file):
            post.drained(data, clocks, timedelta(minutes=30))
            outs.append(_count(post, 1, twice=False, wrong=_unfinished(data)))
    return _sum(outs)
