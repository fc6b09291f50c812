"""Sends one message to one subscriber through apprise: one URL each, so that each has an outcome of its own.

apprise's loggers are switched off: they write addresses, and its "private" URLs hold headers and recipients whole.
Import this module only when there is something to send: apprise takes a quarter of a second and 30 MB.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

import apprise
from apprise.attachment.memory import AttachMemory
from apprise.manager_plugins import NotificationManager

from monitor.alerts.people.subscriptions import Via, is_state, recipient
from monitor.alerts.send.answers import by_mail, by_signal, timed_out
from monitor.alerts.send.email import Letter, VigieEmail
from monitor.alerts.send.knock import made, service_of
from monitor.alerts.send.outcome import Later, Outcome, PlainNotice, Refused, Sent, Unknown
from monitor.alerts.send.signal import VigieSignal
from monitor.alerts.text.message import Message
from monitor.paper.document import Attachment
from monitor.values import dataclass

TIMEOUT: Final = 60.0  # seconds for one message, all told
CONNECT: Final = 15  # seconds for each answer of the mail server
_MODES: Final = {"starttls": "starttls", "tls": "ssl", "none": "insecure"}

_ASSET: Final = apprise.AppriseAsset(async_mode=False, service_timeout=0)  # in the calling thread
logging.getLogger("apprise").disabled = True
NotificationManager().add(VigieEmail, schemas=("vigiemail", "vigiemails"))  # type: ignore[no-untyped-call, unused-ignore]
NotificationManager().add(VigieSignal, schemas=("vigiesignal", "vigiesignals"))  # type: ignore[no-untyped-call, unused-ignore]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAccount:
    """How mail leaves. security: `starttls`, `tls` or `none`. sender: address. name: shown beside it.

    reply_to: where answers go, when not to the sender. plus: that mailbox takes what stands behind a plus.
    """

    server: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = ""
    name: str = ""
    reply_to: str = ""
    plus: bool = False

    def url(self) -> str:
        """The apprise URL of the account, to which the letter is given apart; holds secrets.

        apprise takes the apostrophe of an address for a quotation mark, and the plus of a form for itself.
        """
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        query = {"mode": _MODES[self.security], "from": self.sender, "smtp": self.server, "cto": str(CONNECT)}
        scheme = "vigiemail" if self.security == "none" else "vigiemails"
        return f"{scheme}://{login}{self.server}:{self.port}/?{urlencode(query, quote_via=quote)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalAccount:
    """How Signal messages leave: signal-cli-rest-api at host and port, and the number it holds."""

    host: str
    port: int
    secure: bool
    number: str

    def url(self, address: str) -> str:
        """The apprise URL of one recipient, a number or a username."""
        query = urlencode({"rto": str(int(TIMEOUT)), "cto": str(CONNECT)})
        scheme = "vigiesignals" if self.secure else "vigiesignal"
        return f"{scheme}://{self.host}:{self.port}/{quote(self.number)}/{quote(address, safe='')}?{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """The channels of this installation. timeout: seconds for one message. Threads may share it."""

    mail: MailAccount | None = None
    signal: SignalAccount | None = None
    timeout: float = TIMEOUT

    def send(self, channel: Via, address: str, message: Message) -> Outcome:
        """Hand `message` to the channel; never raises for what the world does."""
        if channel == "nudge":
            return self._nudge(address, message)
        if channel == "email":
            return self._mail(address, message) if self.mail else Later("e-mail is not configured")
        return self._signal(address, message) if self.signal else Later("Signal is not configured")

    def _mail(self, address: str, message: Message) -> Outcome:
        assert self.mail is not None
        if is_state(address):  # whoever asks: an operator's own contact is not looked at by `recipient`
            return Refused("an address of an administration")
        try:
            recipient("email", address)
        except ValueError:
            return Refused("not an e-mail address")
        account = self.mail
        service = apprise.Apprise.instantiate(account.url(), asset=_ASSET)
        if not isinstance(service, VigieEmail):
            return Later("the mail account of the settings cannot be used", ours=True)
        service.letter = Letter(
            message=message,
            recipient=address,
            sender=account.sender,
            name=account.name,
            reply_to=account.reply_to,
            plus=account.plus,
        )
        in_time = self._through(service, message.text, (), title=message.subject, body_format="text")
        if not in_time and not service.handover.code:
            return timed_out(service.handover)
        return by_mail(service.handover, recipient=address, sender=account.sender)

    def _signal(self, address: str, message: Message) -> Outcome:
        assert self.signal is not None
        service = apprise.Apprise.instantiate(self.signal.url(address), asset=_ASSET)
        if not self.signal.number or not isinstance(service, VigieSignal):  # apprise takes the next one for ours
            return Later("the Signal account of the settings cannot be used", ours=True)
        if not service.targets:
            return Refused("not a Signal number or username")
        body = f"{message.subject}\n\n{message.text}"
        in_time = self._through(service, body, message.attachments, title="", body_format="text")
        if not in_time and not service.handover.code:
            return timed_out(service.handover)
        return by_signal(service.handover, recipient=service.targets[0], own=service.source)

    def _nudge(self, url: str, message: Message) -> Outcome:
        """apprise says only whether it was taken: what was not may be tried again."""
        try:
            service_of(url)
        except ValueError:
            return Refused("not an address for a nudge")
        taken: list[bool] = []
        in_time = self._through(made(url), message.text, (), title="", body_format="text", taken=taken)
        if not in_time:
            return Unknown("no answer in time")
        return Sent() if taken == [True] else Later("the nudge was not taken")

    def _through(
        self,
        service: Any,
        body: str,
        attachments: Sequence[Attachment],
        *,
        title: str,
        body_format: str,
        taken: list[bool] | None = None,
    ) -> bool:
        """Whether it ended, well or badly, in its time. taken: receives whether apprise says that it went well.

        In a thread of its own: apprise's own time-outs run every message through one pool of a few threads, where the
        hanging ones of one channel would hold up those of all others.
        """
        hub = apprise.Apprise(asset=_ASSET)
        hub.add(service)
        files = apprise.AppriseAttachment()
        for one in attachments:
            held = AttachMemory(content=one.data, name=one.name, mimetype=one.mime)  # type: ignore[no-untyped-call, unused-ignore]
            files.add(held)

        def notify() -> None:
            well = bool(hub.notify(body=body, title=title, body_format=body_format, attach=files or None))
            if taken is not None:
                taken.append(well)

        work = threading.Thread(target=notify, daemon=True)
        work.start()
        work.join(self.timeout)
        return not work.is_alive()


def tell(url: str, notice: PlainNotice, *, timeout: float = TIMEOUT) -> Outcome:
    """Send the operator's own notice to a plain apprise URL. Only a `PlainNotice` fits: never an opened slot."""
    if is_state(unquote(unquote(url))):
        return Refused("an address of an administration")
    hub = apprise.Apprise()
    if not hub.add(url):
        return Refused("not an address apprise knows")
    result = hub.notify(body=notice.text, title=notice.subject, body_format="text", timeout=timeout)
    return Sent() if result else Later(f"the operator's channel: {result.status.name.lower()}")


def known(url: str) -> bool:
    """Whether apprise knows what to do with an operator's URL."""
    return bool(re.match(r"[a-z0-9]+://", url)) and apprise.Apprise().add(url)
