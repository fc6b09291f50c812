"""Préfecture des Côtes-d'Armor (22)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="22",
    slug="cotes-darmor",
    name="Côtes-d'Armor",
    office="Préfecture des Côtes-d'Armor",
    site="https://www.cotes-darmor.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, place du Général-de-Gaulle, BP 2370, 22023 Saint-Brieuc Cedex 1",
    phone="02 96 62 44 22",
    emails=("prefecture@cotes-darmor.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="35",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
