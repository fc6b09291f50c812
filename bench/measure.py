"""Whole processes: how long, how much processor, how much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Cost:
    """One process. wall, cpu (user and system): seconds. peak_mb: resident memory as the program itself saw it.

    wal: bytes it wrote into the database's journal, where it told them.
    """

    wall: float
    cpu: float
    peak_mb: float | None
    code: int
    out: str
    err: str
    wal: int | None = None


def cost(command: Sequence[str], env: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end."""
    with tempfile.TemporaryDirectory() as folder:
        report, out, err = (Path(folder) / name for name in ("report", "out", "err"))
        environment = {**os.environ, "LANGUAGE": "", **(env or {}), "BENCH_REPORT": str(report)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else every start compiles what an installation has compiled
        with out.open("wb") as stdout, err.open("wb") as stderr:
            began = time.perf_counter()
            child = subprocess.Popen(
                list(command), cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
            )
            _pid, status, used = os.wait4(child.pid, 0)
            wall = time.perf_counter() - began
            child.returncode = os.waitstatus_to_exitcode(status)
        own = json.loads(report.read_text()) if report.exists() else {}
        peak = own["peak_kb"] / 1024 if own else None
        said = (out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))
        return Cost(wall, used.ru_utime + used.ru_stime, peak, child.returncode, *said, wal=own.get("wal"))


def interleaved(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each command in each round, the commands taking turns."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            done = cost(command)
            if done.code:
                raise RuntimeError(f"{name} ended with {done.code}: {done.err[-500:]}")
            times[name].append(done.wall * 1000)
    return times


def vigie() -> list[str]:
    """The installed command, else the module."""
    script = Path(sys.executable).parent / "vigie"
    return [str(script)] if script.exists() else [sys.executable, "-m", "monitor"]


def rounded(value: Any) -> Any:
    """Numbers as the results keep them."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return value
