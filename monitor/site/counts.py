"""The four numbers that are never mixed: looks that found no slot, a slot, another answer, and looks that read nothing.

Pure. A look that was not made is in none of them: where all four are 0, nobody looked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

FEWEST: Final = 5  # looks: of fewer no share is told

State = Literal["slot", "none", "other", "unread", "nobody"]
STATES: Final[tuple[State, ...]] = ("slot", "none", "other", "unread", "nobody")
_UNREAD: Final = frozenset({"Obstructed", "Unreadable", "Unreached"})


class Counts(NamedTuple):
    """Looks, by what they found. none: the site's own sentence that there is no slot. slot: a slot was shown.

    other: the site answered something else (a form, an announced opening, closed, overloaded, a way open in which no
    slot was seen yet). unread: a captcha or firewall stood there, the page was not understood, or no answer came.
    """

    none: int = 0
    slot: int = 0
    other: int = 0
    unread: int = 0

    @property
    def looks(self) -> int:
        """All looks that were made: the denominator of every share."""
        return sum(self)

    @property
    def read(self) -> int:
        """Looks in which the site's answer was read."""
        return self.none + self.slot + self.other

    @property
    def state(self) -> State:
        """One word for a time: a slot wherever one was shown, else what the site said, else why nothing is known."""
        if self.slot:
            return "slot"
        if self.none:
            return "none"
        if self.other:
            return "other"
        return "unread" if self.unread else "nobody"

    def share(self, number: int) -> float | None:
        """A part of the looks, 0 to 1; None of fewer than FEWEST."""
        return number / self.looks if self.looks >= FEWEST else None


NOTHING: Final = Counts()


def summed(counts: Iterable[Counts]) -> Counts:
    """Several as one."""
    none = slot = other = unread = 0
    for one in counts:
        none, slot, other, unread = none + one[0], slot + one[1], other + one[2], unread + one[3]
    return Counts(none, slot, other, unread)


def place_of(reading: str, detail: str | None) -> int:
    """Which of the four numbers a reading is counted in: its index in `Counts`."""
    if reading in _UNREAD:
        return 3
    if reading == "NoSlot":
        return 0
    return 1 if reading == "SlotsOpen" and detail != "weak" else 2
