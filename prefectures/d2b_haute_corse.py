"""Préfecture de la Haute-Corse (2B)."""

from monitor.api import Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="2B",
    slug="haute-corse",
    name="Haute-Corse",
    office="Préfecture de la Haute-Corse",
    site="https://www.haute-corse.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="CS 60007, Rond-Point du Maréchal-Leclerc-de-Hautecloque, 20401 Bastia Cedex 09",
    phone="04 95 34 50 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="2B",
    places=(
        Place(
            kind="naturalisation",
            address="Rond-point du Maréchal-Leclerc-de-Hautecloque, CS 60007, 20401 Bastia Cedex 9",
            emails=("pref-naturalisations@haute-corse.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
