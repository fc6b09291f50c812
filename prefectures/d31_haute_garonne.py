"""Préfecture de la Haute-Garonne (31)."""

from monitor.api import Desk, EzBooking, Place, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="31",
    slug="haute-garonne",
    name="Haute-Garonne",
    office="Préfecture de la Haute-Garonne",
    site="https://www.haute-garonne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1 place Saint-Étienne, 31000 Toulouse",
    phone="05 34 45 34 45",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    desks=(
        Desk(
            slug="module-7736",
            label="Naturalisation",
            procedure="naturalisation",
            platform=EzBooking("www.haute-garonne.gouv.fr", 7736),
            provenance=Provenance("public booking scripts", "2022-11-18", "confirmed_2"),
        ),
        Desk(
            slug="module-27016",
            label="[démarche non nommée, module 27016]",
            procedure="other",
            platform=EzBooking("www.haute-garonne.gouv.fr", 27016),
            provenance=Provenance("public booking script", None, "confirmed_1"),
        ),
        Desk(
            slug="sur-reservation-18131",
            label="sur réservation [démarche non nommée, module 18131]",
            procedure="other",
            platform=EzBooking("www.haute-garonne.gouv.fr", 18131),
            provenance=Provenance("public booking script", None, "confirmed_1"),
        ),
        Desk(
            slug="titre-de-sejour",
            label="Titre de séjour",
            procedure="other",
            platform=EzBooking("www.haute-garonne.gouv.fr", 29739),
            provenance=Provenance("public booking script", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="DMI, 1 rue Sainte-Anne, 31038 Toulouse Cedex 9",
            emails=("pref-naturalisations@haute-garonne.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
)
