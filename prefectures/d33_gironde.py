"""Préfecture de la Gironde (33)."""

from monitor.api import Notice, Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="33",
    slug="gironde",
    name="Gironde",
    office="Préfecture de la Gironde",
    site="https://www.gironde.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Rue Claude-Bonnier, 2, esplanade Charles-de-Gaulle, CS 41397, 33000 Bordeaux",
    phone="05 56 90 60 60",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="33",
    notices=(
        Notice(
            slug="page-faq",
            kind="naturalisation",
            url="https://www.gironde.gouv.fr/Foire-aux-questions/Foire-aux-questions-FAQ",
            label="Foire aux questions [naturalisation : plateforme de la Gironde]",
            provenance=Provenance("site page", "2019", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            address="2 esplanade Charles-de-Gaulle, 33077 Bordeaux ; accueil rue Claude-Bonnier",
            provenance=Provenance("DILA annuaire and list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
        Place(
            kind="naturalisation",
            address="DMI, 2 esplanade Charles-de-Gaulle, CS 41397, 33077 Bordeaux Cedex (accueil : rue Claude-Bonnier)",
            emails=("pref-naturalisations@gironde.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="filing",
            what="Demandes de titre de séjour déposées uniquement par courrier (dispositif d'octobre 2013), formulaire de renseignement en ligne, accueil sur convocation",
            ways=("post",),
            page="https://aqui.fr/article/la-cimade-interpelle-a-nouveau-le-prefet-de-gironde-sur-les-conditions-d-accueil-des-etrangers/",
            provenance=Provenance("press", "2014-03", "confirmed_1"),
        ),
        Statement(
            kind="filing",
            what="Naturalisation : dossiers uniquement par courrier recommandé à la plateforme de la Gironde (avant NATALI)",
            ways=("post",),
            page="https://www.gironde.gouv.fr/Foire-aux-questions/Foire-aux-questions-FAQ",
            provenance=Provenance("site page", "2019", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 29),
)
