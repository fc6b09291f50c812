"""Préfecture du Gers (32)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="32",
    slug="gers",
    name="Gers",
    office="Préfecture du Gers",
    site="https://www.gers.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="3, place du Préfet Claude-Erignac, 32007 Auch Cedex",
    phone="05 62 61 44 00",
    emails=("prefecture@gers.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
