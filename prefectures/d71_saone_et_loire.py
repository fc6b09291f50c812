"""Préfecture de Saône-et-Loire (71)."""

from monitor.api import Notice, Place, Prefecture, Provenance, SubPrefecture, date

PREFECTURE = Prefecture(
    code="71",
    slug="saone-et-loire",
    name="Saône-et-Loire",
    office="Préfecture de Saône-et-Loire",
    site="https://www.saone-et-loire.gouv.fr",
    provenance=Provenance("site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="196, rue de Strasbourg, 71021 Mâcon Cedex 9",
    phone="03 85 21 81 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="21",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.saone-et-loire.gouv.fr/Demarches/Accueil-des-etrangers-en-Saone-et-Loire",
            provenance=Provenance("parent of a site page", "2023-11-28", "derived"),
        ),
        Notice(
            slug="page-ukraine",
            kind="foreigners",
            url="https://www.saone-et-loire.gouv.fr/Demarches/Accueil-des-etrangers-en-Saone-et-Loire/Accompagnement-des-ressortissants-ukrainiens/Accompagnement-des-ressortissants-ukrainiens",
            label="Accompagnement des ressortissants ukrainiens",
            provenance=Provenance("site page", "2023-11-28", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            name="Protection temporaire (Ukraine)",
            emails=("pref-protection-ukraine@saone-et-loire.gouv.fr",),
            provenance=Provenance("site page", "2023-11-28", "confirmed_1"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Chalon-sur-Saône",
            receives_foreigners="yes",
            what="étrangers de l’arrondissement (2012)",
            provenance=Provenance("press", "2012-09-26", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
