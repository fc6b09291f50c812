"""Who writes first: `VIGIE 93 renouvellement fr` in a subject, or by Signal. No form, and no budget of strangers.

By mail it is a consent where our own server attests the sender (`authentic`), else the question is sent. Signal itself
knows who writes.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, cast

from monitor.alerts.people.budget import Budget
from monitor.alerts.people.requests import SelfRequest, take
from monitor.alerts.people.subscribers import Subscribers
from monitor.alerts.people.subscriptions import LANGUAGES, Channel, Language, Subscription, recipient
from monitor.core.labels import PROCEDURES, procedure
from monitor.values import dataclass, pattern

_FIRST: Final = pattern(r"^\W*vigie\b(.*)", re.IGNORECASE | re.DOTALL)
_SHORTEST: Final = 5  # letters of a word that names a démarche: « séjour », « titre » and « permit » name every one
_EVERYWHERE: Final = frozenset({"titre", "sejour", "permit", "permis", "residence", "demarche", "rendez", "autre"})


def is_first(text: str) -> bool:
    """Whether a subject or a message begins with the word."""
    return _FIRST.match(text) is not None


def wishes(text: str, channel: Channel, zones: Mapping[str, str], most: int) -> Subscription | None:
    """What is asked for; None where no préfecture of `zones` (IANA zone by code) is named, or more than `most`.

    Words that name nothing are passed over: they are a greeting, or a name.
    """
    found = _FIRST.match(text)
    if found is None:
        return None
    words = re.findall(r"\w+", found[1])
    places = tuple(dict.fromkeys(word.upper() for word in words if word.upper() in zones))
    if not 0 < len(places) <= most:
        return None
    spoken = next((word.lower() for word in words if word.lower() in LANGUAGES), "fr")
    return Subscription(
        id=0,
        channel=channel,
        state="pending",
        prefectures=places,
        procedures=tuple(code for code, names in _named() if any(_names(word, names) for word in words)),
        language=cast(Language, spoken),
        discreet=channel == "signal",
        time_zone=zones[places[0]],
    )


def _named() -> Iterator[tuple[str, set[str]]]:
    """Each démarche with the words of its names, in French and English."""
    for code in PROCEDURES:
        said = f"{code.replace('_', ' ')} {procedure(code, 'fr')} {procedure(code, 'en')}"
        yield code, {one for one in re.findall(r"\w+", _plain(said)) if len(one) >= _SHORTEST} - _EVERYWHERE


def _names(word: str, names: set[str]) -> bool:
    return _plain(word) in names


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text)
    return "".join(one for one in bare if not unicodedata.combining(one)).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomers:
    """Takes in who writes first. zones: of the préfectures that may be followed; most: how many by one person.

    consent: version of the words that the pages show beside « write first ».
    """

    db: sqlite3.Connection
    people: Subscribers
    budget: Budget
    zones: Mapping[str, str]
    most: int
    consent: str

    def came(self, text: str, channel: Channel, address: str, now: datetime, *, proved: bool) -> bool:
        """Somebody wrote; False where it is no request that can be met. proved: they are who they say."""
        chosen = wishes(text, channel, self.zones, self.most)
        try:
            to = recipient(channel, address)
        except ValueError:
            return False
        if chosen is None:
            return False
        asked = SelfRequest(address=to, wishes=chosen)
        number = take(asked, self.db, self.people, self.budget, now, proved=proved)
        if number is not None and proved and self.people.confirm(number, f"{self.consent} written", now) is not None:
            self.people.ask_link(number, now)  # what was understood is shown there, and can be put right
        return True
