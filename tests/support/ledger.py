"""An evidence folder and exports of it, made with the real parts: store lines, seal, authorities, log."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.core.record import canonical, digest, instant
from monitor.evidence.exported.names import CAPTURES, FIGURES, RECORDS, SHOTS, SIGNED
from monitor.evidence.exported.proof import Extract, proof_files
from monitor.evidence.exported.signed import signature
from monitor.evidence.folder import SealedSweep, SweepFolders
from monitor.evidence.key import LogSigner
from monitor.evidence.plan import PlannedCheck
from monitor.evidence.seal import Evidence, SweepToSeal
from monitor.evidence.stamps.stamping import BACKLOG, StampAuthority, stamp
from monitor.evidence.sums import SUMS, Stamp, StampFailure, check_id, render_sums
from monitor.evidence.tree import TreeFiles
from monitor.report.export.dossier import ReleveContent
from monitor.report.export.figures import csv_of, figures
from monitor.report.export.folder import collected, write
from monitor.report.observed import Observed, observed
from tests.support.authority import Tsa

CHECKS = ("33/titres", "95/naturalisation", "95/titres")
FORMAT_1 = Path(__file__).parents[1] / "fixtures" / "format-1"
URL = "https://www.val-doise.gouv.fr/booking/create/11343"
START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


@dataclass
class Lines:
    """The store's lines, as a list."""

    all: list[bytes] = field(default_factory=list)

    def lines(self, first: int) -> Sequence[bytes]:
        return self.all[first:]


@dataclass
class AuthorityInProcess:
    """A Tsa asked without a network, at the time its clock shows. down: answers nothing."""

    tsa: Tsa
    name: str
    down: bool = False
    every: timedelta = timedelta()
    late: int = BACKLOG

    @property
    def roots(self) -> bytes:
        return self.tsa.root.pem

    @property
    def crls(self) -> bytes:
        return b""

    @property
    def untrusted(self) -> bytes:
        return b""

    async def stamp(self, data: bytes, known: bytes = b"") -> Stamp | StampFailure:
        clock = self.tsa.clock or (lambda: datetime.now(UTC))
        now = clock()
        if self.down:
            return StampFailure(authority=self.name, trouble="down", detail="ConnectError", at=now)
        reply = self.tsa.craft(hashlib.sha256(data).digest(), None, now)
        return Stamp(
            authority=self.name, query=b"query", reply=reply, gen_time=now, sent=now, received=now,
            clock_error_ms=(-2000, 1000),
        )  # fmt: skip


@dataclass
class Hand:
    """A clock that shows what it is set to: a ledger sets that of its authorities half a minute past each sweep."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


def two_authorities(folder: Path) -> list[AuthorityInProcess]:
    """Alpha and beta, of 2026, telling the time of one clock."""
    hand = Hand()
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    made = [Tsa(folder / name, name, since=since, until=until, clock=hand) for name in ("alpha", "beta")]
    return [AuthorityInProcess(tsa, tsa.name) for tsa in made]


def page(seq: int) -> bytes:
    """What a site answered: no two are one bit apart."""
    token = digest(b"%d" % seq)[:16]
    return f"<p id=x>Il n'existe plus de plage horaire libre pour votre demande. Réf. È{token}…</p>".encode()


def record(seq: int, sweep: int, check: str, *, at: datetime, **more: Any) -> bytes:
    """The line of a check made at an instant, with what a relevé reads of it."""
    return canonical(
        {
            "v": 1,
            "seq": seq,
            "sweep": sweep,
            "id": f"{seq:016x}",
            "check": check,
            "look": "desk",
            "prefecture": check.partition("/")[0],
            "label": "Première demande ; « salarié »",
            "platform": "ez_booking",
            "url": URL,
            "time_zone": "Europe/Paris",
            "started": instant(at),
            "finished": instant(at + timedelta(milliseconds=311)),
            "program": {"version": "0.1.0"},
            "steps": [{"open": URL}],
            "exchanges": [{"url": URL, "status": 200, "decoded_body_sha256": digest(page(seq))}],
            "reading": "NoSlot",
            "seen": 'Il n\'existe plus de plage horaire libre ‡ "ici"',
            "selector": "form",
            **more,
        }
    )


def shot(seq: int, check: str, **more: Any) -> bytes:
    """The line of an observation's picture."""
    told = {
        "v": 1, "seq": seq, "check": check, "id": f"{seq:016x}", "why": "opening", "how": "rendered", "url": URL,
        "page_sha256": digest(page(seq)), "time_zone": "Europe/Paris", "scrolled_to": None, "browser": "Chromium 140",
        "png_sha256": digest(picture(seq)), "width": 8, "height": 8, "resources": [], "missing": [],
        "made": instant(START),
    }  # fmt: skip
    return canonical(told | more)


