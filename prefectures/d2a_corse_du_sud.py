"""Préfecture de la Corse-du-Sud (2A)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="2A",
    slug="corse-du-sud",
    name="Corse-du-Sud",
    office="Préfecture de la Corse-du-Sud",
    site="https://www.corse-du-sud.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Palais Lantivy, Cours Napoléon, 20188 Ajaccio Cedex 9",
    phone="04 95 11 12 13",
    emails=("prefecture@corse-du-sud.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="2B",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
