"""What presents the records of an export to machines: the table for a spreadsheet, and the counts with what they leave
out and why (docs/FORMAT.md, 4.10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from monitor.core.labels import label
from monitor.core.record import canonical
from monitor.paper.csv import table
from monitor.paper.french import PARIS, offset
from monitor.report.export import words

if TYPE_CHECKING:
    from monitor.report.export.dossier import ReleveContent
    from monitor.report.observed import Observed

CSV = "observations.csv"
COLUMNS: Final = (
    "Numéro", "Relevé", "Contrôle", "Démarche", "Date (heure légale)", "Heure légale", "Décalage", "Date et heure UTC",
    "Date et heure de Paris", "Semaine ISO", "Lecture", "Classe", "Détail", "Phrase du site", "Premier jour proposé",
    "Adresse", "Page lue", "Identifiant de la visite", "SHA-256 de l'observation", "SHA-256 de la page", "Auteur",
    "Correction", "Fin UTC", "Code HTTP", "Heure du site (Date)", "Titres des pages",
)  # fmt: skip
DAMAGED: Final = "endommagée, non comptée"
VERSION = 2


def figures(dossier: ReleveContent) -> bytes:
    """One canonical line (docs/FORMAT.md, 4.10)."""
    seen: dict[str, list[Observed]] = {}
    for one in dossier.counted:
        seen.setdefault(one.subject, []).append(one)
    left_out = {one.seq: "damaged" for one in dossier.damaged}
    left_out |= {one.seq: "erratum" if why.erratum else "unconfirmed" for one, why in dossier.remarked}
    told = {
        "v": VERSION,
        "checks": [_check(key, seen[key]) for key in sorted(seen)],
        "left_out": [{"seq": seq, "why": left_out[seq]} for seq in sorted(left_out)],
    }
    return canonical(told) + b"\n"


def _check(key: str, seen: list[Observed]) -> dict[str, Any]:
    numbers = [one.seq for one in seen]
    return {
        "check": key,
        "first": min(numbers),
        "last": max(numbers),
        "readings": dict(Counter(one.reading for one in seen)),
    }


def csv_of(dossier: ReleveContent, last: int | None = None) -> bytes:
    """The table for a spreadsheet; of a simulation, its name is the first column."""
    rows = csv_rows(dossier, last)
    if not dossier.simulated:
        return table(COLUMNS, rows)
    made_up = {str(one.seq) for one in dossier.seen if one.simulated}
    marked = ((words.SIMULATION if row[0] in made_up else "", *row) for row in rows)
    return table((words.SIMULATION, *COLUMNS), marked)


def csv_rows(dossier: ReleveContent, last: int | None = None) -> Iterator[Sequence[str]]:
    """The table for a spreadsheet: French headers, whole digests, damaged observations named as such.

    One row an observation, by sequence, then the damaged ones. last: only so many, the newest."""
    seen = dossier.seen if last is None else dossier.seen[max(len(dossier.seen) - last, 0) :]
    for one in seen:
        yield _row(one, dossier)
    for lost in dossier.damaged:
        filled = {"Numéro": str(lost.seq), "Relevé": str(lost.sweep), "Contrôle": lost.subject, "Lecture": DAMAGED}
        yield [filled.get(name, "") for name in COLUMNS]


def _row(one: Observed, dossier: ReleveContent) -> Sequence[str]:
    local = one.started.astimezone(dossier.zone)
    year, week, _day = local.isocalendar()
    return (
        str(one.seq),
        str(one.sweep),
        one.subject,
        one.label,
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M:%S}",
        offset(local),
        f"{one.started.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3],
        f"{one.started.astimezone(PARIS):%Y-%m-%d %H:%M:%S}",
        f"{year}-S{week:02d}",
        label(one.reading, one.detail).said("fr"),
        one.reading,
        one.detail or "",
        one.seen or "",
        one.first_day or "",
        one.url,
        one.read_url or "",
        one.id,
        one.line_sha256,
        one.bodies[-1] if one.bodies else "",
        words.RUNNING,
        one.remark.said("fr") if one.remark else "",
        f"{one.finished.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3] if one.finished else "",
        str(one.status or ""),
        one.server_date,
        " ; ".join(one.titles),
    )
