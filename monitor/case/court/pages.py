"""What the program writes into a court file: chronology, series of captures, messages, notice, inventory. French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from textwrap import shorten
from typing import Final, Protocol

from monitor.case.court.dossier import LAYERS, Dossier, Exhibit, Layer, original_name
from monitor.case.court.exhibits import CHRONOLOGY, caption, chronology, days_of, item_line, spanned, withdrawn
from monitor.case.court.words import AUTHORS, DONE, prefet, procedure, short_day
from monitor.case.model import FileRef
from monitor.core.record import digest
from monitor.paper.document import Block, Bullets, Document, Heading, Paragraph, Picture, Table
from monitor.paper.french import some
from monitor.values import dataclass

AUTHOR: Final = "Vigie Préfectures"
RUNNING: Final = 130  # signs of the line on top of a page
TO_FILL: Final = "[à compléter]"
LIST_WIDTHS: Final = (10, 60, 14, 46)


class ReadMail(Protocol):
    """A saved e-mail, read."""

    @property
    def top(self) -> Sequence[tuple[str, str]]:
        """Sender, addressee, date, subject: French names and decoded values."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """Every header, in order, as it was sent."""
        ...

    @property
    def text(self) -> str:
        """Its words, from the text part or else from the HTML one."""
        ...

    @property
    def attachments(self) -> Sequence[tuple[str, bytes]]:
        """Names and bytes of what came with it."""
        ...


@dataclass(frozen=True, slots=True)
class Own:
    """A paper the person adds. ready: whether they say they have it."""

    text: str
    ready: bool


@dataclass(frozen=True, slots=True)
class Made:
    """An exhibit as files. pages: of the whole; files: their names, one a part."""

    exhibit: Exhibit
    pages: int
    files: tuple[str, ...]


def page_label(exhibit: Exhibit) -> str:
    """What stands on every page."""
    return f"Pièce n° {exhibit.number} — {LAYERS[exhibit.layer]}"


def paper(title: str, blocks: Sequence[Block], made: datetime) -> Document:
    """A document of ours."""
    return Document(
        title=title, author=AUTHOR, running=shorten(title, RUNNING, placeholder="…"), blocks=blocks, made=made
    )


def chronology_blocks(dossier: Dossier, shown: Sequence[Exhibit]) -> Iterator[Block]:
    """The table of events, and the entries taken back."""
    yield Heading("Chronologie des tentatives et démarches")
    yield Paragraph(f"Requérant : {dossier.applicant or TO_FILL}")
    yield Paragraph(f"Préfecture : {dossier.office}")
    yield Paragraph(
        "Chaque ligne est une inscription de la personne à son dossier. Heures : heure légale de la préfecture."
        " « Noté » veut dire : écrit par la personne ; la pièce fait foi."
    )
    rows = chronology(dossier, shown)
    if rows:
        yield Table([CHRONOLOGY, *rows], widths=(15, 10, 22, 18, 57, 12))
    else:
        yield Paragraph("Aucune tentative ni démarche de la personne n'est inscrite.")
    if gone := withdrawn(dossier):
        yield Heading("Inscriptions retirées par la personne", 1)
        yield Paragraph("Elles ne comptent pas et sont montrées par loyauté, avec le motif donné.")
        yield Table([[*CHRONOLOGY[:5], "Motif"], *gone], widths=(15, 10, 22, 18, 38, 31))


def series_blocks(exhibit: Exhibit, dossier: Dossier, images: Sequence[bytes | None]) -> Iterator[Block]:
    """Cover, numbered list, then one capture a page with its bookmark. images: JPEG or PNG; None: cannot be shown."""
    events = [item.event for item in exhibit.items if item.event]
    days = days_of(exhibit.items, dossier)
    weeks = len({day.isocalendar()[:2] for day in days})
    count = len(exhibit.items)
    dates = spanned(days) or "dates à vérifier"
    unsure = sum(event.number in dossier.doubted for event in events)
    addresses = sorted({event.address for event in events if event.address})
    kind = "Série homogène" if count > 1 else "Capture d'écran"
    yield Heading(f"Pièce n° {exhibit.number} — {kind}")
    spread = (
        f"{some(weeks, 'semaine calendaire', 'semaines calendaires')},"
        f" {some(len(days), 'jour distinct', 'jours distincts')}"
    )
    yield Paragraph(
        (f"Série homogène de {count} captures d'écran," if count > 1 else "Capture d'écran,")
        + f" démarche « {procedure(events[0].procedure)} », {dossier.office}, {dates} ({spread}).",
        strong=True,
    )
    if unsure:
        told = some(unsure, "capture à vérifier", "captures à vérifier")
        yield Paragraph(f"Dont {told}, non comptée{'s' if unsure > 1 else ''} dans les jours et semaines ci-dessus.")
    yield Paragraph("Adresses notées : " + (" ; ".join(addresses) or "aucune") + ".")
    authors = sorted({AUTHORS[event.author] for event in events})
    yield Paragraph(
        f"Auteur des captures : {' ; '.join(authors)}. Les images sont réduites pour la lecture ; les originaux, jamais"
        " modifiés, sont au dossier de vérification sous leur empreinte."
    )
    yield Heading("Liste numérotée des captures", 1)
    rows = [[item_line(item, rank, dossier), f"{item.file.sha256[:16]}…"] for rank, item in enumerate(exhibit.items, 1)]
    yield Table([["Capture", "Empreinte SHA-256"], *rows], widths=(70, 24))
    for rank, (item, image) in enumerate(zip(exhibit.items, images, strict=True), 1):
        yield Heading(item_line(item, rank, dossier))
        text = caption(item, rank, count, dossier)
        yield Picture(image, text) if image else Paragraph(f"{not_shown(item.file)} — {text}")


def not_shown(file: FileRef) -> str:
    """A file no reader of ours opens: said, never passed over."""
    return (
        f"Le fichier « {file.name} » ({file.size} octets, SHA-256 {file.sha256}) n'a pas pu être reproduit ici."
        f" L'original est au dossier de vérification : originaux/{original_name(file)}"
    )


def picture_blocks(exhibit: Exhibit, image: bytes) -> Iterator[Block]:
    """A letter or a slip that was photographed."""
    file = exhibit.items[0].file
    yield Heading(exhibit.title)
    yield Picture(image, f"Reproduction de « {file.name} » — empreinte SHA-256 de l'original : {file.sha256}")


def text_blocks(exhibit: Exhibit, text: str) -> Iterator[Block]:
    """A text file, line by line."""
    yield Heading(exhibit.title)
    yield from (Paragraph(line) for line in text.splitlines() if line.strip())


def message_blocks(exhibit: Exhibit, mail: ReadMail, images: Mapping[int, bytes]) -> Iterator[Block]:
    """An e-mail: what a reader looks for, its words, every header, then the pictures that came with it, by rank."""
    file = exhibit.items[0].file
    yield Heading(exhibit.title)
    if mail.top:
        yield Table([[*pair] for pair in mail.top], widths=(12, 100), head=False)
    lines = [line for line in mail.text.splitlines() if line.strip()]
    if not lines:
        yield Paragraph("Ce message ne contient pas de texte lisible : voir l'original.")
    yield from (Paragraph(line) for line in lines)
    if mail.attachments:
        yield Heading("Pièces jointes au message", 1)
        rows = [[str(n), name, digest(data)] for n, (name, data) in enumerate(mail.attachments, 1)]
        yield Table([["N°", "Nom", "Empreinte SHA-256"], *rows], widths=(5, 32, 78))
    yield Heading("Tous les en-têtes du message", 1)
    yield Table([[name, value] for name, value in mail.headers], widths=(24, 88), head=False)
    yield Paragraph(f"Copie du fichier « {file.name} », empreinte SHA-256 de l'original : {file.sha256}")
    for rank, image in images.items():
        name = mail.attachments[rank - 1][0]
        yield Heading(f"Pièce jointe {rank} : {name}")
        yield Picture(image, f"Image jointe au message : {name}")


def notice_blocks(dossier: Dossier, originals: Mapping[str, FileRef], program: str) -> Iterator[Block]:
    """How to verify, and the digest of every original."""
    yield Heading("Notice de vérification")
    yield Paragraph(
        f"Ce dossier a été mis en forme par un logiciel libre ({program}). Le logiciel n'a ni réservé de créneau, ni"
        " contourné de protection, ni écrit à l'administration. Il ne porte aucune appréciation juridique."
    )
    yield Bullets(
        [
            f"{LAYERS['person']} : ce que la personne, ou un aidant autorisé et nommé comme tel, a fait et noté"
            " elle-même.",
            f"{LAYERS['automatic']} : ce qu'un logiciel a lu sur des pages publiques, sans intervention de la personne."
            " Un relevé n'est jamais une tentative de la personne.",
            f"{LAYERS['statistics']} : des chiffres tirés des observations de la veille.",
        ]
    )
    yield Paragraph(
        "Les pièces sont des copies portant leur numéro et leur origine. Les originaux, inchangés, sont dans le dossier"
        " de vérification, tenu à disposition ; sous Linux, la commande « sh verify.sh » lancée dans ce dossier les"
        " compare à leurs empreintes. Une empreinte identique montre que le fichier n'a pas changé depuis que le"
        " dossier a été constitué ; elle ne dit rien de ce qui précède."
    )
    for releve in dossier.releves:
        yield Heading(f"Export « {releve.name} » : vérification faite lorsqu'il a été joint au dossier", 1)
        yield Bullets(releve.told or ("aucun résultat noté",))
        if releve.reserved:
            yield Paragraph("Cet export n'est vérifié qu'avec les réserves ci-dessus.", strong=True)
        if releve.pdf is None:
            yield Paragraph("Cet export ne contient pas de relevé (PDF) : il n'est pas produit comme pièce.")
    yield Heading("Empreintes SHA-256 des originaux", 1)
    if originals:
        rows = [[path, ref.sha256, str(ref.size)] for path, ref in sorted(originals.items())]
        yield Table([["Fichier", "Empreinte SHA-256", "Octets"], *rows], widths=(36, 78, 10))
    else:
        yield Paragraph("Aucun fichier n'était joint aux inscriptions.")


def inventory_blocks(
    dossier: Dossier, made: Sequence[Made], day: datetime, papers: Sequence[Own], first: int
) -> Iterator[Block]:
    """The bordereau: continuous numbers, every item of a series, every file (CJA, art. R. 412-2 and R. 414-5).

    papers: what the person joins besides, to be numbered by them. first: number of the first exhibit of ours.
    """
    yield Heading("Bordereau des pièces")
    yield Paragraph("Inventaire détaillé (articles R. 412-2 et R. 414-5 du code de justice administrative)")
    yield Paragraph(f"Requérant : {dossier.applicant or TO_FILL}")
    yield Paragraph(f"Défendeur : le {prefet(dossier.office)}")
    local = day.astimezone(dossier.zone)
    yield Paragraph(f"Dossier constitué le {short_day(local)} à {local:%Hh%M} (heure légale de la préfecture).")
    yield from _own_blocks(papers, first)
    layers: list[Layer] = []
    for one in made:
        if one.exhibit.layer not in layers:
            layers.append(one.exhibit.layer)
    for layer in layers:
        yield Heading(LAYERS[layer], 1)
        rows = [row for one in made if one.exhibit.layer == layer for row in _inventory_rows(one, dossier)]
        yield Table([["N°", "Pièce", "Date", "Fichier"], *rows], widths=LIST_WIDTHS)
    yield Paragraph(
        f"Chaque page porte le numéro et l'origine de la pièce. Originaux et preuves : dossier de vérification, tenu"
        f" à la disposition du tribunal. État : {DONE}."
    )


def _own_blocks(papers: Sequence[Own], first: int) -> Iterator[Block]:
    """Rows to be numbered and filled in: the program holds none of these papers."""
    if not papers:
        return
    yield Heading("Pièces du requérant [à joindre ; numéroter et compléter, effacer ce qui n'est pas joint]", 1)
    rows = [["[n°]", one.text, "[date]", "[fichier]" if one.ready else "[à réunir]"] for one in papers]
    yield Table([["N°", "Pièce", "Date", "Fichier"], *rows], widths=LIST_WIDTHS)
    if first > 1:
        yield Paragraph(f"[Numéros réservés : 1{f' à {first - 1}' if first > 2 else ''}]")


def _inventory_rows(one: Made, dossier: Dossier) -> Iterator[list[str]]:
    exhibit = one.exhibit
    parts = len(one.files)
    names = [f"partie {n}/{parts} : {name}" if parts > 1 else name for n, name in enumerate(one.files, 1)]
    count = len(exhibit.items)
    kind = f", série homogène de {count} captures" if exhibit.sort == "series" and count > 1 else ""
    title = f"{exhibit.title}{kind} ({some(one.pages, 'page', 'pages')})"
    day = f"{exhibit.day:%d/%m/%Y}" if exhibit.day else ""
    yield [str(exhibit.number), title, day, " ; ".join(names)]
    if exhibit.sort == "series":
        for rank, item in enumerate(exhibit.items, 1):
            event = item.event
            assert event is not None
            label = item_line(item, rank, dossier).partition(" - ")[2]
            yield [f"{exhibit.number}.{rank}", f"Capture {rank} : {label}", f"{event.day:%d/%m/%Y}", "dans la série"]
