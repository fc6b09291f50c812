"""Préfecture de la Somme (80)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="80",
    slug="somme",
    name="Somme",
    office="Préfecture de la Somme",
    site="https://www.somme.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="51, rue de la République, 80020 Amiens Cedex 9",
    emails=("pref-courrier@somme.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="60",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
