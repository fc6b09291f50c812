"""Préfecture du Tarn (81)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="81",
    slug="tarn",
    name="Tarn",
    office="Préfecture du Tarn",
    site="https://www.tarn.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place de la Préfecture, 81013 Albi Cedex 9",
    phone="05 63 45 61 61",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
