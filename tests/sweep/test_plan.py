"""What is due, what the floor forbids, and that asking again does not draw again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.api import DemarcheNumerique, Desk, EzBooking, Prefecture, Provenance
from monitor.core.pace import Kind
from monitor.core.prefecture import Notice, Open, Platform, Service
from monitor.read.notices.rules import notice_rules
from monitor.sweep.plan import (
    Look,
    Skipped,
    above_floor,
    desk_look,
    due,
    figures_look,
    notice_look,
    service_look,
)
from tests.sweep.test_check import Recording

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INTERVALS: dict[Kind, timedelta] = {
    "calendar": 20 * MINUTE,
    "request_form": timedelta(hours=24),
    "notice": timedelta(hours=24),
}
SOURCE = Provenance("test", "2026-11-21", "confirmed_1")
KEY = "974/renouvellement"


def prefecture(*desks: Desk) -> Prefecture:
    return Prefecture(
        code="974",
        slug="la-reunion",
        name="La Réunion",
        office="Préfecture de La Réunion",
        site="https://www.reunion.gouv.fr",
        provenance=SOURCE,
        time_zone="Indian/Reunion",
        desks=desks,
    )


def look(platform: Platform | None = None, pattern: str | None = None) -> Look:
    desk = Desk(
        slug="renouvellement",
        label="Renouvellement (Saint-Denis)",
        procedure="renewal",
        platform=platform or EzBooking("www.reunion.gouv.fr", 1234),
        provenance=SOURCE,
        pattern=pattern,
    )
    return desk_look(prefecture(desk), desk)


def keys(looks: tuple[Look, ...]) -> list[str]:
    return [one.subject.key for one in looks]


def test_a_desk_as_a_look() -> None:
    found = look()
    assert found.host == "www.reunion.gouv.fr"
    assert found.kind == "calendar"
    assert (found.subject.key, found.subject.look, found.subject.prefecture) == (KEY, "desk", "974")
    assert found.subject.time_zone == "Indian/Reunion"
    assert found.subject.url == "https://www.reunion.gouv.fr/booking/create/1234"
    assert look(DemarcheNumerique("une-demarche")).kind == "request_form"


def test_the_visit_knows_the_prefectures_zone_and_the_desks_label() -> None:

    platform = Recording()
    look(platform, pattern="guichet").begin(NOW)
    assert platform.context is not None
    assert (str(platform.context.zone), platform.context.at, platform.context.label) == (
        "Indian/Reunion",
        NOW,
        "guichet",
    )


def test_never_seen_is_due() -> None:
    assert keys(due([look()], {}, NOW, INTERVALS)) == [KEY]


@pytest.mark.parametrize(("minutes", "is_due"), [(15.9, False), (24.1, True)])
def test_a_calendar_is_due_after_its_interval_give_or_take_a_fifth(minutes: float, is_due: bool) -> None:
    assert bool(due([look()], {KEY: NOW - minutes * MINUTE}, NOW, INTERVALS)) is is_due


@pytest.mark.parametrize(("hours", "is_due"), [(19.1, False), (28.9, True)])
def test_a_request_form_is_due_once_a_day(hours: float, is_due: bool) -> None:
    form = look(DemarcheNumerique("une-demarche"))
    assert bool(due([form], {KEY: NOW - timedelta(hours=hours)}, NOW, INTERVALS)) is is_due


@given(st.integers(0, 10**9))
def test_cron_that_asks_every_minute_draws_the_spread_once(seconds: int) -> None:
    seen = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    answers = [bool(due([look()], {KEY: seen}, seen + i * MINUTE, INTERVALS)) for i in range(30)]
    assert answers == sorted(answers), "once due, a desk stays due until it is visited"
    assert 16 <= answers.index(True) <= 25


def test_the_spread_is_used() -> None:
    begun = [NOW - 20 * MINUTE - timedelta(seconds=i) for i in range(60)]
    assert len({bool(due([look()], {KEY: seen}, NOW, INTERVALS)) for seen in begun}) == 2


@given(st.integers(0, 3600), st.integers(1, 9))
def test_nothing_is_due_under_the_floor_whatever_the_settings(ago: int, minutes: int) -> None:
    hasty: dict[Kind, timedelta] = dict.fromkeys(INTERVALS, minutes * MINUTE)
    found = due([look()], {KEY: NOW - timedelta(seconds=ago)}, NOW, hasty)
    assert bool(found) is (ago >= 600)


@pytest.mark.parametrize(("seconds", "is_due"), [(599, False), (600, True)])
def test_a_look_is_due_at_the_very_instant(seconds: int, is_due: bool) -> None:
    hasty: dict[Kind, timedelta] = dict.fromkeys(INTERVALS, MINUTE)
    assert bool(due([look()], {KEY: NOW - timedelta(seconds=seconds)}, NOW, hasty)) is is_due


def test_a_national_service_as_a_look() -> None:
    platform = Recording()
    found = service_look(Service(slug="anef", name="ANEF", platform=platform, provenance=SOURCE))
    found.begin(NOW)
    assert (found.subject.key, found.subject.look, found.subject.prefecture) == ("national/anef", "service", "national")
    assert (found.subject.time_zone, found.kind, found.host) == ("Europe/Paris", "calendar", "www.ain.gouv.fr")
    assert platform.context is not None
    assert (str(platform.context.zone), platform.context.at) == ("Europe/Paris", NOW)
    nowhere = Service(slug="x", name="x", platform=Recording(url=""), provenance=SOURCE)
    assert service_look(nowhere).host == ""
    assert figures_look(Desk(slug="x", label="x", procedure="renewal", platform=platform, provenance=SOURCE)) is None


def test_a_notice_as_a_look() -> None:
    notice = Notice(slug="pan", kind="pan", url="https://www.reunion.gouv.fr/pan", provenance=SOURCE)
    found = notice_look(prefecture(), notice, notice_rules, {"seq": 3})
    assert (found.subject.key, found.subject.look, found.subject.label) == ("974/notices/pan", "notice", "pan")
    assert (found.kind, found.host, found.needs_browser) == ("notice", "www.reunion.gouv.fr", False)
    (step,) = next(notice_look(prefecture(), notice, notice_rules).begin(NOW))
    assert step == Open(notice.url)
    assert found.earlier == {"seq": 3}
    named = Notice(slug="pan", kind="pan", url=notice.url, provenance=SOURCE, label="Espace numérique")
    assert notice_look(prefecture(), named, notice_rules).subject.label == "Espace numérique"


def test_a_named_look_is_held_back_under_ten_minutes_and_says_until_when() -> None:
    seen = NOW - timedelta(seconds=599)
    free, held = above_floor([look()], {KEY: seen}, NOW)
    assert free == ()
    assert held == (Skipped(KEY, "floor", "2026-11-21T12:00:01+00:00"),)
    assert keys(above_floor([look()], {KEY: NOW - 10 * MINUTE}, NOW)[0]) == [KEY]


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(days=400)])
def test_a_clock_that_was_set_back_silences_nobody(ahead: timedelta) -> None:
    last = {KEY: NOW + ahead}
    assert keys(due([look()], last, NOW, INTERVALS)) == [KEY]
    assert keys(above_floor([look()], last, NOW)[0]) == [KEY]


def test_a_simulation_shortens_waits() -> None:
    last = {KEY: NOW - MINUTE}
    assert due([look()], last, NOW, INTERVALS) == ()
    assert keys(due([look()], last, NOW, INTERVALS, 0.02)) == [KEY]
    assert keys(above_floor([look()], last, NOW, 0.02)[0]) == [KEY]


def test_what_is_skipped_says_so_as_json() -> None:
    assert Skipped(KEY, "host", "until noon").to_json() == {"check": KEY, "why": "host", "detail": "until noon"}
    assert Skipped(KEY, "stopped").to_json() == {"check": KEY, "why": "stopped"}
