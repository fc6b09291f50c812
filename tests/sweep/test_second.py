"""Which looks are repeated by a browser: of each host one, on its first reading of a UTC day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.sweep.plan import Look
from monitor.sweep.second import AT_MOST, second_looks_due
from tests.support.sweeps import ez

NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def form(slug: str, host: str) -> Look:
    return replace(ez(slug, host), kind="request_form")


def test_one_a_host_and_always_the_same() -> None:
    one, two, other = form("a", "x.gouv.fr"), form("b", "x.gouv.fr"), form("c", "y.gouv.fr")
    assert set(due([two, one, other])) == {"01/a", "01/c"}
    assert second_looks_due([two], [one, two], {}, NOW) == (), "the host's own page is not in this sweep"


def test_on_the_first_reading_of_the_day_only() -> None:
    one = form("a", "x.gouv.fr")
    assert due([one], {"01/a": NOW - timedelta(minutes=31)}) == ["01/a"], "yesterday"
    assert due([one], {"01/a": NOW - timedelta(minutes=30)}) == []


def test_a_calendar_is_not_asked_twice() -> None:
    assert due([ez("a")]) == []
    assert due([replace(form("a", "x.gouv.fr"), needs_browser=True)]) == []


def test_no_more_than_a_few_a_sweep_and_not_the_same_each_day() -> None:
    looks = [form(f"a{n}", f"h{n}.gouv.fr") for n in range(3 * AT_MOST)]
    today, tomorrow = (second_looks_due(looks, looks, {}, NOW + timedelta(days=n)) for n in range(2))
    assert len(today) == len(tomorrow) == AT_MOST
    assert today != tomorrow


def due(looks: list[Look], last: dict[str, datetime] | None = None) -> list[str]:
    return [look.subject.key for look in second_looks_due(looks, looks, last or {}, NOW)]
