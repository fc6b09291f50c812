"""Redirects that go round, or lead where a careful client does not follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.simulator.faults.refusals import Refusal
from tests.simulator.messages import Answer, Request, moved
from tests.simulator.states import State

UNOFFICIAL = "rendez-vous-prefecture.example"
"""A host that is nobody's (RFC 2606): a request for it is a violation."""


def _to(location: Callable[[Request, State], str]) -> Refusal:
    def redirect(request: Request, state: State, now: datetime, usual: Callable[[], Answer]) -> Answer:
        return moved(location(request, state))

    return redirect


def _round(request: Request, state: State) -> str:
    return f"{request.path}?tour={int(request.query.get('tour', '0')) + 1}"


def _step_5(request: Request, state: State) -> str:
    module = request.path.rstrip("/").split("/create/")
    return f"{module[0]}/create/{module[-1].split('/')[0]}/5/1602570600"


REDIRECTS: dict[str, Refusal] = {
    "redirect_loop": _to(_round),
    "self_loop": _to(lambda request, state: request.target),
    "to_file": _to(lambda request, state: "file:///etc/passwd"),
    "to_unofficial": _to(lambda request, state: f"https://{UNOFFICIAL}{request.path}"),
    "to_http": _to(lambda request, state: f"http://{request.host}{request.path}"),
    "to_loopback": _to(lambda request, state: "http://127.0.0.1/admin"),
    "to_metadata": _to(lambda request, state: "http://169.254.169.254/latest/meta-data/"),
    "to_step5": _to(_step_5),
    "to": _to(lambda request, state: state.params.get("url", "/")),
}
