"""Préfecture de l'Ain (01)."""

from monitor.api import Desk, EzBooking, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="01",
    slug="ain",
    name="Ain",
    office="Préfecture de l'Ain",
    site="https://www.ain.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="45, avenue d'Alsace-Lorraine, CS 80400, Quartier Bourg centre, 01012 Bourg-en-Bresse Cedex",
    phone="04 74 32 30 00",
    emails=("prefecture@ain.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="69",
    desks=(
        Desk(
            slug="module-804",
            label="[démarche non nommée, module 804]",
            procedure="other",
            platform=EzBooking("www.rdv.ain.gouv.fr", 804),
            provenance=Provenance("public code", None, "confirmed_1"),
        ),
    ),
)
