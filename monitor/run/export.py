"""What was recorded leaves the data folder: the folder of `vigie export`, and the log that goes with an alert."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from gettext import gettext as _
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, cast
from zoneinfo import ZoneInfo

from monitor.case.check.anef import anef_rows, on_anef
from monitor.case.court.words import procedure
from monitor.catalogue.declaration import PROCEDURES
from monitor.core.errors import StoreError, UsageError
from monitor.core.prefecture import Procedure
from monitor.paper.document import Attachment
from monitor.paper.signing import signing
from monitor.report.export.dossier import DeskFacts, ReleveContent, window
from monitor.report.export.export import Exporter, Scope
from monitor.report.export.folder import write
from monitor.report.export.presented import proven, small_set_proven
from monitor.run import wiring
from monitor.store.sealed import EVIDENCE
from monitor.store.store import reading
from monitor.sweep.plan import NATIONAL, NATIONAL_ZONE
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.alerts.send.deliver import Attach
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.ports import Clock
    from monitor.core.prefecture import Prefecture
    from monitor.settings.settings import Settings

SPAN: Final = timedelta(days=8)  # a digest's week and its morning: 580 looks, 0.6 s; all of it is `vigie export`
AT_ONCE: Final = timedelta(days=2)  # an opened slot does not wait for a week to be set in pages: 0.2 s
_MIMES: Final = {".pdf": "application/pdf", ".csv": "text/csv", ".zip": "application/zip", ".jsonl": "text/plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is to be exported. code: CODE, CODE/DESK or national/SERVICE. first, last: days of legal time, included.

    folder: to be written, None for one named after the code and now. attachable: the small set. everything: every page
    and picture, not the selection.
    """

    code: str
    first: date | None = None
    last: date | None = None
    folder: Path | None = None
    attachable: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written. size: bytes. dossier: what it says."""

    folder: Path
    size: int
    dossier: ReleveContent


def export(request: ExportRequest, chosen: Settings) -> Exported:
    """Write the folder, and verify it. Raises UsageError for what nobody declared or recorded, and for a folder that is
    there; StoreError where a sealed sweep it needs is gone; ExportFaultError for evidence of which no export verifies.
    """
    now = datetime.now(UTC)
    with reading(chosen.data) as opened:
        scope = _scope(request.code, wiring.catalogue(chosen), opened[0].latest() if opened else ())
        asked = window(request.first, request.last, scope.zone, now)
        if opened is None:
            raise _nothing(request, scope, 0)
        signed = signing(chosen, now)
        exporter = Exporter(
            chosen.data, *opened, made=now, operator=chosen.operator.name, signed=signed, described=described
        )
        selected = exporter.select(scope, asked)
        if lost := exporter.lost(selected, asked):
            raise _lost(chosen.data, lost)
        if selected.dossier is None:
            raise _nothing(request, scope, selected.found.unsealed)
        folder = request.folder or Path(f"vigie-export-{scope.key.replace('/', '-')}-{now:%Y%m%dT%H%M%SZ}")
        sealed = selected.dossier.proof is not None
        if request.attachable:
            small = exporter.attachable(selected).items()
            size = write(folder, small, check=small_set_proven) if sealed else write(folder, small)
        else:
            files = exporter.whole(selected, everything=request.everything)
            size = write(folder, files, exporter.signature(selected), proven) if sealed else write(folder, files)
    return Exported(folder=folder, size=size, dossier=selected.dossier)


def attachments(chosen: Settings, declared: Catalogue, clock: Clock, span: timedelta = SPAN) -> Attach:
    """The files of a check (`95/slug`) up to an observation's number, None for all; span: how far back from now.

    They are made when a message leaves, in the sender's own threads, over connections of their own; a sweep may be
    writing. `[alerts] attach` says which of them go along: people read the PDF, on telephones that pay for each byte.
    """
    wanted = chosen.alerts.attach

    def made(check: str, last: int | None) -> Sequence[Attachment]:
        code = check.partition("/")[0]
        prefecture = next((one for one in declared.prefectures if one.code == code), None)
        if wanted == "none" or prefecture is None:  # declared when it was looked at, and no longer: without its log
            return ()
        now = clock.now()
        with reading(chosen.data) as opened:
            if opened is None:
                return ()
            exporter = Exporter(chosen.data, *opened, made=now, operator=chosen.operator.name, described=described)
            files = exporter.with_alert(_of(prefecture, check, check), now - span, last)
        chosen_files = {name: data for name, data in files.items() if wanted == "all" or name.endswith(".pdf")}
        return [Attachment(name, data, _MIMES[PurePath(name).suffix], "") for name, data in chosen_files.items()]

    return made


def described(code: str, first: date, last: date) -> DeskFacts:
    """A démarche in French, and whether it was filed on ANEF on those days, row by row of the dated table."""
    if code not in PROCEDURES:
        return DeskFacts()
    told = []
    for row, standing in on_anef(anef_rows(), cast(Procedure, code), first):
        known = _STANDINGS[standing] if row.standing(last) == standing else _MOVED.format(day=row.latest)
        told.append(f"{row.label} : {known}")
    return DeskFacts(procedure=procedure(code), anef=" ; ".join(told) or _NOT_LISTED)


_STANDINGS: Final = {
    "filed_there": "sur l'ANEF à ces dates",
    "date_uncertain": "date d'entrée sur l'ANEF incertaine à ces dates",
    "not_yet": "pas encore sur l'ANEF à ces dates",
}
_MOVED: Final = "passée sur l'ANEF pendant la période (au plus tard le {day:%d/%m/%Y})"
_NOT_LISTED: Final = "absente de la table datée de l'annexe 9 du CESEDA que tient ce logiciel"


def _scope(code: str, declared: Catalogue, recorded: Collection[str]) -> Scope:
    """A préfecture, one of its checks, or a national service, which enters a file only when it is asked for by name.

    recorded: checks of which something is kept. One that is declared no more keeps its name.
    """
    name, slash, slug = code.partition("/")
    if name == NATIONAL:
        return _national(code, slug, declared)
    prefecture = declared.find(name)
    if not slash:
        return _of(prefecture, prefecture.code, f"{prefecture.code}/")
    slugs = [desk.slug for desk in prefecture.desks] + [f"notices/{notice.slug}" for notice in prefecture.notices]
    if slug not in slugs and f"{prefecture.code}/{slug}" not in recorded:
        known = " ".join(f"{prefecture.code}/{known}" for known in slugs) or "-"
        raise UsageError(_("no desk is called {desk}; known: {known}").format(desk=code, known=known))
    return _of(prefecture, f"{prefecture.code}/{slug}", f"{prefecture.code}/{slug}")


def _of(one: Prefecture, key: str, proof: str) -> Scope:
    return Scope(
        key=key, proof=proof, office=one.office, site=one.site, zone=one.zone, department=f"{one.name} ({one.code})"
    )  # fmt: skip


def _national(code: str, slug: str, declared: Catalogue) -> Scope:
    for one in declared.services:
        if one.slug == slug:
            return Scope(
                key=code, proof=code, office=one.name, site=one.platform.url, zone=ZoneInfo(NATIONAL_ZONE),
                whose="Service national",
            )  # fmt: skip
    known = " ".join(f"{NATIONAL}/{one.slug}" for one in declared.services) or "-"
    raise UsageError(_("no service is called {key}; known: {known}").format(key=f"{NATIONAL}/{slug}", known=known))


def _lost(data: Path, numbers: Sequence[int]) -> StoreError:
    shown = ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
    words = _(
        "sealed sweeps are gone from {path}: {numbers}; put them back from a backup. An export without them would not"
        " verify, so none was written"
    )
    return StoreError(words.format(path=data / EVIDENCE / "sweeps", numbers=shown))


def _nothing(request: ExportRequest, scope: Scope, unsealed: int) -> UsageError:
    if unsealed:
        words = _("{n} observations of {what} are not sealed yet: export again after the next sweep")
        return UsageError(words.format(n=unsealed, what=scope.key))
    if request.first is None and request.last is None:
        return UsageError(_("Nothing was recorded for {what} yet.").format(what=scope.key))
    return UsageError(_("Nothing was recorded for {what} in that time.").format(what=scope.key))
