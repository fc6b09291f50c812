"""The administrative court of a préfecture: CJA, art. R. 221-3, by département. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from monitor.values import dataclass

PARIS: Final = "75"  # where the préfet de police is the authority (CESEDA, art. R. 431-20, R. 434-26)


@dataclass(frozen=True, slots=True)
class Court:
    """A tribunal administratif. seat: the town the article names, as `Cergy-Pontoise`."""

    seat: str

    @property
    def name(self) -> str:
        """`tribunal administratif de Cergy-Pontoise`, `tribunal administratif d'Amiens`."""
        of = "d'" if self.seat[0] in "AEIOUYÉ" else "de "
        return f"tribunal administratif {of}{self.seat}"


def courts_from(rows: Iterable[Mapping[str, str]]) -> dict[str, Court]:
    """By code of département (`95`, `2A`, `974`). rows: `code`, `departement`, `seat`.

    Raises ValueError naming the row that is empty or comes twice, KeyError the column that is missing.
    """
    out: dict[str, Court] = {}
    for i, row in enumerate(rows, 2):
        code, seat = row["code"].strip(), row["seat"].strip()
        if not code or not seat or not row["departement"].strip() or code in out:
            raise ValueError(f"courts: line {i}: a code, a département and a seat are expected, each code once")
        out[code] = Court(seat)
    return out


def defendant(code: str) -> str:
    """Who a request is against: `le préfet de police` in Paris, elsewhere `le préfet`."""
    return "le préfet de police" if code == PARIS else "le préfet"
