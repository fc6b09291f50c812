"""Stamps for sealed sweeps: the newest first, then those an authority failed to stamp before, and what is to be said.

The stamp of a sweep covers every sweep before it, because each encloses the sums of the last; a late stamp adds a bound
of the sweep's own, and is declared as late. For the same reason an authority need not stamp every sweep: one that is
asked once an hour bounds all that was sealed before, and what it was not asked for is no gap.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Protocol

from monitor.core.record import canonical, digest, instant
from monitor.evidence.folder import SealedSweep, SweepFolders
from monitor.evidence.sums import SUMS, Stamp, StampFailure
from monitor.values import dataclass

BACKLOG = 12  # late stamps asked of one authority in one run: after an outage we are no burden


class StampAuthority(Protocol):
    """A time-stamp authority with its pinned certificates (PEM)."""

    @property
    def name(self) -> str:
        """Part of the stored file names."""
        ...

    @property
    def roots(self) -> bytes:
        """Certificates trusted for this authority alone."""
        ...

    @property
    def untrusted(self) -> bytes:
        """Intermediates it does not send."""
        ...

    @property
    def crls(self) -> bytes:
        """Revocation lists its answers are held against."""
        ...

    @property
    def every(self) -> timedelta:
        """Its stamps are this far apart at least; zero: it stamps each sweep."""
        ...

    @property
    def late(self) -> int:
        """How many stamps owed from before are asked of it in one go, beside the newest."""
        ...

    async def stamp(self, data: bytes, known: bytes = b"") -> Stamp | StampFailure:
        """A verified stamp over `data`, or why there is none. known: PEM of certificates it need not enclose again."""
        ...


@dataclass(slots=True)
class State:
    """What stamping leaves for later. due: stamps that could not be had; made: stamps the next sweep declares.

    asked: when each authority or witness last was; of an authority, the end of the sweep.
    Rows are JSON objects: due `authority`, `sweep`, `why`; made `authority`, `sweep`, `gen_time`, `delay_s` (from the
    end of the sweep to the request), `clock_error_ms` (see `Stamp`), `tsr_sha256`.
    """

    due: list[dict[str, Any]] = field(default_factory=list)
    made: list[dict[str, Any]] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, sweeps: SweepFolders) -> State:
        """The state as saved. It is no proof: what a damaged one loses is only how late a stamp came."""
        try:
            data = json.loads(sweeps.load_state() or b"{}")
            return cls(list(data.get("due", [])), list(data.get("made", [])), dict(data.get("asked", {})))
        except (ValueError, AttributeError, TypeError):
            return cls()

    def save(self, sweeps: SweepFolders) -> None:
        """Keep it for the next run."""
        sweeps.save_state(canonical({"v": 1, "due": self.due, "made": self.made, "asked": self.asked}))

    def why(self, authority: str, sweep: int) -> str | None:
        """Why that stamp is due, None when it is not."""
        rows = (row for row in self.due if row.get("authority") == authority and row.get("sweep") == sweep)
        return next((str(row.get("why")) for row in rows), None)

    def is_turn(self, name: str, every: timedelta, at: datetime) -> bool:
        """Whether somebody may be asked for what ended then; a clock set back makes it so too."""
        try:
            last = datetime.fromisoformat(self.asked[name])
            return not last <= at < last + every
        except (KeyError, ValueError, TypeError):
            return True

    def note_asked(self, name: str, at: datetime) -> None:
        """That somebody was asked. at: aware UTC."""
        self.asked[name] = instant(at)


def declare(previous: SealedSweep, state: State, authorities: Sequence[StampAuthority]) -> list[dict[str, Any]]:
    """What the sweep after `previous` says of stamps, good and missing; a missing one is put in the queue."""
    has = previous.stamps()
    out = [{"what": "stamped", **row} for row in state.made]
    told = {(row.get("authority"), row.get("sweep")) for row in state.made}
    for name, reply in has.items():
        if (name, previous.number) not in told:
            out.append(
                {"what": "stamped", "authority": name, "sweep": previous.number, "tsr_sha256": digest(reply)}
            )  # fmt: skip
    for authority in authorities:
        if authority.name not in has:
            why = state.why(authority.name, previous.number)
            if why is None and authority.every:
                continue
            row = {"authority": authority.name, "sweep": previous.number, "why": why or "not_asked"}
            out.append({"what": "unstamped", **row})
            if why is None:
                state.due.append(row)
    if not authorities and not has:
        out.append({"what": "unstamped", "sweep": previous.number, "why": "no_authority"})
    unfinished = json.loads(previous.read("sweep.json")).get("unfinished")
    if unfinished:
        out.append({"what": "unfinished", "sweep": previous.number, "why": unfinished})
    return out


async def stamp(sweeps: SweepFolders, authorities: Sequence[StampAuthority]) -> list[Stamp | StampFailure]:
    """Ask each authority for the stamp of the newest sealed sweep and, while it answers, for those it still owes.

    What it encloses of certificates is kept once, and it is asked for none from then on (RFC 3161, 2.4.1: certReq).
    One that does not stamp each sweep is asked for the newest alone, in its turn: that stamp bounds what it owed.

    Authorities are asked side by side, each one request at a time. Returns every answer. Raises StoreError.
    """
    latest = sweeps.latest()
    if latest is None:
        return []
    state = State.load(sweeps)
    answers = await asyncio.gather(*(_serve(a, latest, state, sweeps) for a in authorities))
    return [answer for some in answers for answer in some]


async def _serve(
    authority: StampAuthority, latest: SealedSweep, state: State, sweeps: SweepFolders
) -> list[Stamp | StampFailure]:
    owed = sorted(row["sweep"] for row in state.due if row.get("authority") == authority.name)
    queue = [latest.number, *(n for n in owed if n != latest.number)][: authority.late + 1]
    if authority.every:
        if not state.is_turn(authority.name, authority.every, _finished(latest)):
            return []
        queue = [latest.number]
    answers: list[Stamp | StampFailure] = []
    for number in queue:
        sealed = latest if number == latest.number else sweeps.sweep(number)
        if sealed is None or authority.name in sealed.stamps():
            _settle(state, authority.name, number, None)
            continue
        state.note_asked(authority.name, _finished(latest))
        answer = await authority.stamp(sealed.read(SUMS), sweeps.certificates(authority.name))
        answers.append(answer)
        if isinstance(answer, StampFailure):
            _settle(state, authority.name, number, answer.trouble)
            state.save(sweeps)
            break
        if answer.certificates:  # before the stamp: none may stand there that lacks what verifies it
            sweeps.trust("untrusted", authority.name, answer.certificates)
        sweeps.add_stamp(number, authority.name, answer.query, answer.reply)
        for bounded in owed if authority.every else ():
            _settle(state, authority.name, bounded, None)
        _settle(state, authority.name, number, None)
        state.made.append(_made(answer, sealed))
        state.save(sweeps)
    return answers


def _settle(state: State, authority: str, number: int, why: str | None) -> None:
    """Take a stamp off the queue or, with a reason, leave it there once."""
    state.due[:] = [r for r in state.due if (r.get("authority"), r.get("sweep")) != (authority, number)]
    if why is not None:
        state.due.append({"authority": authority, "sweep": number, "why": why})


def _finished(sealed: SealedSweep) -> datetime:
    return datetime.fromisoformat(json.loads(sealed.read("sweep.json"))["finished"])


def _made(stamp: Stamp, sealed: SealedSweep) -> dict[str, Any]:
    finished = _finished(sealed)
    return {
        "authority": stamp.authority,
        "sweep": sealed.number,
        "gen_time": instant(stamp.gen_time),
        "delay_s": int((stamp.sent - finished).total_seconds()),
        "clock_error_ms": list(stamp.clock_error_ms),
        "tsr_sha256": digest(stamp.reply),
    }
