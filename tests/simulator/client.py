"""The other end of the control endpoint: what a test, a demo or a bench holds in its hand."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from tests.simulator.states import ScriptError


def ask(address: str, port: int, route: str, params: Mapping[str, Any] | None = None) -> Any:
    """One call of a control endpoint: parsed JSON, or text. Raises ScriptError with its sentence on a refusal."""
    connection = http.client.HTTPConnection(address, port, timeout=30)
    try:
        connection.request("POST", f"/__sim/{route}", json.dumps(dict(params or {})))
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    data: Any = json.loads(text) if "json" in (answer.getheader("Content-Type") or "") else text
    if answer.status != 200:
        raise ScriptError(data["error"])
    return data


class Simulator:
    """A simulator that runs somewhere. ready: the line it printed."""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.address: str = ready["address"]
        self.https: int = ready["https"]
        self.http: int = ready["http"]
        self.control: int = ready["control"]
        self.ca_file = Path(ready["ca_file"])
        self.time_scale: float = ready["time_scale"]
        self.pid: int = ready["pid"]

    def call(self, route: str, **params: Any) -> Any:
        """Any control route."""
        return ask(self.address, self.control, route, params)

    def show(self, host: str, path: str, state: str, **more: Any) -> None:
        """Put an address into one state (`label`, `calendars` too)."""
        self.call("state", host=host, path=path, state=state, **more)

    def plan(self, host: str, path: str, states: Sequence[Sequence[Any]], **more: Any) -> None:
        """Let an address change by visits: `[["no_slot", 3], ["slots", 2]]`, the last one staying."""
        self.call("state", host=host, path=path, states=states, **more)

    def schedule(self, host: str, path: str, timeline: Sequence[Sequence[Any]], **more: Any) -> None:
        """Let an address change by virtual seconds since start or reset: `[[0, "no_slot"], [600, "slots"]]`."""
        self.call("state", host=host, path=path, timeline=timeline, **more)

    def host(self, name: str, **settings: Any) -> None:
        """Change settings of a host: tls, http, robots, latency, date, name, person."""
        self.call("host", host=name, **settings)

    def reset(self, *, script: bool = True) -> None:
        """Forget journal and sessions, and the script unless told otherwise."""
        self.call("reset", all=script)

    def log(self, host: str | None = None) -> list[dict[str, Any]]:
        """The journal's records, of one host or of all."""
        return cast(list[dict[str, Any]], self.call("log", **({"host": host} if host else {})))

    def stats(self, threshold: float = 1.0) -> dict[str, Any]:
        """Politeness figures."""
        return cast(dict[str, Any], self.call("stats", threshold=threshold))

    def violations(self) -> list[dict[str, Any]]:
        """Requests that must never be made."""
        return cast(list[dict[str, Any]], self.call("violations"))

    def report(self, threshold: float = 1.0) -> str:
        """The politeness report as text."""
        return str(self.call("report", threshold=threshold))

    def person(self, present: bool, host: str = "*") -> None:
        """A human sits at that host, or everywhere: only then may a captcha be answered."""
        self.call("person", present=present, host=host)

    def captcha_code(self, number: str) -> str | None:
        """What the person of a test reads in the picture of captcha `number`."""
        return cast("str | None", self.call("captcha", id=number)["code"])

    def clock(self, **params: Any) -> dict[str, Any]:
        """Freeze (ISO instant, empty to let run) or advance (virtual seconds) the server's time."""
        return cast(dict[str, Any], self.call("clock", **params))

    def offline(self, on: bool) -> None:
        """Cut every new connection, or serve again."""
        self.call("offline", on=on)

    def stop(self) -> None:
        """Let it end."""
        self.call("stop")
