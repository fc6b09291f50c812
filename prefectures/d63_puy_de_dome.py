"""Préfecture du Puy-de-Dôme (63)."""

from monitor.api import Notice, Place, Prefecture, Provenance, SubPrefecture, date

PREFECTURE = Prefecture(
    code="63",
    slug="puy-de-dome",
    name="Puy-de-Dôme",
    office="Préfecture du Puy-de-Dôme",
    site="https://www.puy-de-dome.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, rue d'Assas, 63033 Clermont-Ferrand Cedex 1",
    phone="04 73 98 63 63",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="63",
    no_desk="Le seul module connu (801) est celui de la commission médicale du permis de conduire : ce n'est pas un guichet d'étrangers.",
    searched_on=date(2026, 11, 29),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.puy-de-dome.gouv.fr/Demarches/Etrangers-vos-demarches",
            provenance=Provenance("parent of a site page", "2026-09-21", "derived"),
        ),
        Notice(
            slug="page-pan",
            kind="pan",
            url="https://www.puy-de-dome.gouv.fr/Demarches/Point-d-accueil-numerique/Des-points-numeriques-pour-faciliter-vos-demarches-en-cas-de-difficulte",
            label="Points numériques préfecture et sous-préfectures (toutes démarches)",
            provenance=Provenance("site page", "2024-02-09", "confirmed_1"),
        ),
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.puy-de-dome.gouv.fr/Demarches/Etrangers-vos-demarches/Naturalisations",
            label="Naturalisations (plateforme Auvergne)",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="18 boulevard Desaix, 63033 Clermont-Ferrand Cedex 03",
            emails=("pref-naturalisations@puy-de-dome.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture d'Ambert",
            receives_foreigners="partial",
            what="point numérique (toutes démarches)",
            address="Boulevard Sully, 63600 Ambert",
            phone="04 73 82 58 70",
            provenance=Provenance("site page; address: DILA annuaire 2019-10", "2024-02-09", "confirmed_1"),
        ),
        SubPrefecture(
            name="Sous-préfecture d'Issoire",
            receives_foreigners="partial",
            what="point numérique (toutes démarches)",
            address="Boulevard de la Sous-Préfecture, 63501 Issoire Cedex",
            phone="04 73 89 07 76",
            provenance=Provenance("site page; address: DILA annuaire 2019-10", "2024-02-09", "confirmed_1"),
        ),
        SubPrefecture(
            name="Sous-préfecture de Riom",
            receives_foreigners="partial",
            what="point numérique (toutes démarches)",
            address="10, rue Gilbert-Romme, 63201 Riom Cedex",
            phone="04 73 64 65 00",
            provenance=Provenance("site page; address: DILA annuaire 2019-10", "2024-02-09", "confirmed_1"),
        ),
        SubPrefecture(
            name="Sous-préfecture de Thiers",
            receives_foreigners="partial",
            what="point numérique (toutes démarches)",
            address="26, rue de Barante, 63308 Thiers Cedex",
            phone="04 73 80 80 80",
            provenance=Provenance("site page; address: DILA annuaire 2019-10", "2024-02-09", "confirmed_1"),
        ),
    ),
)
