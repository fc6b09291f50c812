"""Which declared addresses moved or are gone, by looks and by the weekly walk, and the change each proposes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import api
from monitor.api import DemarcheNumerique, Desk, EzBooking, Notice, Prefecture, Provenance
from monitor.catalogue.declaration import faults
from monitor.core.health import Glance
from monitor.ops.drift import Drift, drift, sent_on
from monitor.ops.health import Plugin, Sightings, health

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SOURCE = Provenance("test", "2020", "confirmed_1")
SITE = "https://www.ain.gouv.fr"
PAGE = Notice(slug="page", kind="foreigners", url=f"{SITE}/Politiques-publiques/Etrangers", provenance=SOURCE)
CALENDAR = Desk(slug="a", label="a", procedure="renewal", platform=EzBooking("www.ain.gouv.fr", 12), provenance=SOURCE)
AIN = Prefecture(
    code="01", slug="ain", name="Ain", office="Préfecture de l'Ain", site=SITE, provenance=SOURCE,
    desks=(CALENDAR,), notices=(PAGE,),
)  # fmt: skip


def looked(url: str, *moves: tuple[int, str], **more: Any) -> dict[str, Any]:
    """A record whose look at `url` was sent from address to address."""
    exchanges, at = [{"url": f"{SITE}/robots.txt", "status": 200}], url
    for status, location in moves:
        exchanges.append({"url": at, "status": status, "location": location})
        at = location
    return {"started": "2026-11-29T12:00:00.000000Z", "exchanges": exchanges, **more}


def judged(one: Prefecture, looks: Mapping[str, list[Glance]]) -> tuple[Plugin, ...]:
    seen = Sightings(
        now=NOW, looks=lambda key: looks.get(key, ()), sweeps=(), interval=timedelta(hours=1), browser=True
    )
    return health([one], [], seen, {}).plugins


def drifted(
    one: Prefecture = AIN, last: Any = None, walk: Any = None, looks: Mapping[str, list[Glance]] | None = None
) -> tuple[Drift, ...]:
    files = {"01": "/somewhere/d01_ain.py"}
    return drift([one], judged(one, looks or {}), last or {}, lambda code: walk, files)


def walked(**difference: list[dict[str, Any]]) -> dict[str, Any]:
    empty: dict[str, list[dict[str, Any]]] = {"new": [], "missing": [], "moved": [], "same": [], "not_examined": []}
    return {"started": "2026-11-28T12:00:00+00:00", "simulated": False, "difference": empty | difference}


def line(what: str, slug: str, url: str, to: str | None = None, why: str | None = None) -> dict[str, Any]:
    return {"what": what, "slug": slug, "url": url, "to": to, "why": why}


def changed(one: Drift) -> Prefecture:
    """The declaration with the change written into it, as a person would."""
    assert one.change is not None
    call = ast.parse(f"f({one.change})").body[0].value  # type: ignore[attr-defined]
    given_ = {arg.arg: eval(ast.unparse(arg.value), vars(api)) for arg in call.keywords}
    if one.key == "01":
        return replace(AIN, **given_)
    if one.key.startswith("01/notices/"):
        return replace(AIN, notices=(replace(PAGE, **given_),))
    return replace(AIN, desks=(replace(CALENDAR, **given_),), no_desk="x", searched_on=date(2026, 11, 30))


def test_nothing_drifted() -> None:
    assert drifted() == ()
    assert drifted(last={"01/notices/page": looked(PAGE.url)}, walk=walked()) == ()
    assert drifted(walk={"prefecture": "01", "started": NOW.isoformat(), "stopped": "unfinished"}) == ()


def test_a_look_sent_on_for_good_proposes_where_it_ended() -> None:
    record = looked(PAGE.url, (301, "/Actions-de-l-Etat/Etrangers"))
    record["exchanges"].append(
        {"url": f"{SITE}/Actions-de-l-Etat/Etrangers", "status": 308, "location": f"{SITE}/Demarches/Etrangers"}
    )
    (one,) = drifted(last={"01/notices/page": record})
    assert (one.kind, one.to, one.witness, one.seen) == (
        "moved", f"{SITE}/Demarches/Etrangers", "sent_on", date(2026, 11, 29),
    )  # fmt: skip
    assert (one.file, one.change) == ("d01_ain.py", f'url="{SITE}/Demarches/Etrangers"')
    made = changed(one)
    assert faults(made) == []
    assert made.notices[0].url == f"{SITE}/Demarches/Etrangers"


@pytest.mark.parametrize("status", [200, 302, 303, 307, 404])
def test_a_redirect_that_promises_nothing_is_no_move(status: int) -> None:
    assert sent_on(PAGE.url, looked(PAGE.url, (status, f"{SITE}/Ailleurs"))) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "to", [f"{SITE}/", SITE, "https://ain-prefecture.example/Etrangers"], ids=["home", "no path", "not official"]
)
def test_a_move_that_says_nothing_proposes_nothing(to: str) -> None:
    (one,) = drifted(last={"01/notices/page": looked(PAGE.url, (301, to))})
    assert (one.kind, one.to, one.change) == ("moved", to, None)


def test_a_calendar_that_moved_is_proposed_on_its_product() -> None:
    to = "https://www.rdv.ain.gouv.fr/booking/create/99"
    (one,) = drifted(last={"01/a": looked(CALENDAR.platform.url, (301, to))})
    assert one.change == 'platform=EzBooking("www.rdv.ain.gouv.fr", 99)'
    assert changed(one).desks[0].platform == EzBooking("www.rdv.ain.gouv.fr", 99)
    (other,) = drifted(last={"01/a": looked(CALENDAR.platform.url, (301, f"{SITE}/Demarches/Rendez-vous"))})
    assert other.change is None, "a page is no calendar"


def gone(hours: int) -> Glance:
    return Glance(at=NOW - timedelta(hours=hours), reading="Unreadable", detail="not_found")


def test_what_several_looks_found_gone_is_to_be_retired() -> None:
    looks = {"01/notices/page": [gone(1), gone(20), gone(40)]}
    (one,) = drifted(looks=looks)
    assert (one.kind, one.to, one.witness) == ("gone", None, "looks")
    assert one.change == "retired=date(2026, 11, 28)"
    assert changed(one).notices[0].retired == date(2026, 11, 28)
    assert drifted(looks={"01/notices/page": [gone(1)]}) == (), "one look withdraws nothing"


def test_a_walk_tells_what_moved_and_what_is_gone_while_it_is_still_declared() -> None:
    walk = walked(
        moved=[
            line("site", "ain", SITE, "https://www.ain-nouveau.gouv.fr", "redirected"),
            line("notice", "page", PAGE.url, f"{SITE}/Demarches/Etrangers", "redirected"),
        ],
        missing=[line("desk", "a", CALENDAR.platform.url, None, "no_link_on_these_pages")],
    )
    site, page = sorted(drifted(walk=walk), key=lambda one: one.key)
    assert (site.key, site.change) == ("01", 'site="https://www.ain-nouveau.gouv.fr"')
    assert (page.key, page.witness, page.seen) == ("01/notices/page", "walk", date(2026, 11, 28))
    mended = replace(
        AIN, notices=(replace(PAGE, url=f"{SITE}/Demarches/Etrangers"),), site="https://www.ain-nouveau.gouv.fr"
    )
    assert drifted(mended, walk=walk) == (), "done"
    (left,) = drifted(walk=walked(missing=[line("notice", "page", PAGE.url, None, "Unreadable(not_found)")]))
    assert (left.kind, left.change) == ("gone", "retired=date(2026, 11, 28)")
    assert drifted(walk=walked(missing=[line("notice", "page", PAGE.url, None, "Unreached(timeout)")])) == ()


def test_a_look_counts_before_a_walk_and_a_retired_address_is_at_rest() -> None:
    walk = walked(moved=[line("notice", "page", PAGE.url, f"{SITE}/Walk", "redirected")])
    last = {"01/notices/page": looked(PAGE.url, (301, f"{SITE}/Look"))}
    (one,) = drifted(last=last, walk=walk)
    assert one.to == f"{SITE}/Look"
    at_rest = replace(AIN, notices=(replace(PAGE, retired=date(2026, 1, 1)),))
    assert drifted(at_rest, last=last, walk=walk) == ()


def test_what_a_simulator_played_says_so() -> None:
    (one,) = drifted(last={"01/notices/page": looked(PAGE.url, (301, f"{SITE}/x"), simulated=True)})
    assert one.simulated
    (one,) = drifted(walk=walked(moved=[line("notice", "page", PAGE.url, f"{SITE}/x")]) | {"simulated": True})
    assert one.simulated


PATHS = st.text("abcé'\"\\\\\n /?#;%", min_size=1, max_size=12)


@given(PATHS, st.sampled_from([PAGE, CALENDAR, replace(CALENDAR, platform=DemarcheNumerique("x"))]))
def test_a_change_is_one_argument_whatever_the_address_holds(path: str, entry: Notice | Desk) -> None:
    """A location is a stranger's text: what is proposed of it is a literal, and no code."""
    one = replace(AIN, desks=(entry,) if isinstance(entry, Desk) else (), notices=(PAGE,))
    url = entry.platform.url if isinstance(entry, Desk) else entry.url
    key = "01/a" if isinstance(entry, Desk) else "01/notices/page"
    for found in drifted(one, last={key: looked(url, (301, f"{SITE}/{path}"))}):
        if found.change is not None:
            call = ast.parse(f"f({found.change})").body[0].value  # type: ignore[attr-defined]
            assert len(call.keywords) == 1
            assert not call.args
            for node in ast.walk(call.keywords[0].value):
                assert isinstance(node, ast.Constant | ast.Call | ast.Name | ast.Load)
