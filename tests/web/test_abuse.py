"""What strangers may do with the pages: one message a victim a day, a budget in all, no answer that tells."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import h11
import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from monitor.alerts.people.budget import Budget
from monitor.store.beside import beside, written
from monitor.web.limits import NetworkLimit, network
from tests.support.outbox import NOW
from tests.support.web import SEED, Served, serving

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as one:
        yield one


def test_two_hundred_requests_for_one_address_send_one_message(served: Served) -> None:
    answers = {served.subscribe(SEED.upper() if n % 2 else SEED).text for n in range(200)}
    served.settled()
    assert (len(answers), len(served.mails()), served.states()) == (1, 1, ["pending"])
    served.client.post(served.link("c"))
    for _ in range(50):
        served.subscribe()
        served.client.post("/fr/gerer", data={"address": SEED, "t": served.token("manage")})
    served.settled()
    assert len(served.mails()) == 2  # the link, once


def test_past_the_budget_of_all_the_form_closes_and_says_so(tmp_path: Path) -> None:
    with serving(tmp_path, "questions_an_hour = 5\nnetwork_an_hour = 10000") as served:
        for n in range(40):
            served.subscribe(f"p{n}@exemple.test")
        served.settled()
        assert len(served.mails()) == 5
        shut = served.client.get("/fr/")
        assert 'role="alert"' in shut.text
        assert "/fr/abonnement" not in shut.text
        assert served.subscribe("late@exemple.test").status_code == 503
        with served.opened() as (db, _people):
            db.execute("UPDATE spent SET at = at - 3601 * 1000000")
        served.routes.office.look_again()
        served.settled()
        assert "/fr/abonnement" in served.client.get("/fr/").text


def test_a_budget_is_spent_by_day_by_month_and_in_all(tmp_path: Path) -> None:
    budget, day = Budget(an_hour=3, a_day=4), timedelta(days=1)
    with beside(tmp_path) as db:

        def spend(who: str, at: timedelta, kind: Any = "question") -> bool:
            return budget.spend(db, who.encode(), kind, NOW + at)

        assert [spend("a", timedelta(0)), spend("a", day - timedelta(seconds=1)), spend("a", day)] == [
            True,
            False,
            True,
        ]
        assert [spend("a", 2 * day), spend("a", 3 * day), spend("a", 31 * day)] == [True, False, True]
        assert [spend(who, 40 * day) for who in "bcde"] == [True, True, True, False]
        assert spend("b", 40 * day + timedelta(minutes=61), "link")
        assert not spend("f", 40 * day + timedelta(minutes=62)), "four within the day"
        assert "a" not in str(db.execute("SELECT who FROM spent WHERE who = 'a'").fetchall())


def test_a_network_has_so_many_requests_an_hour() -> None:
    at = [0.0]
    limit = NetworkLimit(2, lambda: at[0])
    assert [limit.allows("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert [limit.allows(f"2001:db8::{n}") for n in range(3)] == [True, True, False]
    assert limit.allows("2001:db8:0:1::1")
    assert network("::ffff:192.0.2.1") == "192.0.2.1"
    at[0] = 3601
    assert limit.allows("192.0.2.1")


def test_the_proxy_says_whose_request_it_is(tmp_path: Path) -> None:
    with serving(tmp_path, "network_an_hour = 2") as served:

        def asked(host: str) -> int:
            answer = served.client.post("/fr/abonnement", data=served.fields(), headers={"x-forwarded-for": host})
            return answer.status_code

        assert [asked("192.0.2.7") for _ in range(3)] == [202, 202, 429]
        assert asked("192.0.2.8") == 202


def test_what_is_no_form_of_ours_is_refused(served: Served) -> None:
    def status(**more: Any) -> int:
        return served.client.post("/fr/abonnement", **more).status_code

    good = served.fields()
    assert status(data=good, headers={"sec-fetch-site": "cross-site"}) == 403
    assert status(data=good, headers={"sec-fetch-site": "same-site"}) == 403
    assert status(files={"address": b"x"}) == 415
    assert status(json=good) == 415
    assert status(content=b"address=" + b"a" * 5000, headers=FORM) == 413
    assert status(content=(b"a" * 1000 for _ in range(9)), headers=FORM) == 413
    assert status(content="&".join(f"p{n}=1" for n in range(99)).encode(), headers=FORM) == 400
    assert status(content="address=é".encode(), headers=FORM) == 400
    assert status(content=b"address=%ff", headers=FORM) == 400
    for token in ("", "x", served.token(age=0), served.token(age=3700), served.token("manage"), served.token()[:-1]):
        assert status(data={**good, "t": token}) == 422
    assert status(data={**good, "t": "９" + served.token()[1:]}) == 422
    served.settled()
    assert (served.mails(), served.states()) == ([], [])
    assert status(data={**good, "website": "http://spam"}) == 202  # as if it were taken
    served.settled()
    assert served.states() == []
    assert status(data=good, headers={"sec-fetch-site": "same-origin"}) == 202


def test_no_page_sets_a_cookie_or_lets_anything_in(served: Served) -> None:
    served.subscribe()
    served.settled()
    for path in (
        "/fr/",
        "/ar/",
        "/facile/",
        "/fr/gerer",
        "/nowhere",
        served.link("c"),
        served.link("u"),
        "/fr/g/GERER-1",
    ):
        answer = served.client.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "set-cookie" not in answer.headers
        assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")


@contextmanager
def clerks_held(served: Served) -> Iterator[None]:
    """No clerk does anything until the end of the block."""
    going = threading.Event()
    holding = [clerk.hand(lambda _desk: going.wait()) for clerk in served.routes.office.clerks]
    try:
        yield
    finally:
        going.set()
        for one in holding:
            one.result()


def test_no_store_is_touched_before_the_answer_leaves(served: Served) -> None:
    """Connections are the clerks' own (SQLite refuses another thread), they are held, and none is opened."""
    served.consent()
    opened: list[str] = []
    watching = True

    def hook(event: str, words: Any) -> None:
        if watching and event == "sqlite3.connect":
            opened.append(event)

    sys.addaudithook(hook)
    with clerks_held(served):
        known, new = served.subscribe(), served.subscribe("new@exemple.test")
        link = served.client.post("/fr/gerer", data={"address": SEED, "t": served.token("manage")})
        assert (known.status_code, known.text, link.status_code) == (202, new.text, 202)
    watching = False
    assert opened == []
    served.settled()


