"""Préfecture de la Guyane (973)."""

from monitor.api import Desk, EzBooking, Place, Prefecture, Provenance, SubPrefecture

PREFECTURE = Prefecture(
    code="973",
    slug="guyane",
    name="Guyane",
    office="Préfecture de la Guyane",
    site="https://www.guyane.gouv.fr",
    provenance=Provenance("site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="BP 7008, Rue Fiedmond, 97307 Cayenne Cedex",
    phone="+594 594 39 45 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    time_zone="America/Cayenne",
    desks=(
        Desk(
            slug="naturalisation",
            label="Naturalisation (dépôt au guichet)",
            procedure="naturalisation",
            platform=EzBooking("www.guyane.gouv.fr", 18974),
            provenance=Provenance("list of naturalisation platforms", "2025-10-03", "confirmed_1"),
        ),
        Desk(
            slug="renouvellement-cayenne",
            label="prendre rdv pour renouveler / modifier / dupliquer votre titre de séjour",
            procedure="renewal",
            also=("duplicate",),
            platform=EzBooking("www.guyane.gouv.fr", 4150),
            provenance=Provenance("stored page of the module", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="pan",
            name="e-MERAUDE Cayenne (rendez-vous donné par le CCC)",
            phone="0806 001 620",
            access=("phone",),
            receives_foreigners="yes",
            page="https://la1ere.francetvinfo.fr/guyane/la-prefecture-met-en-place-e-meraude-un-accompagnement-numerique-destine-au-renouvellement-des-titres-de-sejour-1150375.html",
            provenance=Provenance("press", "2021-11", "confirmed_1"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Saint-Laurent-du-Maroni",
            receives_foreigners="yes",
            what="arrondissement : procédure à part",
            address="4, boulevard du Général-de-Gaulle - BP 244, 97393 Saint-Laurent-du-Maroni",
            phone="+594 594 34 04 00",
            provenance=Provenance("site page; address: DILA annuaire 2019-10", None, "confirmed_1"),
        ),
    ),
)
