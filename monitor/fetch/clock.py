"""The machine's clocks, and how well the wall clock is kept: what the kernel says of it, and chrony where it runs.

In a simulation waits are shortened and nothing else: instants stay true. `adjtimex` with `modes=0` only reads; it needs
neither privilege nor daemon and costs some 80 us, so every check asks it before and after. Which daemon disciplines the
clock does not matter to it: chrony, timesyncd and ntpd all report there.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import time
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from monitor.core.record import ClockState
from monitor.values import dataclass


@dataclass(frozen=True, slots=True)
class SystemClock:
    """Implements `core.ports.Clock`. time_scale: real seconds a second of waiting takes (1 outside simulations)."""

    time_scale: float = 1.0

    def now(self) -> datetime:
        """Aware UTC instant."""
        return datetime.now(UTC)

    def monotonic_ns(self) -> int:
        """Monotonic nanoseconds: order and measure, never date."""
        return time.monotonic_ns()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`, shortened by the scale."""
        import asyncio

        await asyncio.sleep(seconds * self.time_scale)

    async def sleep_since(self, mono_ns: int, seconds: float) -> None:
        """Wait until at least `seconds` (shortened by the scale) have passed since a monotonic instant."""
        import asyncio

        until = mono_ns + round(seconds * self.time_scale * 1e9)
        while (left := until - time.monotonic_ns()) > 0:  # noqa: ASYNC110 - a timer may fire early; time is the event
            await asyncio.sleep(left / 1e9)


CANNOT: Final = (OSError, ValueError, LookupError, AttributeError, TypeError, ImportError, subprocess.SubprocessError)
_UNSYNCHRONISED: Final = 0x40  # STA_UNSYNC, linux/timex.h
_NANOSECONDS: Final = 0x2000  # STA_NANO: `offset` is in nanoseconds
_CHRONY: Final = (
    "reference_id", "server", "stratum", "reference_time", "offset_ns", "last_offset_ns", "rms_offset_ns",
    "frequency_ppb", "residual_ppb", "skew_ppb", "root_delay_ns", "root_dispersion_ns", "update_interval_ns", "leap",
)  # fmt: skip


class _Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint),
        *((name, ctypes.c_long) for name in ("offset", "freq", "maxerror", "esterror")),
        ("status", ctypes.c_int),
        *((name, ctypes.c_long) for name in ("constant", "precision", "tolerance", "sec", "usec", "tick")),
        *((name, ctypes.c_long) for name in ("ppsfreq", "jitter")),
        ("shift", ctypes.c_int),
        *((name, ctypes.c_long) for name in ("stabil", "jitcnt", "calcnt", "errcnt", "stbcnt")),
        ("tai", ctypes.c_int),
        ("pad", ctypes.c_int * 11),
    )


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def kernel_clock() -> dict[str, Any]:
    """`adjtimex` as it answers: state (5: the clock has no known error bound), offset in ns, errors in us.

    Raises one of CANNOT where there is no such call.
    """
    asked = _Timex(modes=0)
    state = _libc().adjtimex(ctypes.byref(asked))
    if state < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")
    return {
        "source": "adjtimex",
        "state": state,
        "synchronised": not asked.status & _UNSYNCHRONISED,
        "offset_ns": asked.offset if asked.status & _NANOSECONDS else asked.offset * 1000,
        "max_error_us": asked.maxerror,
        "estimated_error_us": asked.esterror,
        "tai_offset_s": asked.tai,
    }


def clock_state() -> ClockState | None:
    """What a record says of our clock at one instant; None where the kernel does not tell."""
    try:
        told = kernel_clock()
    except CANNOT:
        return None
    return ClockState(synchronised=told["synchronised"], max_error_us=told["max_error_us"], source=told["source"])


def chrony(command: str = "chronyc") -> dict[str, Any]:
    """`chronyc -n -c tracking`, its decimals as whole nanoseconds or parts per billion.

    Raises FileNotFoundError where it is not installed, another of CANNOT where no daemon answers as expected.
    """
    program = shutil.which(command)
    if program is None:
        raise FileNotFoundError(2, "not installed")
    done = subprocess.run(  # noqa: S603 - no shell, constant arguments
        [program, "-n", "-c", "tracking"], capture_output=True, text=True, timeout=3, check=False
    )
    if done.returncode != 0:
        raise OSError(None, "no daemon answers")
    return _tracking(done.stdout)


def _tracking(line: str) -> dict[str, Any]:
    values = dict(zip(_CHRONY, line.strip().split(","), strict=True))
    out: dict[str, Any] = {"source": "chrony"}
    for name, value in values.items():
        if name == "stratum":
            out[name] = int(value)
        elif name.endswith(("_ns", "_ppb")):
            out[name] = _scaled(value, 10**9 if name.endswith("_ns") else 1000)  # seconds, parts per million
        else:
            out[name] = value
    out["synchronised"] = out["leap"] != "Not synchronised"
    return out


def _scaled(value: str, by: int) -> int:
    try:
        return int(Decimal(value) * by)
    except (InvalidOperation, OverflowError) as error:
        raise ValueError("not a number in the answer of chronyc") from error
