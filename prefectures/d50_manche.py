"""Préfecture de la Manche (50)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="50",
    slug="manche",
    name="Manche",
    office="Préfecture de la Manche",
    site="https://www.manche.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place de la Préfecture, BP 70522, 50002 Saint-Lô Cedex",
    phone="02 33 75 49 50",
    emails=("prefecture@manche.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="14",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
