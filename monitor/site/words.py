"""Short words that several pages share: the five states of a time, the four numbers, the days of the week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.core.words import N_
from monitor.site.counts import State

STATE_WORDS: Final[Mapping[State, str]] = {
    "slot": N_("a slot was shown"),
    "none": N_("no slot, said the site"),
    "other": N_("another answer"),
    "unread": N_("could not be read"),
    "nobody": N_("nobody looked"),
}
NUMBER_WORDS: Final = (N_("No slot"), N_("Slot shown"), N_("Another answer"), N_("Could not be read"))  # as in Counts
NUMBER_STATES: Final[tuple[State, ...]] = ("none", "slot", "other", "unread")
SHORT_DAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
