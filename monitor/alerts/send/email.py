"""E-mail through apprise, with what its own plugin does not give (apprise 2.2.0): the SMTP reply codes, our own letter,
no wait between messages.

Everything of one attempt is kept on the instance: threads share nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import ssl
from base64 import encodebytes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, make_msgid
from functools import cache, lru_cache
from typing import Any

from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.smtp import SMTPSecureMode

from monitor.alerts.send.answers import Handover, taken
from monitor.alerts.text.compose import REFERENCE
from monitor.alerts.text.message import Message
from monitor.paper.document import Attachment
from monitor.values import dataclass


@contextmanager
def connected(plugin: NotifyEmail) -> Iterator[smtplib.SMTP]:
    """A connection to the plugin's server, secured and logged in. Raises OSError or SMTPException."""
    host, port, timeout = plugin.smtp_host, int(plugin.port or 0), plugin.socket_connect_timeout
    if plugin.secure_mode == SMTPSecureMode.SSL:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=_trust())
    else:
        smtp = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if plugin.secure_mode == SMTPSecureMode.STARTTLS:
            smtp.starttls(context=_trust())
        if plugin.user and plugin.password:
            smtp.login(plugin.user, plugin.password)
        yield smtp
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    finally:
        smtp.close()


def _trust() -> ssl.SSLContext:
    """The system's certificate authorities; reading them anew for each message took two thirds of its time."""
    return _trusted(os.environ.get("SSL_CERT_FILE", ""))


@cache
def _trusted(_file: str) -> ssl.SSLContext:
    return ssl.create_default_context()


def hand_over(smtp: smtplib.SMTP, sender: str, recipient: str, message: bytes, handover: Handover) -> None:
    """Hand one message over, step by step, and keep the reply. Raises OSError or SMTPException.

    What is not closed by its dot was not taken (RFC 5321, 4.1.1.4 and 4.1.1.10): only from there on may it have been.
    """
    smtp.ehlo_or_helo_if_needed()
    options = [f"size={len(message)}"] if smtp.has_extn("size") else []
    code, answer = _whole(smtp.mail(sender, options))
    if not taken(code):
        return handover.answered(code, _decoded(answer), of="sender")
    code, answer = _whole(smtp.rcpt(recipient))
    if not taken(code):
        return handover.answered(code, _decoded(answer), of="recipient")
    code, answer = _whole(smtp.docmd("DATA"))
    if code != 354:
        return handover.answered(code, _decoded(answer))
    smtp.send(_stuffed(message))
    if not handover.begin():
        return smtp.close()  # without the dot, and without a farewell that would be read as text
    smtp.send(b".\r\n")
    code, answer = _whole(smtp.getreply())
    return handover.answered(code, _decoded(answer))


def _whole(reply: tuple[int, bytes]) -> tuple[int, bytes]:
    """A reply that begins with three digits. Raises SMTPServerDisconnected: smtplib takes a cut `25` for a code."""
    if 100 <= reply[0] < 600:
        return reply
    raise smtplib.SMTPServerDisconnected("a reply was cut")


def _stuffed(message: bytes) -> bytes:
    """A dot that begins a line is doubled, and the last line ended (RFC 5321, 4.5.2)."""
    doubled = re.sub(rb"(?m)^\.", b"..", message)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


@lru_cache(maxsize=16)
def _encoded(file: Attachment) -> str:
    """In base64: one log goes to many."""
    return encodebytes(file.data).decode("ascii")


