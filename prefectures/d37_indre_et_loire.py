"""Préfecture d'Indre-et-Loire (37)."""

from monitor.api import Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="37",
    slug="indre-et-loire",
    name="Indre-et-Loire",
    office="Préfecture d'Indre-et-Loire",
    site="https://www.indre-et-loire.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="15, rue Bernard-Palissy, 37925 Tours Cedex 9",
    phone="02 47 64 37 37",
    emails=("prefecture@indre-et-loire.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="37",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.indre-et-loire.gouv.fr/Demarches-administratives/Etrangers",
            provenance=Provenance("public code", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="37925 Tours Cedex 9 (accueil : 15 rue Bernard-Palissy)",
            emails=("pref-naturalisations@indre-et-loire.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
