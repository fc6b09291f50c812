"""From settings to what sends: the accounts of each channel, and who signs the messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.app.messages import Letterhead
from monitor.cli.wiring import PROJECT_PAGE

if TYPE_CHECKING:
    from monitor.adapters.notify import MailAccount, Notifier, SignalAccount
    from monitor.catalogue import Catalogue
    from monitor.settings import Settings


def notifier(chosen: Settings) -> Notifier:
    """The channels of the settings. Imports apprise: call it only when there is something to send."""
    from monitor.adapters.notify import Notifier

    return Notifier(mail=_mail(chosen), signal=_signal(chosen))


def _mail(chosen: Settings) -> MailAccount | None:
    from monitor.adapters.notify import MailAccount

    mail = chosen.mail
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
        reply_to=mail.reply_to,
    )


def _signal(chosen: Settings) -> SignalAccount | None:
    from urllib.parse import urlsplit

    from monitor.adapters.notify import SignalAccount

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
    return Letterhead(
        operator=chosen.operator.name,
        contact=chosen.operator.contact,
        mailbox=mailbox,
        offices={one.code: one.office for one in declared.select()},
        project=PROJECT_PAGE,
    )
