"""An export: the relevé and the table people read, the store's own lines, pages received, the proof.

`Exporter` makes every one: the folder of `vigie export`, its small set, and the log that goes with an alert.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from monitor import PROJECT_PAGE, __version__
from monitor.core.errors import StoreError
from monitor.core.record import digest
from monitor.evidence.exported.names import FIGURES, RECORDS
from monitor.evidence.exported.signed import Sign, signature, unsigned
from monitor.evidence.folder import SweepFolders
from monitor.evidence.seal import KEYS
from monitor.evidence.witness.daily import cosigned_lines
from monitor.paper.document import Attachment
from monitor.paper.french import day, some
from monitor.paper.pdf import render
from monitor.report.export import words
from monitor.report.export.captures import (
    FILES,
    SIZE,
    CapturePicker,
    CapturePlaces,
    Lines,
    best,
    facts,
    pictured,
    printed,
    ranked,
)
from monitor.report.export.dossier import (
    DeskFacts,
    Gathered,
    Pictures,
    PrintedPicture,
    ReleveContent,
    Window,
    bounds_of,
    gather,
    proof_of,
)
from monitor.report.export.figures import CSV, csv_of, figures
from monitor.report.export.folder import PACKED_PROOF, collected, pack
from monitor.report.export.releve import report
from monitor.report.rereadings import unconfirmed
from monitor.store.sealed import EVIDENCE, LOG
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.evidence.folder import SealedSweep
    from monitor.store.blobs import Blobs
    from monitor.store.records import Records
    from monitor.store.rows import Row

PDF, README = "releve.pdf", "LISEZ-MOI.txt"
UNSEALED: Final = "observations-non-scellees.jsonl"
SHIPPED: Final = (README, "verify.sh", "verifier.html")
PROGRAM: Final = f"vigie {__version__}"
ATTACHABLE: Final = 1_000_000  # bytes: what a mail server or an alert takes without asking
NOTE_ROOM: Final = 2_000  # bytes: what the signature adds to the proof
FIRST_TRY: Final = 2_000  # observations of the small set that may just fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose observations an export is of. key: `95`, `95/slug` or `national/slug`, as the store's checks begin.

    proof: the same as `scope.txt` has it (`95/`, `95/slug`). whose: what `office` is the name of. department: name and
    number, empty where it has none.
    """

    key: str
    proof: str
    office: str
    site: str
    zone: ZoneInfo
    whose: str = "Préfecture"
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What an export is made of. rows: all that was recorded, by sequence; found: of it, what is counted and why not.

    enclosed: the sealed sweeps that go with it, none left out between the first and the last. dossier: None when
    nothing is counted.
    """

    scope: Scope
    rows: Sequence[Row]
    found: Gathered
    enclosed: Sequence[SealedSweep]
    dossier: ReleveContent | None


class Exporter:
    """The exports of one data folder, over its open store.

    made: now, aware UTC. operator: who runs the monitor, empty when not told. signed: from a PDF and whether it is the
    archival one to what is written. described: from the code of a démarche and the days of its first and last
    observation to what is known of it.
    """

    def __init__(
        self,
        data: Path,
        records: Records,
        blobs: Blobs,
        *,
        made: datetime,
        operator: str,
        signed: Callable[[bytes, bool], bytes] = lambda pdf, archival: pdf,
        described: Callable[[str, date, date], DeskFacts] = lambda _code, _first, _last: DeskFacts(),
    ) -> None:
        self._evidence, self._keys, self._records, self._blobs = data / EVIDENCE, data / KEYS, records, blobs
        self._made, self._operator, self._signed, self._described = made, operator, signed, described
        self._again = unconfirmed(data)
        self._sealed = SweepFolders(self._evidence).sealed() if self._evidence.is_dir() else []

    def select(self, scope: Scope, asked: Window, *, last: int | None = None, sealed_only: bool = False) -> Selected:
        """What was recorded in the window. last: up to this observation. sealed_only: count nothing that is not sealed.

        Without it, what is not sealed counts as long as nothing at all is.
        """
        first_sweep, last_sweep = self._records.span(*asked) or (0, 0)
        sweeps = self._records.sweeps_between(first_sweep, last_sweep)
        start, stop = self._records.first_after(first_sweep - 1), self._records.first_after(last_sweep)
        history = reversed(self._records.history(scope.key, start=start, stop=stop))
        rows = [row for row in history if last is None or row.seq <= last]
        numbers = [one.number for one in self._sealed]
        sealed = numbers if numbers or sealed_only else None
        found = gather(rows, sweeps, self._records.damages(), asked=asked, sealed=sealed, again=self._again)
        if not found.seen:
            return Selected(scope=scope, rows=rows, found=found, enclosed=[], dossier=None)
        enclosed = self._between(found)
        dossier = ReleveContent(
            whose=scope.whose,
            department=scope.department,
            office=scope.office,
            site=scope.site,
            zone=scope.zone,
            seen=found.seen,
            damaged=found.damaged,
            plans=found.plans,
            made=self._made,
            operator=self._operator,
            window=asked,
            proof=proof_of(enclosed, self._trusted(), cosigned_lines(self._evidence)) if enclosed else None,
            unsealed=found.unsealed,
            bounds=bounds_of(enclosed),
        )
        dossier = replace(dossier, facts=self._facts(dossier))
        return Selected(scope=scope, rows=rows, found=found, enclosed=enclosed, dossier=dossier)

    def _facts(self, dossier: ReleveContent) -> dict[str, DeskFacts]:
        days: dict[str, list[date]] = {}
        for one in dossier.seen:
            days.setdefault(one.subject, []).append(one.started.astimezone(dossier.zone).date())
        found = dossier.subjects.items()
        return {
            key: self._described(one.procedure, min(days[key]), max(days[key])) for key, one in found if one.procedure
        }

    def lost(self, selected: Selected, asked: Window) -> list[int]:
        """Sweeps of the window that were sealed, that this export needs, and whose folders are gone; by number.

        Without them nobody could verify it: each sweep encloses the sums of the one before.
        """
        there = {one.number for one in self._sealed}
        numbers, newest = [one.number for one in selected.enclosed], max(there, default=0)
        needed = {row.sweep for row in selected.rows}
        if numbers:
            needed |= {*range(min(numbers), max(numbers) + 1)}
        gone = {number for number in needed - there if number < newest}
        start, end = asked
        return sorted(
            one.number
            for one in (self._records.sweeps_between(min(gone), max(gone)) if gone else ())
            if one.number in gone and (start is None or one.started >= start) and (end is None or one.started < end)
        )

    def whole(self, selected: Selected, *, everything: bool = False) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file, but SHA256SUMS. everything: every page and picture, not the selection."""
        dossier = selected.dossier
        assert dossier is not None
        shots = (line for one in selected.enclosed for line in one.shots())
        lines = pictured(shots, dossier.seen, everything=everything)
        wanted = dossier.seen if everything else ranked(dossier.seen, lines, dossier.zone)
        places = CapturePlaces(wanted, lines)
        yield from places.watching(self._proof(selected, selected.enclosed, lines))
        picker = CapturePicker(self._kept) if everything else CapturePicker(self._kept, files=FILES, size=SIZE)
        for one, body, data in picker.pick(wanted, lines):
            if body in places:
                yield places.name(body, data, mark=f"{words.SIMULATION}-" if one.simulated else ""), data
        dossier = replace(self._illustrated(dossier, lines), lost=picker.lost, thinned=picker.left)
        listed = csv_of(dossier)
        yield CSV, listed
        attached = Attachment(CSV, listed, "text/csv", "Les observations de ce relevé, pour un tableur")
        document = report(dossier, attachments=[attached])
        yield PDF, self._signed(render(document, archival=True), True)
        yield FIGURES, figures(dossier)
        yield from _read_first(dossier, selected.scope)

    def attachable(self, selected: Selected, beside: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
        """The small set, under ATTACHABLE bytes together: the newest observations that fit, counts of all.

        Its proof is that of the last sealed sweep alone, and names the files beside it. beside: more that goes along.
        """
        dossier = selected.dossier
        assert dossier is not None
        out = dict(beside or {})
        proof = self._last_sweep(selected) if dossier.proof is not None else {}
        room = ATTACHABLE - sum(map(len, out.values())) - (len(pack(proof)) + NOTE_ROOM if proof else 0)
        last = min(len(dossier.seen), FIRST_TRY)
        while True:
            out[PDF] = self._signed(render(report(dossier, last=last), archival=False), False)
            out[CSV] = csv_of(dossier, last)
            if len(out[PDF]) + len(out[CSV]) < room or last <= 1:
                break
            last //= 2
        if proof:
            out[PACKED_PROOF] = pack(proof, self.signature(selected, out))
        return out

    def _last_sweep(self, selected: Selected) -> dict[str, bytes]:
        """The files of the proof of the last sealed sweep alone."""
        dossier = selected.dossier
        assert dossier is not None
        assert dossier.proof is not None
        enclosed = collected(self._proof(selected, selected.enclosed[-1:], {}))
        single = replace(dossier, proof=replace(dossier.proof, sweeps=1))
        records = enclosed.get(RECORDS, b"").count(b"\n")
        return enclosed | dict(_read_first(single, selected.scope, records=records))

    def signature(self, selected: Selected, beside: Mapping[str, bytes] = MappingProxyType({})) -> Sign:
        """What the log's key says of this export. beside: the files handed over with it, by name."""
        if not selected.enclosed:
            return unsigned
        return signature(self._keys, selected.enclosed[-1], made=self._made, beside=beside)

    def with_alert(self, scope: Scope, since: datetime, last: int | None) -> dict[str, bytes]:
        """What goes with an alert: the small set of what is sealed, and the lines of the sweep that still goes on."""
        selected = self.select(scope, (since, None), last=last, sealed_only=True)
        unsealed = self._unsealed(selected.rows)
        return unsealed if selected.dossier is None else self.attachable(selected, unsealed)

    def _unsealed(self, rows: Sequence[Row]) -> dict[str, bytes]:
        sealed = max((one.number for one in self._sealed), default=0)
        lines = [row.line + b"\n" for row in rows if row.sweep > sealed and not row.damaged]
        played = any(json.loads(line).get("simulated") for line in lines)
        return {f"{words.SIMULATION}-{UNSEALED}" if played else UNSEALED: b"".join(lines)} if lines else {}

    def _between(self, found: Gathered) -> list[SealedSweep]:
        """Every sealed sweep from the first with something to show to the last: else the chain breaks."""
        numbers = [one.sweep for one in found.seen] + [one.sweep for one in found.damaged]
        numbers += [one.sweep for one in found.plans]
        first, last = min(numbers), max(numbers)
        return [one for one in self._sealed if first <= one.number <= last]

    def _trusted(self) -> Iterator[tuple[str, bytes]]:
        return SweepFolders(self._evidence).trusted()

    def _proof(self, selected: Selected, sweeps: Sequence[SealedSweep], lines: Lines) -> Iterator[tuple[str, bytes]]:
        """The sealed sweeps and the records in scope; of what is not sealed, the records alone."""
        if not sweeps:
            yield from ((RECORDS, line + b"\n") for line in selected.found.lines)
            return
        from monitor.evidence.exported.proof import Extract, proof_files
        from monitor.evidence.tree import TreeFiles

        known = {row.seq: row.line for row in selected.rows}
        extract = Extract(
            sweeps=sweeps,
            before=next((one for one in self._sealed if one.number == sweeps[0].number - 1), None),
            scope=[selected.scope.proof],
            node=TreeFiles(self._evidence / LOG).node,
            line=known.get,
            pictures=lines.keys(),
            cosigned=cosigned_lines(self._evidence),
        )
        yield from proof_files(extract, self._trusted())

    def _illustrated(self, dossier: ReleveContent, lines: Lines) -> ReleveContent:
        """With the pictures to print, and what became of the others."""
        shots = {}
        for seq in printed(lines):
            if (data := self._kept(best(lines[seq]), seq)) is not None:
                shots[seq] = PrintedPicture(data, facts(lines[seq]))
        made = {seq: line["png_sha256"] for seq, line in lines.items() if "png_sha256" in line}
        others = {seq: self._kept(body, seq) is not None for seq, body in made.items() if seq not in shots}
        failed = [(seq, line["not_shown"]) for seq, line in lines.items() if "not_shown" in line]
        told = Pictures(enclosed=sum(others.values()), lost=len(others) - sum(others.values()), failed=failed)
        return replace(dossier, shots=shots, pictures=told)

    def _kept(self, body: str, seq: int) -> bytes | None:
        try:
            return self._blobs.get(body, seq)
        except StoreError:
            return None


@cache
def _shipped(name: str) -> bytes:
    return (files("monitor") / "data" / name).read_bytes()


def _corrections(dossier: ReleveContent) -> str:
    """What is enclosed and counted nowhere, for who reads no further than the first file."""
    wrong = [remark for _one, remark in dossier.remarked if remark.erratum]
    again = len(dossier.remarked) - len(wrong)
    whys = ";\n".join(dict.fromkeys(remark.said("fr") for remark in wrong))
    told = words.README_ERRATA.format(n=len(wrong), what=whys) if wrong else ""
    return told + (words.README_UNCONFIRMED.format(n=again) if again else "")


def _read_first(dossier: ReleveContent, scope: Scope, records: int | None = None) -> Iterator[tuple[str, bytes]]:
    """What to read first, and the scripts that verify, where there is something to verify."""
    named = ", ".join(f"{key} ({one.label})" for key, one in dossier.subjects.items()) or scope.proof
    proof = dossier.proof
    if proof is None:
        text = words.README_UNSEALED.format(program=PROGRAM, office=dossier.office, scope=named)
        notes = (words.README_SIMULATION if dossier.simulated else "") + _corrections(dossier)
        yield README, (text + notes).encode()
    else:
        scripts = {name: _shipped(name) for name in SHIPPED if name != README}
        yield from scripts.items()
        seen = some(len(dossier.seen) if records is None else records, "observation", "observations")
        first, last = (f(one.started for one in dossier.seen).astimezone(dossier.zone) for f in (min, max))
        yield (
            README,
            Template(_shipped(README).decode())
            .substitute(
                office=dossier.office,
                scope=named,
                first_day=day(first),
                last_day=day(last),
                counts=f"{seen}, {some(proof.sweeps, 'passage', 'passages')}",
                simulation=(words.README_SIMULATION if dossier.simulated else "") + _corrections(dossier),
                verified=words.README_VERIFIED[bool(proof.authorities)],
                dates=words.README_STAMPED if proof.authorities else words.README_UNSTAMPED,
                program=PROGRAM,
                project=PROJECT_PAGE,
                scripts="\n".join(f"    {digest(data)}  {name}" for name, data in scripts.items()),
                authorities=", ".join(proof.authorities) or "aucune",
                origin=proof.origin,
                log_key=proof.key,
            )
            .encode(),
        )
    if dossier.simulated:
        yield f"{words.SIMULATION}.txt", words.README_SIMULATION.lstrip().encode()
