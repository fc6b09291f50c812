"""The evidence folder of a data folder: seal what was recorded, ask the authorities, verify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.evidence import seal as sealing
from monitor.evidence.folder import EVIDENCE, LOG, SweepFolders
from monitor.evidence.key import LogSigner
from monitor.evidence.seal import to_seal
from monitor.evidence.stamping import stamp
from monitor.evidence.tree import TreeFiles
from monitor.store.records import Records

if TYPE_CHECKING:
    from monitor.evidence.authority import Timestamper
    from monitor.evidence.sums import Stamp, StampFailure
    from monitor.fetch.clock import SystemClock
    from monitor.settings.settings import Settings

KEYS = "keys"


class _Lines:
    """The store's lines up to a sweep's end, as sealing asks for them."""

    def __init__(self, records: Records, stop: int) -> None:
        self._records, self._stop = records, stop

    def lines(self, first: int) -> Sequence[bytes]:
        return [line for _seq, line in self._records.lines(first, self._stop)]


class Evidence:
    """One data folder's log. Opening it makes the signing key on first use."""

    def __init__(self, data: Path, authorities: Sequence[Timestamper] = ()) -> None:
        self._signer = LogSigner(data / KEYS)
        self._sweeps = SweepFolders(data / EVIDENCE)
        self._tree = TreeFiles(data / EVIDENCE / LOG)
        self._authorities = authorities

    def anchor(self, records: Records) -> bytes:
        """What the check ids of the next sweep follow from."""
        return sealing.anchor(self._means(records, 0))

    def seal(self, records: Records, at: datetime, env: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        """Seal every sweep that is not yet, oldest first; one that died is sealed as such. env: by sweep number."""
        latest = self._sweeps.latest()
        done = latest.number if latest else 0
        for stored in reversed([one for one in records.sweeps() if one.number > done]):
            made = [(row.seq, row.subject) for row in records.rows(stored.first_seq, stored.end_seq)]
            sweep = to_seal(stored, made, at, (env or {}).get(stored.number))
            sweep = replace(sweep, shots=[*records.shots(stored.first_seq, stored.end_seq)])
            sealing.seal(sweep, self._means(records, stored.end_seq))

    async def stamp(self) -> list[Stamp | StampFailure]:
        """Ask each authority for what it owes. One that is down is asked again at the next run; the log says so."""
        return await stamp(self._sweeps, self._authorities)

    def _means(self, records: Records, stop: int) -> sealing.Means:
        return sealing.Means(
            records=_Lines(records, stop),
            tree=self._tree,
            signer=self._signer,
            sweeps=self._sweeps,
            authorities=self._authorities,
        )


def open_evidence(chosen: Settings, clock: SystemClock) -> Evidence:
    """The evidence folder with the authorities of the settings. Raises ConfigurationError for one that is unusable."""
    from monitor.run.wiring import authorities

    return Evidence(chosen.data, authorities(chosen, clock))
