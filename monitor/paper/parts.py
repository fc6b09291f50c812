"""PDFs of a court file: a label in a band added above each page, parts of a bounded size, images to be printed.

The band lengthens the page instead of covering it: nothing of the copy is hidden, shrunk or redrawn, and what a form
or a note displays stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

from monitor.paper.frame import FAMILY, FILES

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter

BAND: Final = 20.0  # points
SMALLEST: Final = 420.0  # points a band is wide at least where its text is drawn; narrower pages get it scaled
PRINTED: Final = 1654  # pixels across: 200 a inch on A4
QUALITY: Final = 85


def joined(papers: Sequence[bytes]) -> bytes:
    """The pages of several PDFs, bookmarks kept. Raises ValueError where one cannot be read."""
    writer = _writer()
    for data in papers:
        reader = _reader(data)
        _append(writer, reader, 0, len(reader.pages))
    return _bytes(writer)


def pages(data: bytes) -> int:
    """How many. Raises ValueError."""
    return len(_reader(data).pages)


def label(data: bytes, text: str) -> bytes:
    """The PDF with `text — page 2/5` in a band above every page, as the page is displayed. Raises ValueError."""
    reader = _reader(data)
    writer = _writer()
    _append(writer, reader, 0, len(reader.pages))
    sizes = [_displayed(page) for page in writer.pages]
    bands = _reader(_bands(text, [width for width, _height in sizes]))
    for page, band in zip(writer.pages, bands.pages, strict=True):
        _add_band(page, band)
    return _bytes(writer)


def titled(data: bytes, title: str) -> bytes:
    """The PDF with a title that is shown instead of its file's name, and its language, French (ISO 14289-1, 7.1, 7.2).

    What qpdf cannot read stays as it is.
    """
    from pikepdf import Dictionary, Pdf, PdfError, String

    try:
        with Pdf.open(BytesIO(data)) as pdf:
            with pdf.open_metadata(set_pikepdf_as_editor=False) as told:
                told["dc:title"] = title
            pdf.docinfo["/Title"] = String(title)
            pdf.Root.Lang = String("fr-FR")
            pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
            out = BytesIO()
            pdf.save(out, deterministic_id=True)
    except PdfError:
        return data
    return out.getvalue()


def split(data: bytes, limit: int) -> list[bytes]:
    """The PDF in parts of at most `limit` bytes, cut between pages; a page larger than that is a part of its own."""
    if len(data) <= limit:
        return [data]
    reader = _reader(data)
    count, start, out = len(reader.pages), 0, []
    while start < count:
        low, high, best = start + 1, count, _part(reader, start, start + 1)
        while low < high:
            middle = (low + high + 1) // 2
            tried = _part(reader, start, middle)
            if len(tried) <= limit:
                low, best = middle, tried
            else:
                high = middle - 1
        out.append(best)
        start = low
    return out


def picture(data: bytes) -> bytes | None:
    """An image as JPEG, upright, at most 200 pixels an inch on A4; None for what Pillow cannot read (HEIC, for one)."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(data)) as image:
            flat = ImageOps.exif_transpose(image)
            if flat.mode in ("RGBA", "LA", "PA") or "transparency" in flat.info:
                flat = Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat.convert("RGBA"))
            flat = flat.convert("RGB")
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, TypeError, AttributeError):
        return None
    flat.thumbnail((PRINTED, PRINTED * 3))
    out = BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


def _reader(data: bytes) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:  # NotImplementedError: what pypdf raises for an encryption or a filter it does not know
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("encrypted")
        if not reader.pages:
            raise ValueError("no pages")
    except (PyPdfError, OSError, KeyError, TypeError, AttributeError, RecursionError, NotImplementedError) as error:
        raise ValueError(f"not a readable PDF: {error}") from error
    return reader


def _writer() -> PdfWriter:
    from pypdf import PdfWriter

    return PdfWriter()


