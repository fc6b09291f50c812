"""`vigie table` says which desks of a real site answered lately: an old answer, or a failure, is not one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.api import Desk, EzBooking, Prefecture, Provenance
from monitor.core.prefecture import desk_key
from monitor.report.table import rows

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Provenance("test", "2026-11-21", "confirmed_1")
DESK = Desk(
    slug="renouvellement",
    label="Renouvellement",
    procedure="renewal",
    platform=EzBooking("www.ain.gouv.fr", 1),
    provenance=SOURCE,
)
AIN = Prefecture(
    code="01", slug="ain", name="Ain", office="Préfecture de l'Ain", site="https://www.ain.gouv.fr",
    provenance=SOURCE, desks=(DESK,),
)  # fmt: skip


@pytest.mark.parametrize(("days", "seen"), [(0, True), (30, True), (31, False)])
def test_a_good_reading_counts_for_thirty_days(days: int, seen: bool) -> None:
    (row,) = rows([AIN], {}, {}, good={desk_key(AIN, DESK): NOW - timedelta(days=days)})
    assert row.desks[0].seen(NOW) is seen


def test_a_desk_without_a_good_reading_is_not_seen() -> None:
    (row,) = rows([AIN], {}, {})
    assert not row.desks[0].seen(NOW)
    assert row.desks[0].to_json()["last_good"] is None
