"""Sealed sweeps on disk: `sweeps/YYYY/MM/DD/NNNNNNNNN/`, written once, whole or not at all, never rewritten.

A content file larger than a disk block is stored as `NAME.zst` (`store.log.segment`); SHA256SUMS and every digest
are of the original bytes. Beside the sweeps, `trust/` holds what a stranger needs to verify (roots and intermediates of
each authority, public keys of the log), `stamps.json` what the next sweep has to declare, and `newest` where the last
one stands. Written by one process at a time: the caller holds the sweep's lock.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

from monitor.core.errors import StoreError
from monitor.core.record import digest
from monitor.evidence.sums import SUMS
from monitor.store import files as durable
from monitor.store.log.segment import packed, unpacked
from monitor.store.schema import disk_told
from monitor.store.sealed import NEWEST, newest_sweep, numbers, sweep_folders
from monitor.values import pattern

RECORDS, PLAN, SHOTS = "records.jsonl", "plan.jsonl", "shots.jsonl"
BLOCK = 4096  # bytes: a smaller file takes one block on disk however it is written

_STAMP = pattern(rf"{SUMS}\.([a-z0-9-]+)\.tsr")


class SealedSweep:
    """One sealed sweep. number: the sweep's. Years of them are listed at once: each holds a string, and no path."""

    __slots__ = ("_path", "number")

    def __init__(self, path: Path) -> None:
        self.number, self._path = int(path.name), str(path)

    @property
    def path(self) -> Path:
        """Its folder."""
        return Path(self._path)

    @property
    def folder(self) -> str:
        """Its path from the evidence folder."""
        return "/".join(("sweeps", *self.path.parts[-4:]))

    def read(self, name: str) -> bytes:
        """The original bytes of a content file. Raises StoreError."""
        with disk_told(self.path / name):
            with suppress(FileNotFoundError):
                return (self.path / name).read_bytes()
            packed = self.path / f"{name}.zst"
            return unpacked(packed.read_bytes(), packed, lambda: self.read(RECORDS).split(b"\n")[:-1])

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the folder but the records, by name, with its original bytes."""
        with disk_told(self.path):
            for name in sorted(n.removesuffix(".zst") for n in os.listdir(self.path)):
                if name != RECORDS:
                    yield name, self.read(name)

    def shots(self) -> list[bytes]:
        """The lines of `shots.jsonl`; none where no picture was due."""
        with disk_told(self.path):
            there = any((self.path / name).exists() for name in (SHOTS, f"{SHOTS}.zst"))
        return self.read(SHOTS).splitlines() if there else []

    def authorities(self) -> list[str]:
        """Whose time-stamps it has."""
        with disk_told(self.path):
            return sorted(m[1] for m in map(_STAMP.fullmatch, os.listdir(self.path)) if m)

    def stamps(self) -> dict[str, bytes]:
        """Time-stamp responses as received, by authority."""
        with disk_told(self.path):
            names = sorted(os.listdir(self.path))
            return {m[1]: (self.path / m[0]).read_bytes() for m in map(_STAMP.fullmatch, names) if m}


class SweepFolders:
    """The evidence folder. Raises StoreError for what a disk or a permission does."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def latest(self) -> SealedSweep | None:
        """The sealed sweep with the highest number."""
        with disk_told(self.root):
            newest = newest_sweep(self.root)
        return SealedSweep(newest) if newest else None

    def sweep(self, number: int) -> SealedSweep | None:
        """The sealed sweep of that number; the newest, which is asked for most, without a search."""
        latest = self.latest()
        if latest is not None and latest.number == number:
            return latest
        return next((s for s in self._found() if s.number == number), None)

    def sealed(self) -> list[SealedSweep]:
        """Every sealed sweep, by number."""
        return sorted(self._found(), key=lambda sweep: sweep.number)

    def _found(self) -> Iterator[SealedSweep]:
        with disk_told(self.root):
            for day in sweep_folders(self.root):
                yield from (SealedSweep(day / name) for name in numbers(day))

    def write(self, number: int, started: datetime, files: Mapping[str, bytes]) -> SealedSweep:
        """Write a sweep: every file synced, then the folder named as finished. started: aware UTC.

        What a crash leaves before that name is given holds nothing the store has not, and is made again.
        """
        final = self.root / "sweeps" / f"{started:%Y/%m/%d}" / f"{number:09d}"
        staging = self.root / "sweeps" / "unfinished"
        with disk_told(final):
            if final.exists():
                raise StoreError(_("{path} is sealed already and is never rewritten").format(path=final))
            shutil.rmtree(staging, ignore_errors=True)
            durable.make_folder(staging)
            for name, data in files.items():
                if len(data) <= BLOCK or name == SUMS:
                    durable.create(staging / name, data)
                else:
                    lines = files[RECORDS].split(b"\n")[:-1] if name == PLAN else None
                    durable.create(staging / f"{name}.zst", packed(data, records=lines))
            durable.sync_folder(staging)
            durable.make_folder(final.parent)
            durable.replace(self.root / NEWEST, final.relative_to(self.root).as_posix().encode())
            os.rename(staging, final)
            for folder in (final.parent, *list(final.parents)[1:5]):
                durable.sync_folder(folder)
        return SealedSweep(final)

    def add_stamp(self, number: int, authority: str, query: bytes, reply: bytes) -> None:
        """Put a request and its response beside the sums they are about. Raises StoreError if there is one already."""
        name = f"{SUMS}.{authority}"
        sweep = self.sweep(number)
        if sweep is None:
            raise StoreError(_("there is no sealed sweep {number}").format(number=number))
        with disk_told(sweep.path):
            if (sweep.path / f"{name}.tsr").exists():
                raise StoreError(_("{path} has a stamp of {name} already").format(path=sweep.path, name=authority))
            durable.replace(sweep.path / f"{name}.tsq", query)
            durable.replace(sweep.path / f"{name}.tsr", reply)

    def trust(self, kind: str, name: str, pem: bytes) -> None:
        """Keep a PEM file under `trust/KIND/NAME.DIGEST.pem`, once a content. kind: roots, untrusted, crls, log."""
        path = self.root / "trust" / kind / f"{name}.{digest(pem)[:16]}.pem"
        with disk_told(path):
            if not path.exists():
                durable.make_folder(path.parent)
                durable.replace(path, pem)

    def trusted(self) -> Iterator[tuple[str, bytes]]:
        """Every file under `trust/`, by its path from the evidence folder."""
        with disk_told(self.root):
            for path in sorted(self.root.glob("trust/*/*.pem")):
                yield path.relative_to(self.root).as_posix(), path.read_bytes()

    def certificates(self, authority: str) -> bytes:
        """PEM of the certificates kept of an authority beside its roots; empty where there are none."""
        with disk_told(self.root):
            return b"".join(path.read_bytes() for path in sorted(self.root.glob(f"trust/untrusted/{authority}.*.pem")))

    def load_state(self) -> bytes:
        """`stamps.json` as `save_state` left it; empty when there is none."""
        path = self.root / "stamps.json"
        with disk_told(path):
            return path.read_bytes() if path.exists() else b""

    def save_state(self, data: bytes) -> None:
        """Replace `stamps.json`."""
        with disk_told(self.root):
            durable.make_folder(self.root)
            durable.replace(self.root / "stamps.json", data)


def picture_files(line: Mapping[str, Any]) -> list[str]:
    """SHA-256 of the files a picture's line names: the picture, the whole page, what it was drawn with."""
    whole = [line["full"]["png_sha256"]] if "full" in line else []
    return [line["png_sha256"], *whole, *(one["sha256"] for one in line["resources"])] if "png_sha256" in line else []
