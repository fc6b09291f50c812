"""Préfecture de l'Aisne (02)."""

from monitor.api import Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="02",
    slug="aisne",
    name="Aisne",
    office="Préfecture de l'Aisne",
    site="https://www.aisne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue Paul-Doumer, 02010 Laon Cedex",
    phone="03 23 21 82 82",
    emails=("prefecture@aisne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="60",
    places=(
        Place(
            kind="pan",
            name="Points d'accueil numériques, préfecture et sous-préfectures",
            page="http://www.infomie.net/spip.php?article5744",
            provenance=Provenance("notice of the office, repeated by an association", "2020-03-18", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Réouverture au public après la fermeture du printemps 2020, bureau de la nationalité compris",
            page="http://www.aisne.gouv.fr/index.php/Actualites/Covid-19-Reouverture-au-public-des-services-de-la-prefecture-et-des-sous-prefectures",
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; du site, seules des actualités de 2020 y figurent.",
    searched_on=date(2026, 11, 21),
)
