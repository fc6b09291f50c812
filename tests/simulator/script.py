"""The script: which host behaves how, which address shows what and when. JSON in, typed settings out."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.simulator.certificates import KINDS
from tests.simulator.states import Plan, ScriptError, plan_from

TLS = (*KINDS, "alert", "cut")
TWIN = re.compile(r"^(?:/index\.php)?(?:/layout/set/print)?(?=/booking/create/)")
FIRST_STEP = re.compile(r"(/booking/create/\d+)/0?$")
BARE_NUMBER = re.compile(r"(/rdvpref/reservation/demarche/\d+)$")


def desk_path(path: str) -> str:
    """The one spelling of a desk's path: twins of the eZ module and its step 0 are the module itself."""
    return BARE_NUMBER.sub(r"\1/", FIRST_STEP.sub(r"\1", TWIN.sub("", path)))


def desk_query(path: str, query: str) -> dict[str, str]:
    """The parameters that name a desk: all of them, but for Orion's page, whose data call repeats only two."""
    named = dict(parse_qsl(query))
    return {k: v for k, v in named.items() if k in ("account", "config")} if "/orion-reservation/" in path else named


@dataclass(frozen=True, slots=True)
class HostSettings:
    """How a host behaves. tls: which certificate it shows, or `alert` (handshake refused), `cut` (reset at hello).

    http: `redirect` to https, or `serve`. robots: text of robots.txt, None for the platform's own. latency: virtual
    seconds before each answer. date: seconds added to the `Date` header, `none` to leave it out. name: the
    département, for page titles. person: True while a human sits there, who may answer a captcha.
    """

    tls: str = "good"
    http: str = "redirect"
    robots: str | None = None
    latency: float = 0.0
    date: str = "0"
    name: str | None = None
    person: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """One calendar of a module: id, its words on the page, its own state where it differs from the desk's."""

    id: str
    label: str
    state: str | None = None


@dataclass(slots=True)
class Entry:
    """One address. host, path: exact, or with `*`; query: parameters the address must carry, others do not matter."""

    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    label: str | None = None
    calendars: tuple[Calendar, ...] = ()
    plan: Plan | None = None

    @property
    def address(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What makes it this entry and no other."""
        return self.host, self.path, tuple(sorted(self.query.items()))

    @property
    def is_pattern(self) -> bool:
        """True where host or path hold a `*`."""
        return "*" in self.host + self.path

    def covers(self, host: str, path: str, query: Mapping[str, str]) -> bool:
        """True where the address is this entry's."""
        return (
            fnmatchcase(host, self.host)
            and fnmatchcase(path, self.path)
            and all(query.get(key) == value for key, value in self.query.items())
        )


class Script:
    """Settings of hosts and entries of addresses, changeable while it runs. known: names a state may have."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._hosts: dict[str, HostSettings] = {}
        self._entries: dict[tuple[object, ...], Entry] = {}
        self._exact: dict[tuple[str, str], list[Entry]] = {}

    def load(self, data: Mapping[str, Any] | list[Any]) -> None:
        """Add a script: `{"hosts": {...}, "entries": [...]}` or a bare list of entries. Raises ScriptError."""
        if isinstance(data, list):
            data = {"entries": data}
        _no_strangers(data, ("hosts", "entries"), "script")
        for host, settings in data.get("hosts", {}).items():
            self.set_host(host, settings)
        for entry in data.get("entries", []):
            self.set_entry(entry)

    def clear(self) -> None:
        """Forget everything."""
        self._hosts.clear()
        self._entries.clear()
        self._exact.clear()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, as given."""
        return tuple(self._entries.values())

    def host(self, name: str) -> HostSettings:
        """Settings of a host: its own, else those of `*`, else the defaults."""
        return self._hosts.get(name) or self._hosts.get("*") or HostSettings()

    def set_host(self, name: str, settings: Mapping[str, Any]) -> None:
        """Change some settings of a host (`*`: of all that have none of their own)."""
        _no_strangers(settings, [f.name for f in fields(HostSettings)], f"host {name}")
        changed = replace(self.host(name), **settings)
        if changed.tls not in TLS:
            raise ScriptError(f"host {name}: tls {changed.tls!r} is none of {', '.join(TLS)}")
        if changed.http not in ("redirect", "serve"):
            raise ScriptError(f"host {name}: http {changed.http!r} is neither redirect nor serve")
        self._hosts[name] = changed

    def set_entry(self, data: Mapping[str, Any]) -> Entry:
        """Add an entry, or change the one of the same host, path and query (what is not given stays)."""
        keys = ("host", "path", "label", "calendars", "state", "states", "timeline")
        _no_strangers(data, keys, f"entry {data.get('path', '')}")
        if "host" not in data or "path" not in data:
            raise ScriptError(f"an entry needs host and path: {json.dumps(data)[:120]}")
        path, _, query = str(data["path"]).partition("?")
        entry = Entry(str(data["host"]).lower(), desk_path(path), desk_query(path, query))
        plan, calendars = self._plan(data), _calendars(data)
        if entry.address not in self._entries:
            self._entries[entry.address] = entry
            if not entry.is_pattern:
                self._exact.setdefault((entry.host, entry.path), []).append(entry)
        entry = self._entries[entry.address]
        entry.label = data.get("label", entry.label)
        entry.calendars = entry.calendars if calendars is None else calendars
        entry.plan = entry.plan if plan is None else plan
        return entry

    def find(self, host: str, path: str, query: Mapping[str, str]) -> Entry | None:
        """The entry of an address: the exact one first, then the last pattern that covers it."""
        exact = [e for e in self._exact.get((host, path), ()) if e.covers(host, path, query)]
        if exact:
            return max(exact, key=lambda e: len(e.query))
        patterns = (e for e in reversed(self._entries.values()) if e.is_pattern and e.covers(host, path, query))
        return next(patterns, None)

    def _plan(self, data: Mapping[str, Any]) -> Plan | None:
        try:
            plan = plan_from(data)
        except (TypeError, ValueError) as error:
            raise ScriptError(f"entry {data['path']}: {error}") from error
        for state in plan.all_states() if plan else ():
            if state.name not in self._known and not state.name.startswith("file:"):
                near = difflib.get_close_matches(state.name, self._known, 1)
                raise ScriptError(f"no state {state.name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return plan


def _calendars(data: Mapping[str, Any]) -> tuple[Calendar, ...] | None:
    for item in data.get("calendars", ()):
        _no_strangers(item, ("id", "label", "state"), f"calendar of {data['path']}")
        if not {"id", "label"} <= set(item):
            raise ScriptError(f"a calendar of {data['path']} needs id and label")
    if "calendars" not in data:
        return None
    return tuple(Calendar(str(item["id"]), item["label"], item.get("state")) for item in data["calendars"])


def _no_strangers(data: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    strange = sorted(set(data) - set(known))
    if strange:
        raise ScriptError(f"{where}: unknown key {', '.join(strange)}; known are {', '.join(known)}")


def read_script(file: Path) -> Any:
    """The JSON of a script file. Raises ScriptError naming the file."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScriptError(f"{file}: {error}") from error
