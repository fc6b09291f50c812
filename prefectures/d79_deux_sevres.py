"""Préfecture des Deux-Sèvres (79)."""

from monitor.api import Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="79",
    slug="deux-sevres",
    name="Deux-Sèvres",
    office="Préfecture des Deux-Sèvres",
    site="https://www.deux-sevres.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="4, rue Duguesclin, BP 70000, 79099 Niort Cedex 9",
    phone="05 49 08 68 68",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="79",
    places=(
        Place(
            kind="foreigners",
            emails=("pref-etrangers@deux-sevres.gouv.fr",),
            provenance=Provenance("site page", "2020-03", "confirmed_1"),
        ),
        Place(
            kind="naturalisation",
            address="BP 70000, 79099 Niort Cedex 9 (accueil : 4 rue Duguesclin)",
            emails=("pref-naturalisations@deux-sevres.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
        Place(
            kind="pan",
            name="Point numérique de la préfecture (Niort)",
            page="http://www.deux-sevres.gouv.fr/Actualites/Coronavirus-Covid-19/COVID-19-Organisation-des-services-de-la-prefecture-des-Deux-Sevres",
            provenance=Provenance("site page", "2020-03", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Organisation de 2020 : DCEM et étranger malade par courriel",
            ways=("email",),
            page="http://www.deux-sevres.gouv.fr/Actualites/Coronavirus-Covid-19/COVID-19-Organisation-des-services-de-la-prefecture-des-Deux-Sevres",
            provenance=Provenance("site page", "2020-03", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; du site, seules des actualités de 2020 y figurent.",
    searched_on=date(2026, 11, 21),
)
