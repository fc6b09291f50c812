"""Préfecture du Jura (39)."""

from monitor.api import Notice, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="39",
    slug="jura",
    name="Jura",
    office="Préfecture du Jura",
    site="https://www.jura.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="8, rue de la Préfecture, 39030 Lons-le-Saunier Cedex",
    phone="03 84 86 84 00",
    emails=("prefecture@jura.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="25",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.jura.gouv.fr/Demarches-administratives/Immigration-et-integration",
            provenance=Provenance("parent of a site page", None, "derived"),
        ),
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.jura.gouv.fr/Demarches-administratives/Immigration-et-integration/17-Foire-aux-questions",
            label="FAQ immigration et intégration",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="appointment",
            what="Le module de rendez-vous du site a une page de gestion des rendez-vous pris",
            ways=("online",),
            page="http://www.jura.gouv.fr/booking/login",
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
