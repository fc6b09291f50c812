"""The `openssl` command: the normative verifier of time-stamps, the one a court's expert has.

Only its exit code decides; its words are kept for the reason. No configuration or trust store of the machine is used.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.core.errors import VigieError
from monitor.values import pattern

SECONDS = 20.0  # a verification takes 10 ms; more means that the machine, not the token, is in trouble

_REASON = pattern(r"Verify error:(.*)|error:[0-9A-F]+:time stamp routines:[^:]*:([^:]*)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME = pattern(r"^Time stamp: (\w{3}) +(\d+) (\d\d):(\d\d):(\d\d)(?:\.(\d+))? (\d{4}) GMT$", re.MULTILINE)


class OpenSSLError(VigieError):
    """The openssl command is absent, cannot be run or hangs."""

    exit_code = 69


def verify_stamp(
    reply: bytes,
    *,
    roots: bytes,
    data: bytes | None = None,
    query: bytes | None = None,
    untrusted: bytes = b"",
    crls: bytes = b"",
    at: datetime | None = None,
) -> str | None:
    """None when `openssl ts -verify` accepts the response; else its reason, one line.

    reply: a TimeStampResp as received (DER). Either data, the bytes that were stamped, or query, the request as sent
    (then nonce and policy are compared too). roots, untrusted, crls: PEM; with crls every certificate of the chain is
    looked up in them. at: verify as of this instant (a token outlives its certificates), default now.
    Raises OpenSSLError.
    """
    if (data is None) == (query is None):
        raise ValueError("either the data or the query")
    with TemporaryDirectory(prefix="vigie-ts-") as name:
        folder = Path(name)
        (folder / "reply").write_bytes(reply)
        (folder / "roots").write_bytes(roots + b"\n" + crls)
        command = ["ts", "-verify", "-in", "reply", "-CAfile", "roots"]
        if data is not None:
            (folder / "data").write_bytes(data)
            command += ["-data", "data"]
        elif query is not None:
            (folder / "query").write_bytes(query)
            command += ["-queryfile", "query"]
        if untrusted.strip():
            (folder / "untrusted").write_bytes(untrusted)
            command += ["-untrusted", "untrusted"]
        if crls:
            command += ["-crl_check_all"]
        if at is not None:
            command += ["-attime", str(int(at.timestamp()))]
        done = run(command, folder)
    return None if done.returncode == 0 else _reason(done.stderr)


def stamp_time(reply: bytes) -> datetime | None:
    """genTime as `openssl ts -reply -text` prints it, aware UTC, unverified. None: no token in it."""
    with TemporaryDirectory(prefix="vigie-ts-") as name:
        (Path(name) / "reply").write_bytes(reply)
        done = run(["ts", "-reply", "-in", "reply", "-text"], Path(name))
    match = _TIME.search(done.stdout.decode("ascii", "replace")) if done.returncode == 0 else None
    if match is None:
        return None
    month, day, hour, minute, second, fraction, year = match.groups()
    try:
        date = (int(year), _MONTHS.index(month) + 1, int(day))
        microsecond = int((fraction or "").ljust(6, "0")[:6])
        return datetime(*date, int(hour), int(minute), int(second), microsecond, tzinfo=UTC)
    except ValueError:
        return None


def run(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run openssl in `folder`, bounded in time, in the C locale. Raises OpenSSLError."""
    program = shutil.which("openssl")
    if program is None:
        raise OpenSSLError(_("the openssl command is missing: install it (Debian: apt install openssl)"))
    try:
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            [program, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={"LC_ALL": "C", "PATH": "", "OPENSSL_CONF": "/dev/null"},
        )
    except subprocess.TimeoutExpired as error:
        raise OpenSSLError(_("openssl did not answer in time")) from error


def _reason(stderr: bytes) -> str:
    found = [a or b for a, b in _REASON.findall(stderr.decode("ascii", "replace"))]
    return next((text.strip() for text in reversed(found) if text.strip()), "refused without a reason")
