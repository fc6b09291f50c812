"""A Merkle tree held in memory, to hold the one on disk and the proofs against."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.evidence.merkle import Node, node_hash, range_root


def complete_nodes(leaves: Sequence[bytes]) -> Node:
    """`Node` over leaf hashes held in memory."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def node(level: int, index: int) -> bytes:
        return levels[level][index]

    return node


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The path of leaf `index` in the tree of the first `size` leaves, deepest hash first (RFC 6962, 2.1.1).

    The product verifies such paths, in exports of format 1, and makes none: it proves ranges. Raises ValueError when
    the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")

    def root(low: int, high: int) -> bytes:
        leaves = [node(0, at) for at in range(low, high)]
        return range_root(leaves, 0, high - low, [])

    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if index < middle:
            path.append(root(middle, high))
            high = middle
        else:
            path.append(root(low, middle))
            low = middle
    return path[::-1]
