"""Préfecture des Vosges (88)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="88",
    slug="vosges",
    name="Vosges",
    office="Préfecture des Vosges",
    site="https://www.vosges.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, place Foch, 88026 Epinal Cedex",
    phone="03 29 69 88 88",
    emails=("prefecture@vosges.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="54",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
