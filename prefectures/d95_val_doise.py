"""Préfecture du Val-d'Oise (95)."""

from monitor.api import Desk, EzBooking, Notice, Place, Prefecture, Provenance, SubPrefecture, date

PREFECTURE = Prefecture(
    code="95",
    slug="val-doise",
    name="Val-d'Oise",
    office="Préfecture du Val-d'Oise",
    site="https://www.val-doise.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 20105, 5, avenue Bernard-Hirsch, 95010 Cergy-Pontoise Cedex",
    phone="01 34 20 95 95",
    emails=("prefecture@val-doise.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="95",
    desks=(
        Desk(
            slug="renouvellement-vpf-sarcelles",
            label="Sarcelles : renouvellement vie privée et familiale",
            procedure="renewal",
            platform=EzBooking("www.val-doise.gouv.fr", 11404),
            provenance=Provenance("public booking script", "2020-11-15", "confirmed_1"),
        ),
        Desk(
            slug="renouvellement-cergy",
            label="Renouvellement d'un titre de séjour (Cergy)",
            procedure="renewal",
            platform=EzBooking("www.val-doise.gouv.fr", 13860),
            provenance=Provenance("public booking script", "2020-11-15", "confirmed_1"),
        ),
        Desk(
            slug="examen-situation-sarcelles",
            label="Sarcelles : examen de situation",
            procedure="other",
            platform=EzBooking("www.val-doise.gouv.fr", 5260),
            provenance=Provenance("public booking scripts", "2021-07-25", "confirmed_2"),
        ),
        Desk(
            slug="cergy-11343",
            label="Naturalisation (préfecture de Cergy)",
            procedure="naturalisation",
            platform=EzBooking("www.val-doise.gouv.fr", 11343),
            provenance=Provenance("public booking scripts and a page saved in 2022-09", "2025-06-26", "confirmed_2"),
        ),
        Desk(
            slug="module-13814",
            label="[démarche non nommée, module 13814]",
            procedure="other",
            platform=EzBooking("www.val-doise.gouv.fr", 13814),
            provenance=Provenance("public booking script, found disabled", "2026-03-07", "confirmed_1"),
            retired=date(2026, 3, 7),
        ),
    ),
    notices=(
        Notice(
            slug="page-rendez-vous",
            kind="appointment",
            url="https://www.val-doise.gouv.fr/Prendre-un-rendez-vous",
            label="Prendre un rendez-vous",
            provenance=Provenance("public code", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="5 avenue Bernard-Hirsch, CS 20105, 95010 Cergy-Pontoise Cedex",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Sarcelles",
            receives_foreigners="yes",
            what="renouvellement, examen de situation",
            address="1, boulevard François-Mitterrand, 95842 Sarcelles Cedex",
            phone="01 34 20 95 95",
            provenance=Provenance("public booking script; address: DILA annuaire 2019-10", "2020-11-15", "confirmed_1"),
        ),
    ),
)
