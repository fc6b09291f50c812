"""Préfecture de Meurthe-et-Moselle (54)."""

from monitor.api import DemarcheNumerique, Desk, EzBooking, Place, Prefecture, Provenance, Statement

PREFECTURE = Prefecture(
    code="54",
    slug="meurthe-et-moselle",
    name="Meurthe-et-Moselle",
    office="Préfecture de Meurthe-et-Moselle",
    site="https://www.meurthe-et-moselle.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="6, rue Sainte-Catherine, CS 60031, 1, rue du Préfet-Claude-Érignac, 54000 Nancy",
    phone="03 83 34 26 26",
    emails=("pref-informations@meurthe-et-moselle.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="54",
    desks=(
        Desk(
            slug="renouvellement",
            label="Renouvellement de titre de séjour [planning 22263]",
            procedure="renewal",
            platform=EzBooking("www.meurthe-et-moselle.gouv.fr", 22259),
            provenance=Provenance("public booking scripts", "2020", "confirmed_2"),
        ),
        Desk(
            slug="renouvellement-aes",
            label="Demande de renouvellement d'un titre de séjour suite à une admission exceptionnelle au séjour",
            procedure="renewal",
            also=("aes",),
            platform=DemarcheNumerique("renouv-admiexceptionnellesejour-pref54"),
            provenance=Provenance("page of the form", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="1 rue du Préfet-Claude-Érignac, CS 60031, 54038 Nancy Cedex (accueil : 6 rue Sainte-Catherine)",
            emails=("pref-naturalisations@meurthe-et-moselle.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Accueil sans rendez-vous maintenu pour les situations urgentes (délai moyen de 76 jours)",
            ways=("walk_in",),
            page="https://djaz.news/titre-de-sejour-cette-prefecture-bat-des-records-de-retard",
            provenance=Provenance("press", "2025-07", "confirmed_1"),
        ),
        Statement(
            kind="reception",
            what="Délais publiés au 1er septembre 2025",
            page="https://www.europesays.com/fr/655878",
            provenance=Provenance("press", "2025", "confirmed_1"),
        ),
    ),
)
