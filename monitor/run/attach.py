"""The log that goes with an alert: the small set of `vigie export --attachable`, and what is not sealed yet.

It is made when a message leaves, in the sender's own threads, over connections of their own; a sweep may be writing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from monitor import __version__
from monitor.cli.evidence.export import _between, _key, _proof, _sealed, _shipped
from monitor.core.prefecture import Prefecture
from monitor.paper.csv import table
from monitor.paper.document import Attachment
from monitor.paper.pdf import render
from monitor.report.export.export import Means, attachable
from monitor.report.export.folder import pack
from monitor.report.export.gather import gather, proof_of
from monitor.report.export.releve import Dossier
from monitor.report.export.words import SIMULATION
from monitor.run.evidence import EVIDENCE
from monitor.run.wiring import PROJECT_PAGE
from monitor.store.store import reading

if TYPE_CHECKING:
    from monitor.alerts.send.deliver import Attach
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.ports import Clock
    from monitor.settings.settings import Settings
    from monitor.store.blobs import Blobs
    from monitor.store.records import Records
    from monitor.store.rows import Row

SPAN: Final = timedelta(days=8)  # a digest's week and its morning: 580 looks, 0.6 s; all of it is `vigie export`
AT_ONCE: Final = timedelta(days=2)  # an opened slot does not wait for a week to be set in pages: 0.2 s
UNSEALED: Final = "observations-non-scellees.jsonl"
_MIMES: Final = {".pdf": "application/pdf", ".csv": "text/csv", ".zip": "application/zip", ".jsonl": "text/plain"}


def attachments(chosen: Settings, declared: Catalogue, clock: Clock, span: timedelta = SPAN) -> Attach:
    """The files of a scope (`95/slug`) up to an observation's number, None for all; span: how far back from now.

    Threads may share it.
    """

    def made(scope: str, seq: int | None) -> Sequence[Attachment]:
        code = scope.partition("/")[0]
        prefecture = next((one for one in declared.prefectures if one.code == code), None)
        if prefecture is None:  # declared when it was looked at, and no longer: the message leaves without its log
            return ()
        with reading(chosen.data) as opened:
            if opened is None:
                return ()
            now = clock.now()
            files = _files(chosen, prefecture, scope, seq, (now - span, now), *opened)
        return [Attachment(name, data, _MIMES[PurePath(name).suffix], "") for name, data in files.items()]

    return made


def _files(
    chosen: Settings,
    prefecture: Prefecture,
    scope: str,
    seq: int | None,
    period: tuple[datetime, datetime],
    records: Records,
    blobs: Blobs,
) -> Mapping[str, bytes]:
    rows = [row for row in reversed(records.history(scope)) if seq is None or row.seq <= seq]
    sealed = _sealed(chosen.data / EVIDENCE)
    found = gather(
        rows, records.sweeps(), records.damages(), asked=(period[0], None), sealed=[one.number for one in sealed]
    )
    out = dict(_unsealed(rows, max((one.number for one in sealed), default=0)))
    if not found.seen:
        return out
    enclosed = _between(sealed, found)
    dossier = Dossier(
        office=prefecture.office,
        site=prefecture.site,
        zone=prefecture.zone,
        seen=found.seen,
        damaged=found.damaged,
        plans=found.plans,
        made=period[1],
        operator=chosen.operator.name,
        window=(period[0], None),
        proof=proof_of(enclosed, _key(chosen.data / EVIDENCE, enclosed[-1])),
        unsealed=found.unsealed,
    )
    means = Means(
        bodies=blobs,
        render=lambda document, archival: render(document, archival=archival),
        table=table,
        pack=pack,
        shipped=_shipped(),
        program=f"vigie {__version__}",
        project=PROJECT_PAGE,
    )
    return attachable(dossier, [scope], means, _proof(chosen.data / EVIDENCE, enclosed[-1:], [scope])) | out


def _unsealed(rows: Sequence[Row], last: int) -> Iterator[tuple[str, bytes]]:
    """The observations of the sweep that is still going on, as they stand in the store."""
    lines = [row.line + b"\n" for row in rows if row.sweep > last and not row.damaged]
    if lines:
        played = any(json.loads(line).get("simulated") for line in lines)
        yield f"{SIMULATION}-{UNSEALED}" if played else UNSEALED, b"".join(lines)
