"""Years of history: a data folder filled through the store's own tables, and what each command costs on it.

`python -m bench.history [N ...]` fills a folder to each number of observations (10 k, 1 M and 10 M by default),
measures there, and keeps the rows in `bench/results.json`. `make FOLDER N` and `measure FOLDER` do each alone.

A sweep looks at 366 checks every twenty minutes: all that is declared, and made-up desks. Each line is a record as a
sweep writes it. What no command reads of an old sweep is left out: pages, and of its seal all but the records and the
checkpoint; the last sweep is sealed by the program itself.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.measure import ROOT, cost, rounded
from bench.year import without_syncs
from monitor.catalogue.catalogue import load
from monitor.core.readings import (
    Closed,
    NoSlot,
    NotFound,
    Obstructed,
    Reading,
    Seen,
    SlotsOpen,
    Unreached,
    detail_of,
)
from monitor.core.record import Looked, Subject, canonical, digest, instant, observation
from monitor.evidence.checkpoint import Checkpoint, SealedDigest
from monitor.evidence.folder import RECORDS
from monitor.evidence.key import LogSigner
from monitor.evidence.merkle import leaf_hash
from monitor.evidence.seal import CHECKPOINT, KEYS, SWEEP, Evidence
from monitor.evidence.sums import SUMS
from monitor.evidence.tree import TreeFiles
from monitor.read.notices.facts import PublishedFacts
from monitor.run.choose import looks_of, national_looks
from monitor.store.files import hold
from monitor.store.forward import bring_forward
from monitor.store.log.segment import packed
from monitor.store.rows import micros
from monitor.store.sealed import EVIDENCE, LOG
from monitor.store.store import Store, reading
from monitor.store.written import journal

RESULTS: Final = ROOT / "bench" / "results.json"
SIZES: Final = (10_000, 1_000_000, 10_000_000)
CHECKS, EVERY = 366, timedelta(minutes=20)
ROUNDS: Final = 5
AT_ONCE: Final = 50  # sweeps a transaction
SEQ, SWEEP_NO, MONO, STARTED = 999_999_999_991, 999_999_999_992, 999_999_999_993, "2000-01-01T00:00:00.000000Z"
_NO_SLOT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer."
COMMANDS: Final[Mapping[str, Sequence[str]]] = {
    "no-op tick": ("run",),
    "status": ("status", "95"),
    "table": ("table",),
    "stats": ("stats",),
    "stats --recent": ("stats", "--recent"),
    "history": ("history", "95"),
    "health": ("health",),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One subject, and what it says in turn: class, detail, the record's line with marks in the place of numbers."""

    key: str
    says: tuple[tuple[str, str | None, bytes], ...]
    weights: tuple[int, ...]

    def line(self, which: int, seq: int, sweep: int, at: datetime) -> bytes:
        """The line of one observation."""
        told = (str(SEQ), str(seq)), (str(SWEEP_NO), str(sweep)), (str(MONO), str(seq * 10**9)), (STARTED, instant(at))
        line = self.says[which][2]
        for mark, value in told:
            line = line.replace(mark.encode(), value.encode())
        return line


def spoken() -> list[Spoken]:
    """366 subjects: what is declared first, then made-up desks."""
    declared = load("prefectures")
    looks = [*looks_of(declared, (), (), {}), *national_looks(declared, (), ())]
    return _filled([look.subject for look in looks], CHECKS)


def spoken_desks(desks: int) -> list[Spoken]:
    """So many desks, those declared first."""
    looks = looks_of(load("prefectures"), (), (), {})
    return _filled([look.subject for look in looks if look.subject.look == "desk"], desks)


def _filled(subjects: list[Subject], checks: int) -> list[Spoken]:
    for n in range(checks - len(subjects)):
        subjects.append(
            Subject(
                key=f"{n % 90 + 1:02d}/guichet-{n}", look="desk", prefecture=f"{n % 90 + 1:02d}", procedure="renewal",
                label=f"Guichet {n}", platform="ez_booking", url=f"https://www.prefecture.gouv.fr/booking/create/{n}",
                time_zone="Europe/Paris",
            )
        )  # fmt: skip
    return [_spoken(subject, n) for n, subject in enumerate(subjects)]


def _spoken(subject: Subject, n: int) -> Spoken:
    readings, weights = _repertoire(subject, n)
    said = tuple((type(one).__name__, detail_of(one), _template(subject, one)) for one in readings)
    return Spoken(subject.key, said, weights)


def _repertoire(subject: Subject, n: int) -> tuple[tuple[Reading, ...], tuple[int, ...]]:
    """A notice is read, a desk in three says nothing but that it stands behind a captcha, the others answer."""
    late = Unreached(cause="timeout")
    if subject.look == "notice":
        facts = PublishedFacts(url=subject.url, official_host=True).to_json()
        return (NotFound(pages_examined=(subject.url,), facts=facts), late), (95, 5)
    if n % 3 == 0:
        return (Obstructed(obstacle="captcha", seen=Seen("Captcha", "#captcha")), late), (90, 10)
    open_ = SlotsOpen(seen=Seen("Mardi 9 h 30", ".slot"), first_day=date(2027, 6, 2))
    none = NoSlot(seen=Seen(_NO_SLOT, "#inner_Booking"))
    return (none, open_, Closed(seen=Seen("Fermé", "#closed")), late), (960, 2, 8, 30)


