"""The counted part of a relevé: when it was looked, shares with their denominators, gaps, spread in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from monitor.core.labels import label
from monitor.paper.document import Block, Grid, Heading, Paragraph, Table
from monitor.paper.french import SHORT_MONTHS, WEEKDAYS, duration, moment, number, share, some
from monitor.report.export import words
from monitor.report.export.dossier import ReleveContent
from monitor.report.observed import Observed
from monitor.report.summary import Coverage, Extent, Span, SubjectSummary, summarise

WEEK = timedelta(weeks=1)


def summaries(dossier: ReleveContent) -> list[SubjectSummary]:
    """One for each subject of which an observation counts: series about different démarches are never merged."""
    seen = _by_subject(dossier)
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


def _by_subject(dossier: ReleveContent) -> dict[str, list[Observed]]:
    seen: dict[str, list[Observed]] = {}
    for one in dossier.counted:
        seen.setdefault(one.subject, []).append(one)
    return seen


def counts(dossier: ReleveContent, found: Sequence[SubjectSummary]) -> Iterator[Block]:
    """The calendar and the figures of every subject."""
    yield Heading("Calendrier et comptes")
    for key in sorted({one.subject for one in dossier.seen} - {one.subject for one in dossier.counted}):
        yield Heading(dossier.names[key], 1)
        yield Paragraph(words.NONE_COUNTED)
    seen = _by_subject(dossier)
    for summary in found:
        yield Heading(dossier.names[summary.subject], 1)
        yield _calendar(seen[summary.subject], dossier)
        if summary.last.look == "desk":
            yield _grid(summary)
        yield Table(_coverage(summary.coverage), (60, 60))
        yield Table(_readings(summary), (60, 60))
        yield Table(_time(summary, dossier), (60, 60), head=False)


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
        rows.append((f"{found.mark} {found.said('fr')}", share(count, summary.total)))
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


def _calendar(seen: Sequence[Observed], dossier: ReleveContent) -> Grid:
    """A row a week, a column a weekday, from the first week with an observation to the last, empty ones too."""
    days = Counter(one.started.astimezone(dossier.zone).date() for one in seen)
    none = Counter(one.started.astimezone(dossier.zone).date() for one in seen if one.reading == "NoSlot")
    opened = {one.started.astimezone(dossier.zone).date() for one in seen if one.reading == "SlotsOpen"}
    monday, rows, cells = min(days) - timedelta(days=min(days).weekday()), [], []
    while monday <= max(days):
        week = [monday + timedelta(days=i) for i in range(7)]
        rows.append(_week(monday))
        told = [(_day(number(days[day]), day in opened), number(none[day])) if days[day] else ("", "") for day in week]
        cells.append(told)
        monday += WEEK
    caption = words.CALENDAR if seen[0].look == "desk" else words.CALENDAR_PLAIN
    return Grid(caption=caption, columns=WEEKDAYS, rows=rows, cells=cells)


def _day(count: str, opened: bool) -> str:
    return f"{count} ●" if opened else count


def _week(monday: date) -> str:
    """`2 – 8 mars 2026`, `30 mars – 5 avr. 2026`."""
    sunday = monday + timedelta(days=6)
    start = str(monday.day) if monday.month == sunday.month else f"{monday.day} {_short(monday)}"
    return f"{start} – {sunday.day} {_short(sunday)} {sunday.year}"


def _short(day: date) -> str:
    return SHORT_MONTHS[day.month - 1]


def _grid(summary: SubjectSummary) -> Grid:
    return Grid(
        caption=words.GRID,
        columns=[f"{hour} h" for hour in range(24)],
        rows=WEEKDAYS,
        cells=[[_cell(total, none) for total, none in day] for day in summary.hours],
    )


def _cell(total: int, none: int) -> tuple[str, str]:
    return (number(total), number(none)) if total else ("", "")
