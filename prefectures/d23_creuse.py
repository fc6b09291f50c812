"""Préfecture de la Creuse (23)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="23",
    slug="creuse",
    name="Creuse",
    office="Préfecture de la Creuse",
    site="https://www.creuse.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="BP 79, Place Louis-Lacrocq, 23011 Guéret Cedex",
    phone="05 55 51 59 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="87",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
