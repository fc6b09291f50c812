"""Seals a sweep: its records into the log, a signed checkpoint, the sums of it all, and a time-stamp over the sums.

A sweep encloses the sums and stamps of the one before. Nobody could know those earlier than the authority's time in
them, and the sweep's own stamp says that it existed by then: so it was written between the two. What is missing (a
stamp, the end of a sweep that was killed) is declared by the sweep that follows; what is sealed is never rewritten.

Order: `await stamp(...)` when a run starts (what an earlier run left), then the sweep, `seal(...)`, `await stamp(...)`.

From what the store remembers of a sweep to what is sealed of it: every check that was due, made or not, and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from gettext import gettext as _
from typing import Any, Protocol

from monitor.core.errors import StoreError
from monitor.core.record import canonical, digest, instant
from monitor.evidence import stamping
from monitor.evidence.checkpoint import Checkpoint, Note, VerifierKey
from monitor.evidence.merkle import EMPTY_ROOT, Frontier, leaf_hash
from monitor.evidence.stamping import Authority, Sealed, Sweeps
from monitor.evidence.sums import SUMS, first_anchor, render_sums

RECORDS, SWEEP, ENV, SEAL, CHECKPOINT = "records.jsonl", "sweep.json", "env.json", "seal.json", "checkpoint"
SHOTS = "shots.jsonl"
PREVIOUS = "previous."


class Records(Protocol):
    """The store's own lines."""

    def lines(self, first: int) -> Sequence[bytes]:
        """The record lines from sequence number `first` on, in order, without line feeds."""
        ...


class Tree(Protocol):
    """Where the hashes of the log are kept."""

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        ...

    def extend(self, size: int, leaves: Sequence[bytes]) -> Frontier:
        """Cut to `size` leaves, append leaf hashes durably, return the frontier of the whole."""
        ...


class Signer(Protocol):
    """The log's key."""

    @property
    def key(self) -> VerifierKey:
        """The key that signs now; its name is the log's origin."""
        ...

    @property
    def next_key(self) -> VerifierKey | None:
        """The key that takes over once announced."""
        ...

    @property
    def public_pem(self) -> bytes:
        """`key` as PEM."""
        ...

    def sign(self, text: str) -> bytes:
        """The signed note over `text`."""
        ...

    def signed(self, note: Note) -> bool:
        """True when `key` signed `note`."""
        ...

    def change(self) -> None:
        """Let the next key take over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What sealing works with."""

    records: Records
    tree: Tree
    signer: Signer
    sweeps: Sweeps
    authorities: Sequence[Authority] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheck:
    """One check that was due. check: `CODE/slug`. seq: its record's; None when it was not made: then why says why."""

    check: str
    seq: int | None = None
    why: str | None = None

    def to_json(self) -> dict[str, Any]:
        """`{"check":, "seq":}` or `{"check":, "why":}`."""
        return {"check": self.check} | ({"why": self.why} if self.seq is None else {"seq": self.seq})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A sweep that is over. started, finished: aware UTC. checks: every check that was due, made or not.

    facts: more of sweep.json (clocks, probes). env: env.json. shots: lines of shots.jsonl, which is left out when there
    are none. unfinished: why it did not come to its end (killed, stopped, deadline), None when it did.
    """

    number: int
    started: datetime
    finished: datetime
    checks: Sequence[PlannedCheck]
    facts: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, Any] = field(default_factory=dict)
    shots: Sequence[bytes] = ()
    unfinished: str | None = None


def anchor(means: Means) -> bytes:
    """What the check ids of the next sweep follow from (`domain.checkid`): the last sweep's sums as stored."""
    previous = means.sweeps.latest()
    return first_anchor(means.signer.key.name) if previous is None else previous.read(SUMS)


def seal(sweep: Sweep, means: Means) -> Sealed:
    """Seal what was recorded since the last seal; no network. The result is on disk when this returns.

    Raises StoreError (disk, a key or tree that is not this log's), ValueError when the sweep's number or checks do not
    fit the records: a bug of the caller.
    """
    previous = means.sweeps.latest()
    before = _head(previous)
    if previous is not None and sweep.number != previous.number + 1:
        raise ValueError(f"sweep {sweep.number} does not follow sealed sweep {previous.number}")
    lost_key = _take_over(before, means.signer)
    first = before.checkpoint.size
    lines = means.records.lines(first)
    _expect_records(sweep, first, len(lines))
    checkpoint = _extend(before.checkpoint, lines, means)
    state = stamping.State.load(means.sweeps)
    declared = stamping.declare(previous, state, means.authorities) if previous else []
    if lost_key:
        declared.append(lost_key)
    files = {
        RECORDS: b"".join(line + b"\n" for line in lines),
        SWEEP: canonical(_sweep_json(sweep)),
        ENV: canonical(sweep.env),
        SEAL: canonical({"v": 1, "sweep": sweep.number, "first": first, "size": checkpoint.size, "declared": declared}),
        CHECKPOINT: means.signer.sign(checkpoint.text),
        **({SHOTS: b"".join(line + b"\n" for line in sweep.shots)} if sweep.shots else {}),
        **_enclosed(previous),
    }
    files[SUMS] = render_sums({name: digest(data) for name, data in files.items()})
    _keep_trust(means)
    sealed = means.sweeps.write(sweep.number, sweep.started, files)
    stamping.State(due=state.due, made=[]).save(means.sweeps)
    return sealed


