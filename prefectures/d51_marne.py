"""Préfecture de la Marne (51)."""

from monitor.api import DemarcheNumerique, Desk, Place, Prefecture, Provenance, Statement, SubPrefecture, date

PREFECTURE = Prefecture(
    code="51",
    slug="marne",
    name="Marne",
    office="Préfecture de la Marne",
    site="https://www.marne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="38, rue Carnot, 51036 Châlons-en-Champagne Cedex",
    phone="03 26 26 10 10",
    emails=("contact@marne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="51",
    desks=(
        Desk(
            slug="dcem",
            label="Demande de document de circulation pour les étrangers mineurs (DCEM)",
            procedure="travel_document",
            platform=DemarcheNumerique("dcem511"),
            provenance=Provenance("official list of request forms", "2025-02-26", "confirmed_1_stale"),
            retired=date(2025, 2, 26),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="Sous-préfecture de Reims, place Royale, 51096 Reims Cedex",
            emails=("pref-naturalisations@marne.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Reims",
            receives_foreigners="yes",
            what="naturalisation (plateforme Champagne-Ardenne) ; RDV étudiants (2020)",
            address="3, rue du Cloître, 51000 Reims",
            phone="03 26 86 71 00",
            provenance=Provenance(
                "list of naturalisation platforms; address: DILA annuaire 2019-10", "2026-09-21", "confirmed_2"
            ),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Reims : demandes des étudiants par l'ANEF, convocation par la sous-préfecture",
            ways=("online",),
            page="https://www.univ-reims.fr/ufrsciences/scolarite/titres-de-sejour/titres-de-sejour,26328,43193.html",
            provenance=Provenance("page of a university", "2020-09", "confirmed_1"),
        ),
    ),
    no_desk="Les adresses de rendez-vous connues sont désactivées ou retirées de la liste officielle ; aucune autre n'a été trouvée dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
