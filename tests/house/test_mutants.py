"""The planted faults: each is other source that still parses, where it says it is, and nothing else is changed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutants.__main__ import drawn
from tests.mutants.operators import Fault, faults

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''"""Not a fault: words of a docstring."""

LIMIT: "int" = 3


def told(day: int, name: str = "é") -> "str | None":
    """Nor these."""
    if day < LIMIT and not name:
        raise ValueError("nor the words of an error")
    found = [one for one in (day, day + 1) if one]
    found.append(max(day, 2))
    return (
        _("nor what people read")
        or f"nor {name!r} in here"
    )
'''


def offered() -> list[Fault]:
    return faults("monitor/x.py", SOURCE.encode())


def test_every_kind_of_fault_is_offered_once_where_it_stands() -> None:
    assert [(one.line, one.function, one.operator, one.before, one.after) for one in offered()] == [
        (3, "", "const", "3", "4"),
        (6, "told", "string", '"é"', "'zzé'"),
        (8, "told", "and/or", "day < LIMIT and not name", "day < LIMIT or not name"),
        (8, "told", "drop-operand", "day < LIMIT and not name", "not name"),
        (8, "told", "drop-operand", "day < LIMIT and not name", "day < LIMIT"),
        (8, "told", "compare", "day < LIMIT", "day <= LIMIT"),
        (8, "told", "remove-not", "not name", "name"),
        (9, "told", "drop-stmt", 'raise ValueError("nor the words of an error")', "pass"),
        (10, "told", "drop-filter", "one", "True"),
        (10, "told", "arithmetic", "day + 1", "day - 1"),
        (10, "told", "const", "1", "2"),
        (11, "told", "drop-stmt", "found.append(max(day, 2))", "pass"),
        (11, "told", "min/max", "max(day, 2)", "min(day, 2)"),
        (11, "told", "const", "2", "3"),
        (12, "told", "return-None", offered()[14].before, "None"),
        (13, "told", "and/or", offered()[15].before, offered()[15].after),
        (13, "told", "drop-operand", offered()[16].before, offered()[16].after),
        (13, "told", "drop-operand", offered()[17].before, offered()[17].after),
    ]


@pytest.mark.parametrize(
    "name", ["monitor/core/hosts.py", "monitor/alerts/send/queue.py", "monitor/settings/readers.py"]
)
def test_a_planted_fault_changes_its_place_alone_and_no_line_moves(name: str) -> None:
    source = (ROOT / name).read_bytes()
    whole = ast.dump(ast.parse(source))
    for fault in drawn(faults(name, source), 40, name):
        planted = fault.planted(source)
        assert ast.dump(ast.parse(planted)) != whole, fault
        assert planted.startswith(source[: fault.start])
        assert planted.endswith(source[fault.end :])
        assert planted.count(b"\n") == source.count(b"\n")


def test_a_draw_is_the_same_for_a_seed_and_takes_kinds_before_places() -> None:
    all_of_them = faults("monitor/x.py", (ROOT / "monitor/alerts/send/queue.py").read_bytes())
    first = drawn(all_of_them, 8, "1:x")
    assert first == drawn(list(all_of_them), 8, "1:x")
    assert first != drawn(all_of_them, 8, "2:x")
    assert len({one.operator for one in first}) >= 4
    assert drawn(all_of_them[:3], 8, "1:x") == sorted(all_of_them[:3], key=lambda one: (one.start, one.operator))