@dataclass(frozen=True, slots=True)
class _Head:
    """The log as the last sealed sweep left it."""

    checkpoint: Checkpoint
    note: Note | None


def _head(previous: Sealed | None) -> _Head:
    if previous is None:
        return _Head(Checkpoint(origin="", size=0, root=EMPTY_ROOT), None)
    try:
        note = Note.parse(previous.read(CHECKPOINT))
        return _Head(Checkpoint.parse(note.text), note)
    except ValueError as error:
        raise StoreError(
            _("the checkpoint of sweep {number} is damaged ({why}); restore it from a backup").format(
                number=previous.number, why=error
            )
        ) from error


def _take_over(before: _Head, signer: Signer) -> dict[str, Any] | None:
    """Let an announced key take over. Returns the statement to declare when the log's key was lost."""
    announced = before.checkpoint.next_key
    if announced is not None and announced == signer.next_key:
        signer.change()
    if before.note is None:
        return None
    if before.checkpoint.origin != signer.key.name:
        return {
            "what": "log_key_lost",
            "old_origin": before.checkpoint.origin,
            "new_key": str(signer.key),
            "statement": "La clé de signature du journal a été perdue : la nouvelle n'a pas pu être annoncée par "
            "l'ancienne. Le journal continue sous un nouveau nom ; sa continuité repose sur les horodatages enchaînés.",
        }
    if not (announced == signer.key if announced else signer.signed(before.note)):
        raise StoreError(_("the signing key is not the one of this log: put the right log.key back"))
    return None


def _expect_records(sweep: Sweep, first: int, count: int) -> None:
    made = sorted(check.seq for check in sweep.checks if check.seq is not None)
    if made != list(range(first, first + count)):
        raise ValueError(f"sweep {sweep.number}: its checks are not the {count} records from {first} on")


def _extend(before: Checkpoint, lines: Sequence[bytes], means: Means) -> Checkpoint:
    if Frontier.of(before.size, means.tree.node).root() != before.root:
        raise StoreError(_("the stored hashes are not those of this log: make them again from the records"))
    frontier = means.tree.extend(before.size, [leaf_hash(line) for line in lines])
    signer = means.signer
    return Checkpoint(origin=signer.key.name, size=frontier.size, root=frontier.root(), next_key=signer.next_key)


def _sweep_json(sweep: Sweep) -> dict[str, Any]:
    own: dict[str, Any] = {
        "v": 1,
        "sweep": sweep.number,
        "started": instant(sweep.started),
        "finished": instant(sweep.finished),
        "checks": [check.to_json() for check in sweep.checks],
    }
    if sweep.unfinished:
        own["unfinished"] = sweep.unfinished
    return {**sweep.facts, **own}


def _enclosed(previous: Sealed | None) -> dict[str, bytes]:
    if previous is None:
        return {}
    stamps = {f"{PREVIOUS}{name}.tsr": reply for name, reply in previous.stamps().items()}
    return {PREVIOUS + SUMS: previous.read(SUMS), **stamps}


def _keep_trust(means: Means) -> None:
    """Before the sweep that needs them, so that no sealed sweep lacks what verifies it."""
    means.sweeps.trust("log", means.signer.key.id.hex(), means.signer.public_pem)
    for authority in means.authorities:
        means.sweeps.trust("roots", authority.name, authority.roots)
        if authority.untrusted.strip():
            means.sweeps.trust("untrusted", authority.name, authority.untrusted)
        if authority.crls.strip():
            means.sweeps.trust("crls", authority.name, authority.crls)


class StoredSweep(Protocol):
    """A sweep as the store keeps it; see `monitor.store.records.Sweep`."""

    @property
    def number(self) -> int: ...

    @property
    def started(self) -> datetime: ...

    @property
    def finished(self) -> datetime | None: ...

    @property
    def plan(self) -> Mapping[str, Any]: ...

    @property
    def report(self) -> Mapping[str, Any] | None: ...


def to_seal(
    stored: StoredSweep, made: Iterable[tuple[int, str]], at: datetime, env: Mapping[str, Any] | None = None
) -> Sweep:
    """What is sealed of a stored sweep. made: (sequence number, check) of its records; at: now, aware UTC.

    A sweep without an end died: its unmade checks are gaps, and it says so.
    """
    rows = [PlannedCheck(check=check, seq=seq) for seq, check in made]
    told = {row.check for row in rows}
    report = stored.report or {}
    for skipped in (*stored.plan.get("skipped", ()), *report.get("skipped", ())):
        if skipped["check"] not in told:
            told.add(skipped["check"])
            rows.append(PlannedCheck(check=skipped["check"], why=skipped["why"]))
    rows += [PlannedCheck(check=check, why="killed") for check in stored.plan.get("due", ()) if check not in told]
    facts = {"online": report["online"]} if "online" in report else {}
    unfinished = None
    if stored.finished is None:
        unfinished = "killed"
    else:
        unfinished = next((why for why in ("stopped", "deadline") if any(row.why == why for row in rows)), None)
    return Sweep(
        number=stored.number,
        started=stored.started,
        finished=stored.finished or at,
        checks=rows,
        facts=facts,
        env=env or {},
        unfinished=unfinished,
    )
