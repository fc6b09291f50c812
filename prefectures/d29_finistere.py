"""Préfecture du Finistère (29)."""

from monitor.api import Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="29",
    slug="finistere",
    name="Finistère",
    office="Préfecture du Finistère",
    site="https://www.finistere.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="42, boulevard Dupleix, 29320 Quimper Cedex",
    phone="02 98 76 29 29",
    emails=("prefecture@finistere.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="35",
    statements=(
        Statement(
            kind="appointment",
            what="Guichets pour les étrangers ouverts exclusivement sur rendez-vous en ligne",
            ways=("online",),
            page="https://digemer.fr/2021/01/finistere-titres-de-sejour-30-associations-denoncent-des-prises-de-rendez-vous-impossibles",
            provenance=Provenance("press", "2021-01-28", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
