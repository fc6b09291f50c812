"""The observations of a relevé one by one: the long list, every opening, captioned screenshots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.core.labels import label
from monitor.core.record import digest
from monitor.paper.document import Block, Entries, Entry, Heading, Paragraph, Picture, Table
from monitor.paper.french import NBSP, captioned, duration, moment, number, some, stamp
from monitor.report.export import words
from monitor.report.export.counts import summaries
from monitor.report.observed import Observed
from monitor.report.summary import Opening

if TYPE_CHECKING:
    from monitor.report.export.releve import Dossier

_SHOWN = 16  # characters of a digest
_NO_DAY = "non indiqué par la page"


@dataclass(frozen=True, slots=True)
class Shot:
    """A screenshot of an observation. facts: lines printed under its caption (how it was drawn, from which bytes)."""

    png: bytes
    facts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Pictures that are not printed. enclosed: in `captures/` only; lost: kept no more; failed: sequence, reason."""

    enclosed: int = 0
    lost: int = 0
    failed: Sequence[tuple[int, str]] = ()


def entry_list(dossier: Dossier, last: int | None) -> Entries:
    """The list, by sequence; made as it is drawn."""
    seen = dossier.seen if last is None else dossier.seen[max(len(dossier.seen) - last, 0) :]
    return Entries(
        ("N°", "Date et heure", "Lecture, phrase du site, démarche, adresse", "Empreintes"), _entries(seen, dossier)
    )


def _entries(seen: Sequence[Observed], dossier: Dossier) -> Iterator[Entry]:
    for one in seen:
        found = label(one.reading, one.detail)
        moved = one.read_url not in (None, one.url)
        digests = [f"obs. {one.line_sha256[:_SHOWN]}"]
        digests.append(f"page {one.bodies[-1][:_SHOWN]}" if one.bodies else "page : aucune")
        if one.id:
            digests.append(f"visite {one.id}")
        yield Entry(
            number=str(one.seq),
            when=stamp(one.started, dossier.zone),
            title=f"{found.mark} {found.fr}" + (f" [{words.SIMULATION}]" if one.simulated else ""),
            quote=f"« {one.seen} »" if one.seen else "",
            notes=[f"{one.label} — {one.subject}", one.url + (f" → {one.read_url}" if moved else "")],
            digests=digests,
            strong=one.reading == "SlotsOpen",
        )


def openings(dossier: Dossier) -> Iterator[Block]:
    """Every opening with how long it was seen, or the statement that none was."""
    yield Heading("Créneaux affichés")
    for summary in summaries(dossier):
        if summary.last.look != "desk":
            continue
        yield Heading(f"{summary.subject} — {summary.last.label}", 1)
        if not summary.openings:
            yield Paragraph(words.NO_OPENING.format(n=number(summary.total)))
        for opening in summary.openings:
            yield Table(_opening(opening, dossier), (40, 90), head=False)


def _opening(opening: Opening, dossier: Dossier) -> list[tuple[str, str]]:
    first, last, zone = opening.first, opening.last, dossier.zone
    found, after = label(*first.said), opening.after
    seen_for = duration(last.started - first.started)
    rows = [
        ("Lecture", f"{found.mark} {found.fr}"),
        ("Phrase ou élément du site", f"« {first.seen} »"),
        ("Premier jour proposé", first.first_day or _NO_DAY),
        ("Vu la première fois", f"{moment(first.started, zone)} (n°{NBSP}{first.seq})"),
        ("Vu la dernière fois", f"{moment(last.started, zone)} (n°{NBSP}{last.seq})"),
        ("Observations de suite", f"{some(opening.count, 'observation', 'observations')}, sur {seen_for}"),
    ]
    if after is None:
        return [*rows, ("Ensuite", words.OPENING_OPEN)]
    told = words.OPENING_AFTER.format(when=moment(after.started, zone), label=label(*after.said).fr)
    return [*rows, ("Ensuite", f"{told} (n°{NBSP}{after.seq})")]


def pictures(dossier: Dossier) -> Iterator[Block]:
    """Screenshots in the order of their observations, and what became of the others; nothing where none were due."""
    shown, others = [one for one in dossier.seen if one.seq in dossier.shots], dossier.pictures
    if shown or others != Pictures():
        yield Heading("Captures d'écran")
        yield Paragraph(words.PICTURES)
    if others.enclosed:
        yield Paragraph(words.NOT_PRINTED.format(n=number(others.enclosed)))
    if others.lost:
        yield Paragraph(words.NOT_KEPT.format(n=number(others.lost)))
    if others.failed:
        yield Paragraph(words.NOT_SHOWN)
        yield Table([("N°", "Raison"), *((str(seq), why) for seq, why in others.failed)], (12, 100))
    for i, one in enumerate(shown, start=1):
        shot = dossier.shots[one.seq]
        caption = words.CAPTION.format(
            i=i,
            n=len(shown),
            when=captioned(one.started, dossier.zone),
            office=dossier.office,
            label=one.label,
            seen=f"« {one.seen} »" if one.seen else "aucun message lu",
            url=one.read_url or one.url,
            digest=digest(shot.png)[:_SHOWN],
        )
        yield Picture(shot.png, caption, [f"Observation n° {one.seq}.", *shot.facts])
