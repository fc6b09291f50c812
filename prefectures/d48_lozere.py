"""Préfecture de la Lozère (48)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="48",
    slug="lozere",
    name="Lozère",
    office="Préfecture de la Lozère",
    site="https://www.lozere.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Rue du Faubourg-Montbel, BP 130, 48000 Mende",
    phone="04 66 49 60 00",
    emails=("prefecture@lozere.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="34",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
