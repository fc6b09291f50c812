"""Préfecture des Alpes-Maritimes (06)."""

from monitor.api import DemarcheNumerique, Desk, Place, Prefecture, Provenance

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
)
