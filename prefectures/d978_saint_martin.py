"""Préfecture de Saint-Barthélemy et de Saint-Martin (978)."""

from monitor.api import Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="978",
    slug="saint-martin",
    name="Saint-Martin",
    office="Préfecture de Saint-Barthélemy et de Saint-Martin",
    site="https://www.saint-barth-saint-martin.gouv.fr",
    provenance=Provenance("site list 2020-05, public call for projects 2026", "2026", "confirmed_2"),
    address="23 rue de Spring, Concordia, 97150 Saint-Martin",
    phone="05 90 52 30 81",
    contact_provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
    time_zone="America/Marigot",
    places=(
        Place(
            kind="foreigners",
            name="Service de la citoyenneté et de l'immigration",
            address="23 rue de Spring, Concordia, 97150 Saint-Martin",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
        Place(
            kind="foreigners",
            name="Réglementation",
            emails=("reglementation@saint-barth-saint-martin.gouv.fr",),
            provenance=Provenance("public code", "2024-01-16", "confirmed_1"),
        ),
        Place(
            kind="pan",
            name="Poste informatique dédié avec agent, sur rendez-vous",
            address="rue de Spring, Concordia",
            receives_foreigners="yes",
            page="https://faxinfo.fr/immigration-titre-de-sejour-deploiement-dune-demarche-en-ligne-a-saint-martin",
            provenance=Provenance("press", "2022", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Première demande et renouvellement salarié : dossier papier, rue de Spring, Concordia",
            page="https://www.sxm-talks.com/local-news/immigration-residence-permit-deployment-of-an-online-process-in-saint-martin-faxinfo/",
            provenance=Provenance("press", "2022", "confirmed_1"),
        ),
        Statement(
            kind="reception",
            what="Premières demandes reçues le lundi matin (2021)",
            ways=("walk_in",),
            page="https://www.stmartinweek.fr/2021/02/22/titres-de-sejour-fausse-rumeur/83574",
            provenance=Provenance("press", "2021-02-22", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
