"""Préfecture des Pyrénées-Orientales (66)."""

from monitor.api import Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="66",
    slug="pyrenees-orientales",
    name="Pyrénées-Orientales",
    office="Préfecture des Pyrénées-Orientales",
    site="https://www.pyrenees-orientales.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="24, quai Sadi-Carnot, BP 951, 66951 Perpignan Cedex",
    phone="04 68 51 66 66",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="34",
    statements=(
        Statement(
            kind="reception",
            what="Accueil sans rendez-vous, hôtel d'Ortaffa, rue Lazare-Escarguel : lundi, mardi, vendredi de 9 h à 11 h, 50 tickets",
            ways=("walk_in",),
            page="https://bladi.net/114299",
            provenance=Provenance("press", "2025-04-20", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
