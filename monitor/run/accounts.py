"""From settings to what sends and to who is told: accounts, letterhead, subscribers, mailbox, operator."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor import PROJECT_PAGE
from monitor.core.errors import StoreError
from monitor.ops.backup import KEYS
from monitor.store.beside import beside

if TYPE_CHECKING:
    import sqlite3

    from monitor.alerts.people.address_key import AddressKey
    from monitor.alerts.people.inbox import Answered
    from monitor.alerts.people.spool import KeptAnswer
    from monitor.alerts.people.subscribers import Subscribers
    from monitor.alerts.people.written import Newcomers
    from monitor.alerts.send.channels import MailAccount, Notifier, SignalAccount
    from monitor.alerts.send.outbox import Operator
    from monitor.alerts.text.compose import Letterhead
    from monitor.catalogue.catalogue import Catalogue
    from monitor.settings.settings import Settings

WEB = "web"  # the spool of the pages; that of the gateway is `signal`


def notifier(chosen: Settings) -> Notifier:
    """The channels of the settings. Imports apprise: call it only when there is something to send."""
    from monitor.alerts.send.channels import Notifier

    return Notifier(mail=_mail(chosen), signal=_signal(chosen))


def _mail(chosen: Settings) -> MailAccount | None:
    from monitor.alerts.send.channels import MailAccount

    mail, answered = chosen.mail, mailbox_address(chosen)
    if not mail.server:
        return None
    return MailAccount(
        server=mail.server,
        port=mail.port,
        security=mail.security,
        user=mail.user,
        password=mail.password.reveal() if mail.password else "",
        sender=mail.sender,
        name=mail.name,
        reply_to=mail.reply_to or answered,
        plus=chosen.inbox.plus and mail.reply_to in ("", answered),
    )


def _signal(chosen: Settings) -> SignalAccount | None:
    from urllib.parse import urlsplit

    from monitor.alerts.send.channels import SignalAccount

    parts = urlsplit(chosen.signal.gateway)
    if not parts.hostname or not parts.port:
        return None
    return SignalAccount(
        host=parts.hostname, port=parts.port, secure=parts.scheme == "https", number=chosen.signal.account
    )


def operator_urls(chosen: Settings) -> tuple[str, ...]:
    """The operator's plain apprise URLs; each is a secret."""
    held = chosen.operator_alerts.urls
    return tuple(line.strip() for line in held.reveal().splitlines() if line.strip()) if held else ()


def letterhead(chosen: Settings, declared: Catalogue, mailbox: str = "") -> Letterhead:
    """Who signs. mailbox: where codes are read, empty without an inbox."""
    from monitor.alerts.text.compose import Letterhead

    return Letterhead(
        operator=chosen.operator.name,
        contact=chosen.operator.contact,
        mailbox=mailbox,
        answers=bool(mailbox) and chosen.mail.reply_to in ("", mailbox),
        web=chosen.web.address,
        offices={one.code: one.office for one in declared.select()},
        project=PROJECT_PAGE,
        site=chosen.site.base_url.rstrip("/"),
    )


@contextmanager
def register(chosen: Settings) -> Iterator[tuple[sqlite3.Connection, Subscribers]]:
    """The subscribers, and the connection they stand in; beside a sweep too. One thread."""
    from monitor.alerts.people.subscribers import Subscribers

    with beside(chosen.data) as db:
        yield db, Subscribers(db, lambda: _key(chosen, db))


def _key(chosen: Settings, db: sqlite3.Connection) -> AddressKey:
    """The key of addresses; made where no address was ever written. Raises StoreError where it is lost."""
    from monitor.alerts.people.address_key import load

    known = db.execute("SELECT 1 FROM address_key").fetchone() is not None
    found = load(chosen.data / KEYS, os.environ, make=not known)
    if found is None:
        raise StoreError(_("the key of addresses is gone: put it back as {path}").format(path=chosen.data / KEYS))
    return found


def mailbox_address(chosen: Settings) -> str:
    """Where people answer with their codes; empty without an inbox."""
    inbox = chosen.inbox
    return (inbox.address or inbox.user) if inbox.server else ""


