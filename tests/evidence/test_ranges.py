"""Proofs of ranges, the rows of a plan, and what a scope takes of them."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.exported.names import in_scope
from monitor.evidence.merkle import EMPTY_ROOT, Frontier, leaf_hash, range_proof, range_root
from monitor.evidence.plan import PlannedCheck, RowTree, plan_lines, row_hash, span
from tests.support.trees import complete_nodes, inclusion_proof


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % i) for i in range(count)]


def root_of(hashes: list[bytes]) -> bytes:
    frontier = Frontier()
    for one in hashes:
        frontier.append(one)
    return frontier.root()


def test_every_range_of_small_trees_leads_to_the_root() -> None:
    for size in range(1, 18):
        of = leaves(size)
        node, root = complete_nodes(of), root_of(of)
        for first in range(size):
            for count in range(1, size - first + 1):
                nodes = range_proof(first, count, size, node)
                assert range_root(of[first : first + count], first, size, nodes) == root, (first, count, size)
                assert len(nodes) <= 2 * size.bit_length()


def test_known_parts_stand_left_to_right() -> None:
    """Leaves 2 and 3 of 7: the pair before, the pair after, the one at the end, as drawn by hand from RFC 6962, 2.1."""
    of = leaves(7)
    pair = [hashlib.sha256(b"\1" + of[i] + of[i + 1]).digest() for i in (0, 2, 4)]
    left, right = hashlib.sha256(b"\1" + pair[0] + pair[1]).digest(), hashlib.sha256(b"\1" + pair[2] + of[6]).digest()
    assert range_proof(2, 2, 7, complete_nodes(of)) == [pair[0], right]
    assert range_root(of[2:4], 2, 7, [pair[0], right]) == hashlib.sha256(b"\1" + left + right).digest()


def test_a_whole_tree_needs_no_hash_and_an_empty_one_has_its_root() -> None:
    of = leaves(5)
    assert range_proof(0, 5, 5, complete_nodes(of)) == []
    assert range_proof(0, 0, 0, complete_nodes([])) == []
    assert range_root([], 0, 0, []) == EMPTY_ROOT


def test_a_range_of_one_is_an_inclusion_proof_in_another_order() -> None:
    of = leaves(13)
    node = complete_nodes(of)
    for at in range(13):
        assert sorted(range_proof(at, 1, 13, node)) == sorted(inclusion_proof(at, 13, node))


@pytest.mark.parametrize(
    ("first", "count", "size"), [(0, 0, 3), (-1, 1, 3), (2, 2, 3), (1, 0, 0), (0, 4, 3), (0, -1, 3)]
)
def test_there_is_no_range_that_a_tree_has_not(first: int, count: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no"):
        range_proof(first, count, size, complete_nodes(leaves(3)))


@given(st.data())
def test_a_forged_range_never_leads_to_the_root(data: st.DataObject) -> None:
    """Another leaf, one more or less, another place, hashes changed, swapped, taken away or added.

    Not another size: a root alone does not bind it, which is why the size stands under the signature beside the root.
    """
    size = data.draw(st.integers(1, 70))
    of = leaves(size)
    first = data.draw(st.integers(0, size - 1))
    count = data.draw(st.integers(1, size - first))
    nodes, shown = range_proof(first, count, size, complete_nodes(of)), of[first : first + count]
    honest = (tuple(shown), first, size, tuple(nodes))
    root = range_root(shown, first, size, nodes)
    what = data.draw(st.sampled_from(["leaf", "more", "less", "place", "node", "swap", "cut", "add"]))
    alien = hashlib.sha256(b"alien").digest()
    if what == "leaf":
        shown[data.draw(st.integers(0, count - 1))] = alien
    elif what == "more":
        shown.insert(data.draw(st.integers(0, count)), alien)
    elif what == "less":
        shown.pop(data.draw(st.integers(0, count - 1)))
    elif what == "place":
        first = data.draw(st.integers(0, size))
    elif nodes and what == "node":
        nodes[data.draw(st.integers(0, len(nodes) - 1))] = alien
    elif nodes and what == "swap":
        nodes = nodes[::-1]
    elif nodes and what == "cut":
        nodes.pop(data.draw(st.integers(0, len(nodes) - 1)))
    elif what == "add":
        nodes.insert(data.draw(st.integers(0, len(nodes))), alien)
    if (tuple(shown), first, size, tuple(nodes)) == honest:
        return
    try:
        found = range_root(shown, first, size, nodes)
    except ValueError:
        return
    assert found != root


SLUGS = st.from_regex(r"[a-z0-9]{1,3}(-[a-z0-9]{1,3})?", fullmatch=True)
CHECKS = st.builds(
    "{}/{}{}".format, st.sampled_from(["01", "2A", "95", "national"]), st.sampled_from(["", "notices/"]), SLUGS
)


@given(st.lists(st.tuples(CHECKS, st.booleans()), max_size=40), st.data())
def test_a_scope_shows_all_of_its_rows_and_their_neighbours(rows: list[tuple[str, bool]], data: st.DataObject) -> None:
    planned = [PlannedCheck(check=c, seq=i if made else None, why="host") for i, (c, made) in enumerate(rows)]
    lines = plan_lines(planned, {i: b"%d" % i for i, (_c, made) in enumerate(rows) if made})
    scopes = ["all", "95/", "2A/", "95/a", *(check for check, _made in rows)]
    scope = data.draw(st.sampled_from(scopes))
    inside, shown = span(lines, scope)
    ordered = sorted(check for check, _made in rows)
    wanted = [i for i, check in enumerate(ordered) if in_scope([scope])(check)]
    assert [*inside] == wanted
    if scope == "all":
        assert shown == range(len(lines))
    else:
        assert (shown.start, shown.stop) == (max(inside.start - 1, 0), min(inside.stop + 1, len(lines)))
        between = ordered[shown.start : shown.stop]
        assert all(check < scope for check in ordered[: inside.start])
        assert not any(in_scope([scope])(check) for check in (*ordered[: inside.start], *ordered[inside.stop :]))
        assert bool(between) is bool(rows)
    tree = RowTree(lines)
    hashes = [row_hash(line) for line in lines[shown.start : shown.stop]]
    assert range_root(hashes, shown.start, tree.size, tree.proof(shown.start, len(shown))) == tree.root
