"""Préfecture de l'Allier (03)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="03",
    slug="allier",
    name="Allier",
    office="Préfecture de l'Allier",
    site="https://www.allier.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue Michel-de-L'Hospital, CS 31649, 03016 Moulins Cedex",
    phone="04 70 48 30 00",
    emails=("prefecture@allier.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="63",
    no_desk="Les seules adresses de rendez-vous connues sont supposées : elles ne sont pas visitées tant que personne ne les a lues.",
    searched_on=date(2026, 11, 21),
)
