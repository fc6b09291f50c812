"""Préfecture de l'Ariège (09)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="09",
    slug="ariege",
    name="Ariège",
    office="Préfecture de l'Ariège",
    site="https://www.ariege.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue de la Préfecture - Préfet Claude Erignac, BP 4087, 09007 Foix Cedex",
    phone="05 61 02 10 00",
    emails=("prefecture@ariege.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
