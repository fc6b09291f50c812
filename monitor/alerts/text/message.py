"""A message ready to be sent: what a subscriber reads, without the address it goes to. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.paper.document import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """subject: one line. text, html: the same words twice. headers: for e-mail, never Message-ID: the channel gives the
    only one. attachments: names are ASCII. ticket: by which an answer is known, the local part of the Message-ID."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    ticket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of which one word may be pressed. before, word, after: its text. href: where the word leads.

    large: as a button, for what matters most.
    """

    before: str = ""
    word: str = ""
    after: str = ""
    href: str = ""
    large: bool = False

    @property
    def text(self) -> str:
        """The same words without a link."""
        return f"{self.before}{self.word}{self.after}"


def pressed(sentence: str, word: str, href: str, *, large: bool = False) -> Line:
    """The sentence with its last `word` as a link; whole and unlinked where it is not in it."""
    before, found, after = sentence.rpartition(word)
    if not found or not word:
        return Line(before=sentence)
    return Line(before=before, word=word, after=after, href=href, large=large)


def mail_to(mailbox: str, subject: str) -> str:
    """A link that opens a letter with its subject filled (RFC 6068)."""
    return f"mailto:{quote(mailbox, safe='@')}?subject={quote(subject, safe='')}"


def ascii_name(name: str) -> str:
    """A file name every mail program and telephone shows: ASCII letters, digits, `.`, `-`, `_`; at most 80."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem, dot, ending = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.").rpartition(".")
    return f"{(stem or ending)[:70]}.{ending[:9]}" if dot and stem else (ending[:80] or "document")


def untelling(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The same files under names that say nothing: `document-1.pdf`."""
    return tuple(
        replace(one, name=f"document-{number}{_ending(one.name)}") for number, one in enumerate(attachments, start=1)
    )


def _ending(name: str) -> str:
    return "." + ascii_name(name).rpartition(".")[2] if "." in name else ""
