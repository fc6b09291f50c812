"""What of a parcel is new to a case, and what it replaces there. Pure.

A person makes the file again each week, with all they kept so far: what the case has is not counted a second time. A
sitting that went on after the file was made takes the place of its first part, which stays in the case as withdrawn. Of
two parts that share a page one counts: that in which a slot was offered, else the newer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from monitor.case.book import Book
from monitor.case.kept.attempts import AttemptBrought
from monitor.case.model import Attempt
from monitor.values import dataclass

OFFERED: Final = "slot_offered"


@dataclass(frozen=True, slots=True)
class Joining:
    """What to do with one attempt of a parcel. made: None where the case has it; replaced: entries it stands for."""

    made: AttemptBrought | None
    replaced: tuple[int, ...]


def joinings(made: Iterable[AttemptBrought], book: Book, holds: Callable[[str], bool]) -> Iterator[Joining]:
    """One for each attempt of a parcel, in its order. holds: whether the case has a file with that SHA-256.

    An entry the person took back is not brought again by the same file. Doing all of it twice changes nothing.
    """
    for one in made:
        kept = frozenset(one.attempt.kept)
        sharing = [each for each in (*book.attempts, *book.withdrawn) if kept & frozenset(each.kept)]
        whole = any(kept <= frozenset(each.kept) for each in sharing)
        shown_before = one.attempt.origin == "diary" and any(map(holds, one.attempt.kept))
        live = [*_live(sharing, book)]
        parts = [each.number for each in live if frozenset(each.kept) < kept]
        offered = one.attempt.kind != OFFERED and any(each.kind == OFFERED for each in live)
        if whole or shown_before:
            yield Joining(None, tuple(parts) if whole else ())
        elif offered and len(parts) < len(live):
            yield Joining(None, ())
        else:
            yield Joining(one, tuple(each.number for each in live))


def _live(sharing: Sequence[Attempt], book: Book) -> Iterator[Attempt]:
    numbers = {each.number for each in book.attempts}
    return (each for each in sharing if each.number in numbers)
