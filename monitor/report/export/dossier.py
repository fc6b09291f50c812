"""All that a relevé says, gathered from the store: what was asked for, which of it is sealed, what was due."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from gettext import gettext as _
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.core.errors import UsageError
from monitor.core.record import digest
from monitor.evidence.checkpoint import Checkpoint, CosignerKey, SignedNote, VerifierKey, cosigned_at
from monitor.evidence.key import public_key, verify_signature
from monitor.evidence.seal import CHECKPOINT, ENV, PREVIOUS, SWEEP
from monitor.evidence.stamps.tokens import StampToken, read_token
from monitor.evidence.sums import SUMS, parse_sums
from monitor.report.export.bounds import AttestedSpan, chained
from monitor.report.observed import Observed, observed
from monitor.report.summary import Plan
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.evidence.folder import SealedSweep
    from monitor.report.remarks import Remark, Unconfirmed
    from monitor.store.rows import Row, Sweep

Window = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class PrintedPicture:
    """A screenshot of an observation. facts: lines printed under its caption (how it was drawn, from which bytes)."""

    png: bytes
    facts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Pictures that are not printed. enclosed: in `captures/` only; lost: kept no more; failed: sequence, reason."""

    enclosed: int = 0
    lost: int = 0
    failed: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """A record declared damaged. found: aware UTC; what: `line` or `blob DIGEST`."""

    seq: int
    subject: str
    sweep: int
    found: datetime
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessedBy:
    """A witness, and what it cosigned. count: of checkpoints enclosed; sweep, at: of the last, its clock, aware UTC."""

    name: str
    count: int
    sweep: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How the observations are sealed. origin, key: name and key of the log; authorities: of its time-stamps.

    size, root: of the newest checkpoint enclosed, root in base64 as it stands there; head, closed: the sweep it was
    made after, and when that ended by our clock. published: who cosigned a checkpoint enclosed, as far as is recorded.
    environments: the conditions of capture as the sweeps recorded them, each once, oldest first.
    """

    sweeps: int
    origin: str
    key: str
    authorities: Sequence[str]
    size: int = 0
    root: str = ""
    head: int = 0
    closed: datetime | None = None
    published: Sequence[WitnessedBy] = ()
    environments: Sequence[Mapping[str, Any]] = ()

    @property
    def operators(self) -> Sequence[str]:
        """Who ran the monitor, as the sweeps recorded it: each name once."""
        told = (one.get("operator", {}).get("name", "") for one in self.environments)
        return list(dict.fromkeys(filter(None, told)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFacts:
    """What is known of a check beside its observations. procedure: what it is about, in French; anef: whether that is
    filed on the ANEF portal, by the dated table, in French; both empty where it is not known.
    """

    procedure: str = ""
    anef: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveContent:
    """All that a relevé says, gathered.

    whose: what `office`, its official name, is the name of. zone: of its legal time. seen: observations that were not
    damaged, by sequence; those with a remark are printed and not counted. window: what was asked for, aware UTC.
    unsealed: observations left out because they are not sealed yet; proof: None when nothing is sealed. lost: pages
    chosen to be enclosed that are kept no more; thinned: observations whose pages were left out for want of room.
    shots: pictures printed, by sequence; pictures: what became of the others. department: name and number, empty where
    it has none. operator: of the settings, used where nothing recorded says who it was. bounds: what authorities
    attest, a row a sweep and authority. facts: by subject.
    """

    office: str
    site: str
    zone: ZoneInfo
    seen: Sequence[Observed]
    damaged: Sequence[Damaged]
    plans: Sequence[Plan]
    made: datetime
    whose: str = "Préfecture"
    department: str = ""
    operator: str = ""
    window: tuple[datetime | None, datetime | None] = (None, None)
    proof: Proof | None = None
    unsealed: int = 0
    lost: int = 0
    thinned: int = 0
    shots: Mapping[int, PrintedPicture] = field(default_factory=dict)
    pictures: Pictures = field(default_factory=Pictures)
    bounds: Sequence[AttestedSpan] = ()
    facts: Mapping[str, DeskFacts] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[str, str]:
        """By subject, the démarche's words; the page's address beside them where another one has the same words."""
        words = [one.label for one in self.subjects.values()]
        return {
            key: one.label if words.count(one.label) == 1 else f"{one.label} ({one.url})"
            for key, one in self.subjects.items()
        }

    @property
    def counted(self) -> Sequence[Observed]:
        """The observations that count."""
        return [one for one in self.seen if one.remark is None]

    @property
    def remarked(self) -> Sequence[tuple[Observed, Remark]]:
        """Those that do not, each with the reason."""
        return [(one, one.remark) for one in self.seen if one.remark is not None]

    @property
    def simulated(self) -> int:
        """How many observations were made on a simulator."""
        return sum(one.simulated for one in self.seen)

    @property
    def subjects(self) -> dict[str, Observed]:
        """Each subject with its last observation, by key."""
        return {one.subject: one for one in sorted(self.seen, key=lambda one: (one.subject, one.seq))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found. seen, lines: the observations that were not damaged; unsealed: observations left out."""

    seen: Sequence[Observed]
    lines: Sequence[bytes]
    damaged: Sequence[Damaged]
    plans: Sequence[Plan]
    unsealed: int


