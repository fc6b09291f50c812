"""A plain answer to one of our messages: « oui » or « stop », known by the message it answers. Pure.

Each message bears a ticket that only the key of addresses makes, as the local part of its Message-ID and, where the
mailbox takes them, behind the plus of its Reply-To: who answers shows that the message reached them. What a machine
sends by itself (RFC 3834) is never an answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from email.message import EmailMessage, Message
from itertools import dropwhile
from typing import Final, Literal

from monitor.values import pattern

Word = Literal["yes", "stop"]

MARK: Final = "vigie."  # how every ticket begins: what a mailbox is searched for
_TICKET: Final = pattern(r"vigie\.[0-9a-z]{1,32}\.\d{1,12}\.[a-z2-7]{16}(?=@|\b)", re.IGNORECASE)
# Headers that show which message is answered, or that a machine did it.
THREAD: Final = ("In-Reply-To", "References", "To", "Delivered-To", "X-Original-To")
BY_ITSELF: Final = ("Auto-Submitted", "Precedence", "X-Autoreply", "X-Autorespond", "Return-Path", "Content-Type")

# RFC 3463: bad destination mailbox, system, syntax; mailbox moved (5.1.6); null MX (RFC 7505). Not 5.2.1: it may pass.
NO_MAILBOX: Final = frozenset(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"))
_COMPLAINT: Final = pattern(r"^Feedback-Type:\s*(?:abuse|fraud|opt-out)\b", re.IGNORECASE | re.MULTILINE)
_YES: Final = frozenset({"oui", "yes", "si", "sim", "نعم"})
_NO: Final = frozenset({"non", "no", "nao", "لا"})  # begin many a sentence about slots: they refuse alone
_STOP: Final = frozenset(
    {"stop", "arret", "arreter", "arretez", "unsubscribe", "desabonnement", "desinscription", "parar", "baja", "توقف"}
)
_POLITE: Final = frozenset(
    {"bonjour", "bonsoir", "merci", "svp", "hello", "hi", "thanks", "thank", "you", "please", "hola", "gracias", "ola",
     "obrigado", "obrigada", "شكرا", "beaucoup", "monsieur", "madame"}
)  # fmt: skip
_REPLY: Final = pattern(r"^\s*(?:(?:re|ré|rép|réponse|tr|fwd?|aw|rv|sv)\s*:\s*)+", re.IGNORECASE)


def tickets(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Those that stand in the headers of THREAD, each once, in small letters."""
    found = (one for name in THREAD for one in _TICKET.findall(headers.get(name, "")))
    return tuple(dict.fromkeys(one.lower() for one in found))


def by_itself(headers: Mapping[str, str]) -> bool:
    """Whether a machine sent it: a holiday notice, a bounce, a list (RFC 3834, 2; RFC 3464)."""
    if headers.get("Auto-Submitted", "no").split(";")[0].strip().lower() != "no":
        return True
    if headers.get("Precedence", "").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if headers.get("X-Autoreply") or headers.get("X-Autorespond"):
        return True
    return (
        headers.get("Return-Path", "").strip() == "<>" or "multipart/report" in headers.get("Content-Type", "").lower()
    )


def returned(report: Message) -> tuple[str, ...]:
    """Tickets of our messages that a report says have no mailbox (RFC 3464), or were called unwanted (RFC 5965).

    Who has no ticket of ours makes nothing of it: its last part is of the address's holder and of who delivers to them.
    """
    parts = list(report.walk())
    if not any(_for_good(part) for part in parts):
        return ()
    found: list[str] = []
    for part in parts:
        match part.get_content_type():
            case "message/rfc822":
                held = part.get_payload()
                found += [str(one["Message-ID"]) for one in held if isinstance(one, Message)]
            case "text/rfc822-headers":
                body = part.get_payload(decode=True)
                found.append(str(message_from_bytes(body).get("Message-ID", "")) if isinstance(body, bytes) else "")
    return tickets({THREAD[0]: " ".join(found)})


def _for_good(part: Message) -> bool:
    kind, blocks = part.get_content_type(), part.get_payload()
    if kind == "message/feedback-report":
        text = str(blocks[0]) if isinstance(blocks, list) else str(blocks)
        return _COMPLAINT.search(text) is not None
    if kind != "message/delivery-status" or not isinstance(blocks, list):
        return False
    return any(
        str(block["Action"]).strip().lower() == "failed" and str(block["Status"]).strip() in NO_MAILBOX
        for block in blocks
        if isinstance(block, Message)
    )


def word_of(subject: str, lines: Iterable[str]) -> Word | None:
    """What an answer says: its subject where that is a word alone, else its first line with a word of its own.

    None where that is neither a plain yes nor a plain stop. A subject behind `Re:` is ours, and as long as ours are.
    """
    return _said(subject) or next((_said(line) for line in lines if _own_words(line)), None)


def _said(text: str) -> Word | None:
    """A yes or a no stands alone, but for politeness: « oui, mais » is no consent, « non disponible » no farewell.

    To leave, a short line that begins with the word is enough.
    """
    words = _own_words(text)
    if not words:
        return None
    if (words[0] in _STOP and len(words) <= 4) or (words[0] in _NO and set(words) <= _NO | _POLITE):
        return "stop"
    return "yes" if words[0] in _YES and set(words) <= _YES | _POLITE else None


def _own_words(text: str) -> list[str]:
    return [*dropwhile(lambda word: word in _POLITE, _plain(_REPLY.sub("", text)))]


def own_lines(message: EmailMessage) -> list[str]:
    """What the person wrote, line by line: no quoted text, nor the line that announces it. Never raises."""
    body = message.get_body(("plain", "html"))
    if body is None:
        return []
    try:
        text = str(body.get_content())
    except (LookupError, ValueError, KeyError):  # a charset or an encoding that nobody knows
        return []
    if body.get_content_subtype() == "html":
        text = _shown(text)
    lines = [line.strip() for line in text.replace("\r", "").split("\n")]
    own: list[str] = []
    for here, after in zip(lines, [*lines[1:], ""], strict=True):
        if here == "--" or re.match(r"-{3,}|_{5,}", here):
            break  # a signature, or another program's way of quoting
        announces = here.endswith((":", "：")) and not after[:1].isalnum()
        if here and not here.startswith((">", "|")) and not announces:
            own.append(here)
    return own


def _shown(html: str) -> str:
    """The text of an HTML part, its quotations left out, a line a block."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(html, "lxml")
    for one in page.select("blockquote, style, script, [class*=quote]"):
        one.decompose()
    return page.get_text("\n")


def _plain(text: str) -> list[str]:
    """The words, without accents, capitals, or the marks of Arabic vowels."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.findall(r"\w+", bare.casefold())
