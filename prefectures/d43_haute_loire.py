"""Préfecture de la Haute-Loire (43)."""

from monitor.api import Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="43",
    slug="haute-loire",
    name="Haute-Loire",
    office="Préfecture de la Haute-Loire",
    site="https://www.haute-loire.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="6, avenue du Général-de-Gaulle, CS 40321, 43009 Le Puy-en-Velay Cedex",
    phone="04 71 09 43 43",
    emails=("prefecture@haute-loire.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="63",
    places=(
        Place(
            kind="foreigners",
            name="Bureau de l'immigration et de l'intégration",
            address="6 avenue Charles-de-Gaulle, CS 40321, 43009 Le Puy-en-Velay Cedex",
            provenance=Provenance("site page", "2020-04-06", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Dépôt des premières demandes par courrier (2020)",
            ways=("post",),
            page="http://www.haute-loire.gouv.fr/depot-des-dossiers-de-premiere-demande-de-titre-de-a3194.html",
            provenance=Provenance("site page", "2020-04-06", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; du site, seules des actualités de 2020 y figurent.",
    searched_on=date(2026, 11, 21),
)
