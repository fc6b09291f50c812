"""Préfecture des Landes (40)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="40",
    slug="landes",
    name="Landes",
    office="Préfecture des Landes",
    site="https://www.landes.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="24-26, rue Victor-Hugo, 40021 Mont-de-Marsan Cedex",
    phone="05 58 06 58 06",
    emails=("prefecture@landes.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="33",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
