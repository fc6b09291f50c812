"""From settings to the subscribers of the data folder, and to the operator as somebody to tell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.adapters.backup import KEYS
from monitor.adapters.beside import beside
from monitor.adapters.subscribers import Subscribers
from monitor.cli.channels import operator_urls
from monitor.domain.errors import StoreError

if TYPE_CHECKING:
    import sqlite3

    from monitor.adapters.address_key import AddressKey
    from monitor.adapters.outbox import Operator
    from monitor.settings import Settings


@contextmanager
def register(chosen: Settings) -> Iterator[tuple[sqlite3.Connection, Subscribers]]:
    """The subscribers, and the connection they stand in; beside a sweep too. One thread."""
    with beside(chosen.data) as db:
        yield db, Subscribers(db, lambda: _key(chosen, db))


def _key(chosen: Settings, db: sqlite3.Connection) -> AddressKey:
    """The key of addresses; made where no address was ever written. Raises StoreError where it is lost."""
    from monitor.adapters.address_key import load

    known = db.execute("SELECT 1 FROM address_key").fetchone() is not None
    found = load(chosen.data / KEYS, os.environ, make=not known)
    if found is None:
        raise StoreError(_("the key of addresses is gone: put it back as {path}").format(path=chosen.data / KEYS))
    return found


def mailbox_address(chosen: Settings) -> str:
    """Where people answer with their codes; empty without an inbox."""
    inbox = chosen.inbox
    return (inbox.address or inbox.user) if inbox.server else ""


def operator(chosen: Settings) -> Operator:
    """Where the operator is told of what concerns the monitor."""
    from monitor.adapters.outbox import Operator

    contact = chosen.operator.contact
    return Operator(mail=contact if chosen.mail.server and "@" in contact else "", urls=operator_urls(chosen))
