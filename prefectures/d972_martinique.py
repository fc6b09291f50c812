"""Préfecture de la Martinique (972)."""

from monitor.api import Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="972",
    slug="martinique",
    name="Martinique",
    office="Préfecture de la Martinique",
    site="https://www.martinique.gouv.fr",
    provenance=Provenance("site lists 2020-05 and 2026-08", "2026-08-13", "confirmed_2"),
    address="82, rue Victor-Sévère, 97262 Fort-de-France Cedex",
    phone="+596 596 39 36 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    time_zone="America/Martinique",
    naturalisation_platform="972",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.martinique.gouv.fr/Demarches/Etrangers-en-France",
            provenance=Provenance("parent of a site page", None, "derived"),
        ),
        Notice(
            slug="page-renouvellement",
            kind="foreigners",
            url="https://www.martinique.gouv.fr/Demarches/Etrangers-en-France/Renouvellement-d-un-titre-de-sejour2",
            label="Renouvellement par voie postale uniquement",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.martinique.gouv.fr/Demarches/Naturalisation",
            label="Naturalisation",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            name="DRCI/BMI",
            address="rue Victor-Sévère, BP 647-648, 97262 Fort-de-France",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
        Place(
            kind="naturalisation",
            address="Rue Louis-Blanc, BP 647/648, 97200 Fort-de-France",
            emails=("naturalisations@martinique.pref.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
