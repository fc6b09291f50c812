"""Préfecture de Tarn-et-Garonne (82)."""

from monitor.api import Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="82",
    slug="tarn-et-garonne",
    name="Tarn-et-Garonne",
    office="Préfecture de Tarn-et-Garonne",
    site="https://www.tarn-et-garonne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, allée de l'Empereur, BP 779, 82013 Montauban Cedex",
    phone="05 63 22 82 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="31",
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
