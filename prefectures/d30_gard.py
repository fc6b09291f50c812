"""Préfecture du Gard (30)."""

from monitor.api import Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="30",
    slug="gard",
    name="Gard",
    office="Préfecture du Gard",
    site="https://www.gard.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, rue Guillemette, 19, avenue Feuchères (étrangers), 10, avenue Feuchères, 30000 Nîmes",
    emails=("prefecture@gard.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="34",
    places=(
        Place(
            kind="foreigners",
            address="19 avenue Feuchères, Nîmes",
            provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
