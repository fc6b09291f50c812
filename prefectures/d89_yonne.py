"""Préfecture de l'Yonne (89)."""

from monitor.api import Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="89",
    slug="yonne",
    name="Yonne",
    office="Préfecture de l'Yonne",
    site="https://www.yonne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place de la Préfecture, 89016 Auxerre Cedex",
    phone="03 86 72 79 89",
    emails=("prefecture@yonne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="21",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.yonne.gouv.fr/Demarches/Etrangers",
            provenance=Provenance("parent of a site page", "2024-03-05", "derived"),
        ),
        Notice(
            slug="page-pan",
            kind="pan",
            url="https://www.yonne.gouv.fr/Demarches/Etrangers/Points-d-accueil-numerique-e-MERAUDE/Points-d-accueil-numerique-e-MERAUDE",
            label="Points d'accueil numérique e-MERAUDE (préfecture et sous-préfecture, sur RDV)",
            provenance=Provenance("site page", "2024-03-05", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="pan",
            name="PAN e-MERAUDE, préfecture et une sous-préfecture",
            access=("phone",),
            receives_foreigners="yes",
            what="sur rendez-vous ; CCC 0 806 001 620 d'abord",
            page="https://www.yonne.gouv.fr/Demarches/Etrangers/Points-d-accueil-numerique-e-MERAUDE/Points-d-accueil-numerique-e-MERAUDE",
            provenance=Provenance("site page", "2024-03-05", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
