"""Préfecture de l'Aude (11)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="11",
    slug="aude",
    name="Aude",
    office="Préfecture de l'Aude",
    site="https://www.aude.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 20001, 52, rue Jean-Bringer, 11836 Carcassonne Cedex 9",
    phone="04 68 10 27 00",
    emails=("prefecture@aude.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="34",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
