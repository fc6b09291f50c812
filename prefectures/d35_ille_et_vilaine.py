"""Préfecture d'Ille-et-Vilaine (35)."""

from monitor.api import DemarcheNumerique, Desk, Notice, Orion, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="35",
    slug="ille-et-vilaine",
    name="Ille-et-Vilaine",
    office="Préfecture d'Ille-et-Vilaine",
    site="https://www.ille-et-vilaine.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="3, avenue de la Préfecture, 35026 Rennes Cedex 9",
    phone="02 99 02 10 35",
    emails=("prefecture@ille-et-vilaine.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="35",
    desks=(
        Desk(
            slug="remise-de-titre",
            label="Remise de titre",
            procedure="collection",
            platform=Orion(
                "https://esii-orion.com/orion-reservation/slots?account=EVMSPI&config=SEJOURREMISE&usemode=app&code=REN1"
            ),
            provenance=Provenance("public booking script", "2025-01", "confirmed_1"),
        ),
        Desk(
            slug="renouvellement",
            label="Renouvellement de titre de séjour (SEJ04)",
            procedure="renewal",
            platform=Orion(
                "https://esii-orion.com/orion-reservation/slots?account=EVMSPI&config=SEJOURUSARNVT&usemode=app&code=REN1"
            ),
            provenance=Provenance("public booking script", "2025-01", "confirmed_1"),
        ),
        Desk(
            slug="accompagnant-etranger-malade",
            label="Accompagnant Etranger malade",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-accompagnant-enfant-etranger-malade"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="ase-16-a-18-ans",
            label="Etranger placé auprès de l’Aide Sociale à l’Enfance (ASE) entre 16 et 18 ans",
            procedure="first_request",
            platform=DemarcheNumerique(
                "demande-premier-titre-sejour-etranger-confie-aide-sociale-enfance-entre-16-et-18-ans"
            ),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="entre-avant-13-ans",
            label="Etranger entré en France avant l’âge de 13 ans et y résidant depuis lors",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-etranger-etranger-entre-avant-13-ans"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="pacs-avec-francais",
            label="PACSÉ(E) avec un(e) français(e)",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-pacs-avec-francais"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="salarie",
            label="Salarié",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-salarie-ou-travailleur-temporaire"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="salarie-resident-ue",
            label="Salarié RLD – UE",
            procedure="first_request",
            platform=DemarcheNumerique("prem-titre-sej-salarie-resident-longueduree-ue"),
            provenance=Provenance("official list of request forms", "2026-04-29", "confirmed_1"),
        ),
        Desk(
            slug="regroupement-familial",
            label="Regroupement familial",
            procedure="family_reunification",
            platform=DemarcheNumerique("demande-de-premier-titre-de-sejour-regroupement-familial"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="ascendant-ou-descendant-de-francais",
            label="Ascendant ou Descendant de français",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-ascendant-ou-descendant-de-francais"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="famille-ue",
            label="Membres de famille Citoyens UE, EEE, Suisse",
            procedure="eu_citizen",
            also=("first_request",),
            platform=DemarcheNumerique(
                "demande-premier-titre-sejour-conjoint-ascendant-descendant-ressortissant-pays-de-union-europeenne"
            ),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="conjoint-mariage-en-france",
            label="Conjoint (e) de français (Mariage en France)",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-conjoint-de-francais-mariage-en-france"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="conjoint-mariage-a-l-etranger",
            label="Conjoint (e) de français (Mariage à l’Étranger)",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-conjoint-de-francais-mariage-etranger"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="ase-avant-16-ans",
            label="Etranger confié à l’Aide Sociale à l’Enfance (ASE) avant ses 16 ans",
            procedure="first_request",
            platform=DemarcheNumerique(
                "demande-premier-titre-sejour-etranger-confie-aide-sociale-enfance-avant-16-ans"
            ),
            provenance=Provenance("official list of request forms", "2025-02-10", "confirmed_1_stale"),
            retired=date(2025, 2, 10),
        ),
        Desk(
            slug="etranger-malade",
            label="Etranger malade",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-etranger-malade"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="parent-enfant-francais",
            label="Parent d’enfant français",
            procedure="first_request",
            platform=DemarcheNumerique("demande-premier-titre-sejour-parent-enfant-francais"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="citoyens-ue",
            label="Citoyens UE, EEE, Suisses",
            procedure="eu_citizen",
            also=("first_request",),
            platform=DemarcheNumerique("demande-premier-titre-sejour-ressortissant-pays-union-europeenne"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
    ),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.ille-et-vilaine.gouv.fr/Demarches/Les-demarches-sejour",
            provenance=Provenance("parent of a site page", "2022-04-08", "derived"),
        ),
        Notice(
            slug="page-faq-sejour",
            kind="foreigners",
            url="https://www.ille-et-vilaine.gouv.fr/Demarches/Les-demarches-sejour/Informations-diverses/Foire-aux-questions2/Foire-aux-questions",
            label="FAQ séjour",
            provenance=Provenance("site page", "2022-04-08", "confirmed_1"),
        ),
        Notice(
            slug="page-rendez-vous",
            kind="appointment",
            url="https://www.ille-et-vilaine.gouv.fr/Demarches/Demarches-Sejour/Prendre-un-rendez-vous",
            label="Prendre un rendez-vous [séjour]",
            provenance=Provenance("parent of a site page", None, "derived"),
        ),
        Notice(
            slug="page-listes-de-pieces",
            kind="forms",
            url="https://www.ille-et-vilaine.gouv.fr/Demarches/Demarches-Sejour/Prendre-un-rendez-vous/Listes-de-pieces-a-telecharger",
            label="Prendre un rendez-vous : listes de pièces à télécharger",
            provenance=Provenance("answer recorded in a public repository", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="pan",
            name="Point d'accès numérique",
            phone="02 99 02 10 35",
            access=("phone",),
            receives_foreigners="yes",
            provenance=Provenance(
                "official list of request forms (the switchboard); phone: DILA annuaire", "2026-04-29", "confirmed_1"
            ),
        ),
        Place(
            kind="naturalisation",
            address="3 avenue de la Préfecture, 35026 Rennes Cedex 9",
            emails=("pref-naturalisations@ille-et-vilaine.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
)
