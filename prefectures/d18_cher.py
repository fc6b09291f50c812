"""Préfecture du Cher (18)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="18",
    slug="cher",
    name="Cher",
    office="Préfecture du Cher",
    site="https://www.cher.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place Marcel-Plaisant, CS 60022, 18020 Bourges Cedex",
    phone="02 48 67 18 18",
    emails=("prefecture@cher.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="37",
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; du site, seules des actualités de 2020 y figurent.",
    searched_on=date(2026, 11, 21),
)
