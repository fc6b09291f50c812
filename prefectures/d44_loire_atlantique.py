"""Préfecture de la Loire-Atlantique (44)."""

from monitor.api import DemarcheNumerique, Desk, Place, Prefecture, Provenance, Statement

PREFECTURE = Prefecture(
    code="44",
    slug="loire-atlantique",
    name="Loire-Atlantique",
    office="Préfecture de la Loire-Atlantique",
    site="https://www.loire-atlantique.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="6, quai Ceineray, BP 33515, 44035 Nantes Cedex 1",
    phone="02 40 41 20 20",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="44",
    desks=(
        Desk(
            slug="contact-bureau-du-sejour",
            label="Formulaire de contact du bureau du séjour",
            procedure="other",
            platform=DemarcheNumerique("formulaire-de-contact-des-services-de-l-etat-dans--2"),
            provenance=Provenance("site page", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="foreigners",
            name="DMI",
            address="6 quai Ceineray, BP 33515, 44035 Nantes Cedex 1",
            provenance=Provenance("site page and list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
        Place(
            kind="foreigners",
            name="Asile",
            emails=("pref-asile@loire-atlantique.gouv.fr",),
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
        Place(
            kind="naturalisation",
            address="6 quai Ceineray, BP 33515, 44035 Nantes Cedex 1",
            emails=("pref-naturalisations@loire-atlantique.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Foire aux questions sur les démarches en préfecture (asile)",
            page="https://www.loire-atlantique.gouv.fr/Outils/FAQ/FAQ-Mes-demarches-en-Prefecture-COVID-192",
            provenance=Provenance("site page", "2020-05", "confirmed_1"),
        ),
    ),
)
