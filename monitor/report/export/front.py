"""The first page of a relevé: who looked at what, how often, the result, how it is dated, what it does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from monitor.core.labels import label
from monitor.paper.document import Block, Bullets, Heading, Paragraph, Table
from monitor.paper.french import duration, moment, number, share, some
from monitor.report.export import words
from monitor.report.export.bounds import WIDTHS, dating
from monitor.report.export.dossier import ReleveContent
from monitor.report.observed import Observed
from monitor.report.summary import SubjectSummary

CLASSES: Final = {  # of a desk: which column of the result a reading is counted in
    "NoSlot": 0, "SlotsOpen": 1, "NotYetOpen": 2, "RequestForm": 2, "Closed": 2, "Obstructed": 3,
}  # fmt: skip
A_PAGE: Final = 3  # démarches that fit on the first page with their sentences
MINUTE: Final = 60  # seconds
UNREAD: Final = 4  # all others: nothing was read of slots


def front(dossier: ReleveContent, found: Sequence[SubjectSummary]) -> Iterator[Block]:
    """The result, meant for one page of A4 where there are up to three démarches. found: of each that counts."""
    yield Heading(words.TITLE)
    if dossier.simulated:
        told = f"{number(dossier.simulated)} sur {number(len(dossier.seen))}"
        yield Paragraph(words.SIMULATED.format(n=told), strong=True)
    yield Table(_who(dossier), (24, 110), head=False)
    desks = [one for one in found if one.last.look == "desk"]
    others = [one for one in found if one.last.look != "desk"]
    yield Heading("Résultat", 1)
    if desks:
        yield Table([words.RESULT_HEAD, *(_result(one, dossier) for one in desks)], (46, 22, 22, 22, 22, 22, 22))
    if others:
        yield Table([words.OTHERS_HEAD, *(_other(one, dossier) for one in others)], (46, 66, 66))
    yield Paragraph(words.DENOMINATOR if found else words.NONE_COUNTED)
    sentences = Table([words.SENTENCE_HEAD, *(_sentence(one, dossier) for one in found)], (46, 82, 50))
    if 0 < len(found) <= A_PAGE:
        yield sentences
    yield Heading("Ce que ce relevé n'établit pas", 1)
    yield Bullets(words.PROVES_NOT)
    yield Paragraph(words.NO_LAW, strong=True)
    if len(found) > A_PAGE:  # the result and what it does not say go before, to stay on the first page
        yield sentences


def operator_of(dossier: ReleveContent) -> str:
    """Who ran the monitor: as sealed, else as the settings of the day of the export say."""
    recorded = dossier.proof.operators if dossier.proof else ()
    return ", puis ".join(recorded) or dossier.operator or words.NO_OPERATOR


def _who(dossier: ReleveContent) -> list[tuple[str, str]]:
    seen, zone = dossier.seen, dossier.zone
    first, last = min(one.started for one in seen), max(one.started for one in seen)
    place = f"{dossier.office} — {dossier.department}" if dossier.department else dossier.office
    versions = ", ".join(sorted({value for one in seen for name, value in one.settings if name == "program"}))
    span = words.SPAN.format(first=moment(first, zone), last=moment(last, zone), days=_days(last - first))
    return [
        (dossier.whose, f"{place} — {dossier.site}"),
        ("Qui a regardé", words.WHO.format(versions=versions, operator=operator_of(dossier))),
        ("Quoi", words.WHAT),
        ("Quand", span),
        ("Observations", _totals(dossier)),
        ("Dates", dated(dossier)),
    ]


def _days(length: timedelta) -> str:
    days = length / timedelta(days=1)
    return f"{number(days, 1)} {'jour' if days < 2 else 'jours'}"


def _totals(dossier: ReleveContent) -> str:
    remarked = len(dossier.remarked)
    told = some(len(dossier.seen) - remarked, "comptée", "comptées")
    if remarked:
        told += f" ; {some(remarked, 'imprimée et non comptée', 'imprimées et non comptées')}"
    if dossier.damaged:
        told += f" ; {some(len(dossier.damaged), 'endommagée, non comptée', 'endommagées, non comptées')}"
    if dossier.unsealed:
        told += f". {words.NOT_YET_SEALED.format(n=number(dossier.unsealed))}"
    return told


def dated(dossier: ReleveContent) -> str:
    """Who attests the dates, and within what, in a line."""
    if dossier.proof is None:
        return words.NOT_SEALED
    if not dossier.bounds:
        return words.PROVES_SEALED
    told = dating(dossier.seen, dossier.bounds)
    hour = WIDTHS.index(timedelta(hours=1))
    authorities = ", ".join(dict.fromkeys(one.authority for one in dossier.bounds))
    parts = [
        words.DATED.format(
            within=share(told.within[hour], told.total), authorities=authorities, loose=number(told.open + told.none)
        )
    ]
    if told.widest and told.widest.width is not None:
        parts.append(words.WIDEST.format(width=duration(told.widest.width)))
    if told.outside:
        parts.append(words.OUTSIDE.format(n=some(len(told.outside), "observation", "observations")))
    return " ".join(parts)


def _result(summary: SubjectSummary, dossier: ReleveContent) -> Sequence[str]:
    classes: Counter[int] = Counter()
    for (reading, _detail), count in summary.readings:
        classes[CLASSES.get(reading, UNREAD)] += count
    missed, due = sum(summary.coverage.missed.values()), summary.coverage.due
    shares = [share(classes[place], summary.total) for place in range(UNREAD + 1)]
    if summary.openings:
        shares[CLASSES["SlotsOpen"]] += f" ; {some(len(summary.openings), 'ouverture', 'ouvertures')}"
    return (dossier.names[summary.subject], *shares, share(missed, due))


def _other(summary: SubjectSummary, dossier: ReleveContent) -> Sequence[str]:
    told = " ; ".join(f"{label(*said).said('fr')} : {share(count, summary.total)}" for said, count in summary.readings)
    return dossier.names[summary.subject], told, share(sum(summary.coverage.missed.values()), summary.coverage.due)


def _sentence(summary: SubjectSummary, dossier: ReleveContent) -> Sequence[str]:
    seen = [one for one in dossier.counted if one.subject == summary.subject]
    said = Counter(one.seen for one in seen if one.seen)
    quote, times = said.most_common(1)[0] if said else (None, 0)
    told = f"« {quote} » : {share(times, summary.total)}" if quote else "aucune phrase lue"
    return dossier.names[summary.subject], told, pace(seen, summary)


def pace(seen: Sequence[Observed], summary: SubjectSummary) -> str:
    """How often it was looked, and the longest time without."""
    instants = sorted(one.started for one in seen)
    steps = [(after - before).total_seconds() for before, after in pairwise(instants)]
    if not steps or summary.gap is None:
        return words.ONCE
    usual = median(steps)
    whole = usual if usual < 2 * MINUTE else round(usual / MINUTE) * MINUTE  # a pace, not a measurement
    return words.PACE.format(median=duration(timedelta(seconds=whole)), gap=duration(summary.gap.length))
