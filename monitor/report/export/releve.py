"""The relevé as a document: what a court file receives. States what was observed; concludes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from monitor.catalogue.errata import Erratum
from monitor.core.labels import label
from monitor.core.record import digest
from monitor.paper.document import (
    Attachment,
    Block,
    Document,
    Entries,
    Heading,
    NumberedEntry,
    Paragraph,
    Picture,
    Table,
)
from monitor.paper.french import NBSP, briefly, day, duration, legal, moment, number, some, stamp
from monitor.report.export import words
from monitor.report.export.annex import annex
from monitor.report.export.bounds import AttestedSpan, narrowest
from monitor.report.export.counts import counts, summaries
from monitor.report.export.dossier import Pictures, ReleveContent
from monitor.report.export.front import front
from monitor.report.observed import Observed
from monitor.report.runs import joined, runs
from monitor.report.summary import Opening, SubjectSummary

_SHOWN = 16  # characters of a digest
_NO_DAY = "non indiqué par la page"


def report(dossier: ReleveContent, *, attachments: Sequence[Attachment] = (), last: int | None = None) -> Document:
    """The document. last: print only so many observations, the newest, and say so; counts are of all."""
    return Document(
        title=f"{words.TITLE} — {dossier.office}",
        author=f"Vigie Préfectures — {words.RUNNING.lower()}",
        running=f"{words.RUNNING} — {dossier.office}",
        blocks=_blocks(dossier, last),
        made=dossier.made,
        zone=dossier.zone,
        watermark=words.SIMULATION if dossier.simulated else None,
        attachments=attachments,
    )


def _blocks(dossier: ReleveContent, last: int | None) -> Iterator[Block]:
    found = summaries(dossier)
    yield from front(dossier, found)
    yield from _corrections(dossier)
    yield from counts(dossier, found)
    yield from _openings(dossier, found)
    yield from _pictures(dossier)
    yield Heading("Observations, une par une")
    yield Paragraph(words.TABLE)
    if last is not None and last < len(dossier.seen):
        yield Paragraph(words.CUT.format(shown=number(last), n=number(len(dossier.seen))), strong=True)
    yield _entry_list(dossier, last)
    yield from _damaged(dossier)
    yield from annex(dossier, small=last is not None)


def _corrections(dossier: ReleveContent) -> Iterator[Block]:
    """What is printed and counted nowhere, check by check, before any figure."""
    wrong: dict[tuple[str, str], tuple[Erratum, int]] = {}
    again: dict[str, int] = {}
    for one, remark in dossier.remarked:
        if remark.erratum is not None:
            known = wrong.get((one.subject, remark.erratum.url))
            wrong[one.subject, remark.erratum.url] = remark.erratum, (known[1] if known else 0) + 1
        else:
            again[one.subject] = again.get(one.subject, 0) + 1
    if wrong or again:
        yield Heading(words.CORRECTIONS)
    if wrong:
        yield Paragraph(words.ERRATUM, strong=True)
        rows = [("Démarche", "Adresse", "Ce qu'elle est, selon la source", "Noté le", "Observations")]
        for (subject, url), (found, n) in sorted(wrong.items()):
            source = f"{found.source}, {found.source_date}" if found.source_date else found.source
            rows.append((dossier.names[subject], url, f"{found.what} ({source})", f"{found.noted:%d/%m/%Y}", number(n)))
        yield Table(rows, (26, 50, 44, 20, 22))
    if again:
        yield Paragraph(words.UNCONFIRMED, strong=True)
        rows_again = [(dossier.names[key], number(n)) for key, n in sorted(again.items())]
        yield Table([("Démarche", "Observations"), *rows_again], (60, 60))


def _entry_list(dossier: ReleveContent, last: int | None) -> Entries:
    """The list, by sequence; made as it is drawn."""
    seen = dossier.seen if last is None else dossier.seen[max(len(dossier.seen) - last, 0) :]
    return Entries(
        ("N°", "Date et heure", "Lecture, phrase du site, démarche, adresse", "Empreintes"), _entries(seen, dossier)
    )


def _entries(seen: Sequence[Observed], dossier: ReleveContent) -> Iterator[NumberedEntry]:
    spans, alone = narrowest(dossier.bounds), len(dossier.subjects) == 1
    for run in runs(seen):
        one = run.first
        found = label(one.reading, one.detail)
        moved = one.read_url not in (None, one.url)
        digests = [f"obs. {one.line_sha256[:_SHOWN]}"]
        digests.append(f"page {one.bodies[-1][:_SHOWN]}" if one.bodies else "page : aucune")
        if one.id:
            digests.append(f"visite {one.id}")
        address = one.url + (f" → {one.read_url}" if moved else "")
        entry = NumberedEntry(
            number=str(one.seq),
            when=stamp(one.started, dossier.zone),
            title=f"{found.mark} {found.said('fr')}" + (f" [{words.SIMULATION}]" if one.simulated else ""),
            quote=f"« {one.seen} »" if one.seen else "",
            notes=[
                *_remark(one),
                address if alone else f"{one.label} — {address}",
                *_written(spans.get(one.sweep), dossier),
            ],
            digests=digests,
            strong=one.reading == "SlotsOpen" and one.remark is None,
        )
        yield joined(entry, run, dossier.zone)


def _written(span: AttestedSpan | None, dossier: ReleveContent) -> list[str]:
    """The bounds of the sweep an observation is of; none where nobody attests any."""
    if span is None:
        return [words.UNDATED] if dossier.bounds else []
    after, before = (briefly(at, dossier.zone) if at else words.UNBOUNDED for at in (span.after, span.before))
    return [words.WRITTEN.format(after=after, before=before, authority=span.authority)]


def _remark(one: Observed) -> list[str]:
    if one.remark is None:
        return []
    said = one.remark.said("fr")
    return [said[:1].upper() + said[1:]]


def _openings(dossier: ReleveContent, found: Sequence[SubjectSummary]) -> Iterator[Block]:
    """Every opening with how long it was seen, or the statement that none was."""
    yield Heading("Créneaux affichés")
    for summary in found:
        if summary.last.look != "desk":
            continue
        yield Heading(dossier.names[summary.subject], 1)
        if not summary.openings:
            yield Paragraph(words.NO_OPENING.format(n=number(summary.total)))
        for opening in summary.openings:
            yield Table(_opening(opening, dossier), (40, 90), head=False)


def _opening(opening: Opening, dossier: ReleveContent) -> list[tuple[str, str]]:
    first, last, zone = opening.first, opening.last, dossier.zone
    found, after = label(*first.said), opening.after
    seen_for = duration(last.started - first.started)
    rows = [
        ("Lecture", f"{found.mark} {found.said('fr')}"),
        ("Phrase ou élément du site", f"« {first.seen} »"),
        ("Premier jour proposé", day(date.fromisoformat(first.first_day)) if first.first_day else _NO_DAY),
        ("Vu la première fois", f"{moment(first.started, zone)} (n°{NBSP}{first.seq})"),
        ("Vu la dernière fois", f"{moment(last.started, zone)} (n°{NBSP}{last.seq})"),
        ("Observations de suite", f"{some(opening.count, 'observation', 'observations')}, sur {seen_for}"),
    ]
    if after is None:
        return [*rows, ("Ensuite", words.OPENING_OPEN)]
    told = words.OPENING_AFTER.format(when=moment(after.started, zone), label=label(*after.said).said("fr"))
    return [*rows, ("Ensuite", f"{told} (n°{NBSP}{after.seq})")]


def _pictures(dossier: ReleveContent) -> Iterator[Block]:
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
            when=legal(one.started, dossier.zone),
            office=dossier.office,
            label=one.label,
            seen=f"« {one.seen} »" if one.seen else "aucun message lu",
            url=one.read_url or one.url,
            digest=digest(shot.png)[:_SHOWN],
        )
        yield Picture(shot.png, caption, [f"Observation n° {one.seq}.", *_remark(one), *shot.facts])


def _damaged(dossier: ReleveContent) -> Iterator[Block]:
    if not dossier.damaged:
        return
    yield Heading("Observations endommagées, non comptées", 1)
    yield Paragraph(words.DAMAGED)
    rows = [("N°", "Démarche", "Découvert le", "Ce qui est endommagé")]
    rows += [
        (str(d.seq), dossier.names.get(d.subject, d.subject), moment(d.found, dossier.zone), _damage(d.what))
        for d in dossier.damaged
    ]
    yield Table(rows, (10, 30, 50, 50))


def _damage(what: str) -> str:
    return "la ligne de l'observation" if what == "line" else what.replace("blob", "la page reçue,")
