"""A value class is a dataclass in all that is done with one; only its methods are made later."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from monitor.values import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A value with all kinds of fields."""

    code: str
    size: int = 1
    names: tuple[str, ...] = dataclasses.field(default_factory=tuple)
    note: str = dataclasses.field(default="", compare=False, repr=False)


@dataclasses.dataclass(frozen=True)
class Standard(Place):
    """As a plugin written with the standard library's declares one."""

    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Further(Standard):
    """And back."""

    last: bool

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("no size")


@dataclass(slots=True)
class Open:
    """Not frozen."""

    values: list[int] = dataclasses.field(default_factory=list)
    made: int = dataclasses.field(default=7, init=False)


def test_it_compares_hashes_and_shows_as_a_dataclass() -> None:
    one = Place("95", names=("a",))
    assert one == Place("95", 1, ("a",), note="not compared")
    assert hash(one) == hash(Place("95", 1, ("a",)))
    assert one != Place("95")
    assert one != ("95", 1, ("a",))
    assert repr(one) == "Place(code='95', size=1, names=('a',))"
    match one:
        case Place(code, size):
            assert (code, size) == ("95", 1)


def test_what_the_standard_library_does_with_dataclasses_works() -> None:
    one = Further(code="95", last=True, size=2)
    assert dataclasses.replace(one, size=3) == Further(code="95", last=True, size=3)
    assert dataclasses.asdict(Place("95")) == {"code": "95", "size": 1, "names": (), "note": ""}
    assert [f.name for f in dataclasses.fields(one)] == ["code", "size", "names", "note", "more", "last"]
    assert copy.deepcopy(one) == one == pickle.loads(pickle.dumps(one))
    assert Standard("95").more == 0


def test_what_is_frozen_stays() -> None:
    for one in (Place("95"), Standard("95"), Further(code="95", last=True)):
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.code = "75"  # type: ignore[misc]
        with pytest.raises(dataclasses.FrozenInstanceError):
            del one.code  # type: ignore[misc]


def test_wrong_arguments_are_told_in_the_words_of_python() -> None:
    with pytest.raises(TypeError, match=r"Place\.__init__\(\) missing 1 required positional argument: 'code'"):
        Place()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Place("95", colour=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no size"):
        Further(code="95", last=True, size=-1)


def test_what_is_not_frozen_is_written_to_and_has_no_hash() -> None:
    one, other = Open(), Open()
    one.values.append(1)
    one.made = 8
    assert (one.values, other.values, other.made) == ([1], [], 7)
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
