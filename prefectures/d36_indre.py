"""Préfecture de l'Indre (36)."""

from monitor.api import Desk, EzBooking, Notice, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="36",
    slug="indre",
    name="Indre",
    office="Préfecture de l'Indre",
    site="https://www.indre.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Rue des Jeux marins, Place de la Victoire et des Alliés, CS 80583, 36000 Châteauroux",
    phone="02 54 29 50 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="37",
    desks=(
        Desk(
            slug="premiere-demande",
            label="Dépôt d'une première demande de titre de séjour, DCEM ou demande d'asile",
            procedure="first_request",
            also=("travel_document",),
            platform=EzBooking("www.indre.gouv.fr", 15439),
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.indre.gouv.fr/Demarches/Toutes-les-demarches-pour-les-particuliers2/Etrangers-et-naturalisation/Etrangers-dans-l-Indre",
            provenance=Provenance("parent of a site page", "2023-04-26", "derived"),
        ),
        Notice(
            slug="page-accueil",
            kind="foreigners",
            url="https://www.indre.gouv.fr/Demarches/Toutes-les-demarches-pour-les-particuliers2/Etrangers-et-naturalisation/Etrangers-dans-l-Indre/Accueil-des-etrangers",
            label="Accueil des étrangers : formulaires et retrait",
            provenance=Provenance("site page", "2023-04-26", "confirmed_1"),
        ),
    ),
)
