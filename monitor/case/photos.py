"""When a capture of a telephone was made: from its EXIF, its file name or the mail that carried it, which is said.

A name or a mail may be later than the capture, and EXIF is whatever the telephone's clock said: the source is always
printed beside the date. What no source tells can be filled in by hand, on a sheet where all that is known is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.case import mail as case_mail
from monitor.case.folder import Brought
from monitor.case.model import DateSource
from monitor.paper.document import Block, Document, Paragraph, Table
from monitor.paper.pdf import render
from monitor.values import dataclass, pattern

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".pdf"})
MAX_BYTES: Final = 64 * 1024 * 1024
_EXIF_IFD, _ORIGINAL, _OFFSET, _CHANGED = 0x8769, 0x9003, 0x9011, 0x0132
_NAMED = pattern(
    r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)"
    r"(?:(?:[-_ T]|\s+(?:à|a|at)\s+)(\d{1,2})[-.:_hH]?([0-5]\d)(?:[-.:_mM]?([0-5]\d))?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A capture. day: legal day, at: aware instant, None where unknown; carrier: the mail it came in."""

    file: Brought
    day: date | None
    at: datetime | None
    source: DateSource | None
    carrier: Brought | None = None


def photos(folder: Path, zone: ZoneInfo) -> Iterator[Photo]:
    """The captures of a folder and of the .eml messages in it, by name. Raises OSError; leaves unreadable mails out."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            continue
        if path.suffix.lower() in PICTURES:
            yield dated(Brought(path.name, path.read_bytes()), zone)
        elif path.suffix.lower() == ".eml":
            message = Brought(path.name, path.read_bytes(), "message/rfc822")
            try:
                mail = case_mail.parse(message.data)
            except ValueError:
                continue
            for one in mail.attachments:
                if Path(one.name).suffix.lower() in PICTURES or one.what.startswith("image/"):
                    yield dated(one, zone, mail.sent, message)


def dated(file: Brought, zone: ZoneInfo, sent: datetime | None = None, carrier: Brought | None = None) -> Photo:
    """The date of one capture, by the best source that gives one."""
    at = from_exif(file.data, zone)
    if at is not None:
        return Photo(file=file, day=at.astimezone(zone).date(), at=at, source="exif", carrier=carrier)
    named = from_name(file.name, zone)
    if named is not None:
        return Photo(file=file, day=named[0], at=named[1], source="file_name", carrier=carrier)
    day = sent.astimezone(zone).date() if sent else None
    return Photo(file=file, day=day, at=None, source="mail" if sent else None, carrier=carrier)


def from_exif(data: bytes, zone: ZoneInfo) -> datetime | None:
    """Instant the picture says it was taken; without an offset, its hour is taken as legal time."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            exif = image.getexif()
            inner = exif.get_ifd(_EXIF_IFD)
            text = str(inner.get(_ORIGINAL) or exif.get(_CHANGED) or "").strip("\0 ")
            offset = str(inner.get(_OFFSET) or "").strip("\0 ")
            at = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
            if re.fullmatch(r"[+-]\d\d:\d\d", offset):
                at = datetime.fromisoformat(f"{at:%Y-%m-%dT%H:%M:%S}{offset}")
            return at
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, KeyError, TypeError, AttributeError):
        return None  # no picture Pillow reads, or no date in it


def from_name(name: str, zone: ZoneInfo) -> tuple[date, datetime | None] | None:
    """Legal day and instant a file name bears; the instant None where no hour stands in it."""
    found = _NAMED.search(name)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    try:
        only = date(int(year), int(month), int(day))
        if hour is None or re.search(r"(?i)\b[ap]m\b|-WA\d", name):  # 12-hour clocks; WhatsApp gives a counter
            return only, None
        at = datetime(only.year, only.month, only.day, int(hour), int(minute), int(second or 0), tzinfo=zone)
    except ValueError:
        return None
    if name.startswith("PXL_"):  # the Pixel's camera names its pictures in UTC
        at = at.replace(tzinfo=UTC)
    return at.astimezone(zone).date(), at


BLANK: Final = ". " * 14
ROWS: Final = 14  # on the first page, under what is explained
SOURCES: Final = {
    "exif": "photo (EXIF)", "file_name": "nom du fichier", "mail": "courriel", "stated": "la personne", None: "",
}  # fmt: skip


def sheet(photos: Sequence[Mapping[str, Any]], *, made: datetime) -> bytes:
    """The PDF: one page up to 14 captures. photos: `name`, `day`, `at`, `source`, `missing`; made: aware UTC."""
    rows: list[list[str]] = [["Capture", "Date et heure", "Source de la date", "Adresse de la page", "Phrase affichée"]]
    for one in photos:
        when = (one["at"] or one["day"] or BLANK).replace("T", " ")
        lacks = one["missing"]
        rows.append(
            [
                one["name"][:60],
                when,
                SOURCES.get(one["source"], ""),
                BLANK if "address" in lacks else "notée",
                BLANK if "sentence" in lacks else "notée",
            ]
        )
    rows += [["", BLANK, "", BLANK, BLANK] for _i in range(ROWS - len(photos))]
    blocks: list[Block] = [
        Paragraph("Captures d'écran faites avec un téléphone : à compléter à la main", strong=True),
        Paragraph(
            "Recopiez l'adresse de la page et la phrase affichée mot pour mot, sans rien ajouter. Une case inconnue"
            " reste vide. N'écrivez ni mot de passe ni numéro d'étranger."
        ),
        Table(rows, widths=(26, 18, 14, 21, 21)),
        Paragraph("Fait le . . . . . . . . . . . .     par . . . . . . . . . . . . . . . . . . . .     Signature :"),
    ]
    return render(
        Document(
            title="Fiche de captures",
            author="Vigie Préfectures",
            running="Fiche à remplir : tentatives de la personne",
            blocks=blocks,
            made=made,
        ),
        archival=False,
    )
