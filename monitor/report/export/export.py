"""The files of an export: the relevé and the table people read, the store's own lines, pages received, the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Template
from typing import Final, Protocol

from monitor.core.errors import StoreError
from monitor.core.record import digest
from monitor.evidence.folder import picture_files
from monitor.paper.document import Attachment, Document
from monitor.paper.french import day
from monitor.report.export import words
from monitor.report.export.captures import Lines, best, chosen, facts, file_name, pictured, printed
from monitor.report.export.csv import COLUMNS, csv_rows
from monitor.report.export.list import Pictures, Shot
from monitor.report.export.releve import Dossier, report

RECORDS, CSV, PDF, README = "records.jsonl", "observations.csv", "releve.pdf", "LISEZ-MOI.txt"
ATTACHABLE: Final = 1_000_000  # bytes: what a mail server or an alert takes without asking
FIRST_TRY: Final = 2_000  # observations of the small set that may just fit


class Bodies(Protocol):
    """The bytes that were seen."""

    def get(self, digest: str) -> bytes:
        """The original bytes. Raises StoreError when they are kept no more or damaged."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an export is made with.

    render: a document as PDF, archival or small. table: head and rows as CSV. pack: files as one ZIP. shipped:
    `LISEZ-MOI.txt`, `verify.sh` ... by name, as the program ships them. project: its address.
    """

    bodies: Bodies
    render: Callable[[Document, bool], bytes]
    table: Callable[[Sequence[str], Iterable[Sequence[str]]], bytes]
    pack: Callable[[Mapping[str, bytes]], bytes]
    shipped: Mapping[str, bytes]
    program: str
    project: str


def export(
    dossier: Dossier,
    scope: Sequence[str],
    means: Means,
    *,
    lines: Iterable[bytes] = (),
    proof: Iterable[tuple[str, bytes]] = (),
    shots: Iterable[bytes] = (),
    everything: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file, but SHA256SUMS. scope: as `app.proofs` has it.

    lines: the record lines, where nothing is sealed; proof: the files of `app.proofs`, where something is. shots:
    lines of the sealed `shots.jsonl`. everything: every page received and every picture, not the selection.
    """
    lines_of = pictured(shots, dossier.seen, everything=everything)
    yield from _drawn(lines_of, dossier, means.bodies)
    dossier = _illustrated(dossier, lines_of, means.bodies)
    lost = 0
    for name, data in _captures(dossier, means.bodies, everything=everything):
        if data is None:
            lost += 1
        else:
            yield name, data
    table = means.table(*_table(dossier, None))
    yield CSV, table
    attached = Attachment(CSV, table, "text/csv", "Les observations de ce relevé, pour un tableur")
    yield PDF, means.render(report(replace(dossier, lost=lost), attachments=[attached]), True)
    if dossier.proof is None:
        yield RECORDS, b"".join(line + b"\n" for line in lines)
    yield from proof
    yield from _read_first(dossier, scope, means)


def attachable(
    dossier: Dossier, scope: Sequence[str], means: Means, proof: Iterable[tuple[str, bytes]] = ()
) -> dict[str, bytes]:
    """The small set, under ATTACHABLE bytes together: the newest observations that fit, counts of all.

    proof: the files of `app.proofs` for the last sealed sweep alone.
    """
    out: dict[str, bytes] = {}
    if dossier.proof is not None:
        enclosed = dict(proof)
        single = replace(dossier, proof=replace(dossier.proof, sweeps=1))
        enclosed |= dict(_read_first(single, scope, means, records=enclosed[RECORDS].count(b"\n")))
        out["preuve.zip"] = means.pack(enclosed)
    last = min(len(dossier.seen), FIRST_TRY)
    while True:
        out[PDF] = means.render(report(dossier, last=last), False)
        out[CSV] = means.table(*_table(dossier, last))
        if sum(map(len, out.values())) < ATTACHABLE or last <= 1:
            return out
        last //= 2


