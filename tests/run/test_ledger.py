"""A sweep's ledger over a real store: which bytes are kept, what they lean on, and when a sender is woken."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from monitor.core.record import digest
from monitor.run.ledger import StoreLedger
from monitor.store.rows import instant
from monitor.store.store import Store
from tests.support.records import NOON, opened, record

PAGE = b"".join(b"<p>ligne %d : %s</p>\n" % (i, Random(i).randbytes(12).hex().encode()) for i in range(800))
Body = tuple[int, str, bytes]


@dataclass
class Newsroom:
    """Finds news of what it is told to, and remembers what had become of the store when the sender was woken."""

    urgent: Callable[[Mapping[str, Any]], bool]
    noted: list[int] = field(default_factory=list)
    woken: list[tuple[int, int]] = field(default_factory=list)
    store: Store | None = None

    def note(self, db: sqlite3.Connection, told: Mapping[str, Any]) -> bool:
        assert db.in_transaction
        self.noted.append(told["seq"])
        return self.urgent(told)

    def hand_over(self) -> None:
        assert self.store is not None
        (covered,) = self.store.one("SELECT max(seq) FROM barrier", ()) or (None,)
        self.woken.append((self.store.records.size(), -1 if covered is None else covered))


@contextmanager
def ledger(folder: Path, newsroom: Newsroom | None = None) -> Iterator[tuple[StoreLedger, Store, int]]:
    with opened(folder) as store:
        if newsroom is not None:
            newsroom.store = store
        kept = StoreLedger(store, newsroom)  # type: ignore[arg-type]
        yield kept, store, kept.begin_sweep(NOON, {"due": ["95/renewal"]})


def append(to: StoreLedger, sweep: int, *bodies: Body, detail: str | None = None, **more: Any) -> dict[str, Any]:
    """Keep a record that names these bodies."""
    last = max((i for i, _part, _data in bodies), default=-1)
    exchanges = [{f"{part}_sha256": digest(data) for j, part, data in bodies if j == i} for i in range(last + 1)]
    one = record(to.next_seq(), sweep=sweep, exchanges=exchanges, **more)
    to.append(one, detail=detail, bodies=iter(bodies))
    return one


def test_a_sweep_is_begun_numbered_and_ended_as_it_is_told(tmp_path: Path) -> None:
    with ledger(tmp_path) as (kept, store, sweep):
        assert (sweep, kept.next_seq()) == (1, 0)
        append(kept, sweep, detail="timeout", reading="Unreached", at=NOON)
        assert kept.next_seq() == 1
        kept.end_sweep(sweep, NOON + timedelta(minutes=3), {"done": 1})
        (found,) = store.records.sweeps()
        assert (found.started, found.plan) == (NOON, {"due": ["95/renewal"]})
        assert (found.finished, found.report) == (NOON + timedelta(minutes=3), {"done": 1})
        (row,) = store.records.rows()
        assert (row.subject, row.reading, row.detail) == ("95/renewal", "Unreached", "timeout")
        ended = int((NOON + timedelta(minutes=3)).timestamp() * 10**6)
        assert store.one("SELECT seq, at FROM barrier", ()) == (0, ended), "the end of a sweep is proof against power"
        kept.barrier(NOON + timedelta(minutes=4))
        assert store.one("SELECT count(*) FROM barrier", ()) == (1,), "nothing is new"


def parts(store: Store, seq: int) -> list[bytes]:
    """What is kept of an observation."""
    store.barrier(NOON)
    return [*(store.blobs.parts(seq) or ())]


def test_beside_a_small_difference_from_the_last_look_compressed_bytes_are_not_kept(tmp_path: Path) -> None:
    first, second = PAGE + b"token 1", PAGE + b"token 2"
    packed = [gzip.compress(page, mtime=0) for page in (first, second)]
    with ledger(tmp_path) as (kept, store, sweep):
        append(kept, sweep, (0, "sent", b"GET /robots.txt"), (1, "wire_body", packed[0]), (1, "decoded_body", first))
        assert set(parts(store, 0)) == {b"GET /robots.txt", packed[0], first}, "beside a whole page they are kept"
        assert store.blobs.get(digest(packed[0]), 0) == packed[0]
    with ledger(tmp_path) as (kept, store, sweep):
        append(kept, sweep, (0, "sent", b"GET /"), (1, "wire_body", packed[1]), (1, "decoded_body", second))
        assert set(parts(store, 1)) == {b"GET /", second}
        assert store.records.damages() == []


def test_another_check_lends_nothing(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE + b"token 2", mtime=0)
    with ledger(tmp_path) as (kept, _store, sweep):
        append(kept, sweep, (0, "decoded_body", PAGE + b"token 1"))
    with ledger(tmp_path) as (kept, store, sweep):
        said = (0, "wire_body", packed), (0, "decoded_body", PAGE + b"token 2")
        append(kept, sweep, *said, check="95/other")
        assert packed in parts(store, 1)


def test_a_record_and_its_news_stand_or_fall_together(tmp_path: Path) -> None:
    def burst(told: Mapping[str, Any]) -> bool:
        raise ZeroDivisionError

    newsroom = Newsroom(burst)
    with ledger(tmp_path, newsroom) as (kept, store, sweep):
        append(kept, sweep, (0, "head", b"HTTP/1.1 200 OK"))
        with pytest.raises(ZeroDivisionError):
            kept.barrier(NOON)
        assert (store.records.size(), newsroom.woken) == (0, [])
        newsroom.urgent = lambda told: False
        kept.barrier(NOON)
        assert (newsroom.noted, store.records.size()) == ([0, 0], 1)


def test_the_sender_is_woken_for_what_is_urgent_alone_once_it_is_proof_against_loss_of_power(tmp_path: Path) -> None:
    newsroom = Newsroom(lambda told: told["reading"] == "SlotsOpen")
    with ledger(tmp_path, newsroom) as (kept, store, sweep):
        append(kept, sweep)
        assert (newsroom.woken, store.one("SELECT count(*) FROM barrier", ())) == ([], (0,))
        opened_slot = append(kept, sweep, reading="SlotsOpen")
        assert newsroom.woken == [(2, 1)]
        (at,) = store.one("SELECT at FROM barrier", ()) or (None,)
        assert instant(at) == datetime.fromisoformat(opened_slot["finished"])
        append(kept, sweep)
        kept.barrier(NOON)
        assert (newsroom.noted, newsroom.woken) == ([0, 1, 2], [(2, 1)])
