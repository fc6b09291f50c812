"""What became of handing one message to a channel. Pure.

Texts are the program's own words and codes: never an address, a token or the channel's own sentence.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took it. reference: the channel's own number for it, empty when it gave none."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not taken; worth another try."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Certainly not taken, and the same message would be refused again. permanent: the address itself is no good."""

    why: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken: no answer came after it left."""

    why: str


Outcome = Sent | Later | Refused | Unknown
