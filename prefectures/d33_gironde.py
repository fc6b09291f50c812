"""Préfecture de la Gironde (33)."""

from monitor.api import Place, Prefecture, Provenance, date

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
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
