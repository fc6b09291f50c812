"""Préfecture de la Savoie (73)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="73",
    slug="savoie",
    name="Savoie",
    office="Préfecture de la Savoie",
    site="https://www.savoie.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Château des Ducs de Savoie, BP 1801, 73018 Chambéry Cedex",
    phone="04 79 75 50 50",
    emails=("prefecture@savoie.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="38",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
