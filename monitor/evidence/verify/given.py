"""Where sweeps stand: a folder each in a data folder and in exports of format 1, a line each in those of format 2."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Set
from gettext import gettext as _
from itertools import groupby
from typing import TYPE_CHECKING, Any

from monitor.evidence.exported.names import STAMPS, SWEEPS
from monitor.evidence.folder import RECORDS
from monitor.evidence.rules.findings import Report
from monitor.evidence.rules.spelling import parse_canonical, respelt, whole
from monitor.evidence.seal import CHECKPOINT, PREVIOUS, SEAL, SWEEP
from monitor.evidence.sums import SUMS, parse_sums
from monitor.evidence.verify.sweeps import GivenStamp, GivenSweep, SweepWalk
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.verify.archive import FolderArchive

SWEEP_FOLDER = pattern(r"sweeps/\d{4}/\d\d/\d\d/\d{9}(?=/)")

_STAMP = pattern(rf"{SUMS}\.([a-z0-9-]+)\.ts[qr]")
_ENCLOSED = pattern(rf"{re.escape(PREVIOUS)}([a-z0-9-]+)\.tsr")
_HEAD = pattern(rb'\{"authority":"([a-z0-9-]+)","sweep":(\d+),')
_FILES = (CHECKPOINT, SEAL, SWEEP)


class SweepsInFolders:
    """A data folder's sweeps, or those of an export of format 1. records_needed: False where these are selected."""

    def __init__(self, archive: FolderArchive, report: Report, *, records_needed: bool) -> None:
        self._archive, self._report, self._records_needed = archive, report, records_needed
        found = {m[0] for m in map(SWEEP_FOLDER.match, archive.names()) if m}
        self.folders = sorted(found, key=lambda folder: (folder[-9:], folder))

    def bearing(self) -> Set[tuple[int, str]]:
        """The first and the last stamp of each authority: through the chain the last covers every sweep before it."""
        numbers: dict[str, list[int]] = {}
        for folder in self.folders:
            for name in self._responses(folder):
                numbers.setdefault(name, []).append(int(folder[-9:]))
        return {(n, name) for name, given in numbers.items() for n in (given[0], given[-1])}

    def feed(self, walk: SweepWalk) -> None:
        """All of them. A stamp that only the sweep after encloses is given to its own sweep."""
        for at, folder in enumerate(self.folders):
            follower = self.folders[at + 1] if at + 1 < len(self.folders) else None
            if at == 0:
                self._before(folder, walk)
            self._listed(folder)
            names = {name: f"{folder}/{SUMS}.{name}.tsr" for name in self._responses(folder)}
            for name, where in self._enclosed(follower).items() if follower else ():
                names.setdefault(name, where)
            walk.see(
                GivenSweep(
                    where=folder,
                    number=int(folder[-9:]),
                    sums=self._read(f"{folder}/{SUMS}"),
                    files={name: data for name in _FILES if (data := self._read(f"{folder}/{name}")) is not None},
                    stamps={name: GivenStamp(where, self._archive.read(where)) for name, where in names.items()},
                )
            )

    def _before(self, folder: str, walk: SweepWalk) -> None:
        """The sums and stamps that the first sweep encloses, where it does."""
        sums = self._read(f"{folder}/{PREVIOUS}{SUMS}")
        if sums is not None:
            stamps = {
                name: GivenStamp(where, self._archive.read(where)) for name, where in self._enclosed(folder).items()
            }
            walk.before(int(folder[-9:]) - 1, sums, stamps)

    def _responses(self, folder: str) -> list[str]:
        here = self._archive.within(folder)
        return [m[1] for name in here if (m := _STAMP.fullmatch(name)) and name.endswith(".tsr")]

    def _enclosed(self, folder: str) -> Mapping[str, str]:
        here = self._archive.within(folder)
        return {m[1]: f"{folder}/{m[0]}" for m in map(_ENCLOSED.fullmatch, here) if m}

    def _listed(self, folder: str) -> None:
        """Every file of the list that the walk does not read has its digest, and nothing stands beside them."""
        try:
            sums = parse_sums(self._read(f"{folder}/{SUMS}") or b"")
        except ValueError:
            return  # told by the walk
        here = {*self._archive.within(folder)}
        for name in sorted(here - sums.keys() - {SUMS}):
            if not _STAMP.fullmatch(name):
                self._report.fail("unlisted", f"{folder}/{name}")
        for name in sorted(sums.keys() - {*_FILES}):
            if name not in here and name == RECORDS and not self._records_needed:
                continue
            if name not in here or self._archive.digest(f"{folder}/{name}") != sums[name]:
                self._report.fail("file", f"{folder}/{name}")

    def _read(self, name: str) -> bytes | None:
        try:
            return self._archive.read(name)
        except KeyError:
            return None


