"""Préfecture du Cantal (15)."""

from monitor.api import Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="15",
    slug="cantal",
    name="Cantal",
    office="Préfecture du Cantal",
    site="https://www.cantal.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Cours Monthyon, BP 529, 15005 Aurillac Cedex",
    phone="04 71 46 23 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="63",
    statements=(
        Statement(
            kind="appointment",
            what="Rendez-vous en ligne pour les motifs hors ANEF à partir du 1er octobre 2025 (rubrique Étrangers dans le Cantal)",
            ways=("online",),
            page="https://www.vipresse.com/titre-de-sejour-en-france-une-nouvelle-facilite-mise-en-place",
            provenance=Provenance("press", "2025-09", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
