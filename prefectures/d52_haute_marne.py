"""Préfecture de la Haute-Marne (52)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="52",
    slug="haute-marne",
    name="Haute-Marne",
    office="Préfecture de la Haute-Marne",
    site="https://www.haute-marne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="89, rue de la Victoire-de-la-Marne, 52011 Chaumont Cedex",
    phone="03 25 30 52 52",
    emails=("prefecture@haute-marne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="51",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
