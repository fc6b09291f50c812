"""Plain text to blocks: titles, numbered headings, questions, lists and address lines as préfectures print them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.read.notices.prose.document import BlockKind, RawBlock
from monitor.read.notices.prose.typography import collapse, folded
from monitor.read.pages.html import TooBig
from monitor.values import dataclass, pattern

_BULLET = pattern(r"^\s*(?:[•●◦■□▪►▸→·*>–—-]|o(?=\s))\s*(?=\S)")
_NUMBERED = pattern(r"^\s*(?:([IVX]{1,4})\s*[-.)/]?|(\d{1,2})\s?(?:[.)/°-]|\s-)|([A-Z])\s?[/.)-])\s+(?=\S)")
_URL = pattern(r"(?:https?://|www\.)[^\s<>()«»\"]+[^\s<>()«»\".,;:!?]")
_TOWN = pattern(r"(?<!\d)\d{5}\s+[A-ZÀ-Þ]")
_UPDATED = pattern(r"^(?:mise? a jour|modifie|mis en ligne|actualise|publie)\b")
_NOT_HEADING = pattern(r"@|https?://|www\.|(?:\d{2}[ .-]?){4}|(?<!\d)\d{5}\s+[A-Z]|[.;,:!…]$|[.;] ")
_CONTACT = pattern(r"@|https?://|www\.|(?:\d{2}[ .-]?){5}|(?<!\d)\d{5}\s+[A-Z]")
_SENTENCE = pattern(r"[.;!] |[.;!…]$")
MAX_LINES = 4_000  # see MAX_BLOCKS of a marked-up page
_MENU = pattern(
    r"^(?:[^>]+>[^>]+>.*|imprimer|fermer|aller au (?:contenu|menu)|sous menu.*|les services de l'etat|"
    r"partager la page|contenu|outils|"
    r"actualites|accueil|menu|rechercher?|plan du site|retour|haut de page|prise de rendez-vous|descriptif|"
    r"choix d'une plage|controle de securite|coo?rdonnees personnelles|valider et terminer)$"
)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    group: int
    indent: int
    first: bool
    last: bool


def from_text(text: str, wrapped: bool = False) -> list[RawBlock]:
    """Blocks of a plain text. wrapped: lines were broken by a page layout (PDF) and are joined again first.

    Raises TooBig for more lines than any notice has.
    """
    lines = _lines(_unwrap(text) if wrapped else text)
    if len(lines) > MAX_LINES:
        raise TooBig("lines")
    blocks: list[RawBlock] = []
    title_at = _title_at(lines)
    for position, line in enumerate(lines):
        content = collapse(line.text)
        kind: BlockKind
        kind, level = ("title", 1) if position == title_at else _kind(lines, position)
        if kind == "paragraph" and blocks and _subtitle(line, content, blocks[-1]):
            kind, level = "heading", 2
        blocks.append(RawBlock(kind, content, level, line.group, _links(content)))
    return blocks


def is_menu(text: str) -> bool:
    """True for a line every page of the site carries, or the steps of a booking module."""
    return _MENU.match(folded(_BULLET.sub("", text))) is not None


def _title_at(lines: Sequence[_Line]) -> int | None:
    """Position of the page title: one of the first three lines that are neither menu nor date."""
    tried = 0
    for position, line in enumerate(lines):
        content = collapse(line.text)
        if is_menu(content) or _UPDATED.match(folded(content)):
            continue
        alone = tried == 0 and line.first and line.last and len(content) <= 120
        sentence = _SENTENCE.search(content.rstrip(".") if alone else content)
        if len(content) <= 200 and not _BULLET.match(line.text) and not sentence and not _CONTACT.search(content):
            return position
        tried += 1
        if tried == 3:
            return None
    return None


def _subtitle(line: _Line, content: str, before: RawBlock) -> bool:
    """True for a short line that goes on with the title in the same group."""
    return (
        before.kind in ("title", "heading")
        and before.level <= 2
        and before.group == line.group
        and len(content) <= 100
        and not _SENTENCE.search(content)
        and not _CONTACT.search(content)
        and ":" not in content
        and not _UPDATED.match(folded(content))
    )


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    group = 0
    blank = True
    rows = text.splitlines()
    for number, row in enumerate(rows):
        if not row.strip():
            blank = True
            continue
        if blank:
            group += 1
        following = rows[number + 1].strip() if number + 1 < len(rows) else ""
        indent = len(row) - len(row.lstrip())
        lines.append(_Line(row, group, indent, blank, not following))
        blank = False
    return lines


def _kind(lines: Sequence[_Line], position: int) -> tuple[BlockKind, int]:
    line = lines[position]
    content = collapse(line.text)
    if is_menu(content):
        return "menu", 0
    if _UPDATED.match(folded(content)):
        return "paragraph", 0
    if _BULLET.match(line.text):
        return "item", 1 + line.indent // 2
    numbered = _NUMBERED.match(line.text)
    rest = collapse(line.text[numbered.end() :]) if numbered else content
    if numbered and len(content) <= 140 and not re.search(r"[.;!]$|[.;] [A-ZÀ-Þ]| : ", rest):
        if _numbered_list(lines, position):
            return "item", 1
        return "heading", 2 if numbered[1] else 3 if numbered[3] else 4
    if content.endswith("?") and len(content) <= 160 and not re.search(r"[.;!] ", content):
        return "heading", 4 if numbered else 5
    if _in_address(lines, position):
        return "paragraph", 0
    if line.first and len(content) <= 80 and position + 1 < len(lines) and not _NOT_HEADING.search(content):
        return "heading", 5
    return "paragraph", 0


def _numbered_list(lines: Sequence[_Line], position: int) -> bool:
    """True inside a run of numbered lines with nothing between them: steps, not headings."""
    near = [lines[i] for i in (position - 1, position + 1) if 0 <= i < len(lines)]
    return any(other.group == lines[position].group and _NUMBERED.match(other.text) for other in near)


def _in_address(lines: Sequence[_Line], position: int) -> bool:
    """True for the short lines that end with a postcode and a town."""
    group = lines[position].group
    for other in lines[position : position + 7]:
        if other.group != group or len(other.text) > 90 or collapse(other.text).endswith((":", "?")):
            return False
        if _TOWN.search(other.text):
            return True
    return False


def _links(content: str) -> tuple[tuple[str, str, int, int], ...]:
    return tuple((m.group(), m.group(), m.start(), len(m.group())) for m in _URL.finditer(content))


def _unwrap(text: str) -> str:
    """Join the lines a page layout broke: a line that does not end a sentence goes on in small letters or digits."""
    out: list[str] = []
    before = ""
    for row in text.splitlines():
        line = row.rstrip()
        open_end = bool(before.strip()) and not before.endswith((".", ";", ":", "!", "?"))
        if before.endswith("-") and re.match(r"\s*[\w.-]+@", line):
            out.append(line.strip())  # an e-mail address cut at its hyphen
        elif open_end and line.strip() and re.match(r"\s*[a-zà-ÿ(«»0-9),;:]", line) and not _NUMBERED.match(line):
            out += (" ", line.strip())
        else:
            out += ("\n", line) if out else (line,)
        before = line
    return "".join(out)
