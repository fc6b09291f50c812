"""Préfecture du Pas-de-Calais (62)."""

from monitor.api import DemarcheNumerique, Desk, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="62",
    slug="pas-de-calais",
    name="Pas-de-Calais",
    office="Préfecture du Pas-de-Calais",
    site="https://www.pas-de-calais.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Rue Ferdinand-Buisson, 62020 Arras Cedex 9",
    phone="03 21 21 20 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    desks=(
        Desk(
            slug="regularisation",
            label="Demande de titre de séjour (personnes en situation irrégulière, régularisation)",
            procedure="aes",
            also=("first_request",),
            platform=DemarcheNumerique("prefecture-du-pas-de-calais-regularisation"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="aps-ukraine",
            label="[D]emande d'autorisation provisoire de séjour - Réfugiés Ukrainiens",
            procedure="ukraine",
            platform=DemarcheNumerique("prefecture-du-pas-de-calais-service-etrangers-refu"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="recepisse",
            label="Préfecture du Pas-de-Calais - Service Etrangers Renouvellement de récépissé",
            procedure="receipt_renewal",
            platform=DemarcheNumerique("prefecture-du-pas-de-calais-service-etrangers-reno"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="titre-de-sejour",
            label="Demande de titre de séjour (personnes en situation régulière)",
            procedure="first_request",
            also=("renewal",),
            platform=DemarcheNumerique("prefecture-du-pas-de-calais-titre-de-sejour"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
    ),
)
