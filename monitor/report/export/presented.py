"""The table and the figures of an export, held against the records beside them (docs/FORMAT.md, 4.10).

What is compared of the table is what a record says; how a version words it (labels, remarks) may change from one to the
next, so of a label only that it is not the one of another reading.
"""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from gettext import gettext as _
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitor.core.errors import VigieError
from monitor.core.labels import LABELS
from monitor.evidence.exported.names import FIGURES, RECORDS, SWEEPS
from monitor.evidence.rules.spelling import parse_canonical, whole
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_export
from monitor.paper.french import PARIS
from monitor.report.export.dossier import ReleveContent
from monitor.report.export.figures import COLUMNS, CSV, DAMAGED, VERSION, csv_rows
from monitor.report.export.folder import PACKED_PROOF
from monitor.report.export.words import SIMULATION
from monitor.report.observed import Observed, observed
from monitor.values import pattern

if TYPE_CHECKING:
    from monitor.evidence.rules.findings import Report

_WORDED: Final = {"Lecture", "Correction"}
_NEEDED: Final = {
    "Numéro", "Relevé", "Contrôle", "Date et heure UTC", "Classe", "Identifiant de la visite",
    "SHA-256 de l'observation", "SHA-256 de la page",
}  # fmt: skip
_LOCAL: Final = ("Date (heure légale)", "Heure légale", "Décalage", "Semaine ISO")
_OFFSET: Final = pattern(r"UTC([+-])(0\d|1[0-4]):([0-5]\d)")
_OF_DAMAGED: Final = ("Numéro", "Relevé", "Contrôle")
EPOCH: Final = datetime.fromtimestamp(0, UTC)
Row = Mapping[str, str]


def verify_whole(archive: FolderArchive, tools: Verifiers, *, witness: bytes | None = None) -> Report:
    """All that `vigie verify` checks of an export: what is sealed, and what presents it."""
    report = verify_export(archive, tools, witness=witness)
    verify_presented(archive, report)
    return report


class ExportFaultError(VigieError):
    """What was written does not verify: the evidence it was made from is damaged, or the program is wrong."""

    exit_code = 70


def proven(folder: Path) -> None:
    """Verify an export as a stranger would. Raises ExportFaultError with the first fault."""
    fault = next((one for one in verify_whole(FolderArchive(folder), Verifiers()).findings if one.failed), None)
    if fault is not None:
        words = _("what was written does not verify, and was not left behind: {fault}; see `vigie verify --all`")
        raise ExportFaultError(words.format(fault=fault))


def small_set_proven(folder: Path) -> None:
    """The same of the proof packed in a small set."""
    with tempfile.TemporaryDirectory(prefix="vigie-") as name, zipfile.ZipFile(folder / PACKED_PROOF) as packed:
        packed.extractall(name)
        proven(Path(name))


def verify_presented(archive: FolderArchive, report: Report) -> None:
    """The table and the figures, where they stand beside records that can be read; in format 1 nothing is checked."""
    names = set(archive.names())
    if not {SWEEPS, f"{SWEEPS}.gz"} & names:
        return
    if report.found("canonical"):
        report.notes.append(_("table and figures were not compared: not every line can be read"))
        return
    try:
        seen = sorted(map(observed, archive.lines(RECORDS)), key=lambda one: one.seq)
    except (KeyError, ValueError, TypeError, AttributeError):
        words = _("table and figures were not compared: they hold readings that this version does not know")
        report.reserve("format", RECORDS, words)  # what was not compared is not vouched for
        return
    tables = [name for name in (CSV, f"{SIMULATION}-{CSV}") if name in names]
    for name in tables:
        if (why := _table_fault(archive.read(name), seen)) is not None:
            report.fail("csv", name, why)
    if FIGURES in names:
        _figures(archive.read(FIGURES), seen, report)