def window(first: date | None, last: date | None, zone: ZoneInfo, now: datetime) -> Window:
    """From the beginning of the first day to the end of the last, of legal time, never past `now`. Aware UTC."""
    if first and last and last < first:
        raise UsageError(_("--to is before --from"))
    start = datetime.combine(first, time(), zone).astimezone(UTC) if first else None
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC) if last else None
    return start, min(end, now) if end else None


def gather(
    rows: Sequence[Row],
    sweeps: Iterable[Sweep],
    damages: Iterable[tuple[int, datetime, str]],
    *,
    asked: Window,
    sealed: Iterable[int] | None,
    again: Mapping[int, Unconfirmed],
) -> Gathered:
    """rows: of the subjects asked for, by sequence. sweeps: all, looked at one by one. sealed: numbers of the sealed
    sweeps, None when nothing is sealed. again: what is no longer confirmed. A sweep is in the window when it began
    there, or stands between two that did, and then with all its observations: none is left out in between.
    """
    subjects = {row.subject for row in rows}
    plans, began = dict[int, Plan](), list[int]()
    for sweep in sweeps:
        plans[sweep.number] = _plan(sweep, subjects)
        if _within(sweep.started, asked):
            began.append(sweep.number)
    among = {n for n in range(min(began), max(began) + 1) if n in plans} if began else set()
    inside = [row for row in rows if row.sweep in among]
    if not inside:
        return Gathered(seen=[], lines=[], damaged=[], plans=[], unsealed=0)
    allowed = among if sealed is None else among & set(sealed)
    kept = [row for row in inside if row.sweep in allowed]
    sound = [row for row in kept if not row.damaged]
    found = {seq: (at, what) for seq, at, what in damages}
    numbers = {row.sweep for row in kept}
    bounds = range(min(numbers), max(numbers) + 1) if numbers and asked == (None, None) else None
    subjects = {row.subject for row in kept}
    return Gathered(
        seen=[observed(row.line, again) for row in sound],
        lines=[row.line for row in sound],
        damaged=[
            Damaged(seq=row.seq, subject=row.subject, sweep=row.sweep, found=found[row.seq][0], what=found[row.seq][1])
            for row in kept
            if row.damaged
        ],
        plans=[plans[n].only(subjects) for n in sorted(allowed) if bounds is None or n in bounds],
        unsealed=len(inside) - len(kept),
    )


def _within(at: datetime, asked: Window) -> bool:
    start, end = asked
    return (start is None or at >= start) and (end is None or at < end)


def _plan(sweep: Sweep, subjects: set[str]) -> Plan:
    told = sweep.report or {}
    skipped = {one["check"]: one["why"] for one in told.get("skipped", ()) if one["check"] in subjects}
    due = frozenset(subjects.intersection(sweep.plan.get("due", ())))
    return Plan(sweep.number, due, skipped, finished=sweep.report is not None)