def hear(chosen: Settings, declared: Catalogue) -> Answered:
    """Read what people answered or wrote, by mail and by Signal, and act on it. Raises MailboxError for what cannot be
    read; the other is read all the same."""
    from monitor.alerts.people.inbox import Answered, MailboxError
    from monitor.alerts.people.spool import FOLDER

    heard, trouble = Answered(confirmed=(), stopped=(), unknown=0), None
    ways = [
        *([_hear_kept] if (chosen.data / FOLDER / WEB).is_dir() else []),
        *([_hear_mail] if chosen.inbox.server else []),
        *([_hear_signal] if chosen.web.signal else []),
    ]
    for way in ways:
        try:
            heard += way(chosen, declared)
        except MailboxError as error:
            trouble = error
    if trouble is not None:
        raise trouble
    return heard


def _hear_mail(chosen: Settings, declared: Catalogue) -> Answered:
    from monitor.alerts.people.inbox import MailboxAccount, answer, mailbox
    from monitor.alerts.text.letters import CONSENT_TEXT

    inbox = chosen.inbox
    account = MailboxAccount(
        server=inbox.server,
        port=inbox.port,
        user=inbox.user,
        password=inbox.password.reveal() if inbox.password else "",
        folder=inbox.folder,
        authserv=inbox.authserv,
    )
    with register(chosen) as (db, subscribers), mailbox(account) as box:
        first = newcomers(chosen, declared, db, subscribers) if chosen.web.address else None
        return answer(box, subscribers, CONSENT_TEXT, datetime.now(UTC), first)


def _hear_signal(chosen: Settings, declared: Catalogue) -> Answered:
    """The gateway gives each message once: it is kept before any is acted on."""
    from monitor.alerts.people.inbox import NOTHING
    from monitor.alerts.people.signal_inbox import answer, received
    from monitor.alerts.people.spool import FOLDER
    from monitor.alerts.text.letters import CONSENT_TEXT

    with register(chosen) as (db, people):
        spool, heard = people.spool(chosen.data / FOLDER / "signal"), NOTHING
        first = newcomers(chosen, declared, db, people)

        def act(letters: Sequence[KeptAnswer]) -> None:
            nonlocal heard
            heard += answer(letters, people, first, CONSENT_TEXT)

        spool.act(act)
        spool.keep(received(chosen.signal.gateway, chosen.signal.account, datetime.now(UTC)))
        spool.act(act)
    return heard


def _hear_kept(chosen: Settings, _declared: Catalogue) -> Answered:
    """Buttons of the pages that were pressed while the store was held."""
    with register(chosen) as (_db, people):
        return hear_kept(chosen, people)


def hear_kept(chosen: Settings, people: Subscribers) -> Answered:
    """The same over an open register."""
    from monitor.alerts.people.inbox import NOTHING, Hearing
    from monitor.alerts.people.spool import FOLDER
    from monitor.alerts.text.letters import CONSENT_TEXT

    told = NOTHING

    def act(letters: Sequence[KeptAnswer]) -> None:
        nonlocal told
        for one in letters:
            heard = Hearing(people, f"{CONSENT_TEXT} web", one.at)
            heard.codes([one.text], None)
            told += heard.told()

    people.spool(chosen.data / FOLDER / WEB).act(act)
    return told


def newcomers(chosen: Settings, declared: Catalogue, db: sqlite3.Connection, people: Subscribers) -> Newcomers:
    """Who takes in those that write first, for the préfectures that are watched."""
    from monitor.alerts.people.budget import Budget
    from monitor.alerts.people.written import Newcomers
    from monitor.alerts.text.letters import CONSENT_TEXT

    return Newcomers(
        db=db,
        people=people,
        budget=Budget(an_hour=chosen.web.questions_an_hour, a_day=chosen.web.questions_a_day),
        zones={one.code: one.time_zone for one in declared.select(chosen.watch.prefectures)},
        most=chosen.alerts.prefectures_each,
        consent=CONSENT_TEXT,
    )


def operator(chosen: Settings) -> Operator:
    """Where the operator is told of what concerns the monitor."""
    from monitor.alerts.send.outbox import Operator

    contact = chosen.operator.contact
    return Operator(mail=contact if chosen.mail.server and "@" in contact else "", urls=operator_urls(chosen))
