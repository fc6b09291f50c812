"""Préfecture de l'Eure (27)."""

from monitor.api import Prefecture, Provenance, Statement, SubPrefecture, date

PREFECTURE = Prefecture(
    code="27",
    slug="eure",
    name="Eure",
    office="Préfecture de l'Eure",
    site="https://www.eure.gouv.fr",
    provenance=Provenance("site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Boulevard Georges-Chauvin, 27022 Evreux Cedex",
    phone="02 32 78 27 27",
    emails=("courrier-web@eure.gouv.fr",),
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    naturalisation_platform="76",
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture des Andelys",
            receives_foreigners="no",
            what="non compétente",
            provenance=Provenance("third-party page", None, "confirmed_1"),
        ),
        SubPrefecture(
            name="Sous-préfecture de Bernay",
            receives_foreigners="no",
            what="non compétente",
            address="2, rue Alexandre - BP 763, 27307 Bernay Cedex",
            phone="02 32 46 76 87",
            provenance=Provenance("third-party page; address: DILA annuaire 2019-10", None, "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="reception",
            what="Seule la préfecture d'Évreux est compétente",
            page="https://titredesejour.fr/?p=3407",
            provenance=Provenance("third-party page", None, "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous, formulaire ni page du site pour les étrangers n'a été trouvé dans les sources publiques.",
    searched_on=date(2026, 11, 21),
)
