"""The control endpoint (`/__sim/...`, plain http on its own loopback port): set states live, read the journal.

Every route takes its parameters from the query or from a JSON object in the body, whatever the method, and answers
JSON (`report`: text). A mistake is 400 with one sentence.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import h11

from tests.simulator import report
from tests.simulator.plays import PLAYS
from tests.simulator.script import Entry
from tests.simulator.states import ScriptError
from tests.simulator.world import KNOWN_STATES, World

Params = Mapping[str, Any]
PREFIX = "/__sim/"


def _state(world: World, params: Params) -> Any:
    """Set (`state`, `states`, `timeline`, `label`, `calendars`) or show the entry of `host` and `path`."""
    if set(params) & {"state", "states", "timeline", "label", "calendars"}:
        return _shown(world.script.set_entry(params))
    path, _, query = str(params["path"]).partition("?")
    entry = world.script.find(params["host"], path, dict(parse_qsl(query)))
    return None if entry is None else _shown(entry)


def _truth(world: World, params: Params) -> Any:
    """Every entry with the state it shows now."""
    return [
        {**_shown(e), "now": str(e.plan.current(world.clock.elapsed())) if e.plan else None}
        for e in world.script.entries
    ]


def _shown(entry: Entry) -> dict[str, Any]:
    query = "&".join(f"{k}={v}" for k, v in entry.query.items())
    return {
        "host": entry.host,
        "path": entry.path + (f"?{query}" if query else ""),
        "label": entry.label,
        "visits": entry.plan.visits if entry.plan else 0,
    }


def _host(world: World, params: Params) -> Any:
    """Change settings of `host`: tls, http, robots, latency, date, name, person."""
    settings = {k: v for k, v in params.items() if k != "host"}
    if isinstance(settings.get("latency"), str):
        settings["latency"] = float(settings["latency"])
    if isinstance(settings.get("person"), str):
        settings["person"] = _yes(settings["person"])
    world.script.set_host(params["host"], settings)
    return {"ok": True}


def _script(world: World, params: Params) -> Any:
    """Load a script on top of what is there."""
    world.script.load(params)
    return {"ok": True}


def _reset(world: World, params: Params) -> Any:
    """Forget the journal and the sessions and put the clock back; with `all`, the script too."""
    world.journal.clear()
    world.sessions.by_key.clear()
    world.clock.restart()
    if _yes(params.get("all", False)):
        world.script.clear()
        world.offline = False
        world.clock.freeze(None)
    for entry in world.script.entries:
        if entry.plan is not None:
            entry.plan.visits = 0
    return {"ok": True}


def _clock(world: World, params: Params) -> Any:
    """`freeze` (ISO instant, empty to let run), `advance` (virtual seconds); shows the clock."""
    if "freeze" in params:
        world.clock.freeze(datetime.fromisoformat(params["freeze"]) if params["freeze"] else None)
    if "advance" in params:
        world.clock.advance(float(params["advance"]))
    return {"now": world.clock.now().isoformat(), "elapsed": world.clock.elapsed(), "scale": world.clock.scale}


def _person(world: World, params: Params) -> Any:
    """A human sits there (`present`), on `host` or everywhere."""
    world.script.set_host(params.get("host", "*"), {"person": _yes(params.get("present", True))})
    return {"ok": True}


def _captcha(world: World, params: Params) -> Any:
    """The code of a captcha's `id`, for the person of a test: the picture shows it too."""
    return {"code": world.sessions.codes.get(params["id"])}


def _offline(world: World, params: Params) -> Any:
    """Cut every new connection at once (`on`), as a vantage without network would see it."""
    world.offline = _yes(params.get("on", True))
    return {"offline": world.offline}


def _warm(world: World, params: Params) -> Any:
    """Sign the certificates of `hosts` now, so that a bench does not wait for them."""
    for host in params["hosts"]:
        world.authority.context(host)
    return {"ok": True}


def _stats(world: World, params: Params) -> Any:
    """Politeness figures; `threshold` in virtual seconds."""
    return report.statistics(world.journal, world.clock.scale, float(params.get("threshold", 1.0)))


def _report(world: World, params: Params) -> Any:
    """The same as text."""
    return report.text(_stats(world, params), world.journal.violations)


def _names(world: World, params: Params) -> Any:
    """All names a state may have, and each platform's own with its default."""
    plays = {name: {"default": play.DEFAULT, "states": sorted(play.STATES)} for name, play in PLAYS.items()}
    return {"states": sorted(KNOWN_STATES), "platforms": plays}


ROUTES: dict[str, Callable[[World, Params], Any]] = {
    "state": _state,
    "truth": _truth,
    "host": _host,
    "script": _script,
    "reset": _reset,
    "clock": _clock,
    "person": _person,
    "captcha": _captcha,
    "offline": _offline,
    "warm": _warm,
    "stats": _stats,
    "report": _report,
    "names": _names,
    "log": lambda world, params: list(world.journal.as_json(params.get("host"))),
    "violations": lambda world, params: world.journal.violations,
    "ping": lambda world, params: {"ok": True},
}


def _yes(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() in ("1", "true", "yes", "on")


async def serve(sock: socket.socket, world: World, stopping: asyncio.Event) -> None:
    """One request, one answer, closed."""
    reader, writer = await asyncio.open_connection(sock=sock)
    try:
        conn, request, body = h11.Connection(h11.SERVER), None, bytearray()
        while not isinstance(event := conn.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                conn.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                return
        assert request is not None
        status, answer = _answer(world, request.target.decode(), bytes(body), stopping)
        kind = "text/plain" if isinstance(answer, str) else "application/json"
        data = (answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)).encode()
        headers = [
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(data))),
            ("Connection", "close"),
        ]
        head = conn.send(h11.Response(status_code=status, headers=headers)) or b""
        writer.write(head + data)
        await writer.drain()
    except (h11.RemoteProtocolError, OSError):
        pass  # not a client of ours
    finally:
        writer.close()


def _answer(world: World, target: str, body: bytes, stopping: asyncio.Event) -> tuple[int, Any]:
    parts = urlsplit(target)
    name = parts.path.removeprefix(PREFIX)
    if name == "stop":
        stopping.set()
        return 200, {"ok": True}
    route = ROUTES.get(name)
    if route is None:
        return 404, {"error": f"no route {parts.path}; known are {', '.join(sorted((*ROUTES, 'stop')))}"}
    try:
        params = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **json.loads(body or b"{}")}
        return 200, route(world, params)
    except KeyError as error:
        return 400, {"error": f"{name} needs {error.args[0]}"}
    except (ScriptError, TypeError, ValueError) as error:
        return 400, {"error": str(error)}
