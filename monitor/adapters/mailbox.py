"""The operator's mailbox by IMAP over TLS (RFC 9051): only subjects are read, and only of unseen messages with a code.

`BODY.PEEK` leaves a message unseen. Senders, bodies and all other headers are never asked for.
"""

from __future__ import annotations

import email
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from gettext import gettext as _
from typing import Any, Final

from monitor.domain.errors import VigieError

TIMEOUT: Final = 30.0  # seconds for one answer of the server
MOST: Final = 500  # messages looked at in one reading; the rest waits for the next
_WORDS: Final = ("OUI-", "STOP-")


class MailboxError(VigieError):
    """The mailbox cannot be reached, entered or read (EX_UNAVAILABLE)."""

    exit_code = 69


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAccount:
    """Where answers arrive. password: a secret."""

    server: str
    port: int
    user: str
    password: str
    folder: str


class ImapMailbox:
    """Implements `monitor.app.inbox.Mailbox` over an open folder."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap

    def subjects(self) -> Iterator[tuple[str, str]]:
        """UID and subject of the unseen messages that may hold a code, oldest first."""
        found: set[int] = set()
        for word in _WORDS:
            (uids,) = self._asked("SEARCH", "UNSEEN", "SUBJECT", f'"{word}"') or (b"",)
            found |= {int(uid) for uid in (uids or b"").split()}
        for uid in sorted(found)[:MOST]:
            parts = self._asked("FETCH", str(uid), "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            header = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            yield str(uid), _subject(header)

    def handled(self, number: str) -> None:
        """Mark it as seen."""
        self._asked("STORE", number, "+FLAGS.SILENT", r"(\Seen)")

    def _asked(self, command: str, *words: str) -> list[Any]:
        answer, data = self._imap.uid(command, *words)
        if answer != "OK":
            raise imaplib.IMAP4.error(command)
        return data


@contextmanager
def mailbox(account: MailboxAccount) -> Iterator[ImapMailbox]:
    """Enter the folder and leave it. Raises MailboxError, without user name, password or the server's own sentence."""
    step = _("reached")
    try:
        with imaplib.IMAP4_SSL(
            account.server, account.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
        ) as imap:
            step = _("entered: check user and password")
            imap.login(account.user, account.password)
            step = _("read: check the name of its folder")
            answer, _data = imap.select(_quoted(account.folder))
            if answer != "OK":
                raise imaplib.IMAP4.error("SELECT")
            yield ImapMailbox(imap)
            with suppress(imaplib.IMAP4.error):
                imap.unselect()
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(
            _("the mailbox at {server}:{port} could not be {step} ({why})").format(
                server=account.server, port=account.port, step=step, why=_why(error)
            )
        ) from None


def _why(error: Exception) -> str:
    """The class of the trouble: a server's own words may repeat the user name."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: {error.verify_message}"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _subject(header: bytes) -> str:
    """The subject as text; what cannot be decoded holds no code."""
    raw = email.message_from_bytes(header).get("Subject", "")
    try:
        text = str(make_header(decode_header(str(raw))))
    except (HeaderParseError, LookupError, ValueError):
        return ""
    return re.sub(r"\s+", " ", text)