def _template(subject: Subject, reading: Reading) -> bytes:
    at = datetime.fromisoformat(STARTED)
    looked = Looked(reading=reading, started=at, finished=at, started_mono_ns=MONO, finished_mono_ns=MONO)
    record: dict[str, Any] = dict(
        observation(subject, looked, seq=SEQ, sweep=SWEEP_NO, check_id="0" * 32, program="0.0.0", boot_id="0" * 32)
    )
    record["exchanges"] = [{
        "method": "GET", "url": subject.url, "started": STARTED, "finished": STARTED, "status": 200,
        "mono_start_ns": MONO, "mono_end_ns": MONO, "version": "HTTP/1.1", "peer": "192.0.2.7:443",
        "local": "192.0.2.1:51234", "dns": {"addresses": ["192.0.2.7"], "ttl": 300, "server": "192.0.2.53"},
        "head_sha256": "1" * 64, "head_bytes": 300, "decoded_body_sha256": "2" * 64, "decoded_body_bytes": 20_000,
        "tls": {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "leaf_sha256": "3" * 64},
    }]  # fmt: skip
    return canonical(record)


class Filler:
    """Fills one open store, sweep after sweep, and the log beside it. end: start of the last sweep, aware UTC."""

    def __init__(self, store: Store, data: Path, sweeps: int, end: datetime, subjects: Sequence[Spoken]) -> None:
        self._store, self._data, self._sweeps = store, data, sweeps
        self._began = end - (sweeps - 1) * EVERY
        self._spoken, self._chance, self._checks = subjects, random.Random(1), len(subjects)
        self._plan = canonical({"due": [one.key for one in self._spoken], "skipped": []})
        self._run: dict[int, tuple[int, int]] = {}
        self._leaves: list[bytes] = []

    def fill(self) -> None:
        """All sweeps; the last is left to the seal of the program."""
        tree, size, done = TreeFiles(self._data / EVIDENCE / LOG), 0, 0
        with self._store.transaction() as tx:
            tx.db.executemany("INSERT INTO subject (key) VALUES (?)", ((one.key,) for one in self._spoken))
        while done < self._sweeps:
            upto = min(done + AT_ONCE, self._sweeps)
            with self._store.transaction() as tx:
                for number in range(done + 1, upto + 1):
                    self._sweep(tx.db, number)
            leaves = self._leaves if upto < self._sweeps else self._leaves[: -self._checks]
            size, root = size + len(leaves), tree.extend(size, leaves).root()
            self._leaves, done = [], upto
        self._signed(self._sweeps - 1, size, root)
        self._store.barrier(self._began + self._sweeps * EVERY)

    def _at(self, number: int) -> datetime:
        return self._began + (number - 1) * EVERY

    def _sweep(self, db: sqlite3.Connection, number: int) -> None:
        at, first = self._at(number), (number - 1) * self._checks
        db.execute("INSERT INTO sweep VALUES (?, ?, ?, ?)", (number, micros(at), first, self._plan))
        query, lines = "INSERT INTO observation VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list[bytes]()
        db.executemany(query, (self._row(number, first + n, n, at, lines) for n in range(self._checks)))
        self._leaves += map(leaf_hash, lines)
        self._written(number, lines)
        ended = at + timedelta(minutes=4)
        db.execute("INSERT INTO sweep_end VALUES (?, ?, ?)", (number, micros(ended), _REPORT))

    def _row(self, number: int, seq: int, n: int, began: datetime, lines: list[bytes]) -> tuple[Any, ...]:
        one, at = self._spoken[n], began + timedelta(milliseconds=600 * n)
        (which,) = self._chance.choices(range(len(one.says)), one.weights)
        lines.append(one.line(which, seq, number, at))
        last, since = self._run.get(n, (-1, seq))
        self._run[n] = which, since if which == last else seq
        return seq, n + 1, number, micros(at), *one.says[which][:2], 0, self._run[n][1]

    def _written(self, number: int, lines: list[bytes]) -> None:
        """The lines, and where the log then ends; those of the last sweep are in its journal."""
        if number == self._sweeps:
            journal.write(self._data, number, lines)
            return
        folder = self._folder(number)
        folder.mkdir(parents=True)
        (folder / f"{RECORDS}.zst").write_bytes(packed(b"".join(line + b"\n" for line in lines)))
        (folder / CHECKPOINT).write_bytes(b"made up\n%d\n" % (number * self._checks))

    def _folder(self, number: int) -> Path:
        return self._data / EVIDENCE / "sweeps" / f"{self._at(number):%Y/%m/%d}" / f"{number:09d}"

    def _signed(self, number: int, size: int, root: bytes) -> None:
        """The end of the log as the last seal finds it: one checkpoint that holds, and what the next sweep encloses."""
        if not number:
            return
        signer, folder = LogSigner(self._data / KEYS), self._folder(number)
        told = canonical({"started": instant(self._at(number)), "finished": instant(self._at(number))})
        sealed = SealedDigest(number, digest(told))
        head = Checkpoint(origin=signer.key.name, size=size, root=root, next_key=signer.next_key, sweep=sealed)
        for name, data in {SWEEP: told, SUMS: b"", CHECKPOINT: signer.sign(head.text)}.items():
            (folder / name).write_bytes(data)


