"""Préfecture de l'Oise (60)."""

from monitor.api import Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="60",
    slug="oise",
    name="Oise",
    office="Préfecture de l'Oise",
    site="https://www.oise.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, place de la Préfecture, 60022 Beauvais Cedex",
    phone="03 44 06 12 60",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="60",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.oise.gouv.fr/Demarches/Etrangers-dans-l-Oise",
            provenance=Provenance("parent of a site page", "2023-03-02", "derived"),
        ),
        Notice(
            slug="page-aes",
            kind="foreigners",
            url="https://www.oise.gouv.fr/Demarches/Etrangers-dans-l-Oise/Admission-exceptionnelle-au-sejour/Admission-exceptionnelle-au-sejour",
            label="Admission exceptionnelle au séjour",
            provenance=Provenance("site page", "2023-03-02", "confirmed_1"),
        ),
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.oise.gouv.fr/Outils/FAQ",
            label="Foire aux questions",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="1 place de la Préfecture, 60022 Beauvais Cedex (accueil : Espace Europe, 2 avenue de l'Europe)",
            emails=("naturalisations@oise.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
