"""What a screen reader reads, in order, apart from where it stands: the logical structure of a PDF (ISO 32000-1, 14.7).

fpdf2 draws and has no structure of its own beyond pictures (2.8.9); elements are gathered while it draws, and pikepdf
writes them into the finished file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from monitor.values import dataclass

if TYPE_CHECKING:
    from pikepdf import Dictionary, Pdf

Kind = Literal["Document", "H1", "H2", "P", "L", "LI", "LBody", "Table", "Caption", "TR", "TH", "TD", "Figure"]
Scope = Literal["", "Row", "Column"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of drawing that belongs to an element: page, from 0, and its number on that page."""

    page: int
    number: int


@dataclass(slots=True, eq=False)
class Element:
    """One node. alt: what a picture shows, in words; scope: of a table's head, what it is the head of."""

    kind: Kind
    alt: str = ""
    scope: Scope = ""
    kids: list[Element | Mark] = field(default_factory=list)


class Structure:
    """The tree of a document as it is drawn. root: the document; marked: of each page, the elements of its marks."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self.marked: list[list[Element]] = []

    def mark(self, element: Element, page: int) -> int:
        """A new mark of an element on a page; returns its number there."""
        while len(self.marked) <= page:
            self.marked.append([])
        of_page = self.marked[page]
        of_page.append(element)
        element.kids.append(Mark(page, len(of_page) - 1))
        return len(of_page) - 1


def tagged(data: bytes, structure: Structure) -> bytes:
    """The PDF with its structure; its objects packed into streams, without which the tree would be most of the file."""
    from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf

    with Pdf.open(BytesIO(data)) as pdf:
        pages = [page.obj for page in pdf.pages]
        tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        nodes = dict(_nodes(pdf, structure.root, tree))
        for element, node in nodes.items():
            _fill(element, node, nodes, pages)
        numbers = Array()
        for at, elements in enumerate(structure.marked):
            pages[at].StructParents = at
            pages[at].Tabs = Name.S
            numbers.append(at)
            numbers.append(pdf.make_indirect(Array([nodes[one] for one in elements])))
        tree.K = Array([nodes[structure.root]])
        tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
        tree.ParentTreeNextKey = len(structure.marked)
        pdf.Root.StructTreeRoot = tree
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        if "/Metadata" not in pdf.Root:  # where a title that is to be shown is looked for (ISO 14289-1, 7.1)
            with pdf.open_metadata(set_pikepdf_as_editor=False) as told:
                told["dc:title"] = str(pdf.docinfo.get("/Title", ""))
        out = BytesIO()
        pdf.save(out, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _nodes(pdf: Pdf, root: Element, tree: Dictionary) -> Iterator[tuple[Element, Dictionary]]:
    """Every element with an object of its own that knows its parent, parents first."""
    from pikepdf import Dictionary, Name

    waiting: list[tuple[Element, Dictionary]] = [(root, tree)]
    while waiting:
        element, parent = waiting.pop()
        node = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.kind}"), P=parent))
        yield element, node
        waiting += [(kid, node) for kid in element.kids if isinstance(kid, Element)]


def _fill(element: Element, node: Dictionary, nodes: dict[Element, Dictionary], pages: list[Dictionary]) -> None:
    from pikepdf import Array, Dictionary, Name, String

    marks = [kid for kid in element.kids if isinstance(kid, Mark)]
    if marks:
        node.Pg = pages[marks[0].page]
    kids = Array()
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(nodes[kid])
        elif kid.page == marks[0].page:
            kids.append(kid.number)
        else:
            kids.append(Dictionary(Type=Name.MCR, Pg=pages[kid.page], MCID=kid.number))
    if element.kids:
        node.K = kids
    if element.alt:
        node.Alt = String(element.alt)
    if element.scope:
        node.A = Dictionary(O=Name.Table, Scope=Name(f"/{element.scope}"))
