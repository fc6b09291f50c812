"""Préfecture de Saint-Pierre-et-Miquelon (975)."""

from monitor.api import Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="975",
    slug="saint-pierre-et-miquelon",
    name="Saint-Pierre-et-Miquelon",
    office="Préfecture de Saint-Pierre-et-Miquelon",
    site="https://www.saint-pierre-et-miquelon.gouv.fr",
    provenance=Provenance("site list 2020-05, public call for projects 2026", "2026", "confirmed_2"),
    phone="05 08 41 10 10",
    contact_provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
    time_zone="America/Miquelon",
    places=(
        Place(
            kind="foreigners",
            name="Réglementation",
            emails=("reglementation@spm975.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
