"""From an opened slot on the simulator to the message in a mailbox, by the command alone; and no address anywhere."""

from __future__ import annotations

import email
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.simulator.fixture import in_process
from tests.support.commands import ROOT, Vigie, settings

ADDRESS = "graine-semee-x7@exemple.test"
HOST, MODULE, DESK = "www.val-doise.gouv.fr", "/booking/create/13860", "95/renouvellement-cergy"


@dataclass
class Box:
    """A mail server that takes everything."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"

    def to(self, address: str) -> list[str]:
        return [str(one["subject"]) for one in self.mails if address in str(one["to"])]


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    found = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    yield found, port
    server.stop()


def typed(vigie: Vigie, text: str, *words: str) -> str:
    done = subprocess.run(
        vigie.command("subscribers", *words),
        cwd=ROOT,
        env=vigie.env,
        input=text,
        text=True,
        capture_output=True,
        check=True,
    )
    return done.stdout + done.stderr


def test_from_the_page_to_the_mailbox(box: tuple[Box, int], tmp_path: Path) -> None:
    mailbox, port = box
    said = ""
    with in_process(tmp_path / "ca", "--time-scale", "0.002") as simulator:
        more = (
            f'[watch]\nprefectures = ["95"]\nprocedures = ["renewal"]\n'
            f'[mail]\nserver = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "veille@exemple.test"\n'
        )
        vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, scale=0.002, more=more))

        def look() -> None:
            nonlocal said
            while True:
                done = vigie("check", DESK, "-v")
                said += done.stdout + done.stderr
                assert done.returncode == 0, done.stderr
                if '"done": 1' in done.stderr or "1 sur 1" in done.stdout + done.stderr:
                    return

        said += typed(vigie, ADDRESS + "\n", "add", "--prefecture", "95")
        look()
        assert mailbox.to(ADDRESS) == ["Confirmez si vous voulez ces messages"]
        question = next(one for one in mailbox.mails if ADDRESS in str(one["to"]))
        code = next(word for word in question.get_body(("plain",)).get_content().split() if word.startswith("OUI-"))  # type: ignore[union-attr]
        said += typed(vigie, code + "\n", "confirm")
        simulator.show(HOST, MODULE, "slots")
        look()
        simulator.show(HOST, MODULE, "no_slot")
        look()
    told = mailbox.to(ADDRESS)[1:]
    assert ["Créneau affiché" in told[0], "Plus de créneau affiché" in told[1], len(told)] == [True, True, 2]
    slot = next(one for one in mailbox.mails if "Créneau affiché" in str(one["subject"]))
    assert [one.get_filename() for one in slot.iter_attachments()] == ["releve.pdf"]
    assert ADDRESS not in said
    assert code not in said
    written = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert not [path for path in written if ADDRESS.encode() in path.read_bytes() or code.encode() in path.read_bytes()]
