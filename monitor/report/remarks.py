"""Why an observation is shown and counted nowhere: its address was never the foreigners' desk, or today's readers no
longer read what was recorded. Pure. Nothing is deleted: what is sealed stays, with its remark.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.catalogue.errata import Erratum, erratum
from monitor.core.labels import Label, label
from monitor.core.readings import detail_of, from_json
from monitor.core.record import digest
from monitor.core.words import N_, spoken
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """One `NoSlot` or `SlotsOpen` that is read otherwise today.

    check: `95/slug`. line_sha256: of the record line. recorded: its class. now: the reading of today, as
    `core.readings.to_json` gives it; None where today's visit asks for a page that was not asked for then, whose
    address is `asks`. at: when it was read again, aware UTC. program: version of what did.
    """

    seq: int
    check: str
    line_sha256: str
    recorded: str
    now: Mapping[str, Any] | None
    asks: str
    at: datetime
    program: str

    def to_json(self) -> dict[str, Any]:
        """As the file keeps it."""
        return {
            "seq": self.seq,
            "check": self.check,
            "line_sha256": self.line_sha256,
            "recorded": self.recorded,
            "now": self.now and dict(self.now),
            "asks": self.asks,
            "at": self.at.isoformat(),
            "program": self.program,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Why it counts no more. erratum, unconfirmed: what it rests on, one of the two."""

    erratum: Erratum | None = None
    unconfirmed: Unconfirmed | None = None

    @property
    def label(self) -> Label:
        """What stands where the reading would."""
        if self.erratum is not None:
            return Label("✗", N_("not a desk for foreigners, not counted"))
        return Label("✗", N_("reading not confirmed, not counted"))

    def said(self, lang: str) -> str:
        """The remark in a language such as `fr`."""
        tongue = spoken(lang)
        if (wrong := self.erratum) is not None:
            form = tongue.gettext(N_("not counted: this desk is not that of foreigners (“{what}”, noted on {day})"))
            return form.format(what=wrong.what, day=wrong.noted)
        found = self.unconfirmed
        assert found is not None
        form = tongue.gettext(
            N_("not counted: read again on {day} by {program}, the page kept no longer confirms it; {now}")
        )
        return form.format(day=f"{found.at:%Y-%m-%d}", program=found.program, now=reading_now(found, lang)[1])


def remark_on(url: str, seq: int, line: bytes, again: Mapping[int, Unconfirmed]) -> Remark | None:
    """What is to be said of an observation. url: of its desk; line: its record line; again: see `report.rereadings`."""
    if (wrong := erratum(url)) is not None:
        return Remark(erratum=wrong)
    found = again.get(seq)
    return None if found is None or found.line_sha256 != digest(line) else Remark(unconfirmed=found)


def reading_now(one: Unconfirmed, lang: str) -> tuple[str, str]:
    """Mark and words of what is read today of the page that was kept."""
    say = spoken(lang).gettext
    if one.now is None and not one.asks:
        return "?", say(N_("it names no answer of the site"))
    if one.now is None:
        form = say(N_("today's visit would ask for a page that was not asked for ({address})"))
        return "?", form.format(address=one.asks)
    found = label(one.now["reading"], detail_of(from_json(dict(one.now))))
    return found.mark, say(N_("read today: {reading}")).format(reading=found.said(lang))
