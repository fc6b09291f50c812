"""One line an event on standard error: JSON where a journal or cron takes it, plain words on a terminal.

Levels: WARNING for what somebody should look at, INFO (with `--verbose`) for all that happens. Keys, event names and
values are English; `message` is for people, in their language. No address of a person and no secret stands in a line.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

INFO, WARNING = logging.INFO, logging.WARNING
_LOGGER = logging.getLogger("vigie")
_LOGGER.addHandler(logging.NullHandler())  # a program that calls a run decides itself where lines go


def begin(*, verbose: bool, plain: bool, shown_elsewhere: bool) -> None:
    """Set up the log of one command. plain: in words, for a person. shown_elsewhere: what is told as `shown` stands on
    standard output already, in words too.
    """
    handler = logging.StreamHandler(sys.stderr)
    if plain:
        handler.setFormatter(_PlainWords())
        handler.addFilter(lambda record: not (getattr(record, "shown", False) and shown_elsewhere))
    else:
        handler.setFormatter(_Json())
    _LOGGER.handlers[:] = [handler]
    _LOGGER.propagate = False
    _LOGGER.setLevel(INFO if verbose else WARNING)


def heard(level: int) -> bool:
    """Whether an event of this level makes a line."""
    return _LOGGER.isEnabledFor(level)


def tell(level: int, event: str, message: str, *, shown: bool = False, **facts: Any) -> None:
    """One event. shown: on a terminal the table on standard output tells it. facts: JSON values, beside the message."""
    _LOGGER.log(level, "%s", message, extra={"event": event, "facts": facts, "shown": shown})


class _Json(logging.Formatter):
    """`{"time", "level", "event", "message", ...}`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"time": at, "level": record.levelname, "event": record.__dict__["event"]}
        return json.dumps(told | {"message": record.getMessage()} | record.__dict__["facts"], ensure_ascii=False)


class _PlainWords(logging.Formatter):
    """The message alone, on a line from which the progress was wiped."""

    def format(self, record: logging.LogRecord) -> str:
        return ("\r\x1b[K" if sys.stderr.isatty() else "") + record.getMessage()
