"""Préfecture de la Charente (16)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="16",
    slug="charente",
    name="Charente",
    office="Préfecture de la Charente",
    site="https://www.charente.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="7-9, rue de la Préfecture, CS 92301, 16023 Angoulême Cedex",
    phone="05 45 97 61 00",
    emails=("communication@charente.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="79",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
