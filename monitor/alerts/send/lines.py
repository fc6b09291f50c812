"""Whether a channel's own account is at fault, and since when: such a channel is left alone, longer each time.

While it lasts one message at a time asks again whether it is over: what waits is neither spent nor heaped upon a
gateway that limits our rate. Kept in the database, so that the next sender knows.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.news.standing import ABOUT_US
from monitor.values import dataclass

FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(hours=1)
_LINE: Final = f"{ABOUT_US}line "


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedLine:
    """A channel left alone. since, until: aware UTC. why: as of the outcome. times: that it was found so in a row.

    asking: lease of the message that asks whether it is over, empty for none.
    """

    channel: str
    since: datetime
    until: datetime
    why: str
    times: int = 1
    asking: str = ""

    def rests(self, now: datetime) -> bool:
        """Whether nothing may be asked yet. A clock that was set back ends it."""
        return now < self.until <= now + LONGEST_REST


def stopped_line(db: sqlite3.Connection, channel: str) -> StoppedLine | None:
    """None where the channel works as far as is known."""
    row = db.execute("SELECT state FROM standing WHERE key = ?", (_LINE + channel,)).fetchone()
    return None if row is None else _line(channel, row[0])


def stopped_lines(db: sqlite3.Connection) -> list[StoppedLine]:
    """All of them, by channel."""
    rows = db.execute("SELECT key, state FROM standing WHERE key LIKE ? ORDER BY key", (_LINE + "%",))
    return [_line(key.removeprefix(_LINE), state) for key, state in rows]


def stop_line(db: sqlite3.Connection, channel: str, why: str, now: datetime, *, lease: str) -> StoppedLine | None:
    """One more answer that the fault is ours; lease: of the message that heard it. The line where it is newly stopped.

    What left beside the first such answer says no more than that one.
    """
    known = stopped_line(db, channel)
    if known is not None and known.asking != lease and known.rests(now):
        return None
    times = known.times + 1 if known is not None else 1
    rest = min(FIRST_REST * 2 ** min(times - 1, 10), LONGEST_REST)
    since = known.since if known is not None else now
    line = StoppedLine(channel=channel, since=since, until=now + rest, why=why, times=times)
    _keep(db, line)
    return line if known is None else None


def ask_line(db: sqlite3.Connection, line: StoppedLine, lease: str, until: datetime) -> None:
    """One message asks whether it is over; until: by when it will be heard of."""
    _keep(db, replace(line, asking=lease, until=until))


def free_lines(db: sqlite3.Connection) -> None:
    """The operator says that what was at fault is mended: all are tried again at once."""
    db.execute("DELETE FROM standing WHERE key LIKE ?", (_LINE + "%",))


def free_line(db: sqlite3.Connection, channel: str) -> None:
    """The channel took a message, or said something of a recipient: it works."""
    db.execute("DELETE FROM standing WHERE key = ?", (_LINE + channel,))


def _line(channel: str, state: str) -> StoppedLine:
    found = json.loads(state)
    instants = {name: datetime.fromisoformat(found[name]) for name in ("since", "until")}
    return StoppedLine(**{**found, **instants, "channel": channel})


def _keep(db: sqlite3.Connection, line: StoppedLine) -> None:
    state = asdict(line) | {"since": line.since.isoformat(), "until": line.until.isoformat()}
    db.execute("REPLACE INTO standing VALUES (?, ?)", (_LINE + line.channel, json.dumps(state, ensure_ascii=False)))
