"""Préfecture d'Indre-et-Loire (37)."""

from monitor.api import Desk, EzBooking, Notice, Place, Prefecture, Provenance, Statement

PREFECTURE = Prefecture(
    code="37",
    slug="indre-et-loire",
    name="Indre-et-Loire",
    office="Préfecture d'Indre-et-Loire",
    site="https://www.indre-et-loire.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="15, rue Bernard-Palissy, 37925 Tours Cedex 9",
    phone="02 47 64 37 37",
    emails=("prefecture@indre-et-loire.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="37",
    desks=(
        Desk(
            slug="titre-de-sejour",
            label="Titre de séjour [dossier étudiant cité]",
            procedure="other",
            also=("student",),
            platform=EzBooking("www.indre-et-loire.gouv.fr", 4110),
            provenance=Provenance("public program", "2018", "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.indre-et-loire.gouv.fr/Demarches-administratives/Etrangers",
            provenance=Provenance("public code", None, "confirmed_1"),
        ),
        Notice(
            slug="page-contact",
            kind="contact",
            url="https://www.indre-et-loire.gouv.fr/Contactez-nous",
            label="Formulaire de contact de la préfecture [point numérique : sur demande]",
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="37925 Tours Cedex 9 (accueil : 15 rue Bernard-Palissy)",
            emails=("pref-naturalisations@indre-et-loire.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
        Place(
            kind="pan",
            name="Point numérique de la préfecture (Tours)",
            phone="02 47 64 37 37",
            access=("form", "phone"),
            receives_foreigners="no",
            what="immatriculation, permis, carte d'identité",
            page="http://www.indre-et-loire.gouv.fr/Actualites/Modalites-d-accueil-du-public-a-compter-du-11-mai-2020",
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Modalités d'accueil à partir du 11 mai 2020, contact",
            page="http://www.indre-et-loire.gouv.fr/Actualites/Modalites-d-accueil-du-public-a-compter-du-11-mai-2020",
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
    ),
)
