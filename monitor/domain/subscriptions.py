"""Who is told what, when and in which form. Pure: the address itself is not here, only the number of its holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from monitor.domain.events import SUBSCRIBER_KINDS

Channel = Literal["email", "signal"]
Cadence = Literal["at_once", "daily", "weekly"]
Language = Literal["fr", "en"]
State = Literal["pending", "active", "paused", "suspended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one subscriber asked for.

    id: number of the subscriber; the address is kept apart, encrypted. prefectures: codes. procedures: empty for all.
    kinds: of events. quiet: two local times between which nothing but an opened slot is sent, in the legal time of the
    first préfecture. attach: send the log along. discreet: no place, procedure or telling file name on the outside.
    """

    id: int
    channel: Channel
    state: State
    prefectures: tuple[str, ...]
    procedures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = SUBSCRIBER_KINDS
    language: Language = "fr"
    cadence: Cadence = "at_once"
    quiet: tuple[time, time] | None = None
    attach: bool = True
    discreet: bool = False
    time_zone: str = "Europe/Paris"
