"""Two mail filters that nobody of the project wrote, each asked what it has against a message: symbols and points.

rspamd is started on a loopback port with Debian's own rules; SpamAssassin runs once over all messages, with its local
rules. Neither has a network: names are asked of a port where nobody listens. What they say of a laboratory without DNS
and of a letter that did not travel is no fault of the message: ENVIRONMENT is the closed list of that.
"""

from __future__ import annotations

import json
import mailbox
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.parts import part

SENDER: Final = "veille@exemple.test"
RECIPIENT: Final = "abonnee@exemple.test"
ENVIRONMENT: Final[Mapping[str, str]] = {
    "AUTH_NA": "neither SPF nor DKIM nor DMARC can be asked for",
    "AUTH_NA_OR_FAIL": "the same, where asking took too long",
    "HFILTER_FROMHOST_NORES_A_OR_MX": "exemple.test has no DNS",
    "HFILTER_HELO_IP_A": "nor has its mail server",
    "HFILTER_HELO_NORES_A_OR_MX": "nor has its mail server",
    "NO_RECEIVED": "the letter did not travel",
    "NO_RELAYS": "the letter did not travel",
}
_WHICH: Final = "X-Which"
_STARTED_WITHIN: Final = 300.0  # seconds: its rules are compiled first (6 s; 49 s were seen under a load of 20)
_MAIN: Final = """\
.include "$CONFDIR/common.conf"
options {{
  pidfile = "{base}/rspamd.pid";
  .include "$CONFDIR/options.inc"
  dns {{ nameserver = ["127.0.0.1:{nobody}"]; timeout = 0.1s; retransmits = 1; }}
}}
logging {{ type = "file"; filename = "{base}/rspamd.log"; level = "warning"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
"""


@dataclass(frozen=True, slots=True)
class Rspamd:
    """A running one."""

    port: int

    def points(self, raw: bytes) -> dict[str, float]:
        """Points of each symbol."""
        headers = {"From": SENDER, "Rcpt": RECIPIENT, "IP": "192.0.2.1", "Helo": "mail.exemple.test",
                   "Hostname": "mail.exemple.test"}  # fmt: skip
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/checkv2", raw, headers)
        with urllib.request.urlopen(asked, timeout=_STARTED_WITHIN) as answer:
            found = json.load(answer)
        return {name: float(one["score"]) for name, one in found["symbols"].items()}


@contextmanager
def rspamd(base: Path) -> Iterator[Rspamd]:
    """One that listens on loopback until the end of the block."""
    port, nobody = _free_port(), _free_port()
    (base / "local.d").mkdir()
    (base / "local.d/fuzzy_check.conf").write_text("enabled = false;\n")
    (base / "rspamd.conf").write_text(_MAIN.format(base=base, port=port, nobody=nobody))
    variables = [f"--var={name}={base}" for name in ("DBDIR", "RUNDIR", "LOGDIR", "LOCAL_CONFDIR")]
    words = [part("rspamd"), "-f", "-i", "-u", "root", "-g", "root", "-c", str(base / "rspamd.conf"), *variables]
    with (base / "out").open("wb") as out, subprocess.Popen(words, stdout=out, stderr=out) as process:
        try:
            _wait_for(port, process)
            yield Rspamd(port)
        finally:
            process.terminate()


def spamassassin(messages: Mapping[str, bytes], base: Path) -> dict[str, dict[str, float]]:
    """Points of each symbol, by the name of the message. It answers in an order of its own."""
    box = mailbox.mbox(base / "asked.mbox")
    for name, raw in messages.items():
        box.add(f"{_WHICH}: {name}\r\n".encode() + raw)
    box.close()
    scores = "add_header all Scores _TESTSSCORES(,)_"
    words = [part("spamassassin"), "-L", "-x", "--cf", scores, "--cf", "report_safe 0"]
    env = {**os.environ, "HOME": str(base), "LC_ALL": "C"}
    done = subprocess.run(
        [*words, "--mbox", str(base / "asked.mbox")], capture_output=True, env=env, check=True, timeout=600
    )
    (base / "answered.mbox").write_bytes(done.stdout)
    return {one[_WHICH]: _scores(one["X-Spam-Scores"]) for one in mailbox.mbox(base / "answered.mbox")}


def _scores(text: str) -> dict[str, float]:
    pairs = (one.partition("=") for one in re.sub(r"\s", "", text).split(",") if "=" in one)
    return {name: float(score) for name, _is, score in pairs}


def of_ours(points: Mapping[str, float]) -> dict[str, float]:
    """What is left against a message: the environment taken away, and nothing set off against a praise."""
    return {name: score for name, score in points.items() if score > 0 and name not in ENVIRONMENT}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=_STARTED_WITHIN):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise AssertionError("rspamd did not start")
