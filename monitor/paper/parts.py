"""PDFs of a court file: a label in a band above each page, parts of a bounded size, images to be printed.

Every labelled page is A4, upright or on its side, as it is printed and read beside the others. The copy stands under
the band, made smaller where it does not fit: nothing of it is hidden or redrawn, and what a form or a note displays
stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from monitor.paper.frame import FAMILY, FILES

if TYPE_CHECKING:
    from pikepdf import Object, Page
    from pypdf import PageObject, PdfReader, PdfWriter

A4: Final = (595.28, 841.89)  # points
BAND: Final = 20.0  # points
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
    """The PDF on A4, with `text — page 2/5` in a band on top of every page, as it is displayed. Raises ValueError."""
    from pikepdf import Pdf, Rectangle

    with Pdf.open(BytesIO(joined([data]))) as pdf:
        sizes = [_fitted(page) for page in pdf.pages]
        with Pdf.open(BytesIO(_bands(text, [wide for wide, _high in sizes]))) as bands:
            for page, band, (wide, high) in zip(pdf.pages, bands.pages, sizes, strict=True):
                page.add_overlay(band, Rectangle(0, high - BAND, wide, high))
            out = BytesIO()
            pdf.save(out, deterministic_id=True)
    return out.getvalue()


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


def _fitted(page: Page) -> tuple[float, float]:
    """Put what a page displays under the band of an A4 page. Returns the width and height of that page."""
    from pikepdf import Array, Name

    box = [float(value) for value in page.cropbox]
    left, bottom, right, top = min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
    turn = int(page.obj.get("/Rotate", 0)) % 360
    shown = (right - left, top - bottom) if turn % 180 == 0 else (top - bottom, right - left)
    wide, high = A4 if shown[0] <= shown[1] else (A4[1], A4[0])
    scale = min(wide / shown[0], (high - BAND) / shown[1], 1.0)
    x, y = (wide - shown[0] * scale) / 2, high - BAND - shown[1] * scale
    a, b, c, d = {0: (1, 0, 0, 1), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}.get(turn, (1, 0, 0, 1))
    corner = {90: (bottom, -right), 180: (-right, -top), 270: (-top, left)}.get(turn, (left, bottom))
    move = (*(scale * one for one in (a, b, c, d)), x - scale * corner[0], y - scale * corner[1])
    drawn = " ".join(f"{value:.5f}" for value in move)
    clip = f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re W n"
    page.contents_add(f"q {drawn} cm {clip}\n".encode(), prepend=True)
    page.contents_add(b"\nQ")
    for note in page.obj.get("/Annots", Array()):
        _moved(note, move, (a, b, c, d))
    for name in ("/TrimBox", "/BleedBox", "/ArtBox", "/Rotate", "/UserUnit"):
        if name in page.obj:
            del page.obj[name]
    page.obj[Name.MediaBox] = page.obj[Name.CropBox] = Array([0, 0, wide, high])
    return wide, high


def _moved(note: Object, move: Sequence[float], turn: Sequence[int]) -> None:
    """A note or a field goes with the page under it; its appearance, drawn upright, is turned as the page was."""
    from pikepdf import Array, Name

    for name in ("/Rect", "/QuadPoints"):
        if name not in note:
            continue
        flat = [float(value) for value in note[name]]
        points = [_at(move, *pair) for pair in zip(flat[::2], flat[1::2], strict=True)]
        if name == "/Rect":
            xs, ys = [x for x, _y in points], [y for _x, y in points]
            points = [(min(xs), min(ys)), (max(xs), max(ys))]
        note[name] = Array([value for point in points for value in point])
    if tuple(turn) == (1, 0, 0, 1) or "/AP" not in note:
        return
    normal: Any = note.AP.get("/N", {})
    for one in [normal] if hasattr(normal, "read_bytes") and "/BBox" in normal else [*dict(normal).values()]:
        old = [float(value) for value in one.get("/Matrix", Array([1, 0, 0, 1, 0, 0]))]
        one[Name.Matrix] = Array(_times(old, [*turn, 0, 0]))


def _at(matrix: Sequence[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _times(one: Sequence[float], two: Sequence[float]) -> list[float]:
    """The matrix that does `one`, then `two` (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = two
    return [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]


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
    for number, wide in enumerate(widths, 1):
        pdf.add_page(format=(wide, BAND))
        told = f"{text} — page {number}/{len(widths)}"
        size = 8.5
        pdf.set_font(FAMILY, "B", size)
        if (length := pdf.get_string_width(told)) > wide - 20:
            pdf.set_font(FAMILY, "B", size * (wide - 20) / length)
        pdf.text((wide - pdf.get_string_width(told)) / 2, BAND / 2 + 3, told)
        pdf.line(0, BAND - 0.5, wide, BAND - 0.5)
    return bytes(pdf.output())
