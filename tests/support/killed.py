"""A process that does one thing for a subscriber and kills itself at a named point of it: FOLDER DEED POINT.

It prints what a page would have answered once it was done.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from monitor.alerts.people.budget import Budget
from monitor.alerts.people.requests import SelfRequest, take
from monitor.alerts.people.subscriptions import Subscription
from monitor.run import wiring
from monitor.run.accounts import hear, register
from monitor.settings.settings import Settings, load
from monitor.web.serve import sending

PEOPLE: Final = "monitor.alerts.people."
POINTS: Final = {  # before or after which call
    "asks: budget not spent": ("before", PEOPLE + "budget", "Budget.spend"),
    "asks: budget spent, nobody written": ("after", PEOPLE + "budget", "Budget.spend"),
    "asks: written, not committed": ("after", PEOPLE + "subscribers", "Subscribers.add"),
    "sends: not claimed": ("before", PEOPLE + "subscribers", "Subscribers.claim"),
    "sends: claimed, not handed over": ("before", "monitor.alerts.send.channels", "Notifier.send"),
    "sends: handed over, outcome not written": ("after", "monitor.alerts.send.channels", "Notifier.send"),
    "sends: outcome written": ("after", PEOPLE + "subscribers", "Subscribers.settled"),
    "agrees: not written": ("before", PEOPLE + "subscribers", "Subscribers.confirm"),
    "agrees: written": ("after", PEOPLE + "subscribers", "Subscribers.confirm"),
    "hears: kept, not acted on": ("after", PEOPLE + "spool", "Spool.keep"),
    "hears: somebody written, no consent": ("before", PEOPLE + "subscribers", "Subscribers.confirm"),
    "hears: acted on, not let go": ("after", PEOPLE + "signal_inbox", "answer"),
}


def kill_at(point: str) -> None:
    """From now on that call ends this process as `kill -9` does."""
    when, module, name = POINTS[point]
    holder: Any = importlib.import_module(module)
    *outer, last = name.split(".")
    for one in outer:
        holder = getattr(holder, one)
    real: Callable[..., Any] = getattr(holder, last)

    def dying(*words: Any, **named: Any) -> Any:
        if when == "after":
            real(*words, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(holder, last, dying)


def do(deed: str, chosen: Settings, address: str) -> str:
    """asks, sends, agrees or hears; as the pages and `vigie inbox` do."""
    declared = wiring.catalogue(chosen)
    with register(chosen) as (db, people):
        match deed:
            case "asks":
                wishes = Subscription(id=0, channel="email", state="pending", prefectures=("93",))
                request = SelfRequest(address=address, wishes=wishes)
                return str(take(request, db, people, Budget(an_hour=60, a_day=300), datetime.now(UTC)))
            case "sends":
                sending(chosen, declared)(db, people)
                return "sent"
            case "agrees":
                holder = people.holding(address)
                assert holder is not None
                return str(people.confirm(people.codes(holder)[0], "web", datetime.now(UTC)))
    return str(hear(chosen, declared).came)


if __name__ == "__main__":
    folder, what, where = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    if where:
        kill_at(where)
    print(do(what, load(str(folder / "monitor.toml"), str(folder / "data"), {}, folder), "graine.a7f3@exemple.test"))
