"""Préfecture de La Réunion (974)."""

from monitor.api import Desk, Notice, Place, Prefecture, Provenance, RdvPrefecture, Statement

PREFECTURE = Prefecture(
    code="974",
    slug="la-reunion",
    name="La Réunion",
    office="Préfecture de La Réunion",
    site="https://www.reunion.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="1, rue de la Messagerie, CS 51079, 97404 Saint-Denis Cedex",
    phone="+262 262 40 77 77",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    time_zone="Indian/Reunion",
    naturalisation_platform="974",
    desks=(
        Desk(
            slug="naturalisation-declaration",
            label="Naturalisation par déclaration",
            procedure="naturalisation",
            platform=RdvPrefecture(10101),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.reunion.gouv.fr/Demarches/Naturalisation",
            label="Naturalisation",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="6 rue des Messageries, CS 51079, 97405 Saint-Denis Cedex",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Actualité des étrangers (ancien site) : prolongations",
            page="http://www.reunion.gouv.fr/actualites-etrangers-prolongation-de-la-a6421.html",
            provenance=Provenance("site page", "2020-06", "confirmed_1"),
        ),
    ),
)
