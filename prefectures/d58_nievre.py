"""Préfecture de la Nièvre (58)."""

from monitor.api import Notice, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="58",
    slug="nievre",
    name="Nièvre",
    office="Préfecture de la Nièvre",
    site="https://www.nievre.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="40, rue de la Préfecture, 58026 Nevers Cedex",
    phone="03 86 60 70 80",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="21",
    notices=(
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.nievre.gouv.fr/faq-r237.html",
            label="FAQ (étrangers)",
            provenance=Provenance("site page", "2015-06-26", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
