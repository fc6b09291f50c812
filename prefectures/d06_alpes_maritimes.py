"""Préfecture des Alpes-Maritimes (06)."""

from monitor.api import DemarcheNumerique, Desk, Notice, Place, Prefecture, Provenance, Statement

PREFECTURE = Prefecture(
    code="06",
    slug="alpes-maritimes",
    name="Alpes-Maritimes",
    office="Préfecture des Alpes-Maritimes",
    site="https://www.alpes-maritimes.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CADAM, 147, route de Grenoble, 06000 Nice",
    phone="04 93 72 20 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="06",
    desks=(
        Desk(
            slug="dcem",
            label="demande de document de circulation enfants mineurs",
            procedure="travel_document",
            platform=DemarcheNumerique("demande-de-document-de-circulation-enfants-mineurs"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="completer-mon-dossier",
            label="Je souhaite compléter mon dossier de demande de titre de séjour",
            procedure="other",
            platform=DemarcheNumerique("je-souhaite-completer-mon-dossier-de-demande-de-ti"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="prolongation-visa-court-sejour",
            label="Prolongation d'un visa de court séjou[r]",
            procedure="other",
            platform=DemarcheNumerique("prolongation-d-un-visa-de-court-sejour"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.alpes-maritimes.gouv.fr/Demarches/Immigration-et-integration",
            label="Immigration et intégration",
            provenance=Provenance("parent of site pages", "2026-09", "derived"),
        ),
        Notice(
            slug="page-tarifs",
            kind="foreigners",
            url="https://www.alpes-maritimes.gouv.fr/Demarches/Immigration-et-integration/Tarifs-des-titres-de-sejour",
            label="Tarifs des titres de séjour [montants dits périmés depuis mai]",
            provenance=Provenance("public files", "2026", "confirmed_1"),
        ),
        Notice(
            slug="page-renouvellement",
            kind="foreigners",
            url="https://www.alpes-maritimes.gouv.fr/Demarches/Immigration-et-integration/Titres-de-sejour-et-documents-de-voyage/Demander-un-titre-de-sejour/Immigration-familiale/Renouvellement",
            label="Renouvellement, immigration familiale [dépôt en ligne 3 à 4 mois avant l'échéance]",
            provenance=Provenance("public test that quotes the page", "2026-09-16", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            address="CADAM, 147 boulevard du Mercantour, 06286 Nice Cedex 3",
            provenance=Provenance("list of naturalisation platforms and press", "2026-09-21", "confirmed_2"),
        ),
        Place(
            kind="naturalisation",
            address="CADAM, 147 boulevard du Mercantour, 06286 Nice Cedex 3",
            emails=("pref-naturalisations@alpes-maritimes.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Demande par courrier recommandé, selon le motif",
            ways=("post",),
            page="https://papiers-francais.com/blog/comment-fonctionne-le-renouvellement-dun-titre-de-sejour-dans-les-alpes-maritimes",
            provenance=Provenance("third-party page", None, "confirmed_1"),
        ),
        Statement(
            kind="reception",
            what="Guichet des étrangers sans rendez-vous du CADAM fermé à partir du 11 juillet 2025",
            page="https://www.nicepremium.fr/actualite/prefecture-le-guichet-sans-rendez-vous-pour-les-etrangers-ferme-temporairement-au-cadam",
            provenance=Provenance("press", "2025-07-04", "confirmed_1"),
        ),
    ),
)
