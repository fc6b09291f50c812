"""What changed between two readings of a notice, and when something may be called withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.core.changes import changes
from monitor.core.health import withdrawn
from monitor.report.picture import NoticeSeen, picture

START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def facts(
    pan: str = "not_found", seen: str | None = None, *, post: str | None = None, **details: Any
) -> dict[str, Any]:
    """Facts of a notice: the PAN's status and sentence, and the sentence of postal filing where it is published."""
    none: dict[str, Any] = {"published": False, "scope": None, "substitution": False, "basis": None, "arrete": None}
    none |= {"addresses": [], "seen": None}
    postal = none if post is None else {**none, "published": True, "seen": post, "basis": "offered"}
    lists: dict[str, Any] = {name: [] for name in ("access", "places", "phones", "emails", "links")}
    blank = {**lists, "hours": None, "for_foreigners": True}
    return {
        "pan": {**blank, **details, "status": pan, "seen": seen},
        "channels": {"counter": none, "postal": postal, "email": none, "phone": none},
        "two_vectors": None,
        "ccc": {"mentioned": False, "phone": None, "seen": None},
        "updated_on": None,
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (facts(), facts(), []),
        (facts(), facts("published", "Le PAN est ouvert."), [("pan", "published", None, "Le PAN est ouvert.")]),
        (facts("published", "A"), facts(), [("pan", "no_longer_found", "A", None)]),
        (facts("published", "A"), facts("closed", "B"), [("pan", "changed", "A", "B")]),
        (facts("published", "A"), facts("published", "B"), [("pan", "reworded", "A", "B")]),
        (facts("published", "A", hours="9h"), facts("published", "A", hours="10h"), [("pan", "changed", "A", "A")]),
        (facts("published", "A", places=["x"]), facts("published", "A", places=["y"]), [("pan", "moved", "A", "A")]),
        (facts(), facts(post="Par courrier."), [("channel:postal", "published", None, "Par courrier.")]),
        (facts(post="A"), facts(), [("channel:postal", "no_longer_found", "A", None)]),
        (facts(post="A"), facts(post="B"), [("channel:postal", "reworded", "A", "B")]),
    ],
)
def test_each_change_is_told_with_both_sentences(before: Any, after: Any, told: list[Any]) -> None:
    assert [(c.fact, c.kind, c.before, c.after) for c in changes(before, after)] == told


def history(*looks: tuple[float, str, str | None]) -> list[dict[str, Any]]:
    """(hours since the start, class of the reading, PAN's sentence)."""
    return [
        {
            "reading": reading,
            "started": (START + timedelta(hours=hours)).isoformat(),
            **(
                {"facts": facts("published" if seen else "not_found", seen)}
                if reading in ("Published", "NotFound")
                else {}
            ),
        }
        for hours, reading, seen in looks
    ]


PUBLISHED = (0.0, "Published", "Le PAN est ouvert.")


@pytest.mark.parametrize(
    ("looks", "gone"),
    [
        ([PUBLISHED], False),
        ([PUBLISHED, (24, "NotFound", None), (48, "NotFound", None)], False),
        ([PUBLISHED, (24, "NotFound", None), (36, "NotFound", None), (48, "NotFound", None)], True),
        ([PUBLISHED, (24, "NotFound", None), (30, "NotFound", None), (36, "NotFound", None)], False),
        ([PUBLISHED, (24, "Unavailable", None), (36, "Unreached", None), (72, "Unreadable", None)], False),
        (
            [PUBLISHED, (24, "NotFound", None), (48, "NotFound", None), (60, "Published", "A"), (72, "NotFound", None)],
            False,
        ),
        ([(0, "NotFound", None), (24, "NotFound", None), (48, "NotFound", None)], False),
    ],
    ids=["there", "two looks", "three over a day", "three in half a day", "errors", "came back", "never there"],
)
def test_withdrawn_takes_three_looks_over_a_day(looks: Sequence[Any], gone: bool) -> None:
    assert (withdrawn(history(*looks), "pan") is not None) is gone


def seen(url: str, said: dict[str, Any] | None) -> NoticeSeen:
    return NoticeSeen(url=url, facts=said, at="2026-11-24T08:00:00Z")


def test_a_pan_for_foreigners_on_one_page_counts_before_others() -> None:
    licences, foreigners = facts("published", "A", for_foreigners=False), facts("published", "B")
    joined = picture([seen("a", licences), seen("b", foreigners)])
    assert (joined.pan, joined.for_foreigners, joined.pan_fact and joined.pan_fact.url) == ("published", True, "b")


def test_two_pages_that_disagree_are_contradictory() -> None:
    assert picture([seen("a", facts("published", "A")), seen("b", facts("closed", "B"))]).pan == "contradictory"


def test_a_negative_lists_the_pages_read_and_those_not_read() -> None:
    joined = picture([seen("a", facts()), seen("b", None)])
    assert (joined.pan, joined.examined, joined.unread) == ("none_found", ("a",), ("b",))
    assert picture([seen("b", None)]).pan == "not_read"


def test_a_pan_is_due_where_foreigners_are_received() -> None:
    assert picture([seen("a", facts())]).pan_due is None
    assert picture([seen("a", facts())], receives_foreigners=True).pan_due is True
    assert picture([seen("a", facts(post="Par courrier."))]).pan_due is True
