"""Préfecture de la Corse-du-Sud (2A)."""

from monitor.api import Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="2A",
    slug="corse-du-sud",
    name="Corse-du-Sud",
    office="Préfecture de la Corse-du-Sud",
    site="https://www.corse-du-sud.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Palais Lantivy, Cours Napoléon, 20188 Ajaccio Cedex 9",
    phone="04 95 11 12 13",
    emails=("prefecture@corse-du-sud.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="2B",
    places=(
        Place(
            kind="pan",
            name="Point numérique, accueil de la préfecture",
            access=("walk_in",),
            hours="lundi-vendredi 8h30-11h30, 13h30-15h30",
            receives_foreigners="no",
            what="immatriculation et permis ; sans rendez-vous (2020)",
            page="https://www.corsenetinfos.corsica/Deconfinement-Modalites-d-accueil-du-public-a-la-prefecture-de-Corse-du-Sud_a49622.html",
            provenance=Provenance("press", "2020-05", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Dépôt des dossiers : rubrique des étrangers du site (2020)",
            page="https://www.corsenetinfos.corsica/Deconfinement-Modalites-d-accueil-du-public-a-la-prefecture-de-Corse-du-Sud_a49622.html",
            provenance=Provenance("press", "2020-05", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
