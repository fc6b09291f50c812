"""A saved message (.eml), parsed with the standard library: every header kept, nothing fetched.

What is printed of it is its words, from the HTML part where no text part came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import PureWindowsPath
from typing import Final

from monitor.case.folder import Brought
from monitor.values import dataclass

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_PARTS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """headers: names and values in order, unfolded, undecodable bytes replaced; sent: aware, None where unreadable.

    text: of the plain part; empty where only HTML came. attachments: with their names, folders stripped.
    """

    headers: tuple[tuple[str, str], ...]
    sent: datetime | None
    subject: str
    sender: str
    to: str
    message_id: str
    text: str
    attachments: tuple[Brought, ...]


def parse(data: bytes) -> Mail:
    """Read a message. Raises ValueError for what is none, or is too large."""
    if len(data) > MAX_BYTES:
        raise ValueError("message too large")
    raw = BytesParser(policy=policy.compat32).parsebytes(data)
    headers = tuple((name, _line(str(value))) for name, value in raw.items())
    names = {name.lower() for name, _value in headers}
    if not names & {"from", "date", "message-id", "received"}:
        raise ValueError("no message: none of the headers From, Date, Message-ID, Received")
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    return Mail(
        headers=headers,
        sent=_sent(headers),
        subject=_header(message, "subject"),
        sender=_header(message, "from"),
        to=_header(message, "to"),
        message_id=_header(message, "message-id"),
        text=_text(message),
        attachments=_attachments(message),
    )


def _header(message: EmailMessage, name: str) -> str:
    """The decoded header; its raw value where the library cannot read it."""
    try:
        return _line(str(message.get(name, "")))
    except (ValueError, IndexError, TypeError, AttributeError):  # malformed addresses and encoded words
        return _line(next((str(v) for k, v in message.raw_items() if k.lower() == name), ""))


def _line(value: str) -> str:
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split())


def _sent(headers: tuple[tuple[str, str], ...]) -> datetime | None:
    from email.utils import parsedate_to_datetime

    value = next((value for name, value in headers if name.lower() == "date"), None)
    try:
        at = parsedate_to_datetime(value) if value else None
        return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)  # "-0000": UTC, place not told
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _text(message: EmailMessage) -> str:
    for part in _parts(message):
        if part.get_content_type() == "text/plain" and part.get_filename() is None:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                charset = part.get_content_charset("utf-8")
                try:
                    return payload.decode(charset, "replace")
                except LookupError:
                    return payload.decode("utf-8", "replace")
    return ""


def _attachments(message: EmailMessage) -> tuple[Brought, ...]:
    out = []
    for part in _parts(message):
        payload = part.get_payload(decode=True)
        name = part.get_filename()
        image = part.get_content_maintype() == "image"
        if isinstance(payload, bytes) and (name or image):
            plain = PureWindowsPath(_line(name or f"image.{part.get_content_subtype()}")).name
            out.append(Brought(plain or "piece", payload, part.get_content_type()))
    return tuple(out)


def _parts(message: EmailMessage) -> list[EmailMessage]:
    out: list[object] = []
    for part in message.walk():
        if len(out) == MAX_PARTS:
            raise ValueError("message of too many parts")
        if not part.is_multipart():
            out.append(part)
    return [part for part in out if isinstance(part, EmailMessage)]


FROM_HTML = "[texte tiré de la version HTML du message]"


@dataclass(frozen=True, slots=True)
class Printed:
    """top: what a reader looks for, decoded. headers: every one, as it was sent. text: may be empty."""

    top: Sequence[tuple[str, str]]
    headers: Sequence[tuple[str, str]]
    text: str
    attachments: Sequence[tuple[str, bytes]]


def printed(data: bytes) -> Printed:
    """Read a message. Raises ValueError for what is none."""
    mail = parse(data)
    text = mail.text if mail.text.strip() else _from_html(data)
    sent = next((value for name, value in mail.headers if name.lower() == "date"), "")
    top = (("De", mail.sender), ("À", mail.to), ("Date", sent), ("Objet", mail.subject))
    attached = [(one.name, one.data) for one in mail.attachments]
    return Printed([pair for pair in top if pair[1]], mail.headers, text, attached)


def _from_html(data: bytes) -> str:
    from bs4 import BeautifulSoup

    message = BytesParser(policy=policy.compat32).parsebytes(data)
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and part.get_filename() is None and isinstance(payload, bytes):
            soup = BeautifulSoup(payload, "lxml", from_encoding=part.get_content_charset())
            for hidden in soup(["script", "style", "head", "title"]):
                hidden.decompose()
            lines = [" ".join(line.split()) for line in soup.get_text("\n").splitlines()]
            words = "\n".join(line for line in lines if line)
            return f"{FROM_HTML}\n{words}" if words else ""
    return ""
