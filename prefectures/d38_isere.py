"""Préfecture de l'Isère (38)."""

from monitor.api import Desk, Notice, Place, Prefecture, Provenance, RdvPrefecture, Statement

PREFECTURE = Prefecture(
    code="38",
    slug="isere",
    name="Isère",
    office="Préfecture de l'Isère",
    site="https://www.isere.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 71046, Place de Verdun, 38021 Grenoble Cedex 1",
    phone="04 76 60 34 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="38",
    desks=(
        Desk(
            slug="titre-de-sejour",
            label="Titre de séjour (Isère)",
            procedure="other",
            platform=RdvPrefecture(3762),
            provenance=Provenance("public booking script", "2024-11-01", "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.isere.gouv.fr/Demarches-administratives/Immigration-Naturalisation",
            provenance=Provenance("parent of a site page", "2025-10-03", "derived"),
        ),
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.isere.gouv.fr/Demarches-administratives/Immigration-Naturalisation/Naturalisation-francaise",
            label="Naturalisation par déclaration (démarche en ligne)",
            provenance=Provenance("DGEF map", "2025-10-03", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="12 place de Verdun, CS 71046, 38021 Grenoble Cedex 1",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="appointment",
            what="Accueil physique et médiation numérique exigés par le tribunal administratif",
            page="https://www.placegrenet.fr/2025/10/27/prises-de-rendez-vous-pour-les-etrangers-la-prefecture-de-lisere-de-nouveau-condamnee/663160",
            provenance=Provenance("press", "2025-10-27", "confirmed_1"),
        ),
    ),
)