def picture(seq: int) -> bytes:
    """What was drawn of that page."""
    return b"\x89PNG\r\n\x1a\n%d" % seq


@dataclass
class Ledger:
    """An evidence folder that grows one sweep at a time."""

    root: Path
    authorities: Sequence[StampAuthority] = ()
    checks: Sequence[str] = CHECKS
    records: Lines = field(default_factory=Lines)
    number: int = 0

    def __post_init__(self) -> None:
        self.sweeps = SweepFolders(self.root / "evidence")
        self.tree = TreeFiles(self.root / "evidence" / "log")

    @property
    def signer(self) -> LogSigner:
        return LogSigner(self.root / "keys")

    def seal(self, sweep: SweepToSeal) -> SealedSweep:
        """As a run does, which opens the log anew."""
        return Evidence(self.root, self.authorities).seal_one(sweep, self.records.lines)

    def anchor(self) -> bytes:
        return Evidence(self.root).anchor()

    def observe(
        self, number: int, checks: Sequence[str] | None = None, at: datetime | None = None, **more: Any
    ) -> list[PlannedCheck]:
        """Record the checks of a sweep, a second apart unless all at one instant."""
        planned, anchor = [], self.anchor()
        for i, check in enumerate(self.checks if checks is None else checks):
            seq = len(self.records.all)
            began = at or self.began(number) + timedelta(seconds=i)
            told = {"id": check_id(anchor, number, check)} | more
            self.records.all.append(record(seq, number, check, at=began, **told))
            planned.append(PlannedCheck(check=check, seq=seq))
        return planned

    def began(self, number: int) -> datetime:
        """When a sweep began: a quarter of an hour after the one before."""
        return START + timedelta(minutes=15 * number)

    def sweep(self, *, pictured: bool = False, simulated: bool = False, **more: Any) -> SealedSweep:
        """Observe, seal, stamp. pictured: the first check of the scope `95/` has its picture."""
        self.number += 1
        planned = self.observe(self.number, **({"simulated": True} if simulated else dict[str, Any]()))
        started = self.began(self.number)
        skipped = PlannedCheck(check="75/titres", why="host")
        drawn = next((one for one in planned if one.check.startswith("95/")), None)
        shots = [shot(drawn.seq, drawn.check)] if pictured and drawn and drawn.seq is not None else []
        facts: dict[str, Any] = {"env": {"os": "Debian"}, "shots": shots} | more
        self.seal(
            SweepToSeal(
                number=self.number, started=started, finished=started + timedelta(minutes=4),
                checks=[*planned, skipped], **facts,
            )
        )  # fmt: skip
        self.stamp()
        sealed = self.sweeps.latest()
        assert sealed is not None
        return sealed

    def stamp(self) -> list[Stamp | StampFailure]:
        latest = self.sweeps.latest()
        for one in self.authorities:
            hand = one.tsa.clock if isinstance(one, AuthorityInProcess) else getattr(one, "clock", None)
            if latest and isinstance(hand, Hand):
                hand.now = max(hand.now, self.began(latest.number) + timedelta(minutes=4, seconds=30))
        return asyncio.run(stamp(self.sweeps, self.authorities))

    def export(
        self, out: Path, scope: Sequence[str] = ("95/",), first: int = 1, last: int | None = None, node: Any = None
    ) -> Path:
        """A whole export of the sweeps from `first` to `last`, with the page and the picture of its first record."""
        numbers = range(first, (self.number if last is None else last) + 1)
        sealed = self.sweeps.sealed()
        sweeps = [s for s in sealed if s.number in numbers]
        before = next((s for s in sealed if s.number == first - 1), None)
        extract = Extract(sweeps=sweeps, before=before, scope=scope, node=node or self.tree.node)
        made = self.began(self.number + 1)
        contents = collected(proof_files(extract, self.sweeps.trusted()))
        seen = [observed(line) for line in contents.get(RECORDS, b"").splitlines()]
        dossier = ReleveContent(
            office="Préfecture d'essai", site=URL, zone=ZoneInfo("Europe/Paris"), seen=seen, damaged=[], plans=[],
            made=made,
        )  # fmt: skip
        contents |= _captures(seen, contents.get(SHOTS, b""))
        contents |= {"observations.csv": csv_of(dossier), FIGURES: figures(dossier)}
        for name in ("verify.sh", "verifier.html", "LISEZ-MOI.txt"):
            contents[name] = (files("monitor") / "data" / name).read_bytes()
        write(out, contents.items(), signature(self.root / "keys", sweeps[-1], made=made))
        return out


