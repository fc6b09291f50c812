"""The machine the checks are made from, as far as records name it."""

from __future__ import annotations

from pathlib import Path


def boot_id() -> str | None:
    """Identifies the machine's current start (Linux), so that monotonic clocks of one boot can be compared."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None
