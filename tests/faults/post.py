"""A sender as `vigie run` has one, and what arrived at the mail server it sends to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.alerts.send.channels import MailAccount, Notifier
from monitor.alerts.send.deliver import Sender, deliver
from monitor.alerts.text.compose import Letterhead
from tests.support.outbox import Clocks, queue, subscribers

TEN_MINUTES = timedelta(minutes=10)
Arrived = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server that may be up or not, and the file of what it took. port: free on 127.0.0.1."""

    port: int
    file: Path

    def drain(self, data: Path, clocks: Clocks, timeout: float = 20.0) -> None:
        """Send all that is due, as `vigie run` does. timeout: seconds for one message."""
        account = MailAccount(server="127.0.0.1", port=self.port, security="none", sender="veille@exemple.test")
        sender = Sender(
            send=Notifier(mail=account, timeout=timeout).send, head=Letterhead(), attach=lambda scope, seq: ()
        )
        with subscribers(data) as (db, people):
            deliver(queue(db, people, clocks), sender)

    def drained(self, data: Path, clocks: Clocks, within: timedelta, timeout: float = 20.0) -> None:
        """Drain every ten simulated minutes for that long."""
        end = clocks.ns + within // timedelta(microseconds=1) * 1000
        while clocks.ns <= end:
            self.drain(data, clocks, timeout)
            clocks.forward(TEN_MINUTES)

    def arrived(self) -> Arrived:
        """How often each message came, by address and identity."""
        lines = self.file.read_text(encoding="ascii").splitlines() if self.file.exists() else []
        return Counter((address, reference) for address, reference in (line.split() for line in lines))
