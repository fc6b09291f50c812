"""Préfecture de Lot-et-Garonne (47)."""

from monitor.api import Notice, Place, Prefecture, Provenance, SubPrefecture, date

PREFECTURE = Prefecture(
    code="47",
    slug="lot-et-garonne",
    name="Lot-et-Garonne",
    office="Préfecture de Lot-et-Garonne",
    site="https://www.lot-et-garonne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place de Verdun, 47920 Agen Cedex 9",
    phone="05 53 77 60 47",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="33",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.lot-et-garonne.gouv.fr/Demarches/Demarches-en-ligne/Ressortissants-etrangers-en-Lot-et-Garonne",
            provenance=Provenance("parent of a site page", "2021-07-02", "derived"),
        ),
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.lot-et-garonne.gouv.fr/Demarches/Demarches-en-ligne/Ressortissants-etrangers-en-Lot-et-Garonne/ACTUALITES-FAQ/Foire-aux-Questions-FAQ",
            label="FAQ ressortissants étrangers",
            provenance=Provenance("site page", "2021-07-02", "confirmed_1"),
        ),
        Notice(
            slug="page-pan",
            kind="pan",
            url="https://www.lot-et-garonne.gouv.fr/les-points-numeriques-en-lot-et-garonne-a4861.html",
            label="Points numériques préfecture, SP Marmande et Villeneuve-sur-Lot, France services",
            provenance=Provenance("site page", "2021-07-02", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="pan",
            name="Points numériques : préfecture, sous-préfectures de Marmande et de Villeneuve-sur-Lot, France services",
            page="https://www.lot-et-garonne.gouv.fr/les-points-numeriques-en-lot-et-garonne-a4861.html",
            provenance=Provenance("site page", "2021-07-02", "confirmed_1"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Marmande",
            receives_foreigners="partial",
            what="point numérique",
            address="93, rue de la Libération - BP 303, 47207 Marmande Cedex",
            phone="05 53 76 01 76",
            provenance=Provenance("site page; address: DILA annuaire 2019-10", "2021-07-02", "confirmed_1"),
        ),
        SubPrefecture(
            name="Sous-préfecture de Villeneuve-sur-Lot",
            receives_foreigners="partial",
            what="point numérique",
            address="Rue des Cieutats - BP 313, 47300 Villeneuve-sur-Lot",
            phone="05 53 49 03 16",
            provenance=Provenance("site page; address: DILA annuaire 2019-10", "2021-07-02", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