def _captures(seen: Sequence[Observed], shots: bytes) -> dict[str, bytes]:
    """The page of the first record, and each picture."""
    folders = {one.seq: f"{CAPTURES}/{one.started:%F}/{one.subject.replace('/', '-')}" for one in seen}
    out = {f"{folders[one.seq]}/{digest(page(one.seq))}.html": page(one.seq) for one in seen[:1]}
    drawn = [json.loads(line)["shot"]["seq"] for line in shots.splitlines()]
    return out | {f"{folders[seq]}/{digest(picture(seq))}.png": picture(seq) for seq in drawn if seq in folders}


def continued(data: Path, authorities: Sequence[StampAuthority] = ()) -> Ledger:
    """A copy of the data folder of format 1 at `data`, to which sweeps of today's format are added."""
    shutil.copytree(FORMAT_1 / "data", data)
    old = Ledger(data, authorities)
    for one in old.sweeps.sealed():
        old.records.all += one.read(RECORDS).splitlines()
        old.number = one.number
    return old


def refresh(export: Path, ledger: Ledger) -> None:
    """Make the sums and their signature again, as an opponent who holds the key would."""
    reseal(export)
    last = ledger.sweeps.latest()
    assert last is not None
    note = signature(ledger.root / "keys", last, made=ledger.began(ledger.number + 1))((export / SUMS).read_bytes())
    assert note is not None
    (export / SIGNED).write_bytes(note)


def reseal(export: Path) -> None:
    """Make the list of sums again, as an opponent who changed something would."""
    names = sorted(p.relative_to(export).as_posix() for p in export.rglob("*") if p.is_file())
    digests = {n: digest((export / n).read_bytes()) for n in names if n not in (SUMS, SIGNED)}
    (export / SUMS).write_bytes(render_sums(digests))


def reseal_sweep(folder: Path) -> None:
    """Make the sums of one sweep again (its stamps then no longer hold)."""
    names = sorted(p.name for p in folder.iterdir() if not p.name.startswith(SUMS))
    digests = {n: digest((folder / n).read_bytes()) for n in names}
    old = (folder / SUMS).read_bytes().decode()
    for line in old.splitlines():
        digests.setdefault(line[66:], line[:64])  # records.jsonl, given by selection
    (folder / SUMS).write_bytes(render_sums(digests))


def hours(start: datetime = START) -> Callable[[], datetime]:
    """A clock that moves on by five minutes at each look."""
    state = {"now": start}

    def clock() -> datetime:
        state["now"] += timedelta(minutes=5)
        return state["now"]

    return clock
