"""Pages of the kinds that were once misread: nothing false, and what a person reads is read."""

from __future__ import annotations

import pytest

from monitor.core.readings import NoSlot, SlotsOpen, Unreadable
from tests.read.hostile import hostile
from tests.read.kinds import Kind, kinds

ALL = [*kinds(), *hostile()]


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.name) for kind in ALL])
def test_a_page_of_a_known_kind_reads_as_it_says(kind: Kind) -> None:
    reading = kind.read()
    assert type(reading).__name__ in kind.right.split("|"), reading


def test_nothing_false_and_little_left_unread() -> None:
    """The goals of the readers, over all kinds: no false NoSlot or SlotsOpen, at most one in twenty left unread."""
    readings = [(kind, kind.read()) for kind in ALL]
    false = [
        kind.name
        for kind, one in readings
        if isinstance(one, NoSlot | SlotsOpen) and type(one).__name__ not in kind.right
    ]
    read_by_people = [one for kind, one in readings if kind.person]
    assert not false
    assert sum(isinstance(one, Unreadable) for one in read_by_people) <= len(read_by_people) / 20
    assert len({kind.name for kind in ALL}) == len(ALL)
