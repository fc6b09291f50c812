"""Préfecture de la Vendée (85)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="85",
    slug="vendee",
    name="Vendée",
    office="Préfecture de la Vendée",
    site="https://www.vendee.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="29, rue Delille, 85922 La Roche-sur-Yon Cedex 9",
    phone="02 51 36 70 85",
    emails=("prefecture@vendee.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="44",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
