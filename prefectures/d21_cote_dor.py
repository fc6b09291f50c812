"""Préfecture de la Côte-d'Or (21)."""

from monitor.api import Desk, EzBooking, Place, Prefecture, Provenance, Statement

PREFECTURE = Prefecture(
    code="21",
    slug="cote-dor",
    name="Côte-d'Or",
    office="Préfecture de la Côte-d'Or",
    site="https://www.cote-dor.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="53, rue de la Préfecture, 21041 Dijon Cedex",
    phone="03 80 44 64 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="21",
    desks=(
        Desk(
            slug="remise",
            label="Remise de cartes de séjour et de titres de voyage (Cité Dampierre)",
            procedure="collection",
            also=("travel_document",),
            platform=EzBooking("www.rdv.cote-dor.gouv.fr", 1092),
            provenance=Provenance("stored page of the module", None, "confirmed_1"),
        ),
        Desk(
            slug="renouvellement",
            label="Renouvellement : carte de séjour temporaire, pluriannuelle, de résident, certificat de résidence algérien",
            procedure="renewal",
            platform=EzBooking("www.rdv.cote-dor.gouv.fr", 1071),
            provenance=Provenance("tables of a public project", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            name="Accueil Séjour",
            address="Cité Dampierre, 6 rue Chancelier-de-l'Hospital, Dijon",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
        Place(
            kind="naturalisation",
            address="53 rue de la Préfecture, 21041 Dijon Cedex",
            emails=("pref-naturalisations@cote-dor.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Premières demandes uniquement par voie postale (2020)",
            ways=("post",),
            page="https://www.francebleu.fr/infos/societe/reprise-de-l-activite-du-service-etrangers-sejour-en-prefecture-de-cote-d-or-1591370823",
            provenance=Provenance("press", "2020-06", "confirmed_1"),
        ),
    ),
)