class SweepsInLines:
    """The sweeps of an export: `sweeps.jsonl` beside `stamps.jsonl`, both sorted by sweep, read once."""

    def __init__(self, archive: FolderArchive, report: Report) -> None:
        self._archive, self._report = archive, report
        self._name = _("sweep {number:09d}")  # looked up once: there are as many as sweeps

    def bearing(self) -> Set[tuple[int, str]]:
        """The first and the last stamp of each authority: through the chain the last covers every sweep before it."""
        ends: dict[str, tuple[int, int]] = {}
        for match in map(_HEAD.match, self._archive.lines(STAMPS)):
            if match:
                name, number = match[1].decode(), int(match[2])
                ends[name] = (ends.get(name, (number, number))[0], number)
        return {(number, name) for name, pair in ends.items() for number in pair}

    def feed(self, walk: SweepWalk) -> None:
        """All of them, each with its stamps."""
        groups = groupby(self._stamps(), key=lambda one: one[0])
        waiting = next(groups, None)
        for at, told in enumerate(canonical_lines(self._archive, SWEEPS, self._report)):
            number = _number(told, first=at == 0)
            if number is None:
                self._report.fail("sums", f"{SWEEPS}:{at + 1}")
                continue
            stamps: dict[str, GivenStamp] = {}
            while waiting is not None and waiting[0] <= number:
                self._take(waiting, number, stamps)
                waiting = next(groups, None)
            if "before" in told:
                walk.before(number, str(told["sums"]).encode(), stamps)
            else:
                walk.see(_given(told, self._name.format(number=number), stamps))
        while waiting is not None:
            self._take(waiting, -1, {})
            waiting = next(groups, None)

    def _take(
        self, group: tuple[int, Iterator[tuple[int, str, bytes]]], number: int, into: dict[str, GivenStamp]
    ) -> None:
        """The stamps of one sweep; those of a sweep that is not here stamp nothing that is."""
        for about, authority, reply in group[1]:
            where = f"{self._name.format(number=about)}, {authority}"
            if about != number or authority in into:
                self._report.fail("stamp", where)
            else:
                into[authority] = GivenStamp(where, reply)

    def _stamps(self) -> Iterator[tuple[int, str, bytes]]:
        for at, told in enumerate(canonical_lines(self._archive, STAMPS, self._report), start=1):
            try:
                reply = base64.b64decode(str(told["tsr"]), validate=True)
                yield whole(told["sweep"]), str(told["authority"]), reply
            except (ValueError, KeyError, binascii.Error):
                self._report.fail("stamp", f"{STAMPS}:{at}")


def _number(told: Mapping[str, Any], *, first: bool) -> int | None:
    """Of the sweep of a line; None where it is no such line."""
    if first and told.keys() == {"before", "sums"}:
        number = told["before"]
    elif {"checkpoint", "seal", "sums", "sweep"} <= told.keys() and isinstance(told["sweep"], dict):
        number = told["sweep"].get("sweep")
    else:
        return None
    return number if isinstance(number, int) else None


def _given(told: Mapping[str, Any], where: str, stamps: Mapping[str, GivenStamp]) -> GivenSweep:
    files = {
        CHECKPOINT: str(told["checkpoint"]).encode(),
        SEAL: respelt(told["seal"]),
        SWEEP: respelt(told["sweep"]),
    }
    return GivenSweep(where=where, number=None, sums=str(told["sums"]).encode(), files=files, stamps=stamps)


def canonical_lines(archive: FolderArchive, name: str, report: Report) -> Iterator[dict[str, Any]]:
    """The objects of a file of lines; of another spelling there is a finding. Nothing where the file is absent."""
    for at, line in enumerate(archive.lines(name), start=1):
        try:
            yield parse_canonical(line)
        except ValueError:
            report.fail("canonical", f"{name}:{at}")
