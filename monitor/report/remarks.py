"""Why an observation is shown and counted nowhere: its address was never the foreigners' desk, or today's readers no
longer read what was recorded. Pure. Nothing is deleted: what is sealed stays, with its remark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.catalogue.errata import Erratum, erratum
from monitor.core.labels import Label, label
from monitor.core.readings import detail_of, from_json
from monitor.core.record import digest


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
    """In both languages. erratum, unconfirmed: what it rests on, one of the two."""

    fr: str
    en: str
    erratum: Erratum | None = None
    unconfirmed: Unconfirmed | None = None

    @property
    def label(self) -> Label:
        """What stands where the reading would."""
        if self.erratum is not None:
            return Label("✗", "pas un guichet d'étrangers, non compté", "not a desk for foreigners, not counted")
        return Label("✗", "lecture que la relecture ne confirme pas, non comptée", "reading not confirmed, not counted")


def remark_on(url: str, seq: int, line: bytes, again: Mapping[int, Unconfirmed]) -> Remark | None:
    """What is to be said of an observation. url: of its desk; line: its record line; again: see `report.rereadings`."""
    if (wrong := erratum(url)) is not None:
        return Remark(
            fr=f"non comptée : ce guichet n'est pas celui des étrangers ({wrong.what} ; noté le {wrong.noted})",
            en=f"not counted: this desk is not that of foreigners ({wrong.what}; noted on {wrong.noted})",
            erratum=wrong,
        )
    found = again.get(seq)
    if found is None or found.line_sha256 != digest(line):
        return None
    now = reading_now(found)
    return Remark(
        fr=f"non comptée : relue le {found.at:%Y-%m-%d} par {found.program}, la page gardée ne confirme plus cette "
        f"lecture ; {now.fr}",
        en=f"not counted: read again on {found.at:%Y-%m-%d} by {found.program}, the page kept no longer confirms it; "
        f"{now.en}",
        unconfirmed=found,
    )


def reading_now(one: Unconfirmed) -> Label:
    """What is read today of the page that was kept."""
    if one.now is None and not one.asks:
        return Label("?", "elle ne nomme aucune réponse du site", "it names no answer of the site")
    if one.now is None:
        return Label(
            "?",
            f"la visite d'aujourd'hui demanderait une page qui n'a pas été demandée ({one.asks})",
            f"today's visit would ask for a page that was not asked for ({one.asks})",
        )
    found = label(one.now["reading"], detail_of(from_json(dict(one.now))))
    return Label(found.mark, f"lecture d'aujourd'hui : {found.fr}", f"read today: {found.en}")
