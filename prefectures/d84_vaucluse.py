"""Préfecture de Vaucluse (84)."""

from monitor.api import Desk, EzBooking, Prefecture, Provenance

PREFECTURE = Prefecture(
    code="84",
    slug="vaucluse",
    name="Vaucluse",
    office="Préfecture de Vaucluse",
    site="https://www.vaucluse.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="2, avenue de la Folie, Services de l'Etat en Vaucluse Préfecture, 84000 Avignon",
    phone="04 88 17 84 84",
    emails=("pref-contact@vaucluse.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="13",
    desks=(
        Desk(
            slug="immigration-asile-renouvellement",
            label="Bureau de l'immigration et de l'asile : renouvellement de titre",
            procedure="renewal",
            platform=EzBooking("www.rdv.vaucluse.gouv.fr", 1156),
            provenance=Provenance("stored page of the module", None, "confirmed_1"),
        ),
    ),
)
