"""Under which licence the data are given, and how they are cited."""

from __future__ import annotations

from typing import Final

from monitor.site.model import SiteData, SiteOptions

NAME: Final = "Licence Ouverte / Open Licence 2.0 (Etalab)"
SPDX: Final = "etalab-2.0"
ADDRESS: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"


def citation(data: SiteData, options: SiteOptions) -> str:
    """One line, as whoever uses the data writes it beside them; in French."""
    upto = f", observations jusqu’au {data.until:%Y-%m-%d à %H:%M} UTC" if data.until else ""
    place = f", {options.base_url}" if options.base_url else ""
    mark = "SIMULATION – " if data.simulated else ""
    return f"{mark}Vigie Préfectures{upto}{place}, {NAME}"
