"""Préfecture des Bouches-du-Rhône (13)."""

from monitor.api import Place, Prefecture, Provenance, Statement, SubPrefecture, date

PREFECTURE = Prefecture(
    code="13",
    slug="bouches-du-rhone",
    name="Bouches-du-Rhône",
    office="Préfecture des Bouches-du-Rhône",
    site="https://www.bouches-du-rhone.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Boulevard Paul-Peytral, 13282 Marseille Cedex 20",
    phone="04 84 35 40 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="13",
    places=(
        Place(
            kind="foreigners",
            address="66 B rue Saint-Sébastien, 13006 Marseille",
            provenance=Provenance("list of naturalisation platforms and press", "2026-09-21", "confirmed_2"),
        ),
        Place(
            kind="naturalisation",
            address="Place Félix-Baret, CS 80001, 13282 Marseille Cedex 06 (accueil : 66 B rue Saint-Sébastien)",
            emails=("pref-naturalisations@bouches-du-rhone.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture d'Aix-en-Provence",
            receives_foreigners="yes",
            what="conjoints de Français, parents, regroupement familial (depuis 2025-10-01)",
            address="24, rue Mignet, 13617 Aix-en-Provence Cedex 1",
            phone="04 42 17 56 00",
            provenance=Provenance("press; address: DILA annuaire 2019-10", "2025-10", "confirmed_1"),
        ),
        SubPrefecture(
            name="Sous-préfecture d'Arles",
            receives_foreigners="yes",
            what="saisonniers (depuis 2025-10-01)",
            address="2, rue du Cloître, 13637 Arles Cedex",
            phone="04 90 52 55 00",
            provenance=Provenance("press; address: DILA annuaire 2019-10", "2025-10", "confirmed_1"),
        ),
        SubPrefecture(
            name="Sous-préfecture d'Istres",
            receives_foreigners="yes",
            what="visiteurs (depuis 2025-10-01)",
            address="ZAC Salles - Chemin des Bolles - BP 648, 13808 Istres",
            phone="04 42 86 57 00",
            provenance=Provenance("press; address: DILA annuaire 2019-10", "2025-10", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Renouvellement des récépissés et des attestations par Démarches simplifiées (lien non vu)",
            ways=("form",),
            page="https://gomet.net/la-prefecture-reorganise-la-delivrance-titre-de-sejour",
            provenance=Provenance("press", "2025-10", "confirmed_1"),
        ),
        Statement(
            kind="reception",
            what="Spécialisation par motif depuis le 1er octobre 2025 : Aix, famille ; Arles, saisonniers ; Istres, visiteurs",
            page="https://gomet.net/la-prefecture-reorganise-la-delivrance-titre-de-sejour",
            provenance=Provenance("press", "2025-10", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
