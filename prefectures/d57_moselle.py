"""Préfecture de la Moselle (57)."""

from monitor.api import DemarcheNumerique, Desk, Notice, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="57",
    slug="moselle",
    name="Moselle",
    office="Préfecture de la Moselle",
    site="https://www.moselle.gouv.fr",
    provenance=Provenance("site list 2026-08, official list of request forms 2026-04", "2026-08-13", "confirmed_2"),
    address="9, place de la Préfecture, BP 71014, 57034 Metz Cedex 01",
    phone="03 87 34 87 34",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="54",
    desks=(
        Desk(
            slug="aes",
            label="Demande de rendez-vous - Admission exceptionnelle au séjour (L.435-1, L.435-2, L.435-3 et L.435-4 du CESEDA)",
            procedure="aes",
            platform=DemarcheNumerique("prefecture-de-la-moselle-demande-rdv-admission"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="vie-professionnelle-etudiante",
            label="Première demande et demande de renouvellement d'un titre de séjour \"vie professionnelle et étudiante\" (non traitée sur l'ANEF)",
            procedure="first_request",
            also=("renewal", "student"),
            platform=DemarcheNumerique("prefecture-de-la-moselle-premiere-demande"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="liens-personnels-familiaux",
            label="Première demande de carte de séjour liens personnels et familiaux (sur le fondement de l’article L. 423-23 du CESEDA)",
            procedure="first_request",
            platform=DemarcheNumerique("prefecture-de-la-moselle-premiere-demande-de-carte"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="vie-privee-familiale",
            label="Première demande et demande de renouvellement d'un titre de séjour VPF (non traitée sur l'ANEF)",
            procedure="first_request",
            also=("renewal",),
            platform=DemarcheNumerique("prefecture-de-la-moselle-premiere-demande-renouvellement-vpf"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="recepisse",
            label="Demande de renouvellement de récépissé de titre de séjour ou d'attestation de Prolongation d'Instruction (ANEF)",
            procedure="receipt_renewal",
            platform=DemarcheNumerique("prefecture-de-la-moselle-renouvellement-recepisse"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.moselle.gouv.fr/Demarches/Demarches-de-l-etranger-en-France/Titre-de-sejour-et-documents-de-voyage",
            label="Titre de séjour et documents de voyage",
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
    ),
)