def _captures(dossier: Dossier, bodies: Bodies, *, everything: bool) -> Iterator[tuple[str, bytes | None]]:
    simulated = {body for one in dossier.seen if one.simulated for body in (*one.bodies, *one.heads)}
    for body in chosen(dossier.seen, dossier.zone, everything=everything):
        try:
            data = bodies.get(body)
        except StoreError:
            yield body, None
        else:
            mark = f"{words.SIMULATION}-" if body in simulated else ""
            yield f"captures/{mark}{file_name(body, data)}", data


def _drawn(lines: Lines, dossier: Dossier, bodies: Bodies) -> Iterator[tuple[str, bytes]]:
    """The pictures and what they were drawn with, each once."""
    mark = f"{words.SIMULATION}-" if dossier.simulated else ""
    for body in dict.fromkeys(body for line in lines.values() for body in picture_files(line)):
        if (data := _kept(bodies, body)) is not None:
            yield f"captures/{mark}{file_name(body, data)}", data


def _illustrated(dossier: Dossier, lines: Lines, bodies: Bodies) -> Dossier:
    """With the pictures to print, and what became of the others."""
    shots = {}
    for seq in printed(lines):
        if (data := _kept(bodies, best(lines[seq]))) is not None:
            shots[seq] = Shot(data, facts(lines[seq]))
    made = {seq: line["png_sha256"] for seq, line in lines.items() if "png_sha256" in line}
    others = {seq: _kept(bodies, body) is not None for seq, body in made.items() if seq not in shots}
    failed = [(seq, line["not_shown"]) for seq, line in lines.items() if "not_shown" in line]
    told = Pictures(enclosed=sum(others.values()), lost=len(others) - sum(others.values()), failed=failed)
    return replace(dossier, shots=shots, pictures=told)


def _kept(bodies: Bodies, body: str) -> bytes | None:
    try:
        return bodies.get(body)
    except StoreError:
        return None


def _table(dossier: Dossier, last: int | None) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    """Head and rows; of a simulation, its name is the first column."""
    rows = csv_rows(dossier, last)
    if not dossier.simulated:
        return COLUMNS, rows
    made_up = {str(one.seq) for one in dossier.seen if one.simulated}
    return (words.SIMULATION, *COLUMNS), ((words.SIMULATION if row[0] in made_up else "", *row) for row in rows)


def _read_first(
    dossier: Dossier, scope: Sequence[str], means: Means, records: int | None = None
) -> Iterator[tuple[str, bytes]]:
    """What to read first, and the scripts that verify, where there is something to verify."""
    named = ", ".join(f"{key} ({one.label})" for key, one in dossier.subjects.items()) or ", ".join(scope)
    proof = dossier.proof
    if proof is None:
        text = words.README_UNSEALED.format(program=means.program, office=dossier.office, scope=named)
        yield README, (text + (words.README_SIMULATION if dossier.simulated else "")).encode()
    else:
        scripts = {name: data for name, data in means.shipped.items() if name != README}
        yield from scripts.items()
        first, last = (f(one.started for one in dossier.seen).astimezone(dossier.zone) for f in (min, max))
        yield (
            README,
            Template(means.shipped[README].decode())
            .substitute(
                office=dossier.office,
                scope=named,
                first_day=day(first),
                last_day=day(last),
                records=len(dossier.seen) if records is None else records,
                sweeps=proof.sweeps,
                simulation=words.README_SIMULATION if dossier.simulated else "",
                verified=words.README_VERIFIED[bool(proof.authorities)],
                dates=words.README_STAMPED if proof.authorities else words.README_UNSTAMPED,
                program=means.program,
                project=means.project,
                scripts="\n".join(f"    {digest(data)}  {name}" for name, data in scripts.items()),
                authorities=", ".join(proof.authorities) or "aucune",
                origin=proof.origin,
                log_key=proof.key,
            )
            .encode(),
        )
    if dossier.simulated:
        yield f"{words.SIMULATION}.txt", words.README_SIMULATION.lstrip().encode()
