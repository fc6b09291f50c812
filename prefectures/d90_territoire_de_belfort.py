"""Préfecture du Territoire de Belfort (90)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="90",
    slug="territoire-de-belfort",
    name="Territoire de Belfort",
    office="Préfecture du Territoire de Belfort",
    site="https://www.territoire-de-belfort.gouv.fr",
    provenance=Provenance("site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place de la République, 90020 Belfort Cedex",
    phone="03 84 57 00 07",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="25",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
