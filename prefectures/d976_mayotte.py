"""Préfecture de Mayotte (976)."""

from monitor.api import Desk, EzBooking, Notice, Place, Prefecture, Provenance, RdvPrefecture

PREFECTURE = Prefecture(
    code="976",
    slug="mayotte",
    name="Mayotte",
    office="Préfecture de Mayotte",
    site="https://www.mayotte.gouv.fr",
    provenance=Provenance("site lists 2025-09 and 2026-08", "2026-08-13", "confirmed_2"),
    address="BP 676, Kawéni, Avenue de la Préfecture, 97600 Mamoudzou",
    phone="+262 269 63 50 00",
    contact_provenance=Provenance("DILA annuaire", "2024-07-24", "confirmed_2"),
    time_zone="Indian/Mayotte",
    naturalisation_platform="976",
    desks=(
        Desk(
            slug="module-20141",
            label="[démarche non nommée, module 20141]",
            procedure="other",
            platform=EzBooking("www.mayotte.gouv.fr", 20141),
            provenance=Provenance("public booking script", None, "confirmed_1"),
        ),
        Desk(
            slug="sejour-6860",
            label="1re demande ou renouvellement [les deux sources se contredisent]",
            procedure="first_request",
            also=("renewal",),
            platform=RdvPrefecture(6860),
            provenance=Provenance("public booking script", None, "confirmed_1"),
        ),
    ),
    notices=(
        Notice(
            slug="page-naturalisation",
            kind="naturalisation",
            url="https://www.mayotte.gouv.fr/Demarches/Naturalisation2/Contact",
            label="Contact naturalisation",
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
    places=(
        Place(
            kind="naturalisation",
            address="BP 676 Kawéni, 97600 Mamoudzou",
            emails=("naturalisations@mayotte.gouv.fr",),
            provenance=Provenance("list of naturalisation platforms", "2026-09-21", "confirmed_1"),
        ),
    ),
)
