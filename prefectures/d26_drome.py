"""Préfecture de la Drôme (26)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="26",
    slug="drome",
    name="Drôme",
    office="Préfecture de la Drôme",
    site="https://www.drome.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="3, boulevard Vauban, 26030 Valence Cedex 9",
    phone="04 75 79 28 00",
    emails=("prefecture@drome.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="38",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
