"""Préfecture du Morbihan (56)."""

from monitor.api import Desk, EzBooking, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="56",
    slug="morbihan",
    name="Morbihan",
    office="Préfecture du Morbihan",
    site="https://www.morbihan.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="24, place de la République, Préfecture du Morbihan, BP 501, 56000 Vannes",
    phone="02 97 54 84 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="35",
    desks=(
        Desk(
            slug="module-26503",
            label="[démarche non nommée, module 26503]",
            procedure="other",
            platform=EzBooking("www.morbihan.gouv.fr", 26503),
            provenance=Provenance("text of a public cancellation mail", None, "confirmed_1"),
        ),
    ),
)
