"""Préfecture de l'Hérault (34)."""

from monitor.api import DemarcheNumerique, Desk, EzBooking, Notice, Place, Prefecture, Provenance, Statement, date

PREFECTURE = Prefecture(
    code="34",
    slug="herault",
    name="Hérault",
    office="Préfecture de l'Hérault",
    site="https://www.herault.gouv.fr",
    provenance=Provenance("DILA annuaire 2024-07, site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="34, place des Martyrs-de-la-Résistance, 34062 Montpellier Cedex 2",
    phone="04 67 61 61 61",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    naturalisation_platform="34",
    desks=(
        Desk(
            slug="module-15253",
            label="[démarche non nommée, module 15253]",
            procedure="other",
            platform=EzBooking("www.herault.gouv.fr", 15253),
            provenance=Provenance("public booking script", "2020-11-07", "confirmed_1"),
        ),
        Desk(
            slug="dcem",
            label="Demande de document de circulation pour étranger mineur (DCEM)",
            procedure="travel_document",
            platform=DemarcheNumerique("prefecture-herault-dcem"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
        Desk(
            slug="dcem-beziers",
            label="Sous préfecture de Béziers - demande de document de circulation pour étranger mineur (DCEM)",
            procedure="travel_document",
            platform=DemarcheNumerique("sp-beziers-herault-dcem"),
            provenance=Provenance("official list of request forms", "2023-12-08", "confirmed_1_stale"),
            retired=date(2023, 12, 8),
        ),
    ),
    notices=(
        Notice(
            slug="page-faq",
            kind="foreigners",
            url="https://www.herault.gouv.fr/Outils/FAQ/Foire-aux-questions-generaliste",
            label="FAQ généraliste",
            provenance=Provenance("public code", None, "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="34 place des Martyrs-de-la-Résistance, 34062 Montpellier Cedex 2",
            emails=("pref-naturalisations@herault.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    statements=(
        Statement(
            kind="appointment",
            what="Rendez-vous depuis le site de la préfecture",
            ways=("online",),
            page="https://www.herault-tribune.com/articles/titre-de-sejour-trafic-de-prise-de-rendez-vous-en-ligne-et-indulgence-appliquee/",
            provenance=Provenance("press", None, "confirmed_1"),
        ),
    ),
)
