"""Préfecture de la Haute-Saône (70)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="70",
    slug="haute-saone",
    name="Haute-Saône",
    office="Préfecture de la Haute-Saône",
    site="https://www.haute-saone.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, rue de la Préfecture, BP 429, 70013 Vesoul Cedex",
    phone="03 84 77 70 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="25",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
