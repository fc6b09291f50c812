"""Préfecture du Cher (18)."""

from monitor.api import Notice, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="18",
    slug="cher",
    name="Cher",
    office="Préfecture du Cher",
    site="https://www.cher.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place Marcel-Plaisant, CS 60022, 18020 Bourges Cedex",
    phone="02 48 67 18 18",
    emails=("prefecture@cher.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="37",
    notices=(
        Notice(
            slug="page-rendez-vous",
            kind="appointment",
            url="https://www.cher.gouv.fr/Enquetes/Demande-de-RDV",
            label="Demande de RDV titres de séjour : 1re demande, renouvellement, changement d'adresse ou de statut, duplicata, état civil (Bourges)",
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Service des étrangers : remise de titre sur rendez-vous (2020)",
            page="http://www.cher.gouv.fr/index.php/Actualites/COVID-19-Reorganisation-des-services-publics-de-l-Etat-dans-le-Cher",
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 29),
)
