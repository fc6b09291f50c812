"""The eZ Publish booking module (`/booking/create/N`): steps 0 to 4, their forms, and the session that holds them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from tests.simulator.messages import Answer, Request, html, moved
from tests.simulator.plays import ez_pages as pages
from tests.simulator.plays import state_site
from tests.simulator.plays.scene import Place, Scene
from tests.simulator.script import Calendar
from tests.simulator.states import State

DEFAULT = "no_slot"
OPEN = ("slots", "slots_weak", "slots_vanish")
STATES = frozenset({
    "no_slot", *OPEN, "no_calendar", "renumbered", "session_lost", "captcha", "layout_changed", "contradictory",
    "sentence_elsewhere",
})  # fmt: skip
COOKIE = "eZSESSID"
ROBOTS = "User-agent: *\nDisallow: /content/search\nDisallow: /user/\nDisallow: /layout/set/rss\n"
PATH = re.compile(
    r"(?:/index\.php)?(?P<print>/layout/set/print)?/booking/create/(?P<module>\d+)(?:/(?P<step>\d+))?(?:/.*)?"
)
ASSIGN = re.compile(
    r"/ezjscore/call/bookingserver::planning::assign::(?P<module>\d+)::(?P<planning>\d+)::(?P<days>\d+)"
)


def locate(request: Request) -> Place | None:
    """Module, print view or its calendar's own refresh; the desk is `/booking/create/N` in all its spellings."""
    if found := ASSIGN.fullmatch(request.path):
        return Place(f"/booking/create/{found['module']}", "calendar", False)
    if request.path.removeprefix("/index.php") == "/booking/login":
        return Place("/booking/login", "login", False)
    if found := PATH.fullmatch(request.path):
        step = found["step"] or "0"
        return Place(f"/booking/create/{found['module']}", step, step == "0" and request.starts_a_look)
    return None


def forbidden(request: Request, place: Place, person: bool) -> str | None:
    """The name of the rule a request breaks: pressing at step 4, reserving, managing other people's appointments."""
    if place.step == "login" or "manageButton" in request.form:
        return "login"
    if place.step.isdigit() and int(place.step) >= 5:
        return "step_5"
    if place.step == "4" and request.method == "POST":
        return "pressed_at_4"
    return None


def answer(scene: Scene) -> Answer:
    """The page of this step, as far as the visitor's session got."""
    step = scene.place.step
    if step in ("login", "calendar") or int(step) >= 5:
        return _aside(scene)
    session = scene.open_session(COOKIE)
    walk = session.desks.setdefault(scene.place.desk, {"stage": -1})
    if scene.state.name == "session_lost" and step != "0":
        walk.update(stage=-1)
    reply = _special(scene) or (_post if scene.request.method == "POST" else _get)(scene, walk, int(step))
    reply = reply.with_headers(("Cache-Control", "no-cache, must-revalidate"), ("X-Powered-By", "eZ Publish"))
    return scene.with_cookie(reply, COOKIE, session, "path=/; HttpOnly")


def _special(scene: Scene) -> Answer | None:
    if scene.state.name == "captcha":
        return _page(scene, pages.security_check(_at(scene, "6")))
    if scene.state.name == "layout_changed":
        return _page(scene, pages.rebuilt())
    return None


def _get(scene: Scene, walk: dict[str, Any], step: int) -> Answer:
    if step == 0:
        walk.update(stage=0, planning=None)
    if step == 0 or walk["stage"] < step:
        # A session the server does not know starts again, silently (seen by several public bots).
        return _page(scene, pages.conditions(_at(scene, "0"), _label(scene)))
    if step == 1:
        if scene.state.name == "no_calendar":
            return _page(scene, pages.no_calendar())
        return _page(scene, pages.choice(_at(scene, "1"), _calendars(scene)))
    if step == 2:
        return moved(_at(scene, "3")) if walk["stage"] > 2 else _page(scene, _nothing(scene))
    if step == 3:
        return _page(scene, pages.description(_at(scene, "3"), _label(scene)))
    free = _outcome(scene, walk["planning"]).name == "slots"
    return _page(scene, pages.calendar(_at(scene, "4"), scene.place.desk, walk["planning"], _monday(scene), free))


