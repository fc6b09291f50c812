"""`vigie export`: a préfecture's observations as a court file: relevé, table, records, pages received, proof."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor import __version__
from monitor.cli.asked import catalogue, data_folder, settings
from monitor.cli.look.picture import find
from monitor.core.errors import UsageError
from monitor.core.prefecture import Prefecture
from monitor.evidence.checkpoint import Checkpoint, Note, VerifierKey
from monitor.evidence.folder import SealedSweep, SweepFolders
from monitor.paper.csv import table
from monitor.paper.pdf import render
from monitor.paper.signing import signing
from monitor.report.export.export import Means, attachable, export
from monitor.report.export.folder import pack, write
from monitor.report.export.gather import Gathered, gather, proof_of, window
from monitor.report.export.proofs import proof_files
from monitor.report.export.releve import Dossier
from monitor.run.evidence import EVIDENCE, LOG
from monitor.run.wiring import PROJECT_PAGE
from monitor.store.store import reading
from monitor.sweep.plan import NATIONAL, NATIONAL_ZONE

if TYPE_CHECKING:
    from monitor.store.blobs import Blobs
    from monitor.store.records import Records

SHIPPED = ("LISEZ-MOI.txt", "verify.sh", "verify-inclusion.sh")


def run(args: argparse.Namespace) -> int:
    """Gather what was recorded and write the folder."""
    now = datetime.now(UTC)
    subject = _subject(args)
    prefix = subject.prefix
    asked = window(_day(args.first), _day(args.last), subject.zone, now)
    sealed = _sealed(data_folder(args) / EVIDENCE)
    with reading(data_folder(args)) as opened:
        found = opened and _gather(opened[0], prefix, asked, sealed)
        if opened is None or not found or not found.seen:
            raise UsageError(_unrecorded(prefix, found.unsealed if found else 0))
        enclosed = _between(sealed, found)
        dossier = Dossier(
            whose=subject.whose,
            office=subject.office,
            site=subject.site,
            zone=subject.zone,
            seen=found.seen,
            damaged=found.damaged,
            plans=found.plans,
            made=now,
            operator=settings(args).operator.name,
            window=asked,
            proof=proof_of(enclosed, _key(data_folder(args) / EVIDENCE, enclosed[-1])) if enclosed else None,
            unsealed=found.unsealed,
        )
        out = _out(args, prefix, now)
        size = write(out, _files(args, dossier, subject.scope, found, enclosed, opened[1]))
    _say(args, out, dossier, size)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """Whose observations are asked for. prefix: of its checks in the store; scope: of the proof."""

    office: str
    site: str
    zone: ZoneInfo
    prefix: str
    scope: Sequence[str]
    whose: str = "Préfecture"


def _subject(args: argparse.Namespace) -> _Subject:
    """A préfecture, one of its checks, or a national service, which enters a file only when it is asked for by name."""
    name, slash, slug = args.code.partition("/")
    if name == NATIONAL:
        service = find(catalogue(args), slug)
        return _Subject(
            office=service.name, site=service.platform.url, zone=ZoneInfo(NATIONAL_ZONE), prefix=args.code,
            scope=[args.code], whose="Service national",
        )  # fmt: skip
    prefecture = catalogue(args).find(name)
    if not slash:
        return _about(prefecture, prefecture.code, f"{prefecture.code}/")
    slugs = [desk.slug for desk in prefecture.desks] + [f"notices/{notice.slug}" for notice in prefecture.notices]
    if slug not in slugs:
        known = " ".join(f"{prefecture.code}/{known}" for known in slugs) or "-"
        raise UsageError(_("no desk is called {desk}; known: {known}").format(desk=args.code, known=known))
    return _about(prefecture, f"{prefecture.code}/{slug}", f"{prefecture.code}/{slug}")


def _about(one: Prefecture, prefix: str, scope: str) -> _Subject:
    return _Subject(office=one.office, site=one.site, zone=one.zone, prefix=prefix, scope=[scope])


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(_("{text} is not a day: write 2026-11-21").format(text=text)) from error


def _gather(records: Records, prefix: str, asked: tuple[Any, Any], sealed: Sequence[SealedSweep]) -> Gathered:
    rows = records.history(prefix)
    rows.reverse()
    numbers = [one.number for one in sealed] if sealed else None
    return gather(rows, records.sweeps(), records.damages(), asked=asked, sealed=numbers)


def _unrecorded(prefix: str, unsealed: int) -> str:
    if unsealed:
        return _("{n} observations of {what} are not sealed yet: export again after the next sweep").format(
            n=unsealed, what=prefix
        )
    return _("Nothing was recorded for {what} in that time.").format(what=prefix)


def _sealed(evidence: Path) -> Sequence[SealedSweep]:
    return SweepFolders(evidence).sealed() if evidence.is_dir() else ()


def _between(sealed: Sequence[SealedSweep], found: Gathered) -> list[SealedSweep]:
    """Every sealed sweep from the first with something to show to the last: none is left out, or the chain breaks."""
    numbers = [one.sweep for one in found.seen] + [one.sweep for one in found.damaged] + [p.sweep for p in found.plans]
    return [one for one in sealed if min(numbers) <= one.number <= max(numbers)]


def _key(evidence: Path, last: SealedSweep) -> str:
    """The key that signed the last checkpoint enclosed."""
    from monitor.evidence.key import public_key, verify_signature

    note = Note.parse(last.read("checkpoint"))
    origin = Checkpoint.parse(note.text).origin
    pems = [pem for name, pem in SweepFolders(evidence).trusted() if name.startswith("trust/log/")]
    return str(note.signed_by([VerifierKey(origin, public_key(pem)) for pem in pems], verify_signature) or "?")


def _out(args: argparse.Namespace, prefix: str, now: datetime) -> Path:
    if args.out:
        return Path(args.out)
    return Path(f"vigie-export-{prefix.replace('/', '-')}-{now:%Y%m%dT%H%M%SZ}")


def _files(
    args: argparse.Namespace, dossier: Dossier, scope: Sequence[str], found: Gathered, sealed: Sequence[SealedSweep],
    blobs: Blobs,
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    signed = signing(settings(args), dossier.made)
    means = Means(
        bodies=blobs,
        render=lambda document, archival: signed(render(document, archival=archival), archival),
        table=table,
        pack=pack,
        shipped=_shipped(),
        program=f"vigie {__version__}",
        project=PROJECT_PAGE,
    )
    evidence = data_folder(args) / EVIDENCE
    if args.attachable:
        yield from attachable(dossier, scope, means, _proof(evidence, sealed[-1:], scope)).items()
    else:
        proof = _proof(evidence, sealed, scope)
        shots = (line for one in sealed for line in one.shots())
        yield from export(dossier, scope, means, lines=found.lines, proof=proof, shots=shots, everything=args.all)


def _proof(evidence: Path, sealed: Sequence[SealedSweep], scope: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    if not sealed:
        return
    from monitor.evidence.tree import TreeFiles

    node = TreeFiles(evidence / LOG).node
    yield from proof_files(sealed, node, scope, SweepFolders(evidence).trusted())


def _shipped() -> Mapping[str, bytes]:
    return {name: (files("monitor") / "data" / name).read_bytes() for name in SHIPPED}


def _say(args: argparse.Namespace, out: Path, dossier: Dossier, size: int) -> None:
    told = {
        "folder": str(out),
        "bytes": size,
        "observations": len(dossier.seen),
        "damaged": len(dossier.damaged),
        "not_sealed": dossier.unsealed,
        "sweeps": dossier.proof.sweeps if dossier.proof else 0,
        "sealed": dossier.proof is not None,
        "simulated": dossier.simulated,
    }
    if args.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    print(_("written: {path}").format(path=out))
    print(_("{n} observations, {size} bytes").format(n=len(dossier.seen), size=size))
    if dossier.proof is None:
        print(_("nothing is sealed: the folder proves no date"))
    if dossier.unsealed:
        print(_("{n} observations are not sealed yet and were left out").format(n=dossier.unsealed))
    if dossier.simulated:
        print(_("SIMULATION: {n} observations were made on a simulator").format(n=dossier.simulated))
