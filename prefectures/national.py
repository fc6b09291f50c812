"""Services of the State for the whole country: the ANEF portal, and the form that reaches the contact centre (CCC)."""

from monitor.api import FrontPage, Provenance, Service

SERVICES = (
    Service(
        slug="anef",
        name="Administration numérique pour les étrangers en France (ANEF)",
        platform=FrontPage(
            "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/",
            script=True,
        ),
        provenance=Provenance("addresses of ANEF on the pages of several préfectures", "2026-11-21", "listed"),
    ),
    Service(
        slug="anef-usagers",
        name="Administration numérique pour les étrangers en France (ANEF), adresse « usagers »",
        platform=FrontPage(
            "https://administration-etrangers-en-france.interieur.gouv.fr/usagers/",
            script=True,
        ),
        provenance=Provenance("public code that met this address beside the other", "2026-06", "listed"),
    ),
    Service(
        slug="ccc",
        name="Centre de contact citoyens (CCC), formulaire de contact",
        platform=FrontPage("https://contacts-demarches.interieur.gouv.fr/"),
        provenance=Provenance("parent of the addresses that two préfectures publish", "2026-11-21", "derived"),
    ),
)
