"""Answers by mail: `OUI-CODE` and `STOP-CODE` in a subject, a plain « oui » or « stop » to one of our messages, or
`VIGIE 93` of who writes first.

The operator's mailbox is read by IMAP over TLS (RFC 9051): of unseen messages that hold a code or answer one of ours,
the subject and what shows which they answer; the first words of the body only of an answer to a message that we know to
be ours. `BODY.PEEK` leaves a message unseen. Who sent it is asked only of who writes first.
"""

from __future__ import annotations

import email
import email.policy
import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from gettext import gettext as _
from typing import Any, Final, Protocol

from monitor.alerts.people.authentic import aligned, sender
from monitor.alerts.people.nudges import HERE
from monitor.alerts.people.replies import (
    BY_ITSELF,
    MARK,
    THREAD,
    Word,
    by_itself,
    own_lines,
    returned,
    tickets,
    word_of,
)
from monitor.alerts.people.subscriptions import Channel
from monitor.alerts.people.written import Newcomers, is_first
from monitor.core.errors import VigieError
from monitor.core.words import os_words
from monitor.values import dataclass, pattern

_CODE: Final = pattern(r"(?<![A-Za-z0-9])(OUI|STOP|ICI)-([A-Z2-7]{16})(?![A-Za-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An unseen message that may be an answer. number: the mailbox's own. subject: decoded. tickets: of the messages it
    answers, as they stand there. by_itself: a machine sent it. sender: of who writes first, else empty; proved: our
    server attests them. returned: tickets of messages of ours that it gives back for good."""

    number: str
    subject: str
    tickets: tuple[str, ...] = ()
    by_itself: bool = False
    sender: str = ""
    proved: bool = False
    returned: tuple[str, ...] = ()


class Mailbox(Protocol):
    """The unseen messages of a mailbox that may be answers."""

    def arrived(self) -> Iterable[Arrived]:
        """They, oldest first; nothing is marked."""
        ...

    def lines(self, number: str) -> Sequence[str]:
        """What the person wrote in one of them."""
        ...

    def handled(self, number: str) -> None:
        """Mark one as seen."""
        ...


class Register(Protocol):
    """Who answers."""

    def confirm(self, code: str | int, text: str, now: datetime) -> int | None:
        """Consent by a whole `OUI-…` code, or by number; the subscriber's number, None for no such one. text: version
        agreed to."""
        ...

    def stop(self, code: str, now: datetime) -> int | None:
        """The holder of a whole `STOP-…` code leaves."""
        ...

    def confirm_nudge(self, code: str, by: int, now: datetime) -> int | None:
        """The place to which a whole `ICI-…` code was sent is theirs who answered; the subscriber's number."""
        ...

    def answering(self, ticket: str) -> int | None:
        """Who answers the message of a ticket; None for none of ours."""
        ...

    def give_up(self, number: int, now: datetime) -> bool:
        """A subscriber's mailbox is gone, or they called a message unwanted; False: nothing was sent there any more."""
        ...

    def remove(self, number: int, now: datetime) -> None:
        """A subscriber leaves."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the mailbox brought. confirmed, stopped, nudged: numbers of subscribers. unknown: codes that nobody has now.

    nudged: who showed that a nudge reaches them. refused: whose mailbox is gone, or who called a message unwanted.

    unclear: answers to our messages that are neither a plain yes nor a plain stop: for the operator to read. came: who
    wrote first and was understood.
    """

    confirmed: tuple[int, ...]
    stopped: tuple[int, ...]
    unknown: int
    unclear: int = 0
    nudged: tuple[int, ...] = ()
    came: int = 0
    refused: tuple[int, ...] = ()

    def __add__(self, other: Answered) -> Answered:
        return Answered(
            confirmed=self.confirmed + other.confirmed,
            stopped=self.stopped + other.stopped,
            unknown=self.unknown + other.unknown,
            unclear=self.unclear + other.unclear,
            nudged=self.nudged + other.nudged,
            came=self.came + other.came,
            refused=self.refused + other.refused,
        )


NOTHING: Final = Answered(confirmed=(), stopped=(), unknown=0)


def codes(subject: str) -> tuple[str, ...]:
    """The codes that stand in a subject, in capitals, each once; `Re:` and other words around them do not matter."""
    return tuple(dict.fromkeys(f"{word}-{drawn}".upper() for word, drawn in _CODE.findall(subject)))


def answer(
    mailbox: Mailbox, register: Register, text: str, now: datetime, newcomers: Newcomers | None = None
) -> Answered:
    """Act on what is there. What was acted on is marked; all else stays unseen, for the operator.

    A code in the subject is heard before any other word; where there are both words, only STOP. A yes of who had said
    so already changes nothing, and is marked. A nudge's code counts only in an answer to a message that its subscriber
    got: what was sent to a wrong place is not confirmed by whoever reads there. text: version of the words agreed to.
    now: aware UTC. newcomers: takes in who writes first; None: nobody does.
    """
    heard = Hearing(register, text, now, newcomers)
    for one in mailbox.arrived():
        if one.returned and heard.returned(one.returned):
            mailbox.handled(one.number)
        if one.by_itself:
            continue
        answering = _answering(one, register)
        if found := codes(one.subject):
            done = heard.codes(found, answering)
        elif answering is None:
            # of another's, or of who left: unless they write first
            done = bool(one.sender) and heard.first(one.subject, "email", one.sender, proved=one.proved)
        else:
            lines = mailbox.lines(one.number)
            here = [code for code in codes(" ".join(lines)) if code.startswith(HERE)]
            done = heard.codes(here, answering) if here else heard.word(answering, word_of(one.subject, lines))
        if done:
            mailbox.handled(one.number)
    return heard.told()


class Hearing:
    """What was heard so far, by mail or by Signal. Each of its three ways tells whether something was acted on."""

    def __init__(self, register: Register, text: str, now: datetime, newcomers: Newcomers | None = None) -> None:
        self._register, self._text, self._now, self._newcomers = register, text, now, newcomers
        self._confirmed: list[int] = []
        self._stopped: list[int] = []
        self._nudged: list[int] = []
        self._refused: list[int] = []
        self._unknown = self._unclear = self._came = 0

    def codes(self, found: Sequence[str], by: int | None) -> bool:
        """Whole codes: of all, only those that say stop where one does. by: who answers one of our messages."""
        register, now, acted = self._register, self._now, False
        for code in [code for code in found if code.startswith("STOP")] or found:
            if code.startswith("STOP"):
                who, told = register.stop(code, now), self._stopped
            elif code.startswith(HERE):
                who, told = by and register.confirm_nudge(code, by, now), self._nudged
            else:
                who, told = register.confirm(code, self._text, now), self._confirmed
            if who is None:
                self._unknown += 1
            else:
                told.append(who)
                acted = True
        return acted

    def word(self, who: int, word: Word | None) -> bool:
        """A plain yes or stop of somebody, or neither."""
        if word is None:
            self._unclear += 1
            return False
        if word == "stop":
            self._register.remove(who, self._now)
            self._stopped.append(who)
        elif self._register.confirm(who, self._text, self._now) is not None:
            self._confirmed.append(who)
        return True

    def first(self, text: str, channel: Channel, address: str, *, proved: bool) -> bool:
        """`VIGIE 93` of somebody who is not known yet. proved: they are who they say."""
        if self._newcomers is None:
            return False
        understood = self._newcomers.came(text, channel, address, self._now, proved=proved)
        self._came, self._unclear = self._came + understood, self._unclear + (not understood)
        return understood

    def returned(self, found: Sequence[str]) -> bool:
        """Messages given back for good: nothing more is sent there until the operator or the holder says so."""
        known = [who for one in found if (who := self._register.answering(one)) is not None]
        self._refused += [who for who in known if self._register.give_up(who, self._now)]
        return bool(known)

    def told(self) -> Answered:
        """All of it."""
        return Answered(
            confirmed=tuple(self._confirmed), stopped=tuple(self._stopped), nudged=tuple(self._nudged),
            unknown=self._unknown, unclear=self._unclear, came=self._came,
            refused=tuple(self._refused),
        )  # fmt: skip


def _answering(one: Arrived, register: Register) -> int | None:
    """Whose answer to a message of ours it is; None for nobody's."""
    return next((who for ticket in one.tickets if (who := register.answering(ticket)) is not None), None)


TIMEOUT: Final = 30.0  # seconds for one answer of the server
MOST: Final = 500  # messages looked at in one reading; the rest waits for the next
_SEARCHES: Final = (
    ("SUBJECT", '"OUI-"'),
    ("SUBJECT", '"STOP-"'),
    ("SUBJECT", '"ICI-"'),
    ("SUBJECT", '"VIGIE"'),
    ("HEADER", "Content-Type", '"multipart/report"'),
    ("HEADER", "In-Reply-To", f'"{MARK}"'),
    ("HEADER", "References", f'"{MARK}"'),
    ("HEADER", "To", f'"+{MARK}"'),
)
_HEADERS: Final = " ".join(("SUBJECT", *(name.upper() for name in (*THREAD, *BY_ITSELF))))
LONGEST: Final = 65_536  # octets of an answer that are read: its first words, whatever it quotes or joins


class MailboxError(VigieError):
    """The mailbox cannot be reached, entered or read (EX_UNAVAILABLE)."""

    exit_code = 69


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxAccount:
    """Where answers arrive. password: a secret. authserv: as in the settings."""

    server: str
    port: int
    user: str
    password: str
    folder: str
    authserv: str = ""


class ImapMailbox:
    """Implements `monitor.alerts.people.inbox.Mailbox` over an open folder."""

    def __init__(self, imap: imaplib.IMAP4, authserv: str = "") -> None:
        self._imap, self._authserv = imap, authserv

    def arrived(self) -> Iterator[Arrived]:
        """The newest unseen messages that may be answers, oldest first."""
        found: set[int] = set()
        for words in _SEARCHES:
            (uids,) = self._asked("SEARCH", "UNSEEN", *words) or (b"",)
            found |= {int(uid) for uid in (uids or b"").split()}
        for uid in sorted(found)[-MOST:]:
            header = self._part(str(uid), f"BODY.PEEK[HEADER.FIELDS ({_HEADERS})]")
            fields = email.message_from_bytes(header)
            held = {name: " ".join(map(str, fields.get_all(name, ()))) for name in (*THREAD, *BY_ITSELF)}
            held = {name: value for name, value in held.items() if value}
            subject = _subject(header)
            sent_by, proved = self._sender(str(uid)) if is_first(subject) else ("", False)
            yield Arrived(
                number=str(uid),
                subject=subject,
                tickets=tickets(held),
                by_itself=by_itself(held),
                sender=sent_by,
                proved=proved,
                returned=self._returned(str(uid), held),
            )

    def _returned(self, number: str, held: Mapping[str, str]) -> tuple[str, ...]:
        if "multipart/report" not in held.get("Content-Type", "").lower():
            return ()
        whole = self._part(number, f"BODY.PEEK[]<0.{LONGEST}>")
        return returned(email.message_from_bytes(whole))

    def _sender(self, number: str) -> tuple[str, bool]:
        """Who sent a message, and whether our server attests it."""
        header = self._part(number, "BODY.PEEK[HEADER.FIELDS (FROM AUTHENTICATION-RESULTS)]")
        fields = email.message_from_bytes(header)
        found = sender([str(one) for one in fields.get_all("From", ())])
        results = [str(one) for one in fields.get_all("Authentication-Results", ())]
        return found, aligned(results, self._authserv, found)

    def lines(self, number: str) -> list[str]:
        """What the person wrote in it, quotations left out."""
        whole = self._part(number, f"BODY.PEEK[]<0.{LONGEST}>")
        return own_lines(email.message_from_bytes(whole, EmailMessage, policy=email.policy.default))

    def _part(self, number: str, wanted: str) -> bytes:
        parts = self._asked("FETCH", number, f"({wanted})")
        return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")

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
            yield ImapMailbox(imap, account.authserv)
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
        return f"TLS: `{error.verify_message}`"
    return os_words(error) if isinstance(error, OSError) else f"`{type(error).__name__}`"


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
