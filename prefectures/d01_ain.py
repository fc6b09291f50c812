"""Préfecture de l'Ain (01)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="01",
    slug="ain",
    name="Ain",
    office="Préfecture de l'Ain",
    site="https://www.ain.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="45, avenue d'Alsace-Lorraine, CS 80400, Quartier Bourg centre, 01012 Bourg-en-Bresse Cedex",
    phone="04 74 32 30 00",
    emails=("prefecture@ain.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="69",
    no_desk="Le seul module connu (804) est celui de la commission médicale du permis de conduire : ce n'est pas un guichet d'étrangers.",
    searched_on=date(2026, 11, 29),
)
