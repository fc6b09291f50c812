"""Préfecture de la Vienne (86)."""

from monitor.api import Notice, Place, Prefecture, Provenance, Statement, SubPrefecture, date

PREFECTURE = Prefecture(
    code="86",
    slug="vienne",
    name="Vienne",
    office="Préfecture de la Vienne",
    site="https://www.vienne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="BP 589, 7, place Aristide-Briand, 86021 Poitiers Cedex",
    phone="05 49 55 70 00",
    emails=("pref-courrier@vienne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="79",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.vienne.gouv.fr/Demarches/Etrangers/Etrangers-dans-le-departement-de-la-Vienne",
            provenance=Provenance("parent of a site page", "2021-09-13", "derived"),
        ),
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.vienne.gouv.fr/Demarches/Etrangers/Etrangers-dans-le-departement-de-la-Vienne/Foire-aux-questions/Foire-aux-questions",
            label="FAQ étrangers",
            provenance=Provenance("site page", "2021-09-13", "confirmed_1"),
        ),
        Notice(
            slug="page-rendez-vous-etudiants",
            kind="appointment",
            url="https://www.vienne.gouv.fr/Demarches-administratives/Etrangers/Accueil-des-etrangers-a-la-prefecture-de-la-Vienne2",
            label="Prise de RDV titres étudiants, accueil des étrangers",
            provenance=Provenance("page of a university", "2020-09", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            name="Bureau du séjour et de l'asile",
            address="place Aristide-Briand, CS 30589, Poitiers",
            provenance=Provenance("site page", "2018-12", "confirmed_1"),
        ),
        Place(
            kind="foreigners",
            emails=("pref-courrier@vienne.gouv.fr",),
            provenance=Provenance("site page", "2021-09-13", "confirmed_2"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Montmorillon",
            receives_foreigners="partial",
            what="vérification de dossiers britanniques (2018)",
            provenance=Provenance("site page", "2018-12", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Titre de séjour britannique par courrier (2018), aide à la sous-préfecture de Montmorillon",
            ways=("post",),
            page="http://www.vienne.gouv.fr/Actualites/European-citizen-residence-permit",
            provenance=Provenance("site page", "2018-12", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 29),
)
