"""`vigie serve`: from settings to an application that listens, on a UNIX socket or on loopback, behind a proxy."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sqlite3
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.alerts.people.spool import FOLDER
from monitor.alerts.people.subscribers import Subscribers
from monitor.core.errors import UsageError
from monitor.core.labels import PROCEDURES
from monitor.core.words import os_words
from monitor.run import wiring
from monitor.run.accounts import WEB, letterhead, mailbox_address, register
from monitor.web.forms import Offered
from monitor.web.limits import NetworkLimit
from monitor.web.office import GATHER, FrontOffice, Send
from monitor.web.pages import SelfServicePages
from monitor.web.privacy import Privacy
from monitor.web.routes import Routes

if TYPE_CHECKING:
    import uvicorn

    from monitor.catalogue.catalogue import Catalogue
    from monitor.settings.settings import Settings

MOST_PLACES: Final = 5  # selects on the form, however many one person may follow
AT_ONCE: Final = 200  # connections; the rest is told to come back
BACKLOG: Final = 128
HEAD: Final = 16 * 1024  # bytes of a request's head


def serve(chosen: Settings, announce: Callable[[str], None]) -> None:
    """Listen until a signal ends it. announce: told where, once it listens. Raises UsageError, StoreError."""
    given = inherited()
    listening = given or listen(chosen)
    try:
        server = server_of(chosen, routes_of(chosen))
        listening.listen(BACKLOG)
        where = listening.getsockname()
        announce(where if isinstance(where, str) else f"{where[0]}:{where[1]}")
        signal.signal(signal.SIGTERM, _ended)  # uvicorn ends its work, then raises the signal once more
        notify("READY=1")
        server.run(sockets=[listening])
    finally:
        notify("STOPPING=1")
        listening.close()
        if given is None and not chosen.web.port:
            chosen.web.socket.unlink(missing_ok=True)


def server_of(chosen: Settings, routes: Routes) -> uvicorn.Server:
    """What listens, and logs nothing of what is asked."""
    import uvicorn

    from monitor.web.app import application

    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):  # its lines may hold what was asked
        quiet = logging.getLogger(name)
        quiet.handlers[:], quiet.propagate, quiet.disabled = [logging.NullHandler()], False, True
    return uvicorn.Server(
        uvicorn.Config(
            application(routes),
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips="*" if not chosen.web.port else "127.0.0.1",  # only the proxy reaches the socket
            limit_concurrency=AT_ONCE,
            h11_max_incomplete_event_size=HEAD,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=10,
        )
    )


def routes_of(chosen: Settings, gather: float = GATHER) -> Routes:
    """What is answered. gather: as of `FrontOffice`. Raises StoreError for a data folder or a key that is unfit."""
    declared = wiring.catalogue(chosen)
    with register(chosen) as (_db, people):
        stamp, spool = people.form_stamp(), people.spool(chosen.data / FOLDER / WEB)
    return Routes(
        pages=SelfServicePages(
            offered=offered(chosen, declared),
            privacy=Privacy.of(chosen),
            mailbox=mailbox_address(chosen),
            signal=chosen.web.signal,
            site=letterhead(chosen, declared).guide,
        ),
        office=FrontOffice(chosen, sending(chosen, declared), spool, gather=gather),
        limit=NetworkLimit(chosen.web.network_an_hour),
        stamp=stamp,
    )


def offered(chosen: Settings, declared: Catalogue) -> Offered:
    """What may be chosen: the préfectures that are watched, and the démarches that a desk of theirs is for."""
    watched = declared.select(chosen.watch.prefectures)
    seen = {name for one in watched for desk in one.active_desks for name in (desk.procedure, *desk.also)}
    return Offered(
        offices={one.code: one.office for one in watched},
        zones={one.code: one.time_zone for one in watched},
        procedures=[name for name in PROCEDURES if name in seen and name != "other"],
        languages=chosen.web.languages,
        most=min(chosen.alerts.prefectures_each, MOST_PLACES),
    )


def sending(chosen: Settings, declared: Catalogue) -> Send:
    """What hands over the questions and links that wait. What sends is imported when the first leaves."""
    head = letterhead(chosen, declared, mailbox_address(chosen))

    def send(db: sqlite3.Connection, people: Subscribers) -> None:
        if not (people.unasked() or people.links_asked()):
            return
        from monitor.alerts.send.asking import ask
        from monitor.alerts.send.lines import stopped_lines
        from monitor.fetch.clock import SystemClock
        from monitor.run.accounts import notifier

        resting = {line.channel for line in stopped_lines(db) if line.rests(datetime.now(UTC))}
        ask(people, notifier(chosen).send, head, SystemClock(chosen.simulation.time_scale), resting)

    return send


def _ended(_signal: int, _frame: object) -> None:
    raise SystemExit(0)


def inherited() -> socket.socket | None:
    """The socket that systemd listens on already (sd_listen_fds(3)); None where it has none for us."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=3)


def listen(chosen: Settings) -> socket.socket:
    """The socket: for its owner and group alone (the proxy is of the group), or loopback. Raises UsageError."""
    if chosen.web.port:
        found = socket.socket(socket.AF_INET)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", chosen.web.port))
        except OSError as error:
            found.close()
            words = _("[web] port {port} of this machine cannot be used: {why}")
            raise UsageError(words.format(port=chosen.web.port, why=os_words(error))) from None
        return found
    return _unix(chosen.web.socket)


def _unix(path: Path) -> socket.socket:
    found = socket.socket(socket.AF_UNIX)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
            path.unlink()  # of a server that was killed
        before = os.umask(0o117)
        try:
            found.bind(str(path))
        finally:
            os.umask(before)
    except OSError as error:
        found.close()
        words = _("[web] socket {path} cannot be made: {why} (another `vigie serve`? is its folder there and yours?)")
        raise UsageError(words.format(path=path, why=os_words(error))) from None
    return found


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def notify(state: str) -> None:
    """Tell systemd (sd_notify(3)), where it asked to be told."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.sendto(state.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
