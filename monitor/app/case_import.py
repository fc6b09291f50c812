"""Joining a relevé of the monitor to a case: only what verifies is accepted, and what was verified is what is kept."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from monitor.app.seal import RECORDS
from monitor.domain.case_reading import CaseDataError
from monitor.domain.sums import SUMS, parse_sums

if TYPE_CHECKING:
    from monitor.app.findings import Report
    from monitor.app.verify import Archive


def packed(archive: Archive, verify: Callable[[], Report]) -> tuple[bytes, Report]:
    """The export as a ZIP, and its verification. Raises CaseDataError where something is false or played in it.

    The bytes packed are compared with the list of digests the verification rests on: the folder may change meanwhile.
    """
    report = verify()
    if report.failed:
        first = next(finding for finding in report.findings if finding.failed)
        raise CaseDataError(f"this export does not verify and was not joined: {first}")
    if any(json.loads(line).get("simulated") for line in archive.lines(RECORDS)):
        raise CaseDataError("SIMULATION: a simulator played these pages, they prove nothing and were not joined")
    sums = parse_sums(archive.read(SUMS))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in archive.names():
            if ".." in PurePosixPath(name).parts:
                raise CaseDataError(f"this export holds a name no honest export holds: {name}")
            data = archive.read(name)
            if name != SUMS and hashlib.sha256(data).hexdigest() != sums.get(name):
                raise CaseDataError(f"this export changed while it was read: {name}")
            zipped.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return held.getvalue(), report
