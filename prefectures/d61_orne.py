"""Préfecture de l'Orne (61)."""

from monitor.api import Prefecture, Provenance, Statement, SubPrefecture, date

PREFECTURE = Prefecture(
    code="61",
    slug="orne",
    name="Orne",
    office="Préfecture de l'Orne",
    site="https://www.orne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="BP 529, 39, rue Saint-Blaise, 61018 Alençon Cedex",
    phone="02 33 80 61 61",
    emails=("pref-communication@orne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="14",
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture d'Argentan",
            receives_foreigners="no",
            what="accueil du public transféré à Alençon le 2017-01-02",
            address="9, route de Sées - BP 20207, 61202 Argentan Cedex",
            phone="02 33 80 61 61",
            provenance=Provenance("press; address: DILA annuaire 2019-10", "2016-12", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="appointment",
            what="Bureau de l'intégration et de l'immigration, sur rendez-vous (2020)",
            page="https://www.tendanceouest.com/actualite-362031-orne-reouverture-des-accueils-publics-prefectoraux",
            provenance=Provenance("press", "2020-05", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