def _append(writer: PdfWriter, reader: PdfReader, start: int, end: int) -> None:
    from pypdf.errors import PyPdfError

    try:  # the same errors, which pypdf raises only when it copies
        writer.append(reader, pages=(start, end))
    except (PyPdfError, KeyError, TypeError, AttributeError, RecursionError, NotImplementedError) as error:
        raise ValueError(f"pages that cannot be copied: {error}") from error
    for page in writer.pages:
        _without_signatures(page)


def _without_signatures(page: PageObject) -> None:
    """A signature holds for the original only: on a copy a reader would call it broken. Actions go too."""
    from pypdf.generic import ArrayObject, NameObject

    page.pop("/AA", None)
    page.pop("/StructParents", None)  # its place in a structure that stays behind
    notes = page.get("/Annots")
    if notes is None:
        return
    kept = [one for one in notes.get_object() if _stays(one.get_object())]
    page[NameObject("/Annots")] = ArrayObject(kept)


def _stays(note: object) -> bool:
    field = getattr(note, "get", lambda _name: None)
    parent = field("/Parent")
    kind = field("/FT") or (parent.get_object().get("/FT") if parent is not None else None)
    return kind != "/Sig" and field("/Subtype") not in ("/FileAttachment", "/Movie", "/RichMedia")


def _part(reader: PdfReader, start: int, end: int) -> bytes:
    writer = _writer()
    _append(writer, reader, start, end)
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _displayed(page: PageObject) -> tuple[float, float]:
    """Width and height of a page as it is shown."""
    box = page.cropbox
    size = float(box.width), float(box.height)
    return size if page.rotation % 180 == 0 else (size[1], size[0])


def _bands(text: str, widths: Sequence[float]) -> bytes:
    """One band a page."""
    import logging
    from importlib.resources import files

    from fpdf import FPDF

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    pdf = FPDF(unit="pt")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_font(FAMILY, "B", str(files("monitor") / "data" / "fonts" / FILES["B"]))
    for number, width in enumerate(widths, 1):
        wide = max(width, SMALLEST)
        pdf.add_page(format=(wide, BAND))
        pdf.set_fill_color(255)
        pdf.rect(0, 0, wide, BAND, style="F")
        told = f"{text} — page {number}/{len(widths)}"
        size = 8.5
        pdf.set_font(FAMILY, "B", size)
        if (length := pdf.get_string_width(told)) > wide - 20:
            pdf.set_font(FAMILY, "B", size * (wide - 20) / length)
        pdf.text((wide - pdf.get_string_width(told)) / 2, BAND / 2 + 3, told)
        pdf.line(0, BAND - 0.5, wide, BAND - 0.5)
    return bytes(pdf.output())


def _add_band(page: PageObject, band: PageObject) -> None:
    """Lay the band along what is the top edge once the page is turned as its /Rotate says."""
    from pypdf import Transformation
    from pypdf.generic import RectangleObject

    box = page.cropbox
    left, bottom, right, top = (float(v) for v in (box.left, box.bottom, box.right, box.top))
    scale = _displayed(page)[0] / float(band.mediabox.width)
    high = BAND * scale
    turn = page.rotation % 360
    moves = {
        0: (0, (left, top), (left, bottom, right, top + high)),
        90: (90, (left, bottom), (left - high, bottom, right, top)),
        180: (180, (right, bottom), (left, bottom - high, right, top)),
        270: (270, (right, top), (left, bottom, right + high, top)),
    }
    degrees, (x, y), larger = moves[turn if turn in moves else 0]
    move = Transformation().scale(scale).rotate(degrees).translate(x, y)
    media = page.mediabox
    page.mediabox = RectangleObject(
        (
            min(larger[0], float(media.left)),
            min(larger[1], float(media.bottom)),
            max(larger[2], float(media.right)),
            max(larger[3], float(media.top)),
        )
    )
    page.cropbox = RectangleObject(larger)
    for name in ("/TrimBox", "/BleedBox", "/ArtBox"):
        page.pop(name, None)
    page.merge_transformed_page(band, move)