def proof_of(
    sealed: Sequence[SealedSweep],
    trusted: Iterable[tuple[str, bytes]],
    cosigned: Mapping[int, Sequence[bytes]] = MappingProxyType({}),
) -> Proof:
    """What the document says of the seal. sealed: the sweeps enclosed, at least one; trusted: the files under `trust/`.

    cosigned: lines of `witness.jsonl`, by sweep. The key is the one that signed the last checkpoint enclosed.
    """
    note = SignedNote.parse(sealed[-1].read(CHECKPOINT))
    head = Checkpoint.parse(note.text)
    keys = [VerifierKey(head.origin, public_key(pem)) for name, pem in trusted if name.startswith("trust/log/")]
    environments = {parse_sums(one.read(SUMS))[ENV]: one for one in sealed}
    return Proof(
        sweeps=len(sealed),
        origin=head.origin,
        key=str(note.signed_by(keys, verify_signature) or "?"),
        authorities=sorted({name for one in sealed for name in one.authorities()}),
        size=head.size,
        root=base64.b64encode(head.root).decode(),
        head=sealed[-1].number,
        closed=datetime.fromisoformat(json.loads(sealed[-1].read(SWEEP))["finished"]),
        published=witnessed({one.number: cosigned.get(one.number, ()) for one in sealed}),
        environments=[json.loads(one.read(ENV)) for one in environments.values()],
    )


def witnessed(cosigned: Mapping[int, Sequence[bytes]]) -> list[WitnessedBy]:
    """By name, whoever cosigned some of these. cosigned: lines of `witness.jsonl`, by sweep; a false one counts not."""
    found: dict[str, list[tuple[datetime, int]]] = {}
    for sweep, told in ((sweep, json.loads(line)) for sweep, lines in cosigned.items() for line in lines):
        key = CosignerKey.parse(told["key"])
        at = cosigned_at(SignedNote.parse(told["note"].encode()), key, verify_signature)
        if at is not None:
            found.setdefault(key.name, []).append((at, sweep))
    return [
        WitnessedBy(name=name, count=len(times), sweep=max(times)[1], at=max(times)[0])
        for name, times in sorted(found.items())
    ]


def bounds_of(sealed: Sequence[SealedSweep]) -> list[AttestedSpan]:
    """What the time-stamps of sealed sweeps attest, as they say it: whether they hold is for who verifies."""
    accuracy: dict[str, timedelta] = {}
    before: dict[str, datetime | None] = {}  # by digest, of the last sweep alone: a year's tokens fill the memory

    def time(name: str, reply: bytes) -> datetime | None:
        token = _token(reply)
        if token is None:
            return None
        accuracy[name] = max(accuracy.get(name, timedelta()), token.accuracy)
        return token.gen_time

    stamps = []
    for one in sealed:
        enclosed = {
            name: before[sha256] if sha256 in before else time(name, one.read(f"{PREVIOUS}{name}.tsr"))
            for name, sha256 in _enclosed(one).items()
        }
        replies = one.stamps()
        own = {name: time(name, tsr) for name, tsr in replies.items()}
        before = {digest(tsr): own[name] for name, tsr in replies.items()}
        stamps.append((one.number, _told(enclosed), _told(own)))
    return chained(stamps, accuracy)


def _told(times: Mapping[str, datetime | None]) -> dict[str, datetime]:
    return {name: at for name, at in times.items() if at is not None}


def _enclosed(sweep: SealedSweep) -> dict[str, str]:
    """Digests of the stamps of the sweep before, by authority."""
    told = parse_sums(sweep.read(SUMS)).items()
    stamps = {name: sha256 for name, sha256 in told if name.startswith(PREVIOUS) and name.endswith(".tsr")}
    return {name.removeprefix(PREVIOUS).removesuffix(".tsr"): sha256 for name, sha256 in stamps.items()}


def _token(reply: bytes) -> StampToken | None:
    try:
        return read_token(reply)
    except ValueError:
        return None
