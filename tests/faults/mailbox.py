"""A mail server in a process of its own, which writes down what it took: one line `address reference` a message.

`python -m tests.faults.mailbox PORT FILE` says `ready` and ends when its standard input closes. The recipient's name
decides: `absent…` 550; `full…` 452 twice, then taken; `mute…` no answer to its first RCPT; `deaf…` its first message
is taken and never answered.
"""

from __future__ import annotations

import asyncio
import email
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parents[2]
FOREVER = 3600.0


class Box:
    """Answers, and writes down."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._asked: Counter[str] = Counter()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """One recipient."""
        self._asked[address] += 1
        if address.startswith("absent"):
            return "550 5.1.1 no such user"
        if address.startswith("full") and self._asked[address] <= 2:
            return "452 4.2.2 mailbox full"
        if address.startswith("mute") and self._asked[address] == 1:
            await asyncio.sleep(FOREVER)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """One message."""
        (address,) = envelope.rcpt_tos
        print(address, email.message_from_bytes(envelope.content)["X-Vigie-Reference"], file=self._file, flush=True)
        if address.startswith("deaf") and self._asked[address] == 1:
            await asyncio.sleep(FOREVER)
        return "250 2.0.0 taken"


@contextmanager
def serving(port: int, file: Path) -> Iterator[None]:
    """It listens on that port of 127.0.0.1."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.mailbox", str(port), str(file)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        if child.stdout.readline() != b"ready\n":
            raise RuntimeError("the mail server did not start")
        yield
    finally:
        child.stdin.close()
        child.wait(10)
        child.stdout.close()


async def main(port: int, file: Path) -> None:
    """See above."""
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    with file.open("a", encoding="ascii") as taken:
        box = Box(taken)
        await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", port)
        print("ready", flush=True)
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
