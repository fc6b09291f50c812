"""Préfecture de la Loire (42)."""

from monitor.api import Desk, EzBooking, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="42",
    slug="loire",
    name="Loire",
    office="Préfecture de la Loire",
    site="https://www.loire.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue Charles-de-Gaulle, 42022 Saint-Etienne Cedex 1",
    phone="04 77 48 48 48",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="69",
    desks=(
        Desk(
            slug="aes",
            label="module de reservation pour introduire une demande d' admission exceptionnelle au séjour (aes)",
            procedure="aes",
            platform=EzBooking("www.rdv.loire.gouv.fr", 804),
            provenance=Provenance("stored page of the module", None, "confirmed_1"),
        ),
    ),
)
