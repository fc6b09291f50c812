"""A Merkle tree held in memory, to hold the one on disk and the proofs against."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.evidence.merkle import Node, node_hash


def complete_nodes(leaves: Sequence[bytes]) -> Node:
    """`Node` over leaf hashes held in memory."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def node(level: int, index: int) -> bytes:
        return levels[level][index]

    return node
