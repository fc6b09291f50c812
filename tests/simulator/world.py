"""Which answer a request gets: the script's state for its address, played by its platform or broken by a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from protego import Protego

from tests.simulator.certificates import Authority
from tests.simulator.clock import Clock
from tests.simulator.faults import ANSWERED, FAULTS, WIRE_FAULTS
from tests.simulator.faults.redirects import UNOFFICIAL
from tests.simulator.journal import Journal, Record
from tests.simulator.messages import Answer, Request, html, moved
from tests.simulator.plays import PLAYS, Place, Play, Scene, robots_of, sites
from tests.simulator.plays.scene import Sessions
from tests.simulator.script import Entry, HostSettings, Script
from tests.simulator.states import State

KNOWN_STATES = frozenset({*FAULTS, *(name for play in PLAYS.values() for name in play.STATES), "page"})
ROBOT = "vigie"


@dataclass(frozen=True, slots=True)
class Decision:
    """What goes out: an answer, broken on the wire where `fault` names how."""

    answer: Answer
    fault: State | None = None


class World:
    """All that lasts longer than a connection."""

    def __init__(self, authority: Authority, clock: Clock, folders: Sequence[Path] = ()) -> None:
        self.authority, self.clock, self.folders = authority, clock, tuple(folders)
        self.script, self.journal, self.sessions = Script(KNOWN_STATES), Journal(), Sessions()
        self.offline = False

    def decide(self, request: Request, record: Record) -> Decision:
        """The answer to a request; counts the visit and writes down what should not have been asked."""
        settings = self.script.host(request.host)
        located = next(((play, place) for play in PLAYS.values() if (place := play.locate(request))), None)
        self._watch(request, record, settings, located)
        if request.scheme == "http" and settings.http == "redirect":
            record.state = "to_https"
            return Decision(moved(f"https://{request.host}{request.target}", 301))
        state, entry = self._state(request, located)
        record.state = str(state)
        if located is not None:
            record.session = _session_of(request)
        if state.name not in FAULTS:
            return Decision(self._play(request, settings, located, state, entry))
        usual = State(state.params.get("of", located[0].DEFAULT if located else "page"))

        def instead() -> Answer:
            return self._play(request, settings, located, usual, entry)

        if state.name in WIRE_FAULTS:
            return Decision(instead(), state)
        return Decision(ANSWERED[state.name](request, state, self.clock.now(), instead))

    def _state(self, request: Request, located: tuple[Play, Place] | None) -> tuple[State, Entry | None]:
        """The state of this very address where the script names it, else of its desk, else the platform's default."""
        here = self.script.find(request.host, request.path, request.query)
        own = here if here is not None and here.plan is not None else None
        if located is None or (own is not None and not own.is_pattern and own.path != located[1].desk):
            return (own.plan.visit(self.clock.elapsed()), own) if own and own.plan else (State("page"), here)
        play, place = located
        found = (self.script.find(host, place.desk, place.query) for host in place.hosts(request.host))
        entry = next((e for e in found if e is not None), None)
        if entry is None or entry.plan is None or place.indifferent:
            return State(play.DEFAULT), entry
        state = (entry.plan.visit if place.starts else entry.plan.current)(self.clock.elapsed())
        return (state if state.bites(place.step) else State(play.DEFAULT)), entry

    def _play(
        self,
        request: Request,
        settings: HostSettings,
        located: tuple[Play, Place] | None,
        state: State,
        entry: Entry | None,
    ) -> Answer:
        if request.path == "/robots.txt":
            text = self._robots(request.host, settings)
            return html("", 404) if text is None else Answer(200, (text.encode(),), type="text/plain; charset=utf-8")
        kind, _, file = state.name.partition(":")
        if located is None or kind == "file":
            return sites.answer(self.folders, request, file or None)
        play, place = located
        if state.name not in play.STATES:
            return html(f"<html><body>Le simulateur n'a pas d'état {state.name} à cette adresse.</body></html>", 501)
        label = entry.label if entry else None
        calendars = entry.calendars if entry else ()
        now, elapsed = self.clock.now(), self.clock.elapsed()
        return play.answer(Scene(request, place, state, settings, self.sessions, now, elapsed, label, calendars))

    def _watch(
        self, request: Request, record: Record, settings: HostSettings, located: tuple[Play, Place] | None
    ) -> None:
        """Write down what must never be asked."""
        kinds: list[str | None] = []
        if request.host == UNOFFICIAL:
            kinds.append("unofficial_host")
        if located is not None:
            kinds.append(located[0].forbidden(request, located[1], self._person(request.host, settings)))
        robots = self._robots(request.host, settings)
        if robots and request.path != "/robots.txt" and not _rules(robots).can_fetch(request.target, ROBOT):
            kinds.append("robots")
        for kind in kinds:
            if kind is not None:
                self.journal.violate(kind, request.host, request.target, record.number)

    def _robots(self, host: str, settings: HostSettings) -> str | None:
        """The host's robots.txt: the script's, else its folder's, else its platform's; None: it has none."""
        if settings.robots is not None:
            return settings.robots
        file = sites.find(self.folders, host, "/robots.txt")
        return robots_of(host) if file is None else file.read_text(encoding="utf-8")

    def _person(self, host: str, settings: HostSettings) -> bool:
        return settings.person or self.script.host("*").person


@lru_cache(maxsize=64)
def _rules(robots: str) -> Protego:
    return Protego.parse(robots)


def _session_of(request: Request) -> str | None:
    return request.cookies.get("eZSESSID") or request.cookies.get("JSESSIONID")