def test_a_sweep_that_holds_the_store_holds_up_no_page(tmp_path: Path) -> None:
    with serving(tmp_path, wait=0.0) as served:
        served.subscribe("other@exemple.test")
        served.settled()
        served.client.post(served.link("c"))
        served.settled()
        served.client.post("/fr/gerer", data={"address": "other@exemple.test", "t": served.token("manage")})
        served.settled()
        own = served.link("g")
        served.subscribe()
        served.settled()
        yes = served.link("c")
        with beside(served.chosen.data) as db, written(db):
            for path in ("/fr/", yes, "/fr/gerer", "/ok"):
                assert served.client.get(path).status_code == 200
            assert served.subscribe("third@exemple.test").status_code == 202
            assert served.client.post(yes).status_code == 202
            assert served.client.post(own, data={"do": "pause"}).status_code == 202
            assert served.routes.office.held(own.rpartition("/")[2]).result() is not None  # readers are not held up
        served.settled()
        assert sorted(served.states()) == ["active", "paused", "pending"]


def test_a_full_queue_says_come_back(tmp_path: Path) -> None:
    with serving(tmp_path, "questions_an_hour = 1\nnetwork_an_hour = 10000") as served:
        with clerks_held(served):
            seen = [served.subscribe(f"p{n}@exemple.test").status_code for n in range(1002)]
        assert (seen[0], seen[-1]) == (202, 503)
        served.settled()
        assert len(served.mails()) == 1


PATHS = st.sampled_from(
    ["/", "/ok", "/fr/", "/fr", "/ar/abonnement", "/fr/abonnement", "/fr/gerer", "/en/gerer", "/fr/vie-privee"]
)
CODES = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=90)
LINKS = st.builds("/{}/{}/{}".format, st.sampled_from(["fr", "es", "xx"]), st.sampled_from("cugx"), CODES)
NAMES = st.sampled_from(
    ["address", "prefecture", "procedure", "before", "language", "discreet", "t", "do", "sure", "x"]
)
VALUES = st.one_of(st.text(max_size=40), st.sampled_from(["93", "save", "copy", "erase", "pause", "2099-01-01", SEED]))


@limits(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"]),
    path=st.one_of(PATHS, LINKS),
    fields=st.lists(st.tuples(NAMES, VALUES), max_size=8),
    raw=st.one_of(st.none(), st.binary(max_size=300)),
    kind=st.sampled_from([FORM["content-type"], "multipart/form-data; boundary=x", "text/plain", ""]),
    headers=st.dictionaries(
        st.sampled_from(["host", "sec-fetch-site", "accept-language", "x-forwarded-for", "content-length", "range"]),
        st.text(st.characters(codec="ascii", exclude_categories=("C",)), max_size=20).map(str.strip),
        max_size=3,
    ),
)
def test_no_request_brings_the_server_into_trouble(
    fuzzed: Served, method: str, path: str, fields: list[tuple[str, str]], raw: bytes | None, kind: str,
    headers: dict[str, str],
) -> None:  # fmt: skip
    body = raw if raw is not None else str(httpx.QueryParams(fields)).encode()
    headers.pop("content-length", None) if method != "POST" else None
    try:
        sent = {**headers, "content-type": kind}
        answer = fuzzed.client.request(method, path.replace("%", "%25"), content=body, headers=sent)
    except (httpx.InvalidURL, httpx.ProtocolError, h11.LocalProtocolError):
        return  # what httpx does not send, or what is no HTTP
    assert answer.status_code < 500


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("fuzz")) as one:
        yield one


def test_an_address_is_asked_three_times_in_thirty_days(served: Served) -> None:
    """Three questions in thirty days, whatever the day."""
    for day in range(6):
        with served.opened() as (db, _people):
            db.execute("UPDATE spent SET at = at - 86400 * 1000000")
        served.subscribe()
        served.settled()
        assert len(served.mails()) == min(day + 1, 3)
