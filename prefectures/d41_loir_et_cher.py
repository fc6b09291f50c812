"""Préfecture de Loir-et-Cher (41)."""

from monitor.api import Desk, EzBooking, Prefecture, Provenance, Statement

PREFECTURE = Prefecture(
    code="41",
    slug="loir-et-cher",
    name="Loir-et-Cher",
    office="Préfecture de Loir-et-Cher",
    site="https://www.loir-et-cher.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="BP 40299, 1, place de la République, 41006 Blois Cedex",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="37",
    desks=(
        Desk(
            slug="titre-de-sejour",
            label="Titre de séjour : première demande, renouvellement, changement d'adresse, DCEM (Blois)",
            procedure="first_request",
            also=("renewal", "change_of_address", "travel_document"),
            platform=EzBooking("www.loir-et-cher.gouv.fr", 733),
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Ancienne fiche du ministère : horaires du service des étrangers",
            page="http://www.interieur.gouv.fr/Le-ministere/Prefectures/41-Loir-et-Cher",
            provenance=Provenance("third-party page", None, "confirmed_1"),
        ),
    ),
)
