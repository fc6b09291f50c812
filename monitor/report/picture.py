"""The three answers about one préfecture, joined from what its desks and notices last said. Pure.

1. Are slots open? The last reading of each desk. 2. Is there a PAN for foreigners? 3. Which channels besides ANEF and
the online calendar are published? For 2 and 3 the facts of several notices are joined: a positive fact names the page
and the sentence it rests on; a negative one lists the pages it was not found on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from monitor.core.changes import CHANNELS
from monitor.values import dataclass

PanAnswer = Literal["published", "closed", "contradictory", "none_found", "not_read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSeen:
    """A notice and the facts last read in it, None where it was never read. at: ISO instant of that reading.

    unmodified: at that instant the server only said that the page had not changed since it was read.
    """

    url: str
    facts: Mapping[str, Any] | None
    at: str | None = None
    unmodified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A published fact: the sentence, where it stands, when it was read, and the facts it came with."""

    seen: str
    url: str
    at: str | None
    facts: Mapping[str, Any]
    unmodified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefecturePicture:
    """What is known of PAN and channels. examined: the pages read; unread: those declared and not read yet.

    pan_due: the site is known to receive foreigners, so the arrêté of 1 August 2023 wants a PAN there; None when not
    known. for_foreigners: as the page says, None where it does not.
    """

    pan: PanAnswer
    for_foreigners: bool | None
    pan_fact: Fact | None
    channels: Mapping[str, Fact | None]
    two_vectors: bool | None
    ccc: str | None
    updated_on: str | None
    pan_due: bool | None
    examined: tuple[str, ...]
    unread: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines: facts as the contract of `vigie read --notice` has them."""
        return {
            "pan": self.pan,
            "for_foreigners": self.for_foreigners,
            "pan_fact": _fact(self.pan_fact),
            "channels": {name: _fact(fact) for name, fact in self.channels.items()},
            "two_vectors": self.two_vectors,
            "ccc": self.ccc,
            "updated_on": self.updated_on,
            "pan_due": self.pan_due,
            "pages_examined": list(self.examined),
            "pages_not_read": list(self.unread),
        }


def picture(notices: Iterable[NoticeSeen], *, receives_foreigners: bool | None = None) -> PrefecturePicture:
    """Join the facts of a préfecture's notices. receives_foreigners: as its declaration knows."""
    known = tuple(notices)
    read = [n for n in known if n.facts is not None]
    channels = {name: _channel(name, read) for name in CHANNELS}
    pan, for_foreigners, fact = _pan(read)
    receives = receives_foreigners or any(channels.values()) or (fact is not None and for_foreigners is True)
    return PrefecturePicture(
        pan=pan,
        for_foreigners=for_foreigners,
        pan_fact=fact,
        channels=channels,
        two_vectors=_first(n.facts["two_vectors"] for n in read if n.facts),
        ccc=_first(n.facts["ccc"]["phone"] for n in read if n.facts),
        updated_on=max((n.facts["updated_on"] for n in read if n.facts and n.facts["updated_on"]), default=None),
        pan_due=True if receives else receives_foreigners,
        examined=tuple(n.url for n in read),
        unread=tuple(n.url for n in known if n.facts is None),
    )


def _pan(read: Sequence[NoticeSeen]) -> tuple[PanAnswer, bool | None, Fact | None]:
    """A PAN for foreigners counts before one whose audience is not said, and that before one for others."""
    if not read:
        return "not_read", None, None
    for audience in (True, None, False):
        told = [n for n in read if n.facts and n.facts["pan"]["status"] != "not_found" and _audience(n) is audience]
        if told:
            said = {n.facts["pan"]["status"] for n in told if n.facts}
            one = next((n for n in told if n.facts and n.facts["pan"]["status"] == "contradictory"), told[0])
            status: PanAnswer = "contradictory" if len(said) > 1 else said.pop()
            return status, audience, _as_fact(one, one.facts["pan"]) if one.facts else None
    return "none_found", None, None


def _audience(notice: NoticeSeen) -> bool | None:
    audience: bool | None = notice.facts["pan"]["for_foreigners"] if notice.facts else None
    return audience


def _channel(name: str, read: Sequence[NoticeSeen]) -> Fact | None:
    """The first notice that publishes the channel; one that ties it to a failure of ANEF comes first."""
    told = [n for n in read if n.facts and n.facts["channels"][name]["published"]]
    told.sort(key=lambda n: not (n.facts and n.facts["channels"][name]["substitution"]))
    return _as_fact(told[0], told[0].facts["channels"][name]) if told and told[0].facts else None


def _as_fact(notice: NoticeSeen, facts: Mapping[str, Any]) -> Fact:
    return Fact(seen=facts["seen"] or "", url=notice.url, at=notice.at, facts=facts, unmodified=notice.unmodified)


def _fact(fact: Fact | None) -> dict[str, Any] | None:
    return None if fact is None else {**fact.facts, "url": fact.url, "read_at": fact.at, "unmodified": fact.unmodified}


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)
