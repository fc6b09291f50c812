"""What the entries of a case add up to: facts, attempts, notes, relevés joined. A later fact stands for an earlier one.

Nothing is edited: a note stands beside the entry it is about, and an entry withdrawn stays, with the reason. One taken
back within the hour, before anything left the case, is a slip of the keyboard: it stays here and is printed nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from monitor.case.model import Attempt, Facts, FileRef, attempt_from_json, facts_from
from monitor.values import dataclass

SLIP: Final = timedelta(hours=1)


class EntryLike(Protocol):
    """An entry as the folder gives it."""

    @property
    def n(self) -> int:
        """Its number, from 1."""
        ...

    @property
    def recorded(self) -> datetime:
        """Aware UTC, when it was written down."""
        ...

    @property
    def what(self) -> str:
        """`opened`, `attempt`, `facts`, `note`, `import`, `rules` or `left`."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says."""
        ...

    @property
    def files(self) -> tuple[FileRef, ...]:
        """The files that came with it."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation. about: the entry's number; withdrawn: that entry no longer counts, and stays."""

    number: int
    recorded: datetime
    about: int
    text: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A relevé of the monitor that was verified before it was accepted: never an attempt of the person.

    archive: the export folder as ZIP. told: the lines of the verification. reserved: something remained open.
    """

    number: int
    recorded: datetime
    name: str
    archive: FileRef
    records: int
    reserved: bool
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A whole case, read. attempts: in the order of their days, those withdrawn left out; withdrawn: those.

    slips: numbers of those withdrawn within the hour, before an export or a draft. begun: UTC day of its first entry,
    None without one; rules: reading of the rules whose changes were told already. left: number of the last entry that
    says something left the case, 0 without one.
    """

    facts: Facts
    attempts: tuple[Attempt, ...]
    withdrawn: tuple[Attempt, ...]
    notes: tuple[Note, ...]
    joined: tuple[Joined, ...]
    slips: frozenset[int] = frozenset()
    begun: date | None = None
    rules: date | None = None
    left: int = 0


def read(entries: Sequence[EntryLike]) -> Book:
    """The book of a case. Raises KeyError or ValueError on an entry this version does not know."""
    facts: dict[str, Any] = {}
    attempts: list[Attempt] = []
    notes: list[Note] = []
    left: list[int] = []
    joined: list[Joined] = []
    begun = rules = None
    for entry in entries:
        data = entry.data
        begun = begun or entry.recorded.date()
        match entry.what:
            case "opened" | "facts":
                each = {name: {**facts.get(name, {}), **data.get(name, {})} for name in ("published", "ready")}
                facts |= {**data, **each}
            case "attempt":
                attempts.append(attempt_from_json(data, entry.files, entry.n))
            case "note":
                notes.append(Note(entry.n, entry.recorded, data["about"], data["text"], data["withdrawn"]))
            case "import":
                told = tuple(data["told"])
                joined.append(
                    Joined(
                        entry.n, entry.recorded, data["name"], entry.files[0], data["records"], data["reserved"], told
                    )
                )
            case "rules":
                rules = date.fromisoformat(data["read_on"])
            case "left":
                left.append(entry.n)
            case _:
                raise ValueError(f"entry {entry.n}: {entry.what}")
    gone = {note.about for note in notes if note.withdrawn}
    written = {entry.n: entry.recorded for entry in entries}
    in_order = sorted(attempts, key=lambda one: (one.day, one.at.timestamp() if one.at else 0.0, one.number))
    return Book(
        facts=facts_from(facts),
        attempts=tuple(one for one in in_order if one.number not in gone),
        withdrawn=tuple(one for one in in_order if one.number in gone),
        notes=tuple(notes),
        joined=tuple(joined),
        slips=frozenset(note.about for note in notes if _slip(note, written, left)),
        begun=begun,
        rules=rules,
        left=max(left, default=0),
    )


def _slip(note: Note, written: Mapping[int, datetime], left: Iterable[int]) -> bool:
    """Whether it takes an entry back that nobody outside can have seen: soon, and before anything left the case."""
    if not note.withdrawn or any(note.about < number < note.number for number in left):
        return False
    return timedelta(0) <= note.recorded - written[note.about] <= SLIP
