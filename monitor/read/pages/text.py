"""Words compared the way a reader compares them, and quoted exactly as the page prints them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from monitor.values import dataclass, pattern

# One sign for all that a reader takes for it: curly, modifier and prime apostrophes, grave and acute accents standing
# alone; hyphens that do not break, or of other typographies. A soft hyphen and signs without width are not seen at all.
_SIGNS: Final = {
    **dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u02b9\u2032\u00b4\u0060\u201b\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), ""),
}
_WIDTHLESS = pattern("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_SENTENCE_ENDS = ".!…"
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MONTH: Final = (
    rf"(?:{'|'.join(_MONTHS)}|(?:janv|f[ée]vr?|avr|juil|aout|sept|oct|nov|d[ée]c)\b\.?)"  # as a pattern, normalised
)
_CODE = pattern(  # strings first: `//` in an address begins no comment. Each branch consumes: linear on any text
    r"""("(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|//[^\n]*|/\*.*?(?:\*/|\Z)|<!--[^\n]*""", re.DOTALL
)


def collapse(text: str) -> str:
    """Runs of white space (no-break spaces included) made one space, ends trimmed, nothing else changed."""
    return " ".join(text.split())


def normalise(text: str) -> str:
    """The form two texts are compared in: NFC, one kind of space, apostrophe and hyphen, collapsed, case-folded."""
    return collapse(_plain(text)).casefold()


def matches(pattern: str, text: str) -> bool:
    """Whether a plugin's regular expression is found in `text`, whatever its case, spaces and apostrophes."""
    return (
        re.search(_plain(pattern).replace("\u00a0", " ").replace("\u202f", " "), collapse(_plain(text)), re.I)
        is not None
    )


def quote(text: str, phrase: str) -> str | None:
    """The verbatim piece of `text` (already collapsed) that reads as `phrase`, wherever it stands; else None."""
    folded, origin = _folded(text)
    target = normalise(phrase)
    at = folded.find(target)
    if at < 0 or not target:
        return None
    end = at + len(target)
    while end < len(folded) and origin[end] == origin[end - 1]:  # an accent that stands with the last letter
        end += 1
    return text[origin[at] : origin[end]]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence found among paragraphs. words: verbatim. block, last: the paragraphs it begins and ends in.

    lead: what stands before it in the first of them. after: all that the paragraphs say after it.
    """

    words: str
    block: int
    last: int
    lead: str
    after: str


def says(blocks: Sequence[str], phrase: str, *, whole: bool = True) -> str | None:
    """The verbatim words if `blocks` state `phrase` as a sentence of their own; None where it is only mentioned."""
    found = said(blocks, phrase, whole=whole)
    return found.words if found else None


def said(blocks: Sequence[str], phrase: str, *, whole: bool = True) -> Said | None:
    """Where `blocks` state `phrase` as a sentence of their own; None where they do not, or only mention it.

    blocks: paragraphs as `Document.statements` gives them; the phrase may run over several. It must begin a block or a
    sentence and, if `whole`, end one: not « Que faire quand … ? », nor in quotes, nor after a paragraph that ends in a
    colon and so only announces it. A final full stop may be missing.
    """
    text = " ".join(blocks)
    target = normalise(phrase).rstrip(".")
    if not target or target not in normalise(text):
        return None
    folded, origin = _folded(text)
    offsets = list(accumulate((len(block) + 1 for block in blocks), initial=0))
    announced = {end for block, end in zip(blocks, offsets[1:], strict=True) if block.endswith((":", "«", "“", '"'))}
    starts = set(offsets) - announced
    ends = set(offsets)
    at = folded.find(target)
    while at >= 0:
        end = at + len(target)
        stop = folded[end : end + 1] in tuple(_SENTENCE_ENDS)
        begins = origin[at] in starts or folded[max(0, at - 2) : at].rstrip().endswith(tuple(_SENTENCE_ENDS))
        if begins and (stop or not whole or origin[end] + 1 in ends):
            first, last = origin[at], origin[end + stop]
            block, end_block = bisect_right(offsets, first) - 1, bisect_right(offsets, last - 1) - 1
            return Said(text[first:last], block, end_block, text[offsets[block] : first].rstrip(), text[last:].lstrip())
        at = folded.find(target, at + 1)
    return None


def without_comments(script: str) -> str:
    """A script without what it comments out; strings are left as they are."""
    return _CODE.sub(lambda found: found[1] or " ", script)


def local_instant(day: str, hour: str, zone: ZoneInfo) -> datetime | None:
    """`04/05/2026` and `11:58` (or `11h58`) as an aware instant of `zone`; None if there is no such day or hour."""
    try:
        return datetime.strptime(f"{day} {hour.replace('h', ':')}", "%d/%m/%Y %H:%M").replace(tzinfo=zone)
    except ValueError:
        return None


def french_day(text: str) -> date | None:
    """The first full date in `text`: `18/05/2026`, `18.05.26`, `2026-05-18` or `lundi 5 août 2019`; None for none."""
    if found := re.search(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", text):
        day, month, year = (int(n) for n in found.groups())
    elif found := re.search(r"\b(20\d\d)-(\d\d)-(\d\d)\b", text):
        year, month, day = (int(n) for n in found.groups())
    elif found := re.search(r"(?<![\d./])(\d\d)[./](\d\d)[./]((?:20)?\d\d)(?![./]?\d)", text):
        day, month, year = int(found[1]), int(found[2]), int(found[3][-2:]) + 2000
    elif found := re.search(rf"\b(\d{{1,2}})(?:er)? ({'|'.join(_MONTHS)}) (\d{{4}})\b", normalise(text)):
        day, month, year = int(found[1]), _MONTHS.index(found[2]) + 1, int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_SIGNS) if not text.isascii() or "`" in text else text)


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """`text` as `normalise` compares it, and for each of its characters (and the end) the index it came from."""
    folded = _plain(text).casefold()
    if len(folded) == len(text) and unicodedata.is_normalized("NFC", text) and not _WIDTHLESS.search(text):
        return folded, range(len(text) + 1)
    pieces: list[str] = []
    origin: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = _plain(text[start:end]).casefold()
        pieces.append(piece)
        origin += [start] * len(piece)
        start = end
    return "".join(pieces), [*origin, len(text)]
