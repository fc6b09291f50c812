"""Answers by mail: `OUI-CODE` and `STOP-CODE` in a subject, and nothing else of a message.

The operator's mailbox is read by IMAP over TLS (RFC 9051): only subjects, and only of unseen messages with a code.
`BODY.PEEK` leaves a message unseen. Senders, bodies and all other headers are never asked for.
"""

from __future__ import annotations

import email
import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from gettext import gettext as _
from typing import Any, Final, Protocol

from monitor.core.errors import VigieError

_CODE: Final = re.compile(r"(?<![A-Za-z0-9])(OUI|STOP)-([A-Z2-7]{16})(?![A-Za-z0-9])", re.IGNORECASE)


class Mailbox(Protocol):
    """The unseen messages of a mailbox that may hold a code."""

    def subjects(self) -> Iterable[tuple[str, str]]:
        """The message's own number and its subject, decoded; nothing is marked."""
        ...

    def handled(self, number: str) -> None:
        """Mark one as seen."""
        ...


class Register(Protocol):
    """Who answers."""

    def confirm(self, code: str, text: str, now: datetime) -> int | None:
        """Consent by a whole `OUI-…` code; the subscriber's number, None for no such code. text: version agreed to."""
        ...

    def stop(self, code: str, now: datetime) -> int | None:
        """The holder of a whole `STOP-…` code leaves."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the mailbox brought. confirmed, stopped: numbers of subscribers. unknown: codes that nobody has now."""

    confirmed: tuple[int, ...]
    stopped: tuple[int, ...]
    unknown: int


def codes(subject: str) -> tuple[str, ...]:
    """The codes that stand in a subject, in capitals, each once; `Re:` and other words around them do not matter."""
    return tuple(dict.fromkeys(f"{word}-{drawn}".upper() for word, drawn in _CODE.findall(subject)))


def answer(mailbox: Mailbox, register: Register, text: str, now: datetime) -> Answered:
    """Act on what is there. A message with a code that is known is marked; any other stays unseen, for the operator.

    Where a subject holds both words, only STOP is heard. text: version of the words agreed to. now: aware UTC.
    """
    confirmed: list[int] = []
    stopped: list[int] = []
    unknown = 0
    for number, subject in mailbox.subjects():
        found = codes(subject)
        stops = [code for code in found if code.startswith("STOP")]
        if stops:
            who = [register.stop(code, now) for code in stops]
            stopped += [one for one in who if one is not None]
        else:
            who = [register.confirm(code, text, now) for code in found]
            confirmed += [one for one in who if one is not None]
        unknown += sum(one is None for one in who)
        if any(one is not None for one in who):
            mailbox.handled(number)
    return Answered(confirmed=tuple(confirmed), stopped=tuple(stopped), unknown=unknown)


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
    """Implements `monitor.alerts.people.inbox.Mailbox` over an open folder."""

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
