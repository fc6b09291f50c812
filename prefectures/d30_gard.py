"""Préfecture du Gard (30)."""

from monitor.api import Place, Prefecture, Provenance, Statement, date

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
    statements=(
        Statement(
            kind="appointment",
            what="Tribunal administratif de Nîmes, 14 août 2025 : suspension refusée, recours au fond sur les conditions d'accès",
            page="https://www.gisti.org/article7575",
            provenance=Provenance("page of an association", "2025-08-14", "confirmed_1"),
        ),
        Statement(
            kind="filing",
            what="Demandes par voie postale ou boîte aux lettres ; contact par courriel (2020)",
            ways=("post", "email"),
            page="https://www.francebleu.fr/infos/societe/deconfinement-les-conditions-d-accueil-modifiees-en-prefecture-du-gard-1589194617",
            provenance=Provenance("press", "2020-05", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
