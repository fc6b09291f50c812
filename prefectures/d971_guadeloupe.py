"""Préfecture de la Guadeloupe (971)."""

from monitor.api import Notice, Place, Prefecture, Provenance, Statement, SubPrefecture, date

PREFECTURE = Prefecture(
    code="971",
    slug="guadeloupe",
    name="Guadeloupe",
    office="Préfecture de la Guadeloupe",
    site="https://www.guadeloupe.gouv.fr",
    provenance=Provenance("site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="Avenue Paul-Lacavé, 97109 Basse-Terre Cedex",
    phone="+590 590 99 39 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_1"),
    time_zone="America/Guadeloupe",
    notices=(
        Notice(
            slug="page-etrangers",
            kind="foreigners",
            url="https://www.guadeloupe.gouv.fr/Demarches/Immigration-Titre-de-sejour-Naturalisation",
            provenance=Provenance("parent of a site page", "2026-09-21", "derived"),
        ),
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.guadeloupe.gouv.fr/Demarches/Immigration-Titre-de-sejour-Naturalisation/Immigration/Dematerialisation-de-la-demande-d-acces-a-la-nationalite-francaise-par-decret",
            label="Naturalisation (dématérialisation)",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="pan",
            name="Espaces numériques, halls de Basse-Terre et de la sous-préfecture de Pointe-à-Pitre",
            provenance=Provenance("press", "2018", "confirmed_1"),
        ),
    ),
    sub_prefectures=(
        SubPrefecture(
            name="Sous-préfecture de Pointe-à-Pitre",
            receives_foreigners="yes",
            what="pôle immigration et intégration, naturalisation",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_2"),
        ),
    ),
    statements=(
        Statement(
            kind="appointment",
            what="Prise de rendez-vous en ligne obligatoire depuis le 5 avril 2018, espaces numériques à Basse-Terre et à Pointe-à-Pitre",
            ways=("online",),
            page="https://la1ere.francetvinfo.fr/guadeloupe/demandes-titre-sejour-se-font-desormais-ligne-606213.html",
            provenance=Provenance("press", "2018", "confirmed_1"),
        ),
    ),
    no_desk="Aucun module de rendez-vous ni formulaire n'a été trouvé dans les sources publiques ; les pages à lire sont déclarées.",
    searched_on=date(2026, 11, 21),
)
