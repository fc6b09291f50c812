"""A command on a terminal of a given width, and what a person sees of it at the end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.support.commands import ROOT

WIPE = "\r\x1b[K"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Screen:
    """code: of its exit. written: every byte, decoded."""

    code: int
    written: str

    @property
    def lines(self) -> list[str]:
        """What is left to read: of a line that was wiped, what came after; colours take no room."""
        rows = [line.rpartition(WIPE)[2] for line in self.written.replace("\r\n", "\n").removesuffix("\n").split("\n")]
        rows = [COLOUR.sub("", line) for line in rows]
        return rows if rows[-1] else rows[:-1]


def on_terminal(command: Sequence[str], env: Mapping[str, str], columns: int = 80) -> Screen:
    """Run a command to its end with a terminal as its input, output and errors."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(command, cwd=ROOT, env={"TERM": "xterm-256color", **env}, stdin=slave, stdout=slave,
                             stderr=slave)  # fmt: skip
    os.close(slave)
    said = drained(master)
    return Screen(child.wait(300), said.decode())


def drained(master: int) -> bytes:
    """All that is written on a terminal until nobody holds its other end; it is closed then."""
    said = bytearray()
    try:
        while data := os.read(master, 65536):
            said += data
    except OSError:  # EIO: the last writer closed the terminal
        pass
    finally:
        os.close(master)
    return bytes(said)
