"""Answers by mail: `OUI-CODE` and `STOP-CODE` in a subject, and nothing else of a message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

_CODE: Final = re.compile(r"(?<![A-Za-z0-9])(OUI|STOP)-([A-Z2-7]{16})(?![A-Za-z0-9])", re.IGNORECASE)


class Mailbox(Protocol):
    """The unseen messages of a mailbox that may hold a code."""

    def subjects(self) -> Iterable[tuple[str, str]]:
        """The message's own number and its subject, decoded; nothing is marked."""
        ...

    def handled(self, number: str) -> None:
        """Mark one as seen."""
        ...


class Register(Protocol):
    """Who answers."""

    def confirm(self, code: str, text: str, now: datetime) -> int | None:
        """Consent by a whole `OUI-…` code; the subscriber's number, None for no such code. text: version agreed to."""
        ...

    def stop(self, code: str, now: datetime) -> int | None:
        """The holder of a whole `STOP-…` code leaves."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the mailbox brought. confirmed, stopped: numbers of subscribers. unknown: codes that nobody has now."""

    confirmed: tuple[int, ...]
    stopped: tuple[int, ...]
    unknown: int


def codes(subject: str) -> tuple[str, ...]:
    """The codes that stand in a subject, in capitals, each once; `Re:` and other words around them do not matter."""
    return tuple(dict.fromkeys(f"{word}-{drawn}".upper() for word, drawn in _CODE.findall(subject)))


def answer(mailbox: Mailbox, register: Register, text: str, now: datetime) -> Answered:
    """Act on what is there. A message with a code that is known is marked; any other stays unseen, for the operator.

    Where a subject holds both words, only STOP is heard. text: version of the words agreed to. now: aware UTC.
    """
    confirmed: list[int] = []
    stopped: list[int] = []
    unknown = 0
    for number, subject in mailbox.subjects():
        found = codes(subject)
        stops = [code for code in found if code.startswith("STOP")]
        if stops:
            who = [register.stop(code, now) for code in stops]
            stopped += [one for one in who if one is not None]
        else:
            who = [register.confirm(code, text, now) for code in found]
            confirmed += [one for one in who if one is not None]
        unknown += sum(one is None for one in who)
        if any(one is not None for one in who):
            mailbox.handled(number)
    return Answered(confirmed=tuple(confirmed), stopped=tuple(stopped), unknown=unknown)
