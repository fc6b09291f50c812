"""Seals a sweep: its records into the log, a signed checkpoint, the sums of it all, and a time-stamp over the sums.

A sweep encloses the sums and stamps of the one before. Nobody could know those earlier than the authority's time in
them, and the sweep's own stamp says that it existed by then: so it was written between the two. What is missing (a
stamp, the end of a sweep that was killed) is declared by the sweep that follows; what is sealed is never rewritten.

The checkpoint names the digest of `sweep.json`, and that the roots of what was due and of the pictures: the signature
covers them all (docs/FORMAT.md, 2).

Order: `await stamp()` when a run starts (what an earlier run left), then the sweep, `seal(...)`, `await stamp()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.core.errors import StoreError
from monitor.core.record import canonical, digest, instant
from monitor.evidence.checkpoint import Checkpoint, SealedDigest, SignedNote
from monitor.evidence.folder import PLAN, RECORDS, SHOTS, SealedSweep, SweepFolders
from monitor.evidence.key import KEY, LogSigner
from monitor.evidence.merkle import EMPTY_ROOT, Frontier, leaf_hash
from monitor.evidence.plan import PlannedCheck, RowTree, plan_lines
from monitor.evidence.stamps import stamping
from monitor.evidence.sums import SUMS, first_anchor, render_sums
from monitor.evidence.tree import TreeFiles
from monitor.store.sealed import EVIDENCE, FORMAT, LOG
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.evidence.stamps.stamping import StampAuthority
    from monitor.evidence.sums import Stamp, StampFailure
    from monitor.store.records import Records
    from monitor.store.rows import Sweep

SWEEP, ENV, SEAL, CHECKPOINT = "sweep.json", "env.json", "seal.json", "checkpoint"
PREVIOUS = "previous."
KEYS = "keys"  # in the data folder


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepToSeal:
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


class Evidence:
    """One data folder's sealed log. Opening it makes the signing key on first use. One process at a time.

    authorities: asked for stamps; what verifies them is kept beside the sweeps.
    """

    def __init__(self, data: Path, authorities: Sequence[StampAuthority] = ()) -> None:
        self._signer = LogSigner(data / KEYS)
        self._sweeps = SweepFolders(data / EVIDENCE)
        self._tree = TreeFiles(data / EVIDENCE / LOG)
        self._authorities = authorities

    def anchor(self) -> bytes:
        """What the check ids of the next sweep follow from (`sums.check_id`): the last sweep's sums as stored."""
        previous = self._sweeps.latest()
        return first_anchor(self._signer.key.name) if previous is None else previous.read(SUMS)

    def is_new(self, authority: str) -> bool:
        """Whether this authority was never asked for a stamp."""
        latest = self._sweeps.latest()
        return authority not in stamping.State.load(self._sweeps).asked and (
            latest is None or authority not in latest.stamps()
        )

    def seal(self, records: Records, at: datetime, env: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        """Seal every sweep that is not yet, oldest first; one that died is sealed as such. env: by sweep number.

        Raises StoreError as `seal_one`, and for a sweep of which more was kept than the database knows.
        """
        latest = self._sweeps.latest()
        done = latest.number if latest else 0
        for stored in records.sweeps_after(done):
            records.all_in(stored)
            made = records.made(stored.first_seq, stored.end_seq)
            shots = [*records.shots(stored.first_seq, stored.end_seq)]
            sweep = to_seal(stored, made, at, env=(env or {}).get(stored.number), shots=shots)
            self.seal_one(sweep, _lines_of(records, stored.end_seq))

    def seal_one(self, sweep: SweepToSeal, lines_from: Callable[[int], Sequence[bytes]]) -> SealedSweep:
        """Seal what was recorded since the last seal; no network. The result is on disk when this returns.

        lines_from: the record lines from a sequence number on, in order, without line feeds. Raises StoreError (disk, a
        key or tree that is not this log's), ValueError when the sweep's number or checks do not fit the records: a bug
        of the caller.
        """
        previous = self._sweeps.latest()
        before = _head(previous)
        if previous is not None and sweep.number != previous.number + 1:
            raise ValueError(f"sweep {sweep.number} does not follow sealed sweep {previous.number}")
        lost_key = _take_over(before, self._signer)
        first = before.checkpoint.size
        lines = lines_from(first)
        _expect_records(sweep, first, len(lines))
        plan = plan_lines(sweep.checks, dict(enumerate(lines, first)))
        told_of_sweep = canonical(_sweep_json(sweep, plan))
        checkpoint = replace(
            self._extend(before.checkpoint, lines), sweep=SealedDigest(sweep.number, digest(told_of_sweep))
        )
        state = stamping.State.load(self._sweeps)
        declared = stamping.declare(previous, state, self._authorities) if previous else []
        if lost_key:
            declared.append(lost_key)
        told = {"v": FORMAT, "sweep": sweep.number, "first": first, "size": checkpoint.size, "declared": declared}
        files = {
            RECORDS: _joined(lines),
            PLAN: _joined(plan),
            SWEEP: told_of_sweep,
            ENV: canonical(sweep.env),
            SEAL: canonical(told),
            CHECKPOINT: self._signer.sign(checkpoint.text),
            **({SHOTS: _joined(sweep.shots)} if sweep.shots else {}),
            **_enclosed(previous),
        }
        files[SUMS] = render_sums({name: digest(data) for name, data in files.items()})
        self._keep_trust()
        sealed = self._sweeps.write(sweep.number, sweep.started, files)
        replace(state, made=[]).save(self._sweeps)
        return sealed

    async def stamp(self) -> list[Stamp | StampFailure]:
        """Ask each authority for what it owes. One that is down is asked again at the next run; the log says so."""
        return await stamping.stamp(self._sweeps, self._authorities)

    def _extend(self, before: Checkpoint, lines: Sequence[bytes]) -> Checkpoint:
        if Frontier.of(before.size, self._tree.node).root() != before.root:
            raise StoreError(_("the stored hashes are not those of this log: `vigie rebuild` makes them again"))
        frontier = self._tree.extend(before.size, [leaf_hash(line) for line in lines])
        origin, next_key = self._signer.key.name, self._signer.next_key
        return Checkpoint(origin=origin, size=frontier.size, root=frontier.root(), next_key=next_key)

    def _keep_trust(self) -> None:
        """Before the sweep that needs them, so that no sealed sweep lacks what verifies it."""
        self._sweeps.trust("log", self._signer.key.id.hex(), self._signer.public_pem)
        for authority in self._authorities:
            self._sweeps.trust("roots", authority.name, authority.roots)
            if authority.untrusted.strip():
                self._sweeps.trust("untrusted", authority.name, authority.untrusted)
            if authority.crls.strip():
                self._sweeps.trust("crls", authority.name, authority.crls)


def _lines_of(records: Records, stop: int) -> Callable[[int], Sequence[bytes]]:
    """The store's lines up to a sweep's end."""
    return lambda first: [line for _seq, line in records.lines(first, stop)]


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Head:
    """The log as the last sealed sweep left it."""

    checkpoint: Checkpoint
    note: SignedNote | None


def _head(previous: SealedSweep | None) -> _Head:
    if previous is None:
        return _Head(Checkpoint(origin="", size=0, root=EMPTY_ROOT), None)
    try:
        note = SignedNote.parse(previous.read(CHECKPOINT))
        return _Head(Checkpoint.parse(note.text), note)
    except ValueError as error:
        raise StoreError(
            _("the checkpoint of sweep {number} is damaged ({why}); restore it from a backup").format(
                number=previous.number, why=error
            )
        ) from error


def key_trouble(data: Path) -> str | None:
    """Why the next sweep of a data folder could not be signed as its last one was, a sentence; changes nothing.

    None where it could, and where nothing was sealed yet.
    """
    latest = SweepFolders(data / EVIDENCE).latest()
    if not (data / KEYS / KEY).exists():
        return _("the log's key is gone: the next sweep would begin a new origin") if latest else None
    try:
        signer, head = LogSigner(data / KEYS), _head(latest)
    except StoreError as error:
        return str(error)
    announced = head.checkpoint.next_key
    if head.note is None:
        return None
    if announced in (signer.key, signer.next_key) if announced else signer.signed(head.note):
        return None
    return _("the signing key is not the one of this log: put the right log.key back")


def _take_over(before: _Head, signer: LogSigner) -> dict[str, Any] | None:
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


def _expect_records(sweep: SweepToSeal, first: int, count: int) -> None:
    made = sorted(check.seq for check in sweep.checks if check.seq is not None)
    if made != list(range(first, first + count)):
        raise ValueError(f"sweep {sweep.number}: its checks are not the {count} records from {first} on")


def _sweep_json(sweep: SweepToSeal, plan: Sequence[bytes]) -> dict[str, Any]:
    own: dict[str, Any] = {
        "v": FORMAT,
        "sweep": sweep.number,
        "started": instant(sweep.started),
        "finished": instant(sweep.finished),
        "plan": RowTree(plan).to_json(),
    }
    if sweep.shots:
        own["shots"] = RowTree(sweep.shots).to_json()
    if sweep.unfinished:
        own["unfinished"] = sweep.unfinished
    return {**sweep.facts, **own}


def _enclosed(previous: SealedSweep | None) -> dict[str, bytes]:
    if previous is None:
        return {}
    stamps = {f"{PREVIOUS}{name}.tsr": reply for name, reply in previous.stamps().items()}
    return {PREVIOUS + SUMS: previous.read(SUMS), **stamps}


def to_seal(
    stored: Sweep,
    made: Iterable[tuple[int, str]],
    at: datetime,
    *,
    env: Mapping[str, Any] | None = None,
    shots: Sequence[bytes] = (),
) -> SweepToSeal:
    """What is sealed of a stored sweep: every check that was due, made or not, and why.

    made: (sequence number, check) of its records; at: now, aware UTC; shots: lines of its
    pictures. A sweep without an end died: its unmade checks are gaps, and it says so.
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
    return SweepToSeal(
        number=stored.number,
        started=stored.started,
        finished=stored.finished or at,
        checks=rows,
        facts=facts,
        env=env or {},
        shots=shots,
        unfinished=unfinished,
    )
