"""Préfecture de la Mayenne (53)."""

from monitor.api import DemarcheNumerique, Desk, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="53",
    slug="mayenne",
    name="Mayenne",
    office="Préfecture de la Mayenne",
    site="https://www.mayenne.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="46, rue Mazagran, CS 91507, 53015 Laval Cedex",
    phone="02 43 01 50 00",
    emails=("pref-communication@mayenne.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="44",
    desks=(
        Desk(
            slug="dcem",
            label="Demande de document de circulation pour étranger mineur (DCEM)",
            procedure="travel_document",
            platform=DemarcheNumerique("vous-demandez-un-document-de-circulation-pour-etra"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
    ),
    no_desk="Les adresses de rendez-vous connues sont désactivées ou retirées de la liste officielle ; aucune autre n'a été trouvée dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
