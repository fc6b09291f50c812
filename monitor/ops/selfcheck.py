"""Facts about this machine for `vigie doctor`: each function asks one thing and changes nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from monitor.core.words import os_words
from monitor.ops.backup import KEYS, KEYS_COPIED
from monitor.store.sealed import EVIDENCE, log_end, numbers, sweep_folders
from monitor.values import dataclass

SCHEDULES = ("etc/systemd/system/vigie.timer", "etc/cron.d/vigie", "etc/containers/systemd/vigie.container")
WITHIN = 10.0  # seconds
CRONTABS = ("var/spool/cron/crontabs", "etc/cron.d", "etc/crontab")


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderFacts:
    """A folder as it is, or as it would be made. free: bytes left on its disk. mode: permission bits."""

    there: bool
    writable: bool
    mode: int
    free: int


def folder(path: Path) -> FolderFacts:
    """The facts of a folder; of the nearest that exists above it for the room. Raises OSError."""
    there = path.is_dir()
    nearest = next(one for one in (path, *path.absolute().parents) if one.is_dir())
    return FolderFacts(
        there=there,
        writable=os.access(nearest, os.W_OK | os.X_OK),
        mode=path.stat().st_mode & 0o777 if there else 0,
        free=shutil.disk_usage(nearest).free,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts:
    """The key files of a data folder. private: their folder is closed to others. Instants are aware UTC."""

    there: bool
    private: bool
    copied: datetime | None
    changed: datetime | None


def keys(data: Path) -> KeyFacts:
    """The facts of the key files. Raises OSError."""
    files = [path for path in (data / KEYS).glob("**/*") if path.is_file()]
    mark = data / KEYS_COPIED
    return KeyFacts(
        there=bool(files),
        private=not files or not (data / KEYS).stat().st_mode & 0o077,
        copied=_changed(mark) if mark.exists() else None,
        changed=max(map(_changed, files), default=None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFacts:
    """The sealed log of a data folder. newest: number of its last sweep, 0 where nothing is sealed.

    lost: sweeps before it whose folders are gone. hashes: the stored hashes reach its end.
    """

    newest: int
    lost: Sequence[int]
    hashes: bool


def log(data: Path) -> LogFacts:
    """The facts of the sealed log. Raises OSError."""
    end = log_end(data)
    if end is None:
        return LogFacts(newest=0, lost=(), hashes=True)
    there = {int(name) for day in sweep_folders(data / EVIDENCE) for name in numbers(day)}
    lost = sorted({*range(1, end.sweep)} - there)
    return LogFacts(newest=end.sweep, lost=lost, hashes=end.leaf is not None or end.size == 0)


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def schedule(root: Path = Path("/")) -> str | None:
    """The file that calls `vigie run`, None when none is found among those that may be read."""
    for name in SCHEDULES:
        if (root / name).is_file():
            return str(root / name)
    for name in CRONTABS:
        for path in _readable(root / name):
            if "vigie run" in path.read_text("utf-8", errors="replace"):
                return str(path)
    return None


def _readable(path: Path) -> Sequence[Path]:
    try:
        found = sorted(path.iterdir()) if path.is_dir() else [path]
    except OSError:
        return ()
    return [one for one in found if one.is_file() and os.access(one, os.R_OK)]


def roots_until(pem: bytes) -> datetime:
    """The day the first of these certificates expires, aware UTC. Raises ValueError."""
    from cryptography.x509 import load_pem_x509_certificates

    return min(one.not_valid_after_utc for one in load_pem_x509_certificates(pem))


def mail_server(*, server: str, port: int, security: str, user: str, password: str) -> str | None:
    """Why the mail server would not take a message from us, None when it let us in. Sends none."""
    import smtplib
    import ssl

    context = ssl.create_default_context()
    try:
        if security == "tls":
            session: smtplib.SMTP = smtplib.SMTP_SSL(server, port, timeout=WITHIN, context=context)
        else:
            session = smtplib.SMTP(server, port, timeout=WITHIN)
        with session:
            if security == "starttls":
                session.starttls(context=context)
            if user:
                session.login(user, password)
            session.noop()
    except smtplib.SMTPAuthenticationError as error:
        return _("it refuses the user or the password ({code})").format(
            code=error.smtp_code
        )  # its text may repeat the user's name
    except smtplib.SMTPResponseException as error:
        return _("it answers {code} and goes no further").format(code=error.smtp_code)
    except smtplib.SMTPException:
        return _("it closes the connection, or speaks otherwise than a mail server")
    except OSError as error:
        return net_words(error)
    return None


def net_words(error: OSError) -> str:
    """Why a server was not reached, in the language that is spoken."""
    import socket
    import ssl

    match error:
        case ssl.SSLCertVerificationError():
            return _("its certificate cannot be accepted")
        case ssl.SSLError():
            return _("it does not speak TLS on this port")
        case socket.gaierror():
            return _("its name is not found")
        case ConnectionError():
            return _("nothing answers there")
        case TimeoutError():
            return _("it does not answer in time")
    return os_words(error)


def signal_gateway(url: str, number: str) -> str | None:
    """Why the Signal gateway would not send for this number, None when it holds it. Sends nothing.

    `GET /v1/accounts` of signal-cli-rest-api lists the registered numbers.
    """
    import httpx

    try:
        with httpx.Client(trust_env=False, timeout=WITHIN) as client:
            answer = client.get(f"{url.rstrip('/')}/v1/accounts")
            if answer.status_code != 200:
                return _("it answers with status {code}").format(code=answer.status_code)
            return None if number in answer.json() else _("it does not hold this account")
    except httpx.ConnectError:
        return _("nothing answers there")
    except httpx.TimeoutException:
        return _("it does not answer in time")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError) as error:
        return _("its answer is not that of a gateway ({error})").format(error=type(error).__name__)