def _decoded(answer: bytes) -> str:
    return answer.decode("ascii", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail. recipient, sender, reply_to: addresses, the last empty for none. name: shown beside the sender.

    plus: the mailbox of `reply_to` takes what stands behind a plus, and the answer then bears its ticket there too.
    """

    message: Message
    recipient: str
    sender: str
    name: str = ""
    reply_to: str = ""
    plus: bool = False

    def to_bytes(self) -> bytes:
        """As it goes over the wire. All its text is UTF-8, and what is ASCII says no other charset."""
        files = [_enclosure(file) for file in self.message.attachments]
        whole: MIMEMultipart = MIMEMultipart("alternative")
        whole.attach(_readable(self.message.text, "plain"))
        whole.attach(_readable(self.message.html, "html"))
        if files:
            whole = MIMEMultipart("mixed", _subparts=[whole, *files])
        subject = self.message.subject
        whole["Subject"] = subject if subject.isascii() else Header(subject, "utf-8", header_name="Subject").encode()
        whole["From"] = formataddr((self.name, self.sender), "utf-8")
        whole["To"] = self.recipient
        if self.reply_to:
            whole["Reply-To"] = self._answered_to()
        whole["Date"] = format_datetime(datetime.now(UTC))
        whole["Message-ID"] = self._id()
        for name, value in self.message.headers.items():
            whole[name] = value
        if "List-Unsubscribe" in self.message.headers:
            whole["List-Id"] = f"<vigie.{self._domain}>"
        return whole.as_bytes(policy=whole.policy.clone(linesep="\r\n"))

    def _id(self) -> str:
        """The same whenever the same parcel goes to the same person again: mail programs show it once.

        With a ticket nobody else can guess it; that of a message that is not to be answered is no secret.
        """
        if self.message.ticket:
            return f"<{self.message.ticket}@{self._domain}>"
        reference = self.message.headers.get(REFERENCE)
        if reference is None:
            return make_msgid(domain=self._domain)
        return f"<{hashlib.sha256(f'{reference} {self.recipient}'.encode()).hexdigest()[:32]}@{self._domain}>"

    def _answered_to(self) -> str:
        local, _at, domain = self.reply_to.rpartition("@")
        return f"{local}+{self.message.ticket}@{domain}" if self.plus and self.message.ticket else self.reply_to

    @property
    def _domain(self) -> str:
        return self.sender.rpartition("@")[2]


def _readable(text: str, kind: str) -> MIMEText:
    """Quoted-printable: readable in the raw message, which people keep as proof."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part = MIMEText("", kind, "utf-8")
    del part["Content-Transfer-Encoding"]
    part.set_payload(text, charset)
    return part


def _enclosure(file: Attachment) -> MIMEBase:
    part = MIMEBase(*file.mime.split("/", 1))
    part.set_payload(_encoded(file))
    part["Content-Transfer-Encoding"] = "base64"
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part


class VigieEmail(NotifyEmail):  # type: ignore[no-untyped-call, unused-ignore]
    """`vigiemail://` and `vigiemails://`: apprise's `mailto(s)` for one letter.

    handover: what became of it. letter: what is sent. apprise's own would be encoded, written and parsed anew for each
    attachment and message (549 kB: 40 ms of 60).
    """

    service_name = "E-mail (Vigie)"
    protocol = "vigiemail"
    secure_protocol = "vigiemails"
    request_rate_per_sec = 0  # apprise waits that many seconds between two calls; the queue is the server's matter

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call, unused-ignore]
        self.handover = Handover()
        self.letter: Letter | None = None

    def send(self, *_: Any, **__: Any) -> bool:
        """Called by apprise. True only when the server took the message."""
        handover, letter = self.handover, self.letter
        assert letter is not None
        try:
            message = letter.to_bytes()
            with connected(self) as smtp:
                hand_over(smtp, letter.sender, letter.recipient, message, handover)
        except smtplib.SMTPResponseException as error:  # greeting, STARTTLS, AUTH
            ours = 500 <= error.smtp_code < 600
            handover.failed(f"the mail server said {error.smtp_code} to our connection", ours=ours)
        except (OSError, smtplib.SMTPException, RuntimeError) as error:
            ours = isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError)
            handover.failed(f"the mail server: {type(error).__name__}", ours=ours)
        return handover.code is not None and taken(handover.code)
