"""Préfecture de Maine-et-Loire (49)."""

from monitor.api import DemarcheNumerique, Desk, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="49",
    slug="maine-et-loire",
    name="Maine-et-Loire",
    office="Préfecture de Maine-et-Loire",
    site="https://www.maine-et-loire.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place Michel-Debré, 49934 Angers Cedex 9",
    phone="02 41 81 81 81",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="44",
    desks=(
        Desk(
            slug="premiere-demande",
            label="Aide à la prise de rendez-vous pour une première demande de titre de séjour",
            procedure="first_request",
            platform=DemarcheNumerique("prefecture49-bse3"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
    ),
)
