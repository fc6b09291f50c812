"""Préfecture de la Charente-Maritime (17)."""

from monitor.api import Notice, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="17",
    slug="charente-maritime",
    name="Charente-Maritime",
    office="Préfecture de la Charente-Maritime",
    site="https://www.charente-maritime.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 70000, 38, rue Réaumur, 17017 La Rochelle Cedex 1",
    phone="05 46 27 43 00",
    emails=("prefecture@charente-maritime.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="79",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.charente-maritime.gouv.fr/Demarches-administratives/Droits-des-etrangers",
            label="Droits des étrangers",
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
