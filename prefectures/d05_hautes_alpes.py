"""Préfecture des Hautes-Alpes (05)."""

from monitor.api import Notice, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="05",
    slug="hautes-alpes",
    name="Hautes-Alpes",
    office="Préfecture des Hautes-Alpes",
    site="https://www.hautes-alpes.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="28, rue Saint-Arey, CS 66002, 05011 Gap Cedex",
    phone="04 92 40 48 00",
    emails=("prefecture@hautes-alpes.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="13",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.hautes-alpes.gouv.fr/Demarches/Etre-etranger",
            provenance=Provenance("parent of a site page", "2023-10-02", "derived"),
        ),
        Notice(
            slug="page-etrangers-2022",
            kind="foreigners",
            url="https://www.hautes-alpes.gouv.fr/spip.php?page=article_print&id_article=7247",
            label="Étrangers dans les Hautes-Alpes",
            provenance=Provenance("site page", "2022-08-16", "confirmed_1"),
        ),
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.hautes-alpes.gouv.fr/faq-r1124.html",
            label="FAQ étrangers (AES par voie postale)",
            provenance=Provenance("site page", "2022-06-23", "confirmed_1"),
        ),
        Notice(
            slug="page-ukraine",
            kind="foreigners",
            url="https://www.hautes-alpes.gouv.fr/Demarches/Etre-etranger/Informations-a-destination-des-ressortissants-ukrainiens",
            label="Ressortissants ukrainiens",
            provenance=Provenance("site page", "2023-10-02", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
