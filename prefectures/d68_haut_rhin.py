"""Préfecture du Haut-Rhin (68)."""

from monitor.api import Desk, EzBooking, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="68",
    slug="haut-rhin",
    name="Haut-Rhin",
    office="Préfecture du Haut-Rhin",
    site="https://www.haut-rhin.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="11, avenue de la République, 7, rue Bruat, BP 10489, 68000 Colmar",
    phone="03 89 29 20 00",
    emails=("pref-courrier@haut-rhin.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="67",
    desks=(
        Desk(
            slug="premiere-demande-pef",
            label="Titres de séjour de la préfecture du Haut-Rhin – Première demande Titre de séjour « Parent d’enfant Français (PEF) »",
            procedure="first_request",
            platform=EzBooking("www.haut-rhin.gouv.fr", 15970),
            provenance=Provenance("stored page of the module", None, "confirmed_1"),
        ),
    ),
)
