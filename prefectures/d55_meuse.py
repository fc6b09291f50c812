"""Préfecture de la Meuse (55)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="55",
    slug="meuse",
    name="Meuse",
    office="Préfecture de la Meuse",
    site="https://www.meuse.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="40, rue du Bourg, CS 30512, 55012 Bar-le-Duc Cedex",
    phone="03 29 77 55 55",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="54",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
