"""Préfecture des Pyrénées-Atlantiques (64)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="64",
    slug="pyrenees-atlantiques",
    name="Pyrénées-Atlantiques",
    office="Préfecture des Pyrénées-Atlantiques",
    site="https://www.pyrenees-atlantiques.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue du Maréchal-Joffre, 64021 Pau Cedex",
    phone="05 59 98 24 24",
    emails=("prefecture@pyrenees-atlantiques.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="33",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
