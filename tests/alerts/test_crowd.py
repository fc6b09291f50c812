"""A crowd told by mail: a connection a letter, few of them at a time, opened slots first, each letter once.

How long it takes is measured by `python -m bench.alerts`, never here.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from monitor.alerts.send.channels import Notifier
from monitor.alerts.send.deliver import WORKERS, Sender, deliver
from monitor.alerts.send.outbox import counts
from monitor.alerts.text.compose import REFERENCE, Letterhead
from tests.alerts.test_notify import account, free_port, parsed
from tests.support.outbox import Clocks, event, queue, subscribers, tell, wishes

CROWD = 100


class Counted:
    """A mail server that counts. most: connections open at once; letters: recipient and reference, in their order."""

    def __init__(self) -> None:
        self.open = self.most = self.connections = 0
        self.letters: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append((envelope.rcpt_tos[0], str(parsed(envelope.content)[REFERENCE])))
        return "250 2.0.0 Ok: queued as 4ABC12"


class Counting(Controller):
    """aiosmtpd, whose connections are counted."""

    def factory(self) -> SMTP:
        counted: Counted = self.handler

        class Line(SMTP):
            def connection_made(self, transport: Any) -> None:
                counted.connections += 1
                counted.open += 1
                counted.most = max(counted.most, counted.open)
                super().connection_made(transport)

            def connection_lost(self, error: Exception | None) -> None:
                counted.open -= 1
                super().connection_lost(error)

        return Line(self.handler, **self.SMTP_kwargs)


def test_a_crowd_is_told_once_each_by_few_connections_the_slot_first(tmp_path: Path) -> None:
    counted = Counted()
    server = Counting(counted, hostname="127.0.0.1", port=free_port())
    server.start()
    counted.connections = 0  # it tries itself
    try:
        with subscribers(tmp_path) as (db, people):
            clocks = Clocks()
            for number in range(CROWD):
                one = people.add(f"p{number}@exemple.test", wishes(), clocks.now())
                people.confirm(people.codes(one)[0], "2026-11-30", clocks.now())
            tell(db, [event(1, "pan_changed"), event(2, "slots_open")])
            mail = account(server.port)
            sender = Sender(send=Notifier(mail=mail, timeout=60).send, head=Letterhead(), attach=lambda scope, seq: ())
            assert deliver(queue(db, people, clocks), sender) == {"Sent": 2 * CROWD}
            assert counts(db) == {"sent": 2 * CROWD}
    finally:
        server.stop()
    told = Counter(counted.letters)
    assert len(told) == 2 * CROWD
    assert set(told.values()) == {1}
    assert len({reference for _to, reference in told}) == 2
    assert counted.connections == 2 * CROWD
    assert counted.most <= WORKERS["email"]
    slot = counted.letters[0][1]
    places = [place for place, (_to, reference) in enumerate(counted.letters) if reference == slot]
    assert len(places) == CROWD
    assert max(places) < CROWD + 2 * WORKERS["email"], "what is under way beside the last of them"
