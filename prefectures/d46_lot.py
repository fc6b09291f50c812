"""Préfecture du Lot (46)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="46",
    slug="lot",
    name="Lot",
    office="Préfecture du Lot",
    site="https://www.lot.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Cité Bessières, 46009 Cahors Cedex 9",
    phone="05 65 23 10 00",
    emails=("prefecture@lot.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
