"""Slots before a day, sooner than one's own, and quiet nights: who is told of what, when, and in which words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from monitor.alerts.news.events import Event
from monitor.alerts.news.news import news
from monitor.alerts.news.standing import Standing
from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.text.compose import Letterhead, compose
from tests.alerts.test_news import look
from tests.support.outbox import event, wishes

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
TENTH = date(2027, 1, 10)


def person(**more: Any) -> Subscription:
    return Subscription.from_json(wishes(**more).to_json(), number=1, state="active")


def opening(day: str, *, sooner: str = "") -> Event:
    facts = {name: value for name, value in (("first_day", day), ("sooner", sooner)) if value}
    return event(1, "slots_open", facts=facts)


@pytest.mark.parametrize("name", ["before", "sooner_than"])
def test_an_opening_is_told_only_when_its_day_will_do_or_is_not_known(name: str) -> None:
    who = person(**{name: TENTH})
    told = [day for day in ("2027-01-09", "2027-01-10", "2027-02-01", "") if who.wants(opening(day))]
    assert told == ["2027-01-09", ""]
    assert who.wants(event(2, "pan_changed"))
    assert person(before=TENTH, sooner_than=date(2027, 1, 5)).limit == date(2027, 1, 5)


def test_an_end_is_told_to_who_was_told_of_the_opening() -> None:
    who = person(before=TENTH)
    assert who.wants(event(1, "slots_gone", facts={"first_day": "2027-01-09"}))
    assert not who.wants(event(1, "slots_gone", facts={"first_day": "2027-01-20"}))
    assert person().wants(event(1, "slots_gone", facts={"first_day": "2027-01-20"}))


def test_a_day_that_comes_nearer_is_news_for_who_could_not_use_the_one_before() -> None:
    nearer = opening("2027-01-05", sooner="2027-01-20")
    assert person(before=TENTH).wants(nearer)
    assert not person().wants(nearer), "told of this opening already"
    assert not person(before=date(2027, 1, 25)).wants(nearer), "told of it already"
    assert not person(before=date(2027, 1, 2)).wants(nearer)


def test_what_a_calendar_shows_is_told_once_for_each_nearer_day() -> None:
    standing: Standing | None = None
    told: list[tuple[str, str, str]] = []
    days = ["2027-01-20", "2027-01-20", "2027-01-05", "2027-01-08", "2027-01-05", "", "2027-01-04"]
    for seq, day in enumerate(days):
        more = {"first_day": day} if day else {}
        standing, events = news(standing, look(seq, "SlotsOpen", AT + timedelta(minutes=20 * seq), **more))
        told += [(one.kind, one.facts.get("first_day", ""), one.facts.get("sooner", "")) for one in events]
    assert told == [
        ("slots_open", "2027-01-20", ""),
        ("slots_open", "2027-01-05", "2027-01-20"),
        ("slots_open", "2027-01-04", "2027-01-05"),
    ]
    _, events = news(standing, look(len(days), "NoSlot", AT + timedelta(hours=5)))
    assert [(one.kind, one.facts["first_day"]) for one in events if one.kind == "slots_gone"] == [
        ("slots_gone", "2027-01-04")
    ]


def test_the_message_says_which_days_were_asked_for_and_when_no_day_is_known() -> None:
    who = person(before=TENTH, language="en")
    known, unknown = (compose([opening(day)], who, Letterhead()).text for day in ("2027-01-09", ""))
    assert "You asked to be told of days before Sunday 10 January 2027." in known
    assert "The site does not say for which day: it may be after Sunday 10 January 2027" in unknown
    assert "asked to be told" not in compose([opening("")], person(language="en"), Letterhead()).text


@pytest.mark.parametrize(("all_quiet", "hour"), [(False, 3), (True, 7)])
def test_a_slot_waits_for_the_end_of_the_night_only_where_that_was_asked(all_quiet: bool, hour: int) -> None:
    who = person(quiet=(time(22), time(7)), quiet_slots=all_quiet)
    night = datetime(2026, 11, 23, 2, tzinfo=UTC)  # three o'clock in Paris
    assert who.due(night, night, urgent=True) == datetime(2026, 11, 23, hour - 1, tzinfo=UTC)
    assert who.due(night, night, urgent=False) == datetime(2026, 11, 23, 6, tzinfo=UTC)
