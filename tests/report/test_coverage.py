"""How much of the country is known: each préfecture once, by what is declared and by what was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.api import (
    DemarcheNumerique,
    Desk,
    EzBooking,
    Notice,
    Place,
    Prefecture,
    Provenance,
    RdvPrefecture,
    Statement,
)
from monitor.catalogue.catalogue import load
from monitor.core.prefecture import Platform
from monitor.core.readings import Obstructed, Reading, Seen, Unreadable, to_json
from monitor.report.coverage import ACCESSES, PANS, PrefectureCoverage, coverage
from monitor.report.table import rows
from tests.support.facts import published

ON = date(2026, 11, 30)
AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
SOURCE = Provenance("test", "2026-11-21", "confirmed_1")
NOBODY = Provenance("test", "2023", "unverified")
EZ, RDV, FORM = EzBooking("www.ain.gouv.fr", 1), RdvPrefecture(1), DemarcheNumerique("x")
PAGE = Notice(slug="page", kind="foreigners", url="https://www.ain.gouv.fr/x", provenance=SOURCE)
AIN = Prefecture(
    code="01", slug="ain", name="Ain", office="Préfecture de l'Ain", site="https://www.ain.gouv.fr", provenance=SOURCE
)


def desk(platform: Platform, **more: Any) -> Desk:
    return Desk(**{"slug": platform.name, "label": "x", "procedure": "renewal", "platform": platform,
                   "provenance": SOURCE, **more})  # fmt: skip


def pan(receives: Any, provenance: Provenance = SOURCE) -> Place:
    return Place(kind="pan", receives_foreigners=receives, what="x", provenance=provenance)


def said(kind: Any, *ways: Any) -> Statement:
    return Statement(kind=kind, what="x", ways=ways, page="https://press.example/x", provenance=SOURCE)


def covered(one: Prefecture, latest: Any = None, facts: Any = None, good: Any = None) -> PrefectureCoverage:
    (row,) = coverage(rows([one], latest or {}, facts or {}, good=good), ON, whole=False).rows
    return row


@pytest.mark.parametrize(
    ("desks", "notices", "access"),
    [
        ((), (), "nothing"),
        ((), (PAGE,), "page"),
        ((), (replace(PAGE, retired=ON),), "nothing"),
        ((desk(FORM),), (PAGE,), "form"),
        ((desk(RDV),), (), "captcha"),
        ((desk(FORM), desk(RDV)), (), "captcha"),
        ((desk(FORM), desk(RDV), desk(EZ)), (PAGE,), "calendar"),
        ((desk(EZ, retired=ON), desk(FORM)), (), "form"),
    ],
)
def test_access_is_the_best_that_is_declared(desks: Any, notices: Any, access: str) -> None:
    assert covered(replace(AIN, desks=desks, notices=notices)).access == access


def read(reading: Reading) -> dict[str, Any]:
    record = {"check": "01/ez_booking", "started": AT.isoformat(), "url": EZ.url, **to_json(reading)}
    return {"01/ez_booking": (record, AT)}


@pytest.mark.parametrize(
    ("reading", "access"),
    [
        (Obstructed(obstacle="captcha", seen=Seen("Je ne suis pas un robot", "form")), "captcha"),
        (Obstructed(obstacle="waf", seen=Seen("Access denied", "body")), "captcha"),
        (Unreadable(why="not_found", seen=None), "page"),
        (Unreadable(why="layout_changed", seen=None), "calendar"),
    ],
)
def test_what_was_read_counts_before_what_is_declared(reading: Reading, access: str) -> None:
    """A calendar that was found gone is none; one that could not be read once is still one."""
    one = replace(AIN, desks=(desk(EZ),), notices=(PAGE,))
    assert covered(one).access == "calendar"
    assert covered(one, read(reading)).access == access


@pytest.mark.parametrize(
    ("places", "known"),
    [
        ((), "nothing"),
        ((pan("no"),), "others"),
        ((pan(None), pan("no")), "audience"),
        ((pan("yes", NOBODY), pan(None)), "unverified"),
        ((pan("partial"), pan("yes", NOBODY)), "foreigners"),
        ((replace(pan(None), kind="foreigners"),), "nothing"),
    ],
)
def test_a_pan_is_for_foreigners_only_where_its_source_says_so(places: Any, known: str) -> None:
    assert covered(replace(AIN, places=places)).pan == known


@pytest.mark.parametrize(("told", "known"), [(True, "foreigners"), (False, "others"), (None, "audience")])
def test_a_pan_that_was_read_counts_as_its_page_says(told: bool | None, known: str) -> None:
    one = replace(AIN, notices=(PAGE,))
    assert covered(one, facts={"01/notices/page": published(told)}).pan == known


def test_a_way_to_file_is_none_of_the_portals() -> None:
    told = (said("filing", "post", "online"), said("filing", "email"), said("appointment", "phone"))
    assert covered(replace(AIN, statements=told)).filing == ("email", "post")
    assert covered(replace(AIN, statements=(said("filing", "online"), said("filing")))).filing == ()
    assert covered(replace(AIN, notices=(PAGE,)), facts={"01/notices/page": published(True, "postal")}).filing == (
        "post",
    )


def test_opened_is_the_last_day_that_somebody_was_there() -> None:
    old = Provenance("test", "2019", "confirmed_1")
    one = replace(AIN, desks=(desk(EZ, provenance=old),), notices=(replace(PAGE, provenance=old),))
    never = covered(one)
    assert (never.opened, never.reopen, never.addresses) == (None, 2, 2)
    looked = covered(one, good={"01/ez_booking": AT})
    assert (looked.opened, looked.reopen) == (AT.date(), 1)
    both = covered(one, good={"01/ez_booking": AT}, facts={"01/notices/page": published(True)})
    assert both.reopen == 0
    played = covered(one, facts={"01/notices/page": published(True) | {"simulated": True}})
    assert (played.opened, played.reopen) == (None, 2), "a simulator opened nothing"


def test_what_is_not_known_is_work_with_its_command() -> None:
    known = coverage(rows([AIN, replace(AIN, code="02", notices=(PAGE,))], {}, {}), ON, whole=True)
    assert known.work() == {"nothing": ("01",), "desk": ("02",), "pan": ("01", "02"), "reopen": ()}
    told = {one["what"]: one["command"] for one in known.to_json()["work"]}
    assert told == {"nothing": "vigie survey 01", "desk": "vigie survey 02", "pan": "vigie survey"}
    asked = replace(known, whole=False).to_json()["work"]
    assert [one["command"] for one in asked][2] == "vigie survey 01 02", "of two asked for, not of the country"


DECLARED = load("prefectures").prefectures


@given(st.sets(st.sampled_from(DECLARED)), st.dates(date(2026, 11, 30), date(2030, 1, 1)))
def test_every_prefecture_counts_once_on_any_day(some: Iterable[Prefecture], on: date) -> None:
    known = coverage(rows(some, {}, {}), on, whole=False)
    every = len(known.rows)
    assert list(known.by_access()) == list(ACCESSES)
    assert list(known.by_pan()) == list(PANS)
    for counts in (known.by_access(), known.by_pan(), known.by_opening()):
        assert sum(counts.values()) == every
    assert all(row.reopen <= row.addresses for row in known.rows)
    assert known.filing <= sum(known.by_way().values())


def test_both_doors_of_paris_are_told_and_not_read() -> None:
    (paris,) = coverage(rows([one for one in DECLARED if one.code == "75"], {}, {}), ON, whole=False).rows
    assert paris.pan == "unverified"
