"""Préfecture des Ardennes (08)."""

from monitor.api import Notice, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="08",
    slug="ardennes",
    name="Ardennes",
    office="Préfecture des Ardennes",
    site="https://www.ardennes.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, place de la Préfecture, BP 60002, 08005 Charleville-Mézières Cedex",
    phone="03 24 59 66 00",
    emails=("prefecture@ardennes.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="51",
    notices=(
        Notice(
            slug="page-premier-titre",
            kind="foreigners",
            url="https://www.ardennes.gouv.fr/vous-souhaitez-obtenir-un-premier-titre-de-sejour-a3082.html",
            label="Premier titre de séjour (RDV)",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
