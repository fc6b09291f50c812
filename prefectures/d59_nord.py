"""Préfecture du Nord (59)."""

from monitor.api import Notice, Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="59",
    slug="nord",
    name="Nord",
    office="Préfecture du Nord",
    site="https://www.nord.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 20003, 12, rue Jean-Sans-Peur, 59039 Lille Cedex",
    phone="03 20 30 59 59",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    notices=(
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.nord.gouv.fr/Demarches/Naturalisation-dans-le-Nord",
            label="Naturalisation dans le Nord",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.nord.gouv.fr/Demarches/Etrangers-dans-le-Nord",
            label="Étrangers dans le Nord",
            provenance=Provenance("parent of a site page", None, "derived"),
        ),
        Notice(
            slug="page-aes",
            kind="foreigners",
            url="https://www.nord.gouv.fr/Demarches/Etrangers-dans-le-Nord/Admission-exceptionnelle-au-sejour",
            label="Admission exceptionnelle au séjour",
            provenance=Provenance("site page", "2023", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="pan",
            name="Point d'accueil numérique (Lille)",
            emails=("pref-rdv-pan@nord.gouv.fr",),
            access=("email",),
            receives_foreigners="yes",
            page="https://www.nord.gouv.fr/Demarches/Naturalisation-dans-le-Nord",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Renouvellement hors ANEF par voie postale (préfecture fermée au public depuis 2020)",
            ways=("post",),
            page="https://n-lille.secours-catholique.org/notre-actualite/rassemblement-inter-associatif-pour-la-journee-internationale-du-droit-des",
            provenance=Provenance("page of an association", "2025-12", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 29),
)
