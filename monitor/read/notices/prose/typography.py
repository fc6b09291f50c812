"""One spelling to compare by: French typography folded away, every letter keeping its place in its text."""

from __future__ import annotations

import unicodedata

from monitor.values import dataclass, pattern

_SPECIAL = {
    **dict.fromkeys("’‘‛ʼʹ′`´＇", "'"),
    **dict.fromkeys("«»“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
    "œ": "oe",
    "Œ": "oe",
    "æ": "ae",
    "Æ": "ae",
    "…": "...",
    "·": ".",  # inclusive spelling: convoqué·e
    "°": "°",
    "º": "°",
}


class _Table(dict[int, str]):
    """`str.translate` table filled as letters are met: lower case, no accent, one apostrophe, one dash, one space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _SPECIAL:
            folded = _SPECIAL[char]
        elif char.isspace():
            folded = " "
        else:
            parts = unicodedata.normalize("NFKD", char).lower()
            folded = "".join(c for c in parts if not unicodedata.combining(c))
        self[code] = folded
        return folded


_TABLE = _Table()
_SPACES = pattern(r"\s+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. origins: for each folded letter the index it comes from; None when both texts run in step."""

    text: str
    origins: tuple[int, ...] | None = None

    def origin(self, index: int) -> int:
        """Index in the original text of a folded index (the end included)."""
        if self.origins is None or not self.origins:
            return index
        return self.origins[index] if index < len(self.origins) else self.origins[-1] + 1


def fold(text: str) -> Folded:
    """Fold case, accents, ligatures, apostrophes, dashes, quotes and spaces."""
    if text.isascii():
        return Folded(text.lower())
    if all(len(_TABLE[ord(char)]) == 1 for char in set(text)):
        return Folded(text.translate(_TABLE))
    letters: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(text):
        for letter in _TABLE[ord(char)]:
            letters.append(letter)
            origins.append(index)
    return Folded("".join(letters), tuple(origins))


def folded(text: str) -> str:
    """`fold` for words of our own, where places do not matter."""
    return fold(text).text


def spaced(text: str) -> str:
    """Runs of white space made one space, those at the ends too."""
    return _SPACES.sub(" ", text)


def collapse(text: str) -> str:
    """Runs of white space made one space, nothing else changed: the form in which words are quoted."""
    return _SPACES.sub(" ", text).strip()
