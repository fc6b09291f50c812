"""Préfecture du Loiret (45)."""

from monitor.api import Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="45",
    slug="loiret",
    name="Loiret",
    office="Préfecture du Loiret",
    site="https://www.loiret.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="181, rue de Bourgogne, 45042 Orléans Cedex 1",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="37",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.loiret.gouv.fr/Demarches/Ressortissants-etrangers-vos-demarches",
            provenance=Provenance("parent of a site page", None, "derived"),
        ),
        Notice(
            slug="page-aes",
            kind="foreigners",
            url="https://www.loiret.gouv.fr/Demarches/Ressortissants-etrangers-vos-demarches/Demander-l-admission-exceptionnelle-au-sejour",
            label="AES par voie postale",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.loiret.gouv.fr/Outils/Aide-Foire-aux-questions",
            label="Foire aux questions",
            provenance=Provenance("site page", "2020-09-29", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            name="Direction des migrations et de l'intégration",
            address="181 rue de Bourgogne, 45042 Orléans Cedex",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
