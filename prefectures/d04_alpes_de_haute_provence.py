"""Préfecture des Alpes-de-Haute-Provence (04)."""

from monitor.api import Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="04",
    slug="alpes-de-haute-provence",
    name="Alpes-de-Haute-Provence",
    office="Préfecture des Alpes-de-Haute-Provence",
    site="https://www.alpes-de-haute-provence.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="8, rue Docteur-Romieu, 04016 Digne-les-Bains Cedex",
    phone="04 92 36 72 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="13",
    notices=(
        Notice(
            slug="page-pan",
            kind="pan",
            url="https://www.alpes-de-haute-provence.gouv.fr/Demarches-administratives/Points-d-accueil-numeriques-dans-les-Alpes-de-Haute-Provence",
            label="Point d'accueil numérique e-MERAUDE (formulaire de prise de RDV à télécharger)",
            provenance=Provenance("site page", "2023-04-19", "confirmed_1"),
        ),
        Notice(
            slug="page-teleservice",
            kind="forms",
            url="https://www.alpes-de-haute-provence.gouv.fr/Actualites/Droit-au-sejour-Ouverture-du-teleservice-demarches-simples",
            label="Droit au séjour : ouverture du téléservice démarches simples",
            provenance=Provenance("site page", "2020-08-03", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="pan",
            name="PAN e-MERAUDE",
            access=("form",),
            receives_foreigners="yes",
            what="rendez-vous par un formulaire à télécharger ; CCC 0 806 001 620 d'abord",
            page="https://www.alpes-de-haute-provence.gouv.fr/Demarches-administratives/Points-d-accueil-numeriques-dans-les-Alpes-de-Haute-Provence",
            provenance=Provenance("site page", "2023-04-19", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
