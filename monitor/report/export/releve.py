"""The relevé as a document: what a court file receives. States what was observed; concludes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.catalogue.errata import Erratum
from monitor.core.labels import label
from monitor.core.record import digest
from monitor.paper.document import (
    Attachment,
    Block,
    Bullets,
    Document,
    Entries,
    Heading,
    NumberedEntry,
    Paragraph,
    Picture,
    Table,
)
from monitor.paper.french import NBSP, captioned, duration, moment, number, some, stamp
from monitor.report.export import words
from monitor.report.export.counts import counts, summaries
from monitor.report.export.dossier import Pictures, Proof, ReleveContent
from monitor.report.export.runs import joined, runs
from monitor.report.observed import Observed
from monitor.report.summary import Opening

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
        watermark=words.SIMULATION if dossier.simulated else None,
        attachments=attachments,
    )


def _blocks(dossier: ReleveContent, last: int | None) -> Iterator[Block]:
    yield from _cover(dossier)
    yield from _corrections(dossier)
    yield from _conditions(dossier)
    yield from counts(dossier)
    yield from _openings(dossier)
    yield from _pictures(dossier)
    yield Heading("Observations")
    yield Paragraph(words.TABLE)
    if last is not None and last < len(dossier.seen):
        yield Paragraph(words.CUT.format(shown=number(last), n=number(len(dossier.seen))), strong=True)
    yield _entry_list(dossier, last)
    yield from _damaged(dossier)
    yield from _verify(dossier, small=last is not None)


def _cover(dossier: ReleveContent) -> Iterator[Block]:
    seen, zone = dossier.seen, dossier.zone
    yield Heading(words.TITLE)
    if dossier.simulated:
        yield Paragraph(words.SIMULATED.format(n=_of(dossier.simulated, len(seen))), strong=True)
    yield Table(
        (
            (dossier.whose, f"{dossier.office} — {dossier.site}"),
            ("Première observation", moment(min(one.started for one in seen), zone)),
            ("Dernière observation", moment(max(one.started for one in seen), zone)),
            ("Heure légale", f"{zone.key} ; chaque heure est aussi donnée en temps universel (UTC)"),
            ("Observations", _totals(dossier)),
            ("Établi le", moment(dossier.made, zone)),
        ),
        (26, 90),
        head=False,
    )
    yield Heading("Ce qui a été observé", 1)
    yield Paragraph(words.WHAT)
    rows = [("Contrôle", "Démarche, selon le site", "Adresse")]
    rows += [(key, one.label, one.url) for key, one in dossier.subjects.items()]
    yield Table(rows, (34, 40, 60))
    yield Heading("Par qui", 1)
    versions = ", ".join(sorted({value for one in seen for name, value in one.settings if name == "program"}))
    yield Paragraph(words.BY_WHOM.format(versions=versions, operator=dossier.operator or words.NO_OPERATOR))
    yield Paragraph(words.NOT_A_PERSON)
    yield Heading("Ce que ce relevé établit", 1)
    yield Bullets([*words.PROVES, _sealed(dossier.proof)])
    if dossier.unsealed:
        yield Paragraph(words.NOT_YET_SEALED.format(n=number(dossier.unsealed)))
    yield Heading("Ce qu'il n'établit pas", 1)
    yield Bullets(words.PROVES_NOT)
    yield Paragraph(words.NO_LAW, strong=True)


def _totals(dossier: ReleveContent) -> str:
    remarked = len(dossier.remarked)
    told = some(len(dossier.seen) - remarked, "comptée", "comptées")
    return f"{told} ; {some(remarked, 'imprimée et non comptée', 'imprimées et non comptées')}" if remarked else told


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
        rows = [("Contrôle", "Adresse", "Ce qu'elle est, selon la source", "Noté le", "Observations")]
        for (subject, url), (found, n) in sorted(wrong.items()):
            source = f"{found.source}, {found.source_date}" if found.source_date else found.source
            rows.append((subject, url, f"{found.what} ({source})", found.noted.isoformat(), number(n)))
        yield Table(rows, (26, 50, 44, 20, 22))
    if again:
        yield Paragraph(words.UNCONFIRMED, strong=True)
        yield Table([("Contrôle", "Observations"), *((key, number(n)) for key, n in sorted(again.items()))], (60, 60))


def _sealed(proof: Proof | None) -> str:
    if proof is None:
        return words.NOT_SEALED
    return words.PROVES_STAMPED if proof.authorities else words.PROVES_SEALED


def _of(part: int, whole: int) -> str:
    return f"{number(part)} sur {number(whole)}"


LONG_LIST = 20  # names in env.json that would fill a page
_SETTINGS = {
    "program": "Version du programme",
    "resolver": "Résolveur DNS",
    "tls": "Chiffrement",
    "http": "Protocole",
    "local": "Adresse de la machine",
}


def _conditions(dossier: ReleveContent) -> Iterator[Block]:
    yield Heading("Conditions des observations")
    yield Bullets(words.CONDITIONS)
    found = {pair for one in dossier.seen for pair in one.settings}
    rows = [(label, ", ".join(sorted(v for n, v in found if n == name))) for name, label in _SETTINGS.items()]
    yield Table([row for row in rows if row[1]] or [("", "")], (30, 90), head=False)
    proof = dossier.proof
    if proof is None or not proof.environment:
        yield Paragraph(words.NO_ENVIRONMENT)
    else:
        if proof.environments > 1:
            yield Paragraph(words.SEVERAL_ENVIRONMENTS.format(n=proof.environments))
        yield Table([("Nom dans env.json", "Valeur"), *_flat(proof.environment)], (40, 90))
    yield Paragraph(words.STEPS, strong=True)
    for key, one in dossier.subjects.items():
        ways: dict[tuple[str, ...], int] = {}
        for seen in dossier.seen:
            if seen.subject == key:
                ways[seen.steps] = ways.get(seen.steps, 0) + 1
        yield Paragraph(f"{key} — {one.label}")
        told = sorted(ways.items(), key=lambda item: -item[1])
        yield Bullets([_way(steps, times) for steps, times in told])


def _way(steps: Sequence[str], times: int) -> str:
    path = " ; ".join(steps) if steps else "aucune étape enregistrée"
    return words.STEPS_TIMES.format(steps=path, n=some(times, "observation", "observations"))


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """What env.json says, one line a value, under its own names; a long list of names and values on one line."""
    for name in sorted(value):
        one = value[name]
        if isinstance(one, Mapping) and len(one) <= LONG_LIST:
            yield from _flat(one, f"{prefix}{name}.")
        else:
            yield prefix + name, _plain(one)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(value[name])}" for name in sorted(value)) or "aucun"
    if isinstance(value, list):
        return " ; ".join(map(_plain, value)) or "aucun"
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "inconnu" if value is None else str(value)


def _entry_list(dossier: ReleveContent, last: int | None) -> Entries:
    """The list, by sequence; made as it is drawn."""
    seen = dossier.seen if last is None else dossier.seen[max(len(dossier.seen) - last, 0) :]
    return Entries(
        ("N°", "Date et heure", "Lecture, phrase du site, démarche, adresse", "Empreintes"), _entries(seen, dossier)
    )


def _entries(seen: Sequence[Observed], dossier: ReleveContent) -> Iterator[NumberedEntry]:
    for run in runs(seen):
        one = run.first
        found = label(one.reading, one.detail)
        moved = one.read_url not in (None, one.url)
        digests = [f"obs. {one.line_sha256[:_SHOWN]}"]
        digests.append(f"page {one.bodies[-1][:_SHOWN]}" if one.bodies else "page : aucune")
        if one.id:
            digests.append(f"visite {one.id}")
        entry = NumberedEntry(
            number=str(one.seq),
            when=stamp(one.started, dossier.zone),
            title=f"{found.mark} {found.fr}" + (f" [{words.SIMULATION}]" if one.simulated else ""),
            quote=f"« {one.seen} »" if one.seen else "",
            notes=[*_remark(one), f"{one.label} — {one.subject}", one.url + (f" → {one.read_url}" if moved else "")],
            digests=digests,
            strong=one.reading == "SlotsOpen" and one.remark is None,
        )
        yield joined(entry, run, dossier.zone)


def _remark(one: Observed) -> list[str]:
    return [one.remark.fr[:1].upper() + one.remark.fr[1:]] if one.remark else []


def _openings(dossier: ReleveContent) -> Iterator[Block]:
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


def _opening(opening: Opening, dossier: ReleveContent) -> list[tuple[str, str]]:
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
            when=captioned(one.started, dossier.zone),
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
    rows = [("N°", "Contrôle", "Découvert le", "Ce qui est endommagé")]
    rows += [(str(d.seq), d.subject, moment(d.found, dossier.zone), _damage(d.what)) for d in dossier.damaged]
    yield Table(rows, (10, 30, 50, 50))


def _damage(what: str) -> str:
    return "la ligne de l'observation" if what == "line" else what.replace("blob", "la page reçue,")


def _verify(dossier: ReleveContent, *, small: bool) -> Iterator[Block]:
    yield Heading("Comment vérifier", 1)
    proof = dossier.proof
    if dossier.thinned:
        yield Paragraph(words.THINNED.format(n=number(dossier.thinned)))
    if dossier.lost:
        yield Paragraph(words.LOST.format(n=number(dossier.lost)))
    if proof is None:
        yield Bullets(words.VERIFY_UNSEALED)
        return
    yield Bullets(words.VERIFY_SMALL if small else words.VERIFY_SEALED)
    authorities = ", ".join(proof.authorities) or "aucun horodatage reçu à ce jour"
    yield Table(
        (
            ("Relevés scellés joints", number(1 if small else proof.sweeps)),
            ("Autorités d'horodatage", authorities),
            ("Nom du journal", proof.origin),
            ("Clé du journal", proof.key),
        ),
        (30, 90),
        head=False,
    )
