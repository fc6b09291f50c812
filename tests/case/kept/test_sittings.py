"""Pages parted into sittings, and which page of a sitting tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from monitor.case.kept.sittings import GAP, kind_of_reading, parted, telling
from monitor.core.readings import NoSlot, Obstructed, Reading, Seen, SlotsOpen, Unreadable

ZONE = ZoneInfo("Europe/Paris")
NONE = NoSlot(seen=Seen("Aucun créneau disponible", "h2"))
SOME = SlotsOpen(seen=Seen("09h00", "label"))
WEAK = SlotsOpen(seen=Seen("Choisissez", "h1"), weak=True)
CAPTCHA = Obstructed(obstacle="captcha", seen=Seen("code", "label"))
HALF_WAY = Unreadable(why="mid_visit", step="accueil")


@dataclass(frozen=True)
class Shown:
    at: datetime
    desk: str
    reading: Reading


SHOWN = st.builds(
    Shown,
    at=st.integers(0, 20_000).map(lambda minutes: datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=minutes)),
    desk=st.sampled_from("ab"),
    reading=st.sampled_from([NONE, SOME, WEAK, CAPTCHA, HALF_WAY]),
)


@given(st.lists(SHOWN, max_size=60))
def test_every_page_is_in_one_sitting_of_one_desk_one_day_and_no_longer_pause(pages: list[Shown]) -> None:
    sittings = [*parted(pages, ZONE)]
    assert sorted(map(repr, pages)) == sorted(repr(page) for one in sittings for page in one)
    for one in sittings:
        assert len({page.desk for page in one}) == 1
        assert len({page.at.astimezone(ZONE).date() for page in one}) == 1
        assert all(later.at - earlier.at <= GAP for earlier, later in pairwise(one))
    for desk in "ab":
        mine = [one for one in sittings if one[0].desk == desk]
        for earlier, later in pairwise(mine):
            days = {page.at.astimezone(ZONE).date() for page in (earlier[-1], later[0])}
            assert later[0].at - earlier[-1].at > GAP or len(days) == 2, "one sitting was parted"


@given(st.lists(SHOWN, min_size=1, max_size=20))
def test_an_opening_in_any_page_makes_the_sitting_one_where_a_slot_was_offered(pages: list[Shown]) -> None:
    opened = any(page.reading is SOME for page in pages)
    assert (kind_of_reading(telling(pages).reading) == "slot_offered") is opened


def test_without_an_opening_the_last_answer_tells() -> None:
    at = datetime(2026, 3, 27, tzinfo=UTC)
    pages = [Shown(at, "a", one) for one in (CAPTCHA, NONE, HALF_WAY)]
    assert telling(pages).reading is NONE
    assert telling(pages[2:]).reading is HALF_WAY
