"""Préfecture de Meurthe-et-Moselle (54)."""

from monitor.api import Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="54",
    slug="meurthe-et-moselle",
    name="Meurthe-et-Moselle",
    office="Préfecture de Meurthe-et-Moselle",
    site="https://www.meurthe-et-moselle.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="6, rue Sainte-Catherine, CS 60031, 1, rue du Préfet-Claude-Érignac, 54000 Nancy",
    phone="03 83 34 26 26",
    emails=("pref-informations@meurthe-et-moselle.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="54",
    places=(
        Place(
            kind="naturalisation",
            address="1 rue du Préfet-Claude-Érignac, CS 60031, 54038 Nancy Cedex (accueil : 6 rue Sainte-Catherine)",
            emails=("pref-naturalisations@meurthe-et-moselle.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