_REPORT: Final = canonical({"skipped": [], "online": {"dns": True, "http": True}})


def make(data: Path, observations: int, end: datetime, subjects: Sequence[Spoken] = ()) -> None:
    """A data folder of about that many observations. end: start of its last sweep, aware UTC.

    subjects: those that each sweep looks at; by default `spoken`.
    """
    subjects = subjects or spoken()
    with without_syncs(), hold(data) as lock, Store(lock, at=end) as store:
        with store.transaction() as tx:
            made = tx.db.execute("SELECT sql FROM sqlite_master WHERE name = 'observation_next'").fetchone()[0]
            tx.db.execute("DROP TRIGGER observation_next")  # a look-up a row, over numbers made without a gap
        Filler(store, data, max(observations // len(subjects), 2), end, subjects).fill()
        with store.transaction() as tx:
            tx.db.execute(made)
        Evidence(data).seal(store.records, end + EVERY)
        store.let_go()
        with store.transaction() as tx:
            while bring_forward(tx.db, store.records, end + EVERY):
                pass


def freshen(data: Path) -> float:
    """One more sweep, of now, so that nothing is due. Returns the seconds of processor that counting what settled took.

    It is sealed and counted as `vigie run` does it.
    """
    now = datetime.now(UTC)
    with without_syncs(), hold(data) as lock, Store(lock, at=now) as store:
        number = store.begin_sweep(now, {"due": [one.key for one in spoken()], "skipped": []})
        for one in spoken():
            store.append(json.loads(one.line(0, store.next_seq(), number, now)), detail=one.says[0][1])
        store.end_sweep(number, now, json.loads(_REPORT))
        store.barrier(now)
        Evidence(data).seal(store.records, now)
        store.let_go()
        began = time.process_time()
        with store.transaction() as tx:
            bring_forward(tx.db, store.records, now)
        return time.process_time() - began


def measure(data: Path) -> dict[str, Any]:
    """Each command's seconds and memory, the median of some rounds; a sweep of now before, so that nothing is due."""
    settings = data.with_name(f"{data.name}.toml")
    settings.write_text("[timestamps]\npresets = []\n", "utf-8")
    out: dict[str, Any] = {"forward_cpu": freshen(data)}
    with reading(data) as opened:
        assert opened is not None
        out |= {"observations": opened[0].size(), "sweeps": next(opened[0].sweep_ends(1)).number}
    out["database_bytes"] = sum(path.stat().st_size for path in data.glob("vigie.db*"))
    for name, words in COMMANDS.items():
        asked = ["--config", str(settings), "--data", str(data), *words]
        costs = [cost([sys.executable, "-c", AS_VIGIE, *asked]) for _round in range(ROUNDS)]
        wrong = [one for one in costs if one.code not in (0, 3)]
        if wrong:
            raise RuntimeError(f"{name} ended with {wrong[0].code}: {wrong[0].err[-500:]}")
        out[name] = {"cpu": median(one.cpu for one in costs), "wall": median(one.wall for one in costs),
                     "peak_mb": median(one.peak_mb or 0.0 for one in costs)}  # fmt: skip
        print(f"{out['observations']:>10} {name:<16}" + "".join(f"{v:9.2f}" for v in out[name].values()), flush=True)
    return out


# What the kernel tells a parent of a child's memory may be the parent's own.
AS_VIGIE: Final = """
import json, os, sys
from monitor.cli import run
code = run(sys.argv[1:])
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
open(os.environ["BENCH_REPORT"], "w").write(json.dumps({"peak_kb": peak}))
sys.exit(code)
"""


def main() -> None:
    """See above."""
    words = sys.argv[1:]
    if words[:1] == ["make"]:
        make(Path(words[1]), int(words[2]), datetime.now(UTC))
    elif words[:1] == ["measure"]:
        kept(measure(Path(words[1])))
    else:
        for size in map(int, words or SIZES):
            with tempfile.TemporaryDirectory(prefix="vigie-history-") as name:
                make(Path(name) / "data", size, datetime.now(UTC))
                kept(measure(Path(name) / "data"))


def kept(row: dict[str, Any]) -> None:
    """Put a row into the results, in place of an older one of about as many observations."""
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    others = [one for one in results.get("history", ()) if not 0.5 < one["observations"] / row["observations"] < 2]
    results["history"] = rounded(sorted([*others, row], key=lambda one: one["observations"]))
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
