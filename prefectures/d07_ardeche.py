"""Préfecture de l'Ardèche (07)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="07",
    slug="ardeche",
    name="Ardèche",
    office="Préfecture de l'Ardèche",
    site="https://www.ardeche.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="4, boulevard de Vernon, 07000 Privas",
    phone="04 75 66 50 00",
    emails=("pref-courrier@ardeche.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="69",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