def _table_fault(data: bytes, seen: Sequence[Observed]) -> str | None:
    """Where the table is not that of these observations; None where it is."""
    dossier = ReleveContent(office="", site="", zone=PARIS, seen=seen, damaged=[], plans=[], made=EPOCH)
    told = {str(one.seq): one for one in seen}
    expected = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in csv_rows(dossier)}
    try:
        rows = [*_rows(data)]
    except (ValueError, csv.Error) as error:
        return str(error)
    damaged = [row["Numéro"] for row in rows if row["Lecture"] == DAMAGED]
    sound = [number for number in expected if number not in set(damaged)]
    if [row["Numéro"] for row in rows] != [*sound, *damaged] or not set(damaged) <= expected.keys():
        return _("not a row an observation, in their order")
    for row in rows:
        number = row["Numéro"]
        if (name := _differs(row, expected[number], told[number].started)) is not None:
            return f"{number}, {name}"
    return None


def _rows(data: bytes) -> Iterator[Row]:
    """The rows of a table. Raises ValueError (UnicodeDecodeError is one) and csv.Error."""
    lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
    head = next(lines, [])
    if len(set(head)) != len(head) or not set(head) >= _NEEDED | _WORDED:
        raise ValueError(_("its columns are not those of an export"))
    for cells in lines:
        yield dict(zip(head, map(_plain, cells), strict=True))


def _plain(cell: str) -> str:
    """Without what a writer adds or takes so that a spreadsheet computes and hides nothing."""
    if not cell.isprintable():
        cell = "".join(c for c in cell if unicodedata.category(c) not in ("Cc", "Cf"))
    return cell.removeprefix("'")


def _differs(row: Row, expected: Row, started: datetime) -> str | None:
    """The first column that says something else than the record."""
    if row["Lecture"] == DAMAGED:
        filled = {name: expected[name] if name in _OF_DAMAGED else "" for name in row if name != "Lecture"}
        return next((name for name, cell in filled.items() if name != SIMULATION and row[name] != cell), None)
    local = _local(row.get("Décalage", ""), started)
    for name in row.keys() & expected.keys() - _WORDED:
        if row[name] != (local.get(name, "") if name in _LOCAL else _plain(expected[name])):
            return name
    others = {found.said("fr") for found in LABELS.values()} - {expected["Lecture"]}
    return "Lecture" if row["Lecture"] in others else None


def _local(told: str, started: datetime) -> Row:
    """The legal time of an instant under the offset that a row gives, as the table has it; nothing where it is none."""
    match = _OFFSET.fullmatch(told)
    if match is None:
        return {}
    minutes = int(match[2]) * 60 + int(match[3])
    local = started.astimezone(timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes)))
    year, week, _day = local.isocalendar()
    return dict(zip(_LOCAL, (f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}", told, f"{year}-S{week:02d}"), strict=True))


def _figures(data: bytes, seen: Sequence[Observed], report: Report) -> None:
    """The counts, and what they leave out with its reason."""
    try:
        told = parse_canonical(data.removesuffix(b"\n"))
        if whole(told["v"]) > VERSION:
            report.reserve("format", FIGURES)
            return
        left_out = {whole(one["seq"]): str(one["why"]) for one in told["left_out"]}
        ordered = all(one < other for one, other in pairwise(one["seq"] for one in told["left_out"]))
    except (ValueError, KeyError, TypeError) as error:
        report.fail("figures", FIGURES, str(error))
        return
    unknown = left_out.keys() - {one.seq for one in seen}
    if unknown or not ordered or told["checks"] != _counts([one for one in seen if one.seq not in left_out]):
        report.fail("figures", FIGURES)
    whys = Counter(left_out.values())
    if whys:
        words = _("left out of the figures, as they say: {told}")
        report.notes.append(words.format(told=", ".join(f"{why} {count}" for why, count in sorted(whys.items()))))


def _counts(seen: Sequence[Observed]) -> list[dict[str, Any]]:
    by_check: dict[str, list[Observed]] = {}
    for one in seen:
        by_check.setdefault(one.subject, []).append(one)
    return [
        {
            "check": check,
            "first": min(one.seq for one in among),
            "last": max(one.seq for one in among),
            "readings": dict(Counter(one.reading for one in among)),
        }
        for check, among in sorted(by_check.items())
    ]
