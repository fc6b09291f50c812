"""Préfecture du Bas-Rhin (67)."""

from monitor.api import DemarcheNumerique, Desk, EzBooking, Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="67",
    slug="bas-rhin",
    name="Bas-Rhin",
    office="Préfecture du Bas-Rhin",
    site="https://www.bas-rhin.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="5 place de la République, BP 1047, 67073 Strasbourg Cedex",
    phone="03 88 21 67 68",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="67",
    desks=(
        Desk(
            slug="etrangers-malades",
            label="Étrangers malades, protection internationale",
            procedure="other",
            also=("international_protection",),
            platform=EzBooking("www.bas-rhin.gouv.fr", 27623),
            provenance=Provenance("public booking script", "2020-11-15", "confirmed_1"),
        ),
        Desk(
            slug="premier-titre",
            label="Pré-demande de premier titre de séjour (prise de rendez-vous)",
            procedure="first_request",
            platform=DemarcheNumerique("prefecture-du-bas-rhin-pre-demande-premier-titre"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="demande-d-information",
            label="Demande d'information",
            procedure="other",
            platform=DemarcheNumerique("demande-information"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="ex-mineur-non-accompagne",
            label="Première demande titre de séjour ex Mineur Non Accompagné",
            procedure="first_request",
            platform=DemarcheNumerique("premiere-demande-titre-de-sejour-ex-mineur-non-acc"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="titre-de-voyage-majeurs",
            label="Pour les personnes majeures : demande de titre de voyage (réfugiés, bénéficiaires de la protection subsidiaire, apatrides)",
            procedure="travel_document",
            also=("international_protection",),
            platform=DemarcheNumerique("pref67-majeur-demande-de-titre-de-voyage-refugies"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="titre-de-voyage-mineurs",
            label="Pour les personnes mineures : demande de titre de voyage (réfugiés, bénéficiaires de la protection subsidiaire, apatrides)",
            procedure="travel_document",
            also=("international_protection",),
            platform=DemarcheNumerique("pref67-mineur-demande-de-titre-de-voyage-refugies"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="prorogation-visa-c",
            label="Demande de prorogation exceptionnelle de titre de séjour - visa tourisme (visa C)",
            procedure="other",
            platform=DemarcheNumerique("prefecture-du-bas-rhin-prorogation-visa"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
    ),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.bas-rhin.gouv.fr/Demarches/Etranger-en-France",
            label="Étranger en France",
            provenance=Provenance("parent of a site page", "2026", "derived"),
        ),
        Notice(
            slug="page-examen-civique",
            kind="foreigners",
            url="https://www.bas-rhin.gouv.fr/Demarches/Etranger-en-France/ACTU-01-01-2026-nouvel-examen-civique-et-niveau-de-francais-1ers-titres-pluriannuels-CSP-CR",
            label="Examen civique et niveau de français : titres pluriannuels (2026)",
            provenance=Provenance("public repository", "2026", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="5 place de la République, 67073 Strasbourg Cedex",
            emails=("pref-naturalisation@bas-rhin.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
)
