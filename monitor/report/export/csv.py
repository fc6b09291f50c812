"""The relevé as a table for a spreadsheet: French headers, whole digests, damaged observations named as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Final

from monitor.core.labels import label
from monitor.paper.french import PARIS, offset
from monitor.report.export.dossier import Dossier
from monitor.report.export.words import RUNNING
from monitor.report.observed import Observed

COLUMNS: Final = (
    "Numéro", "Relevé", "Contrôle", "Démarche", "Date (heure légale)", "Heure légale", "Décalage", "Date et heure UTC",
    "Date et heure de Paris", "Semaine ISO", "Lecture", "Classe", "Détail", "Phrase du site", "Premier jour proposé",
    "Adresse", "Page lue", "Identifiant de la visite", "SHA-256 de l'observation", "SHA-256 de la page", "Auteur",
)  # fmt: skip
DAMAGED: Final = "endommagée, non comptée"


def csv_rows(dossier: Dossier, last: int | None = None) -> Iterator[Sequence[str]]:
    """One row an observation, by sequence, then the damaged ones. last: only so many, the newest."""
    seen = dossier.seen if last is None else dossier.seen[max(len(dossier.seen) - last, 0) :]
    for one in seen:
        yield _row(one, dossier)
    for lost in dossier.damaged:
        filled = {"Numéro": str(lost.seq), "Relevé": str(lost.sweep), "Contrôle": lost.subject, "Lecture": DAMAGED}
        yield [filled.get(name, "") for name in COLUMNS]


def _row(one: Observed, dossier: Dossier) -> Sequence[str]:
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
        label(one.reading, one.detail).fr,
        one.reading,
        one.detail or "",
        one.seen or "",
        one.first_day or "",
        one.url,
        one.read_url or "",
        one.id,
        one.line_sha256,
        one.bodies[-1] if one.bodies else "",
        RUNNING,
    )
