"""Préfecture de l'Aisne (02)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="02",
    slug="aisne",
    name="Aisne",
    office="Préfecture de l'Aisne",
    site="https://www.aisne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue Paul-Doumer, 02010 Laon Cedex",
    phone="03 23 21 82 82",
    emails=("prefecture@aisne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="60",
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; du site, seules des actualités de 2020 y figurent.",
    searched_on=date(2026, 11, 21),
)
