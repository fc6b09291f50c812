"""Préfecture des Yvelines (78)."""

from monitor.api import (
    Desk,
    EzBooking,
    Notice,
    Place,
    Prefecture,
    Provenance,
    RdvPrefecture,
    Statement,
    SubPrefecture,
    date,
)

PREFECTURE = Prefecture(
    code="78",
    slug="yvelines",
    name="Yvelines",
    office="Préfecture des Yvelines",
    site="https://www.yvelines.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, rue Jean-Houdon, 78000 Versailles",
    phone="01 39 49 78 00",
    emails=("pref-communication78@yvelines.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="78",
    desks=(
        Desk(
            slug="module-20024",
            label="[démarche non nommée, module 20024]",
            procedure="other",
            platform=EzBooking("www.yvelines.gouv.fr", 20024),
            provenance=Provenance("public booking script", "2023-01-29", "confirmed_1"),
        ),
        Desk(
            slug="titre-de-sejour",
            label="Titre de séjour",
            procedure="other",
            platform=RdvPrefecture(1000),
            provenance=Provenance("public booking script", "2026-03-07", "confirmed_1"),
        ),
        Desk(
            slug="module-12647",
            label="[démarche non nommée, module 12647]",
            procedure="other",
            platform=EzBooking("www.yvelines.gouv.fr", 12647),
            provenance=Provenance("public booking script, found disabled", "2026-03-07", "confirmed_1"),
            retired=date(2026, 3, 7),
        ),
        Desk(
            slug="titre-de-sejour-versailles",
            label="Titre de séjour, préfecture de Versailles",
            procedure="other",
            platform=EzBooking("www.yvelines.gouv.fr", 6342),
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-rendez-vous",
            kind="appointment",
            url="https://www.yvelines.gouv.fr/Prendre-un-rendez-vous",
            label="Prendre un rendez-vous (remise, renouvellement hors ANEF)",
            provenance=Provenance("public rules file", None, "confirmed_1"),
        ),
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.yvelines.gouv.fr/Demarches/Accueil-des-etrangers-dans-les-Yvelines",
            provenance=Provenance("parent of a site page", None, "derived"),
        ),
        Notice(
            slug="page-asile",
            kind="foreigners",
            url="https://www.yvelines.gouv.fr/Demarches/Accueil-des-etrangers-dans-les-Yvelines/Asile/Je-demande-l-asile-en-France",
            label="Demande d'asile",
            provenance=Provenance("public rules file", None, "confirmed_1"),
        ),
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.yvelines.gouv.fr/Demarches-administratives/Naturalisations/Vos-questions-les-plus-frequentes",
            label="FAQ naturalisations (SP Saint-Germain-en-Laye)",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
        Notice(
            slug="page-recepisse",
            kind="forms",
            url="https://contacts-demarches.interieur.gouv.fr/etrangers/renouvellement-recepisse/",
            label="Renouvellement de récépissé (saisine par voie électronique)",
            provenance=Provenance("public rules file", None, "confirmed_1"),
        ),
        Notice(
            slug="page-titres-de-sejour",
            kind="foreigners",
            url="https://www.yvelines.gouv.fr/Demarches-administratives/Accueil-des-etrangers-dans-les-Yvelines/Demande-de-titres-de-sejour",
            label="Demande de titres de séjour",
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
        Notice(
            slug="page-ou-effectuer",
            kind="foreigners",
            url="https://www.yvelines.gouv.fr/Demarches-administratives/Accueil-des-etrangers-dans-les-Yvelines/Demande-de-titres-de-sejour/Ou-effectuer-mes-demarches",
            label="Où effectuer mes démarches [sous-préfectures : dossier par voie postale, convocation ensuite]",
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="Sous-préfecture, aile Saint-Léger, 1 rue du Panorama, 78100 Saint-Germain-en-Laye",
            emails=("pref-spsgl-naturalisation@yvelines.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Saint-Germain-en-Laye",
            receives_foreigners="yes",
            what="naturalisation (plateforme des Yvelines)",
            address="1, rue du Panorama, 78100 Saint-Germain-en-Laye",
            phone="01 30 61 34 00",
            provenance=Provenance(
                "list of naturalisation platforms; address: DILA annuaire 2019-10", "2026-09-21", "confirmed_2"
            ),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Sous-préfectures : dossier par voie postale, convocation ensuite",
            ways=("post",),
            page="https://www.yvelines.gouv.fr/Demarches-administratives/Accueil-des-etrangers-dans-les-Yvelines/Demande-de-titres-de-sejour/Ou-effectuer-mes-demarches",
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
    ),
)
