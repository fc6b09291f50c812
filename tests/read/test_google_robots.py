"""Google's own cases of its matcher, each answered as it does, but for the differences whose reason is written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from monitor.read.robots import RobotsRules
from tests.read.google_robots import CASES, DIFFERENCES, Case

SITE = "https://foo.bar"
ANSWERS = [
    (case, path, wanted)
    for case in CASES
    for paths, wanted in ((case.allowed, True), (case.forbidden, False))
    for path in paths.split()
]


def may(case: Case, path: str) -> bool:
    text = case.file.removeprefix("\ufeff")  # dropped where the bytes are decoded
    return RobotsRules(text, case.agent).disallows(SITE + path) is None


def test_the_table_is_whole() -> None:
    assert len(ANSWERS) == 141
    assert {(case.test, path) for case, path, _wanted in ANSWERS} >= set(DIFFERENCES)


@pytest.mark.parametrize("test", sorted({case.test for case in CASES}))
def test_each_answer_is_googles_or_its_reason_is_known(test: str) -> None:
    differ = {(one.test, path) for one, path, wanted in ANSWERS if one.test == test and may(one, path) is not wanted}
    assert differ == {known for known in DIFFERENCES if known[0] == test}


RULE = st.text("ab/.*$%61?=;~é", max_size=8).map("/".__add__) | st.sampled_from(
    ["", "*", "x", "/a/index.html", "https://foo.bar/a", "//a", "/%2f", "/%61", "/a%"]
)
ROWS = st.lists(st.tuples(st.sampled_from(["Allow", "Disallow"]), RULE), max_size=10)


@given(rows=ROWS, path=st.text("ab/.%61?=;~é", max_size=8).map("/".__add__) | st.sampled_from(["", "/a/", "?a", "//a"]))
def test_rules_left_aside_for_their_beginning_change_no_answer(rows: list[tuple[str, str]], path: str) -> None:
    text = "User-agent: *\n" + "".join(f"{field}: {rule}\n" for field, rule in rows)
    line = RobotsRules(text).disallows(SITE + path)
    assert (line is None) is Protego.parse(text).can_fetch(SITE + path, "vigie")
    assert line is None or line.startswith("Disallow: ")
