"""Préfecture de la Sarthe (72)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="72",
    slug="sarthe",
    name="Sarthe",
    office="Préfecture de la Sarthe",
    site="https://www.sarthe.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place Aristide-Briand, 72041 Le Mans Cedex 9",
    phone="02 43 39 72 72",
    emails=("pref-mail@sarthe.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="44",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
