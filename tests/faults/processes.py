"""Faults of the machine: the process is killed, the disk fills up, the clock steps."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

from monitor.fetch.clock import SystemClock
from monitor.sweep.sweep import Vantage
from tests.faults import Outcome
from tests.faults.victim import LOOKS, examine, forked, kill, seal_and_verify, sweep_and_seal
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process


def killed(folder: Path, rounds: int) -> Outcome:
    """kill -9 at random points from the start of a sweep to the end of its seal; a new data folder every 20 rounds."""
    chance, outs = Random(4), []
    with in_process(folder / "ca", "--time-scale", "0.002") as simulator:
        began = time.monotonic()
        sweep_and_seal(simulator, folder / "whole")
        whole = time.monotonic() - began
        for start in range(0, rounds, 20):
            waits = [chance.uniform(0, whole) for _ in range(min(20, rounds - start))]
            outs.append(_killed_after(waits, simulator, folder / str(start)))
    return Outcome(
        planted=sum(out.planted for out in outs),
        lost=sum(out.lost for out in outs),
        duplicated=sum(out.duplicated for out in outs),
        unsaid=max(out.unsaid for out in outs),
        corrupt=sum(out.corrupt for out in outs),
    )


def _killed_after(waits: Sequence[float], simulator: Simulator, data: Path) -> Outcome:
    lost = unsaid = size = 0
    for wait in waits:
        child = forked(partial(sweep_and_seal, simulator, data))
        time.sleep(wait)
        kill(child)
        said = child.numbers()
        held = examine(data, size)
        told = max([size - 1, *said])
        lost += max(0, told + 1 - held.size)
        unsaid = max(unsaid, held.size - told - 1)
        size = held.size
    held = examine(data)
    return Outcome(len(waits), lost, held.doubled, unsaid, held.corrupt + (not seal_and_verify(data)))


def disk_full(folder: Path, rounds: int) -> Outcome:
    """No file may grow beyond a random size, during sweep and seal; then there is room again."""
    chance, data = Random(5), folder / "data"
    lost = doubled = unsaid = corrupt = planted = 0
    with in_process(folder / "ca", "--time-scale", "0.002") as simulator:
        sweep_and_seal(simulator, data)
        for _ in range(rounds):
            before = examine(data).size
            child = forked(partial(_cramped, simulator, data, chance.randrange(500, 80_000)))
            said = child.numbers()
            planted += len(said) < len(LOOKS)
            held = examine(data)
            lost += max(0, len(said) - (held.size - before))
            unsaid = max(unsaid, held.size - before - len(said))
            doubled, corrupt = held.doubled, max(corrupt, held.corrupt)
        sweep_and_seal(simulator, data)
    return Outcome(planted, lost, doubled, unsaid, corrupt + (not seal_and_verify(data)))


def _cramped(simulator: Simulator, data: Path, room: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    sweep_and_seal(simulator, data)


@dataclass(frozen=True, slots=True)
class Stepping(SystemClock):
    """A wall clock that steps at its n-th reading, and monotonic time that does not."""

    step: timedelta = timedelta()
    after: int = 0
    readings: count[int] = None  # type: ignore[assignment]

    def now(self) -> datetime:
        """As the machine's, or wrong by the step."""
        return datetime.now(UTC) + (self.step if next(self.readings) >= self.after else timedelta())


def clock_steps(folder: Path, rounds: int) -> Outcome:
    """The clock is a day early or late, from the start of a sweep or from the middle of one."""
    chance, data = Random(6), folder / "data"
    with in_process(folder / "ca", "--time-scale", "0.002") as simulator:
        for number in range(rounds):
            step = timedelta(days=1 if number % 2 else -1)
            after = 0 if number % 4 < 2 else chance.randrange(1, 12)
            sweep_and_seal(simulator, data, partial(_stepping, step, after))
    held = examine(data)
    return Outcome(rounds, rounds * len(LOOKS) - held.size, held.doubled, 0, held.corrupt + (not seal_and_verify(data)))


def _stepping(step: timedelta, after: int, made: Vantage) -> Vantage:
    return replace(made, clock=Stepping(0.002, step, after, count()))