def _post(scene: Scene, walk: dict[str, Any], step: int) -> Answer:
    form = scene.request.form
    if walk["stage"] < step:
        return _page(scene, pages.conditions(_at(scene, "0"), _label(scene)))
    if step == 0:
        if "condition" not in form or form.get("nextButton") != pages.START:
            return _page(scene, pages.conditions(_at(scene, "0"), _label(scene), pages.CONDITIONS))
        walk.update(stage=1)
        calendars = _calendars(scene)
        if len(calendars) > 1 or scene.state.name == "no_calendar":
            return moved(_at(scene, "1"))
        return _chosen(scene, walk, calendars[0].id)
    if step == 1:
        if form.get("planning") not in {c.id for c in _calendars(scene)} or form.get("nextButton") != pages.NEXT:
            return _page(scene, pages.choice(_at(scene, "1"), _calendars(scene), "Veuillez faire un choix"))
        return _chosen(scene, walk, form["planning"])
    if step == 2:
        return moved("/")
    if _outcome(scene, walk["planning"]).name == "slots_vanish":  # taken by somebody between two pages
        walk.update(stage=2)
        return moved(_at(scene, "2"))
    walk.update(stage=4)
    return moved(_at(scene, "4"))


def _chosen(scene: Scene, walk: dict[str, Any], planning: str) -> Answer:
    reached = 3 if _outcome(scene, planning).name in OPEN else 2
    walk.update(stage=reached, planning=planning)
    return moved(_at(scene, str(reached)))


def _outcome(scene: Scene, planning: str) -> State:
    """What one calendar holds: its own state, else the desk's; `slots?calendar=ID` opens that one only."""
    own = next((c.state for c in _calendars(scene) if c.id == planning and c.state), None)
    state = State.parse(own) if own else scene.state
    return state if state.params.get("calendar", planning) == planning else State(DEFAULT)


def _calendars(scene: Scene) -> tuple[Calendar, ...]:
    """The script's calendars, or one; `renumbered` gives them new ids, as when a counter was made again."""
    number = int(scene.place.desk.rsplit("/", 1)[-1])
    found = scene.calendars or (Calendar(str(number + 5), _label(scene)),)
    if scene.state.name == "renumbered":
        return tuple(Calendar(str(int(c.id) + 10_000), c.label, c.state) for c in found)
    return found


def _nothing(scene: Scene) -> str:
    action = _at(scene, "2")
    if scene.state.name == "sentence_elsewhere":
        return pages.sentence_elsewhere(action)
    both = scene.state.name == "contradictory"
    week = f'<div id="planning_Booking">{pages.table(scene.place.desk, _monday(scene), True)}</div>' if both else ""
    return pages.no_slot(action, week)


def _aside(scene: Scene) -> Answer:
    """What surrounds the walk: the calendar's refresh, and the pages no visit of ours may reach."""
    if found := ASSIGN.fullmatch(scene.request.path):
        monday = _monday(scene) + timedelta(days=int(found["days"]))
        return html(pages.table(scene.place.desk, monday, _outcome(scene, found["planning"]).name == "slots"))
    return html("<html><body><h1>Simulateur</h1><p>Cette page ne se demande jamais.</p></body></html>", 410)


def _monday(scene: Scene) -> datetime:
    """First day of the calendar shown: the week of `first=YYYY-MM-DD`, else the week after next."""
    first = scene.state.params.get("first")
    day = datetime.fromisoformat(first).replace(tzinfo=scene.now.tzinfo) if first else scene.now + timedelta(days=14)
    return (day - timedelta(days=day.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def _label(scene: Scene) -> str:
    return scene.label or f"Rendez-vous titres de séjour - module {scene.place.desk.rsplit('/', 1)[-1]}"


def _at(scene: Scene, step: str) -> str:
    """The address of a step, in the spelling the visitor came with."""
    return scene.request.path.split("/booking/create/")[0] + f"{scene.place.desk}/{step}"


def _page(scene: Scene, inner: str) -> Answer:
    printed = "/layout/set/print/" in scene.request.path
    stamp = f"<!-- {scene.now:%d/%m/%Y %H:%M:%S.%f} -->\n"
    body = state_site.around(scene.request.host, _label(scene), scene.settings.name, stamp + inner, printed)
    return Answer(200, body)
