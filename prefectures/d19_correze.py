"""Préfecture de la Corrèze (19)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="19",
    slug="correze",
    name="Corrèze",
    office="Préfecture de la Corrèze",
    site="https://www.correze.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, rue Souham, BP 250, 19012 Tulle Cedex",
    phone="05 55 20 55 20",
    emails=("prefecture@correze.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="87",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
