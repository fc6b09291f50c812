"""What a play gets to answer with: the request, its place in a visit, the state to show, the visitor's session."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.simulator.messages import Answer, Request
from tests.simulator.script import Calendar, HostSettings
from tests.simulator.states import State


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands. desk: path that names the desk; query: parameters that do; step: where in the visit.

    starts: True for the request a visit begins with. aliases: other hosts the script may name the desk under.
    indifferent: this address shows the same whatever the desk's state (a host that only redirects).
    """

    desk: str
    step: str
    starts: bool
    query: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    indifferent: bool = False

    def hosts(self, host: str) -> tuple[str, ...]:
        """Hosts the script may name the desk under, the one asked first."""
        return (host, *self.aliases)


@dataclass(slots=True)
class Session:
    """What the server remembers of one visitor, by desk. started: virtual second."""

    id: str
    started: float
    desks: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Sessions:
    """All sessions of all hosts, and the captcha codes given out (id -> code)."""

    by_key: dict[tuple[str, str], Session] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def find(self, host: str, cookie: str | None) -> Session | None:
        """The session a cookie names on its host."""
        return self.by_key.get((host, cookie or ""))

    def start(self, host: str, elapsed: float) -> Session:
        """A new, empty session."""
        session = Session(secrets.token_hex(13), elapsed)
        self.by_key[host, session.id] = session
        return session


@dataclass(slots=True)
class Scene:
    """One request to a play. session: the visitor's, opened on first use; fresh: the cookie must be set."""

    request: Request
    place: Place
    state: State
    settings: HostSettings
    sessions: Sessions
    now: datetime
    elapsed: float
    label: str | None = None
    calendars: tuple[Calendar, ...] = ()
    fresh: bool = False

    def find_session(self, cookie: str) -> Session | None:
        """The visitor's session by its cookie, None where there is none."""
        return self.sessions.find(self.request.host, self.request.cookies.get(cookie))

    def open_session(self, cookie: str) -> Session:
        """The visitor's session, a new one where there is none."""
        session = self.find_session(cookie)
        if session is None:
            session, self.fresh = self.sessions.start(self.request.host, self.elapsed), True
        return session

    def with_cookie(self, answer: Answer, name: str, session: Session, attributes: str) -> Answer:
        """The answer, with the session's cookie where it is new."""
        return answer.with_headers(("Set-Cookie", f"{name}={session.id}; {attributes}")) if self.fresh else answer
