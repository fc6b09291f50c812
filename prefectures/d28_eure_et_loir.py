"""Préfecture d'Eure-et-Loir (28)."""

from monitor.api import Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="28",
    slug="eure-et-loir",
    name="Eure-et-Loir",
    office="Préfecture d'Eure-et-Loir",
    site="https://www.eure-et-loir.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Place de la République, CS 80537, 28019 Chartres Cedex",
    phone="02 37 27 72 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="37",
    statements=(
        Statement(
            kind="filing",
            what="Renouvellement par voie postale",
            ways=("post",),
            page="https://titres-de-sejour.fr/renouveler-demander-un-titre-de-sejour-en-prefecture-de-chartres/",
            provenance=Provenance("third-party page", None, "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
