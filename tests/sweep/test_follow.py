"""How long a sweep still takes: that of its slowest host, by the pace it showed; never a look counted twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.pace import Kind
from monitor.core.prefecture import Visit
from monitor.core.record import Subject
from monitor.sweep.follow import ANSWER, REQUESTS, ROBOTS, Forecast
from monitor.sweep.plan import Look


def look(name: str, host: str, kind: Kind = "notice") -> Look:
    subject = Subject(
        key=f"01/{name}", look="notice", prefecture="01", label=name, platform="notice", url=f"https://{host}/",
        time_zone="Europe/Paris",
    )  # fmt: skip
    return Look(subject=subject, host=host, kind=kind, begin=lambda at: _nothing())


def _nothing() -> Visit:
    raise NotImplementedError
    yield


def test_before_any_answer_the_longest_queue_tells_at_the_pace_that_is_kept() -> None:
    looks = [look(f"f{n}", "forms.gouv.fr", "request_form") for n in range(100)] + [look("a", "x.gouv.fr", "calendar")]
    cast = Forecast(looks, spacing=1.5)
    assert cast.seconds_left(0.0) == pytest.approx((100 * REQUESTS["request_form"] + ROBOTS) * (1.5 + ANSWER))


def test_a_host_s_own_pace_tells_once_it_answered() -> None:
    cast = Forecast([look(str(n), "x.gouv.fr") for n in range(11)], spacing=1.0)
    for n in range(10):
        cast.over(f"01/{n}")
    # ten looks of 1.4 requests and robots.txt took 150 s: ten seconds a request
    assert cast.seconds_left(150.0) == pytest.approx(1.4 * 10.0)


def test_a_host_that_is_done_holds_nobody_up_and_a_second_look_counts_once() -> None:
    cast = Forecast([look("a", "slow.gouv.fr"), look("b", "quick.gouv.fr")], spacing=1.0)
    cast.over("01/a")
    cast.over("01/a")
    assert (cast.made, cast.due) == (1, 2)
    cast.over("01/b")
    assert (cast.made, cast.seconds_left(3.0)) == (2, 0.0)


def test_looks_passed_over_at_once_take_the_time_with_them() -> None:
    """A host that is left alone after its third refusal: the rest of its queue is over in no time."""
    cast = Forecast([look(str(n), "x.gouv.fr") for n in range(50)], spacing=1.0)
    before = cast.seconds_left(1.0)
    for n in range(49):
        cast.over(f"01/{n}")
    assert cast.seconds_left(1.0) < before / 20


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["calendar", "request_form", "notice"])), max_size=12),
    st.permutations(range(12)),
    st.floats(0.0, 10_000.0),
)
def test_it_is_never_negative_and_ends_at_nothing(
    rows: list[tuple[str, Kind]], order: list[int], elapsed: float
) -> None:
    looks = [look(str(n), host, kind) for n, (host, kind) in enumerate(rows)]
    cast = Forecast(looks, spacing=1.0)
    for n in order:
        assert cast.seconds_left(elapsed) >= 0.0
        cast.over(f"01/{n}")
    assert (cast.made, cast.seconds_left(elapsed)) == (len(looks), 0.0)
