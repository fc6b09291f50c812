"""Préfecture du Var (83)."""

from monitor.api import Prefecture, Provenance, SubPrefecture, date

PREFECTURE = Prefecture(
    code="83",
    slug="var",
    name="Var",
    office="Préfecture du Var",
    site="https://www.var.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 31209, Boulevard du 112e Régiment-d'Infanterie, 83070 Toulon Cedex",
    phone="04 94 18 83 83",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="06",
    no_desk="Les seuls modules connus (864, 872) sont ceux de la commission médicale du permis de conduire : ce ne sont pas des guichets d'étrangers.",
    searched_on=date(2026, 11, 29),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Draguignan",
            receives_foreigners="yes",
            what="titres Brexit (2021)",
            address="1, boulevard du Maréchal-Foch - BP 275, 83007 Draguignan Cedex",
            phone="04 94 60 41 00",
            provenance=Provenance("press; address: DILA annuaire 2019-10", "2021", "confirmed_1"),
        ),
    ),
)
