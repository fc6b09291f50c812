"""A notice costs its length, whatever its shape, and no more than a notice can have."""

import sys
from types import FrameType
from typing import Any

import pytest

from monitor.core.readings import Unreadable
from monitor.read.notices.clauses import clauses
from monitor.read.notices.facts import read_notice
from monitor.read.notices.prose.blocks import MAX_LETTERS
from monitor.read.notices.rules import notice_rules, requested
from monitor.read.notices.visit import reading_of
from tests.support.shapes import SHAPES, page

URL = "https://www.gard.gouv.fr/Demarches/Etrangers"


def calls(body: bytes) -> int:
    """Calls made to read a page: a measure of work that no busy machine changes."""
    made = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    rules = notice_rules()
    read_notice(b"<p>x</p>", None, URL, rules)  # imports
    for remembered in (clauses, requested):
        remembered.cache_clear()
    sys.setprofile(count)
    try:
        read_notice(body, None, URL, rules)
    finally:
        sys.setprofile(None)
    return made


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_page_is_four_times_the_work(shape: str) -> None:
    assert calls(page(shape, 16_000)) <= 5 * calls(page(shape, 4_000)) + 2_000


@pytest.mark.parametrize(
    "body",
    [
        "Déposez votre dossier par courrier. " * (MAX_LETTERS // 35),
        "<p>Déposez votre dossier par courrier.</p>" * 4_100,
        "Par courrier\n" * 4_100,
        "<p>x" + " x" * 600_000,
        "<table><tr><td>" * 400,
    ],
    ids=["letters", "blocks", "lines", "bytes", "depth"],
)
def test_what_is_longer_than_any_notice_is_said_to_be_too_big(body: str) -> None:
    facts = read_notice(body.encode(), None, URL, notice_rules())
    assert reading_of(facts) == Unreadable(why="too_big")
    assert not any(channel.published for channel in facts.channels.values())
