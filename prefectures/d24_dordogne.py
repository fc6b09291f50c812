"""Préfecture de la Dordogne (24)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="24",
    slug="dordogne",
    name="Dordogne",
    office="Préfecture de la Dordogne",
    site="https://www.dordogne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue Paul-Louis-Courier, Cité administrative, 24000 Périgueux",
    phone="05 53 02 24 24",
    emails=("prefecture@dordogne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="33",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
