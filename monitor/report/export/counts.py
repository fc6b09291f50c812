"""The counted part of a relevé: coverage, shares with their denominators, gaps, spread in time, week by hour."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.core.labels import label
from monitor.paper.document import Block, Grid, Heading, Paragraph, Table
from monitor.paper.french import WEEKDAYS, duration, moment, number, share, some
from monitor.report.export import words
from monitor.report.export.dossier import ReleveContent
from monitor.report.observed import Observed
from monitor.report.summary import Coverage, Extent, Span, SubjectSummary, summarise


def summaries(dossier: ReleveContent) -> list[SubjectSummary]:
    """One for each subject of which an observation counts: series about different démarches are never merged."""
    seen: dict[str, list[Observed]] = {}
    for one in dossier.counted:
        seen.setdefault(one.subject, []).append(one)
    return [
        summarise(
            key,
            seen[key],
            dossier.plans,
            dossier.zone,
            damaged=[d.sweep for d in dossier.damaged if d.subject == key],
            corrected=[one.sweep for one, _remark in dossier.remarked if one.subject == key],
            window=dossier.window,
        )
        for key in sorted(seen)
    ]


def counts(dossier: ReleveContent) -> Iterator[Block]:
    """The summary of every subject."""
    yield Heading("Résumé chiffré")
    for key in sorted({one.subject for one in dossier.seen} - {one.subject for one in dossier.counted}):
        yield Heading(f"{key} — {dossier.subjects[key].label}", 1)
        yield Paragraph(words.NONE_COUNTED)
    for summary in summaries(dossier):
        yield Heading(f"{summary.subject} — {summary.last.label}", 1)
        yield Table(_coverage(summary.coverage), (60, 60))
        yield Table(_readings(summary), (60, 60))
        yield Table(_time(summary, dossier), (60, 60), head=False)
        if summary.last.look == "desk":
            yield _grid(summary)


def _coverage(coverage: Coverage) -> list[tuple[str, str]]:
    due = coverage.due
    rows = [("Contrôles", "Nombre"), ("dus", number(due)), ("faits", share(coverage.done, due))]
    rows.append(("– dont la page n'a pu être lue ou atteinte", share(coverage.failed, coverage.done)))
    if coverage.corrected:
        rows.append(("enregistrés, puis corrigés et non comptés", share(coverage.corrected, due)))
    if coverage.damaged:
        rows.append(("enregistrés, puis endommagés", share(coverage.damaged, due)))
    reasons = sorted(coverage.missed.items(), key=lambda item: -item[1])
    rows += [(f"non faits : {words.MISSED.get(why, why)}", share(count, due)) for why, count in reasons]
    return rows if reasons else [*rows, ("non faits", share(0, due))]


def _readings(summary: SubjectSummary) -> list[tuple[str, str]]:
    rows = [("Lecture", "Part des observations comptées")]
    for (reading, detail), count in summary.readings:
        found = label(reading, detail)
        rows.append((f"{found.mark} {found.fr}", share(count, summary.total)))
    return rows


def _time(summary: SubjectSummary, dossier: ReleveContent) -> list[tuple[str, str]]:
    rows = [("Étendue de toutes les observations", _spread(summary.all))]
    if summary.no_slot:
        rows.append(("Étendue des lectures « aucun créneau »", _spread(summary.no_slot)))
    rows.append(("Plus long intervalle sans observation", _gap(summary.gap, dossier)))
    rows.append(("Plus long intervalle sans page lue", _gap(summary.unread, dossier)))
    return rows


def _spread(spread: Extent) -> str:
    days = some(spread.days, "jour distinct", "jours distincts")
    weeks = some(spread.weeks, "semaine calendaire", "semaines calendaires")
    unit = "jour écoulé" if spread.elapsed_days < 2 else "jours écoulés"
    return f"{weeks}, {days}, {number(spread.elapsed_days, 1)} {unit} de la première à la dernière"


def _gap(gap: Span | None, dossier: ReleveContent) -> str:
    if gap is None:
        return "une seule observation"
    return f"{duration(gap.length)} : du {moment(gap.start, dossier.zone)} au {moment(gap.end, dossier.zone)}"


def _grid(summary: SubjectSummary) -> Grid:
    return Grid(
        caption=words.GRID,
        columns=[f"{hour} h" for hour in range(24)],
        rows=WEEKDAYS,
        cells=[[_cell(total, none) for total, none in day] for day in summary.hours],
    )


def _cell(total: int, none: int) -> tuple[str, str]:
    return (str(total), str(none)) if total else ("", "")
