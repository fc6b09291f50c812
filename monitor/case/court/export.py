"""The files of a court export: what is filed, and apart from it the originals with what verifies them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from gettext import gettext as _
from typing import Any, Final

from monitor.case.court import pages
from monitor.case.court.dossier import PART_BYTES, Dossier, Exhibit, Form, ascii_words, file_name, original_name
from monitor.case.court.exhibits import IMAGES, exhibits, suffix
from monitor.case.court.pages import Made, Own, ReadMail
from monitor.case.model import FileRef
from monitor.core.record import digest
from monitor.evidence.sums import SUMS, render_sums
from monitor.paper.document import Block, Document, Heading, Paragraph
from monitor.values import dataclass

FILED, PROOF = "a-deposer", "verification"
BORDEREAU: Final = "Bordereau_des_pieces"


TITLE_BYTES: Final = 8192  # room in a part for its title, told twice, and its language


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtTools:
    """What an export is made with.

    read: the bytes of a file of the case. unpacked: names and bytes in a ZIP. render: a document as PDF. label: a PDF
    with a line on every page, its own content untouched; raises ValueError for what is no readable PDF. titled: a PDF
    with a title and a language. joined: several PDFs as one. split: a PDF in parts of at most so many bytes, at page
    ends. pages: how many. picture: an image as JPEG to be printed, None when it cannot be read. mail: an e-mail; raises
    ValueError. docx: blocks as a DOCX titled so. scripts: what verifies, by name. program: its name and version.
    """

    read: Callable[[FileRef], bytes]
    unpacked: Callable[[bytes], Iterable[tuple[str, bytes]]]
    render: Callable[[Document], bytes]
    label: Callable[[bytes, str], bytes]
    titled: Callable[[bytes, str], bytes]
    joined: Callable[[Sequence[bytes]], bytes]
    split: Callable[[bytes, int], Sequence[bytes]]
    pages: Callable[[bytes], int]
    picture: Callable[[bytes], bytes | None]
    mail: Callable[[bytes], ReadMail]
    docx: Callable[[Iterable[Any], str], bytes]
    scripts: Mapping[str, bytes]
    program: str


@dataclass(slots=True)
class ExportTold:
    """What became of it. made: the exhibits and the names of their files; warnings: sentences for the person."""

    made: list[Made] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def export(
    dossier: Dossier, means: CourtTools, at: datetime, told: ExportTold, form: Form, *, papers: Sequence[Own] = (),
    first: int = 1, limit: int = PART_BYTES,
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """Name and bytes of each file. at: aware UTC, now; told: filled in on the way; form: how files are named.

    papers: what the person adds to the exhibits themselves. first: number of the first exhibit.
    """
    planned = exhibits(dossier, first)
    originals = _originals(dossier)
    for exhibit in planned:
        pdf = means.label(_drawn(exhibit, dossier, means, planned, originals, at, told), pages.page_label(exhibit))
        title = f"Pièce n° {exhibit.number} — {exhibit.title}"
        parts = [means.titled(part, title) for part in means.split(pdf, limit - TITLE_BYTES)]
        for part in parts:
            if len(part) > limit:
                told.warnings.append(
                    _("exhibit {n}: one page alone is larger than {size} bytes").format(n=exhibit.number, size=limit)
                )
        count = len(parts)
        names = tuple(file_name(exhibit.number, exhibit.title, form, part=n, parts=count) for n in range(1, count + 1))
        yield from ((f"{FILED}/{name}", part) for name, part in zip(names, parts, strict=True))
        told.made.append(Made(exhibit, means.pages(pdf), names))
    blocks = [*pages.inventory_blocks(dossier, told.made, at, papers, first)]
    yield f"{FILED}/{BORDEREAU}.pdf", means.render(pages.paper("Bordereau des pièces", blocks, at))
    yield f"{FILED}/{BORDEREAU}.docx", means.docx(blocks, "Bordereau des pièces")
    yield from _proof(dossier, means, originals)


def _drawn(
    exhibit: Exhibit, dossier: Dossier, means: CourtTools, planned: Sequence[Exhibit], originals: Mapping[str, FileRef],
    at: datetime, told: ExportTold,
) -> bytes:  # fmt: skip
    """The exhibit as one PDF, without its label."""

    def paper(blocks: Iterable[Block]) -> bytes:
        return means.render(pages.paper(exhibit.title, [*blocks], at))

    match exhibit.sort:
        case "chronology":
            return paper(pages.chronology_blocks(dossier, planned))
        case "notice":
            return paper(pages.notice_blocks(dossier, originals, means.program))
        case "series":
            images = [means.picture(means.read(item.file)) for item in exhibit.items]
            lost = [item.file for item, image in zip(exhibit.items, images, strict=True) if image is None]
            told.warnings += [_unshown(exhibit, file) for file in lost]
            return paper(pages.series_blocks(exhibit, dossier, images))
    file = exhibit.items[0].file
    drawn = _copied(exhibit, means.read(file), means, paper)
    if drawn is None:
        told.warnings.append(_unshown(exhibit, file))
        return paper([Heading(exhibit.title), Paragraph(pages.not_shown(file))])
    return drawn


def _copied(
    exhibit: Exhibit, data: bytes, means: CourtTools, paper: Callable[[Iterable[Block]], bytes]
) -> bytes | None:
    """A file of the person as pages; None where it cannot be."""
    ending = suffix(exhibit.items[0].file)
    if data.startswith(b"%PDF") or ending == ".pdf":
        return _if_readable(data, means)
    if ending == ".eml":
        try:
            mail = means.mail(data)
        except ValueError:
            return None
        return _message(exhibit, mail, means, paper)
    if ending == ".txt":
        return paper(pages.text_blocks(exhibit, data.decode("utf-8", "replace")))
    image = means.picture(data) if ending in IMAGES else None
    return paper(pages.picture_blocks(exhibit, image)) if image else None


def _message(exhibit: Exhibit, mail: ReadMail, means: CourtTools, paper: Callable[[Iterable[Block]], bytes]) -> bytes:
    """A message, the pictures that came with it, then the PDFs that did."""
    images, papers = {}, []
    for rank, (_name, data) in enumerate(mail.attachments, 1):
        if data.startswith(b"%PDF"):
            if (pdf := _if_readable(data, means)) is not None:
                papers.append(pdf)
        elif (image := means.picture(data)) is not None:
            images[rank] = image
    return means.joined([paper(pages.message_blocks(exhibit, mail, images)), *papers])


def _if_readable(data: bytes, means: CourtTools) -> bytes | None:
    try:
        return means.joined([data])
    except ValueError:
        return None


def _unshown(exhibit: Exhibit, file: FileRef) -> str:
    return _("exhibit {n}: {name} could not be turned into pages; the exhibit says so").format(
        n=exhibit.number, name=original_name(file)
    )


def _originals(dossier: Dossier) -> dict[str, FileRef]:
    """Every file that came with an attempt or event, by its name under `originaux/`; those withdrawn too."""
    refs = [file for event in (*dossier.attempts, *dossier.withdrawn) for file in event.files]
    return {original_name(file): file for file in (*refs, *dossier.statistics)}


def _proof(dossier: Dossier, means: CourtTools, originals: Mapping[str, FileRef]) -> Iterator[tuple[str, bytes]]:
    """The verification folder, which stands alone."""
    sums: dict[str, str] = {}

    def kept(name: str, data: bytes) -> tuple[str, bytes]:
        sums[name] = digest(data)
        return f"{PROOF}/{name}", data

    for name, file in originals.items():
        yield kept(f"originaux/{name}", means.read(file))
    for n, releve in enumerate(dossier.releves, 1):
        folder = f"releves/{n}_{ascii_words(releve.name) or 'releve'}"
        for name, data in means.unpacked(means.read(releve.archive)):
            yield kept(f"{folder}/{name}", data)
    for name, data in means.scripts.items():
        yield kept(name, data)
    yield f"{PROOF}/{SUMS}", render_sums(sums)
