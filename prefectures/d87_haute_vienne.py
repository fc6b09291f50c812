"""Préfecture de la Haute-Vienne (87)."""

from monitor.api import DemarcheNumerique, Desk, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="87",
    slug="haute-vienne",
    name="Haute-Vienne",
    office="Préfecture de la Haute-Vienne",
    site="https://www.haute-vienne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="12 rue des Combes, 87000 Limoges",
    phone="05 55 44 18 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="87",
    desks=(
        Desk(
            slug="changement-etudiant-a-salarie",
            label="Changement de statut d'étudiant à salarié ou travailleur temporaire",
            procedure="change_of_status",
            platform=DemarcheNumerique("changement-de-statut-salarie"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="etudiant-recherche-emploi",
            label="Demande de titre de séjour temporaire portant la mention étudiant ou chercheur en “ recherche d'emploi ou création d'entreprise",
            procedure="student",
            platform=DemarcheNumerique("demande-de-titre-de-sejour-temporaire-portant-la-m"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="asile-et-sejour",
            label="Demandes concomitantes asile/séjour (article L. 311-6 du CESEDA)",
            procedure="first_request",
            platform=DemarcheNumerique("demandes-concomitantes-asile-sejour87"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="prolongation-visa",
            label="[prolongation de visa demarches exceptionnelles lie…]",
            procedure="other",
            platform=DemarcheNumerique("prolongation-de-visa-demarches-exceptionnelles-lie"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="changement-d-adresse",
            label="Demande de changement d'adresse sur le titre de séjour",
            procedure="change_of_address",
            platform=DemarcheNumerique("04f1c3c5-7ae6-4bc2-986c-3462624c90ad"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="etudiant-recherche-emploi-2023",
            label='Demande de titre de séjour temporaire portant la mention " étudiant " ou "chercheur en recherche d\'emploi " ou " création d\'entreprise "',
            procedure="student",
            platform=DemarcheNumerique("59f76563-df60-4114-a605-12167a544809"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="dcem",
            label="Demande de document de circulation pour étranger mineur (DCEM)",
            procedure="travel_document",
            platform=DemarcheNumerique("demande-de-document-de-circulation-pour-etranger-m"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="titre-de-voyage",
            label="Demande de titre de voyage pour réfugié et titre d'identité et de voyage pour bénéficiaire de la protection subsidiaire",
            procedure="travel_document",
            also=("international_protection",),
            platform=DemarcheNumerique("demande-de-titre-de-voyage-pour-refugie-tvr-et-tit"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="BP 87031, 87031 Limoges Cedex 1 (accueil : 12 rue des Combes)",
            emails=("pref-naturalisations@haute-vienne.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
)
