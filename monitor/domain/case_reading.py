"""Attempts as a person or another program lists them: `[{"at", "kind", "procedure"}]`. Pure.

A day alone is a day of legal time whose hour is unknown; an instant without offset is legal time.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.domain.case_model import ALIASES, KINDS, Attempt, kind_of
from monitor.domain.declaration import did_you_mean
from monitor.domain.errors import VigieError


class CaseDataError(VigieError):
    """A file given to a case cannot be read as what it should be (EX_DATAERR)."""

    exit_code = 65


def moment(text: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """Legal day and aware instant (None for a day alone) of an ISO 8601 text. Raises ValueError."""
    text = text.strip()
    if len(text) == len("2019-09-13"):
        return date.fromisoformat(text), None
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    try:
        return at.astimezone(zone).date(), at
    except OverflowError as error:
        raise ValueError(text) from error


def attempts_from(data: Any, zone: ZoneInfo) -> tuple[Attempt, ...]:
    """The attempts listed. Raises CaseDataError naming the index (from 0) and the field."""
    if not isinstance(data, list):
        raise CaseDataError('attempts: a list is expected: [{"at": ..., "kind": ..., "procedure": ...}]')
    return tuple(_attempt(i, item, zone) for i, item in enumerate(data))


def _attempt(i: int, item: Any, zone: ZoneInfo) -> Attempt:
    if not isinstance(item, dict):
        raise CaseDataError(f"attempts[{i}]: an object with at, kind and procedure is expected")
    text = {name: item.get(name) for name in ("at", "kind", "procedure")}
    for name, value in text.items():
        if not isinstance(value, str) or not value.strip():
            raise CaseDataError(f"attempts[{i}].{name}: {'missing' if value is None else 'a text is expected'}")
    try:
        day, at = moment(str(text["at"]), zone)
    except ValueError:
        raise CaseDataError(
            f"attempts[{i}].at: {text['at']!r} is not a day or an instant such as 2026-03-02T09:14:00+01:00"
        ) from None
    kind = kind_of(str(text["kind"]))
    if kind is None:
        near = did_you_mean(str(text["kind"]).lower(), tuple(KINDS)) or f"; known: {', '.join([*KINDS, *ALIASES])}"
        raise CaseDataError(f"attempts[{i}].kind: {text['kind']!r} is no kind{near}")
    return Attempt(day=day, at=at, kind=kind, procedure=str(text["procedure"]).strip())
