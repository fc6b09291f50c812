"""Préfecture des Hautes-Pyrénées (65)."""

from monitor.api import DemarcheNumerique, Desk, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="65",
    slug="hautes-pyrenees",
    name="Hautes-Pyrénées",
    office="Préfecture des Hautes-Pyrénées",
    site="https://www.hautes-pyrenees.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 61350, Place Charles-de-Gaulle, 65013 Tarbes Cedex 9",
    phone="05 62 56 65 65",
    emails=("prefecture@hautes-pyrenees.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    desks=(
        Desk(
            slug="famille-de-refugie",
            label="Première demande de titre de séjour pour les membres de famille de réfugié",
            procedure="international_protection",
            also=("first_request",),
            platform=DemarcheNumerique("membre-de-famille-de-refugie"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="premiere-demande",
            label="Première demande de titre de séjour (sauf réfugié ou bénéficiaire de la protection subsidiaire)",
            procedure="first_request",
            platform=DemarcheNumerique("type1-hp"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="renouvellement",
            label="Renouvellement de titre de séjour, titre de séjour réfugié ou bénéficiaire de la protection subsidiaire, demande de duplicata, changement d'adresse, titre de vo […]",
            procedure="renewal",
            also=("duplicate", "change_of_address", "international_protection", "travel_document"),
            platform=DemarcheNumerique("type2-hp"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="dcem",
            label="Demande de document de circulation enfants mineurs (DCEM)",
            procedure="travel_document",
            platform=DemarcheNumerique("type4-hp"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="recepisse",
            label="Demande de renouvellement d'un récépissé de demande de titre de séjour, attestation de demande d'asile ou autorisation provisoire de séjour",
            procedure="receipt_renewal",
            platform=DemarcheNumerique("type5-hp"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
    ),
    no_desk="Les adresses de rendez-vous connues sont désactivées ou retirées de la liste officielle ; aucune autre n'a été trouvée dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
