"""A saved message as it is printed: its words, from the HTML part where no text part came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser

from monitor.adapters.case_mail import parse

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
