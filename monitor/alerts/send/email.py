"""E-mail through apprise, with what its own plugin does not give (apprise 2.2.0): the SMTP reply codes, our own text
beside the HTML, no wait between messages, and the sender's domain in the only Message-ID.

Everything of one attempt is kept on the instance: threads share nothing.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from base64 import encodebytes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC
from email import message_from_string
from email.charset import QP, Charset
from email.header import Header
from functools import cache, lru_cache
from typing import Any

from apprise.attachment.memory import AttachMemory
from apprise.common import NotifyFormat
from apprise.exception import AppriseException
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.smtp import SMTPSecureMode

from monitor.alerts.send.answers import Handover
from monitor.paper.document import Attachment


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
    """Hand one message over, step by step, and keep the reply. Raises OSError or SMTPException."""
    smtp.ehlo_or_helo_if_needed()
    options = [f"size={len(message)}"] if smtp.has_extn("size") else []
    code, answer = smtp.mail(sender, options)
    if code != 250:
        return handover.answered(*_decoded(code, answer))
    code, answer = smtp.rcpt(recipient)
    if code not in (250, 251):
        return handover.answered(*_decoded(code, answer), of_address=True)
    if handover.begin():
        handover.answered(*_decoded(*smtp.data(message)))
    return None


@lru_cache(maxsize=16)
def _encoded(file: Attachment) -> str:
    """In base64: one log goes to many."""
    return encodebytes(file.data).decode("ascii")


def _decoded(code: int, answer: bytes) -> tuple[int, str]:
    return code, answer.decode("ascii", "replace")


class VigieEmail(NotifyEmail):  # type: ignore[no-untyped-call, unused-ignore]
    """`vigiemail://` and `vigiemails://`: apprise's `mailto(s)` to one recipient.

    handover: what became of it. plain: the text beside the HTML. files: what goes along, instead of apprise's own
    attachments, which it would encode, write and parse anew for each message (549 kB: 40 ms of 60).
    """

    service_name = "E-mail (Vigie)"
    protocol = "vigiemail"
    secure_protocol = "vigiemails"
    request_rate_per_sec = 0  # apprise waits that many seconds between two calls; the queue is the server's matter

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call, unused-ignore]
        self.handover = Handover()
        self.plain = ""
        self.files: Sequence[Attachment] = ()

    def send(
        self, body: str, title: str = "", notify_type: Any = None, attach: Any = None, body_format: Any = None, **_: Any
    ) -> bool:
        """Called by apprise. True only when the server took the message."""
        handover = self.handover
        try:
            message = self._message(title, body)
            with connected(self) as smtp:
                hand_over(smtp, str(self.from_addr[1]), str(self.targets[0][1]), message, handover)
        except smtplib.SMTPResponseException as error:  # greeting, STARTTLS, AUTH
            handover.failed(f"the mail server said {error.smtp_code} to our connection")
        except (OSError, smtplib.SMTPException, RuntimeError, AppriseException) as error:
            handover.failed(f"the mail server: {type(error).__name__}")
        return handover.code == 250

    def _message(self, title: str, body: str) -> bytes:
        made = next(
            NotifyEmail.prepare_emails(
                subject=title,
                body="",  # apprise would make a text of its own from the HTML, slowly and without its links
                notify_format=NotifyFormat.HTML,
                from_addr=self.from_addr,
                to=self.targets[:1],
                reply_to=self.reply_to,
                attach=[AttachMemory(content=b"-", name=one.name, mimetype=one.mime) for one in self.files],  # type: ignore[no-untyped-call, unused-ignore]
                headers=self.headers,
                names=self.names,
                tzinfo=UTC,
            )
        )
        message = message_from_string(made.body)
        subject = Header(title, "utf-8", header_name="Subject").encode()  # no empty first line
        message.replace_header("Subject", subject)
        charset = Charset("utf-8")
        charset.body_encoding = QP  # readable in the raw message, which people keep as proof
        files = iter(self.files)
        for part in message.walk():
            if part.get_filename():
                part.set_payload(_encoded(next(files)))
            elif part.get_content_type() in ("text/plain", "text/html"):
                del part["Content-Transfer-Encoding"]
                part.set_payload(body if part.get_content_type() == "text/html" else self.plain, charset)
        return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
