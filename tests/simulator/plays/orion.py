"""ESII Orion (`/orion-reservation/slots`): a page that says nothing until its script has asked for the slots."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from tests.simulator.messages import Answer, Request, html
from tests.simulator.plays.scene import Place, Scene

DEFAULT = "no_slot"
STATES = frozenset({"no_slot", "slots", "key_missing", "unknown_config", "none_available", "error", "pages"})
HOST = "esii-orion.com"
PAGE, API = "/orion-reservation/slots", "/orion/api/1/rdv/bookings/availableSlotByDay"


def locate(request: Request) -> Place | None:
    """The page, and the data its script asks for; the desk is the page with its `account` and `config`."""
    if request.path == PAGE:
        return Place(PAGE, "page", request.starts_a_look, dict(request.query))
    if request.path == API:
        asked = _asked(request)
        named = {"account": str(asked.get("accountId")), "config": str(asked.get("configId"))}
        return Place(PAGE, "data", False, named)
    if request.path.startswith("/orion/api/"):
        return Place(request.path, "other", False)
    return None


def forbidden(request: Request, place: Place, person: bool) -> str | None:
    """The platform's other calls take and cancel bookings."""
    return "reservation" if place.step == "other" else None


def answer(scene: Scene) -> Answer:
    """The page's shell, or the JSON of slots by day."""
    if scene.place.step == "page":
        return html(_shell(scene.request))
    if scene.place.step == "other" or scene.request.method != "POST":
        return _json({"error": "method not allowed"}, 405)
    if scene.state.name == "unknown_config":
        return _json({"error": "Unknown configuration"}, 404)
    if scene.state.name == "key_missing":
        return _json({"slots": [], "token": secrets.token_hex(8)})
    if scene.state.name == "error":
        return _json({"success": False, "error": "TIMEOUT", "daySlots": []})
    if scene.state.name == "pages":
        return _json({"daySlots": [], "totalPages": 3})
    first = scene.state.params.get("first")
    day = datetime.fromisoformat(first) if first else scene.now + timedelta(days=9)
    slots: list[dict[str, Any]] = [{"hour": "09:00"}, {"hour": "10:30"}]
    if scene.state.name == "none_available":
        slots = [{**slot, "available": False} for slot in slots]
    days = [{"day": f"{day:%Y-%m-%d}", "slots": slots}]
    return _json({"daySlots": [] if scene.state.name == "no_slot" else days})


def _asked(request: Request) -> dict[str, Any]:
    try:
        data = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _json(data: Any, status: int = 200) -> Answer:
    return Answer(status, (json.dumps(data).encode(),), type="application/json;charset=UTF-8")


SCRIPT = """
const ask = %s;
fetch("%s", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(ask)})
  .then(answer => answer.json())
  .then(data => {
    const place = document.querySelector(".rdv-calendar");
    if (!data.daySlots || data.daySlots.length === 0) {
      place.innerHTML = '<div class="user-msg error">Aucun créneau disponible</div>';
      return;
    }
    place.innerHTML = data.daySlots.map(day => '<div class="day-column"><div class="day-header">' +
      '<span class="header-date">' + day.day + '</span></div><ul>' + day.slots.map(slot =>
      '<li class="time-slot"><span class="hour">' + slot.hour + '</span></li>').join("") + '</ul></div>').join("");
  });
"""


def _shell(request: Request) -> str:
    ask: dict[str, Any] = {
        "accountId": request.query.get("account"),
        "configId": request.query.get("config"),
        "purposes": [{"businessId": "SEJ04", "count": 1}],
        "filterRequest": {},
    }
    script = SCRIPT % (json.dumps(ask).replace("<", "\\u003c"), API)
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head><meta charset="utf-8"><title>Réservation</title></head>\n<body>\n'
        '<app-root><div class="site-name">Préfecture d\'Ille-et-Vilaine</div><div class="rdv-calendar calendar"></div>'
        f"</app-root>\n<script>{script}</script>\n<!-- {secrets.token_hex(8)} -->\n</body>\n</html>\n"
    )
