"""Préfecture du Doubs (25)."""

from monitor.api import Notice, Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="25",
    slug="doubs",
    name="Doubs",
    office="Préfecture du Doubs",
    site="https://www.doubs.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="8 bis, rue Charles-Nodier, 25035 Besançon Cedex",
    phone="03 81 25 10 00",
    emails=("pref-courrier@doubs.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="25",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.doubs.gouv.fr/Demarches-administratives/Titres-de-sejour",
            provenance=Provenance("parent of a site page", "2024-02-09", "derived"),
        ),
        Notice(
            slug="page-protection-internationale",
            kind="foreigners",
            url="https://www.doubs.gouv.fr/Demarches-administratives/Titres-de-sejour/Plateforme-de-l-asile2/Les-demandes-de-titres-de-sejour-pour-refugies-ou-beneficiaires-de-la-protection-subsidiaire-et-leur-famille",
            label="Titres de séjour protection internationale (Doubs)",
            provenance=Provenance("site page", "2024-02-09", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            name="Asile",
            emails=("pref-asile-usagers@doubs.gouv.fr",),
            provenance=Provenance("press", "2020-05-14", "confirmed_1"),
        ),
        Place(
            kind="naturalisation",
            address="8 bis rue Charles-Nodier, 25035 Besançon Cedex (accueil : 3 avenue de la Gare-d'Eau)",
            emails=("pref-naturalisations@doubs.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Accueil de la préfecture et des sous-préfectures (2020)",
            page="https://www.macommune.info/quelles-sont-les-dispositions-prises-pour-laccueil-en-prefecture-et-sous-prefecture",
            provenance=Provenance("press", "2020-05-14", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
