"""Préfecture de la Haute-Savoie (74)."""

from monitor.api import Desk, EzBooking, Place, Prefecture, Provenance, Statement

PREFECTURE = Prefecture(
    code="74",
    slug="haute-savoie",
    name="Haute-Savoie",
    office="Préfecture de la Haute-Savoie",
    site="https://www.haute-savoie.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="30, rue du 30e-Régiment-d'Infanterie, BP 2332, 74034 Annecy Cedex",
    phone="04 50 33 60 00",
    emails=("prefecture@haute-savoie.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="38",
    desks=(
        Desk(
            slug="accueil-des-etrangers",
            label="Accueil des étrangers",
            procedure="other",
            platform=EzBooking("www.haute-savoie.gouv.fr", 29396),
            provenance=Provenance("stored page of the module", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            address="12 bis rue du 30e-Régiment-d'Infanterie, BP 2332, 74034 Annecy Cedex",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Réouverture partielle du service des étrangers",
            page="http://www.haute-savoie.gouv.fr/Actualites/Actualites/Reouverture-partielle-du-service-des-etrangers",
            provenance=Provenance("site page", "2020-06", "confirmed_1"),
        ),
    ),
)
