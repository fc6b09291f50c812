"""Préfecture de l'Aube (10)."""

from monitor.api import Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="10",
    slug="aube",
    name="Aube",
    office="Préfecture de l'Aube",
    site="https://www.aube.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 20372, 2, rue Pierre-Labonde, 10025 Troyes Cedex",
    phone="03 25 42 35 00",
    emails=("prefecture@aube.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="51",
    places=(
        Place(
            kind="foreigners",
            name="Séjour",
            emails=("pref-sejour@aube.gouv.fr",),
            provenance=Provenance("site page", "2020-03", "confirmed_1"),
        ),
        Place(
            kind="foreigners",
            name="Asile",
            emails=("pref-asile@aube.gouv.fr",),
            provenance=Provenance("site page", "2020-03", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Fermeture du printemps 2020 : contacts du séjour et de l'asile",
            page="http://www.aube.gouv.fr/Actualites/Fermeture-exceptionnelle-des-services-d-accueil-de-la-prefecture-et-des-sous-prefectures",
            provenance=Provenance("site page", "2020-03", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; du site, seules des actualités de 2020 y figurent.",
    searched_on=date(2026, 11, 21),
)
