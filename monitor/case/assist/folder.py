"""An attempt's folder on disk: written whole or not at all, then stamped; and read back for an import."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.case.assist.attempt import STAMPS
from monitor.core.errors import UsageError
from monitor.core.record import canonical, instant
from monitor.evidence.sums import SUMS, Stamp
from monitor.report.export.folder import write
from monitor.store.schema import disk_told

if TYPE_CHECKING:
    from monitor.evidence.stamps.authority import Timestamper

MAX_FILES, MAX_BYTES = 2_000, 500_000_000


def keep(out: Path, files: Mapping[str, bytes]) -> None:
    """Write the files and their sums into a new folder. Raises UsageError when it is there already, StoreError."""
    write(out, sorted(files.items()))


async def stamp(out: Path, authorities: Sequence[Timestamper]) -> list[dict[str, Any]]:
    """Ask each authority for a stamp of the sums; put it beside them. Returns what `stamps.json` says.

    One row an authority: `{"authority", "what": "stamped" | "unstamped", "gen_time" or "why"}`; without any authority
    one row says so. Raises StoreError.
    """
    with disk_told(out):
        beside, rows = await stamped((out / SUMS).read_bytes(), authorities)
        for name, data in beside.items():
            await asyncio.to_thread((out / name).write_bytes, data)
        (out / STAMPS).write_bytes(canonical({"v": 1, "stamps": rows}) + b"\n")
    return rows


async def stamped(
    sums: bytes, authorities: Sequence[Timestamper]
) -> tuple[dict[str, bytes], list[dict[str, Any]]]:  # fmt: skip
    """Each authority asked for a stamp of the sums: the files that stand beside them, and the rows of `stamp`."""
    beside: dict[str, bytes] = {}
    rows = [await _ask(one, sums, beside) for one in authorities]
    return beside, rows or [{"what": "unstamped", "why": "no_authority"}]


async def _ask(authority: Timestamper, sums: bytes, beside: dict[str, bytes]) -> dict[str, Any]:
    from monitor.evidence.stamps.openssl import OpenSSLError

    try:
        answer = await authority.stamp(sums)
    except OpenSSLError:
        return {"authority": authority.name, "what": "unstamped", "why": "no_openssl"}
    if not isinstance(answer, Stamp):
        return {"authority": authority.name, "what": "unstamped", "why": answer.trouble}
    files = {"tsq": answer.query, "tsr": answer.reply, "pem": authority.roots}
    beside |= {f"{SUMS}.{authority.name}.{ending}": data for ending, data in files.items()}
    return {"authority": authority.name, "what": "stamped", "gen_time": instant(answer.gen_time)}


def load(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by path with `/`, for `monitor.case.assist.attempt.read`.

    Raises UsageError for what is no folder, holds a link or more than an attempt does; StoreError.
    """
    if not folder.is_dir():
        raise UsageError(_("{path} is not a folder").format(path=folder))
    files: dict[str, bytes] = {}
    size = 0
    with disk_told(folder):
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                raise UsageError(_("{path} is a link: a folder of attempts holds files only").format(path=path))
            if path.is_file():
                size += path.stat().st_size
                if size > MAX_BYTES or len(files) >= MAX_FILES:
                    raise UsageError(_("{path} holds more than an attempt does").format(path=folder))
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files
