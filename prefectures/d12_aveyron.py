"""Préfecture de l'Aveyron (12)."""

from monitor.api import Desk, EzBooking, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="12",
    slug="aveyron",
    name="Aveyron",
    office="Préfecture de l'Aveyron",
    site="https://www.aveyron.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Centre administratif Foch, Place Foch, 12000 Rodez",
    phone="05 65 75 71 71",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    desks=(
        Desk(
            slug="titres-de-sejour",
            label="rendez-vous titres de sejour",
            procedure="first_request",
            also=("renewal",),
            platform=EzBooking("www.rdv.aveyron.gouv.fr", 717),
            provenance=Provenance("stored page of the module", "2023-04", "confirmed_1"),
        ),
    ),
)
