"""Préfecture de Loir-et-Cher (41)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="41",
    slug="loir-et-cher",
    name="Loir-et-Cher",
    office="Préfecture de Loir-et-Cher",
    site="https://www.loir-et-cher.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="BP 40299, 1, place de la République, 41006 Blois Cedex",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="37",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
