"""The tree of RFC 6962: leaf and node hashes, roots, proofs of inclusion, consistency and ranges, and their checking.

A hash is 32 bytes of SHA-256. A leaf is the bytes of one record line, without its line feed. Proofs are computed from
`Node`, so that a tree of ten million leaves needs no list of them. Sources: RFC 6962, 2.1; RFC 9162, 2.1.3.2 (checking
inclusion) and 2.1.4.2 (checking consistency).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

Node = Callable[[int, int], bytes]
"""`node(level, index)`: hash of the complete subtree over the leaves `index * 2**level` to `(index + 1) * 2**level`."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32


def leaf_hash(line: bytes) -> bytes:
    """Hash of one leaf."""
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the complete subtrees a tree is made of, largest first: all that appending and the root need.

    size: number of leaves; nodes: one hash for each bit set in `size`. Both together are its whole state.
    Raises ValueError when they do not belong together.
    """

    __slots__ = ("_nodes", "_size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        self._size = size
        self._nodes = list(nodes)
        if size < 0 or len(self._nodes) != size.bit_count() or any(len(n) != HASH_BYTES for n in self._nodes):
            raise ValueError(f"{len(self._nodes)} hashes are no frontier of {size} leaves")

    @classmethod
    def of(cls, size: int, node: Node) -> Frontier:
        """The frontier of the first `size` leaves of a tree whose nodes are known."""
        nodes, start = [], 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                nodes.append(node(level, start >> level))
                start += 1 << level
        return cls(size, nodes)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    @property
    def nodes(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, largest first."""
        return tuple(self._nodes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf, given by its hash."""
        rest = self._size
        while rest & 1:
            leaf = node_hash(self._nodes.pop(), leaf)
            rest >>= 1
        self._nodes.append(leaf)
        self._size += 1

    def root(self) -> bytes:
        """Root of the tree so far."""
        if not self._nodes:
            return EMPTY_ROOT
        right = self._nodes[-1]
        for left in reversed(self._nodes[:-1]):
            right = node_hash(left, right)
        return right


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """That the tree of the first `old` leaves is the beginning of the tree of the first `new` leaves.

    Empty when `old` is 0 or equals `new`. Raises ValueError when `old` exceeds `new`.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves has no beginning of {old}")
    if old in (0, new):
        return []
    path, start, count, from_the_left = [], 0, new, True
    while old != start + count:
        left = _left_count(count)
        if old <= start + left:
            path.append(_range_root(start + left, count - left, node))
            count = left
        else:
            path.append(_range_root(start, left, node))
            start, count, from_the_left = start + left, count - left, False
    if not from_the_left:
        path.append(_range_root(start, count, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """True when `path` leads from the leaf hash at `index` to the root of `size` leaves."""
    if not 0 <= index < size:
        return False
    first, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            current = node_hash(sibling, current)
            first, last = _climb(first, last)
        else:
            current = node_hash(current, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """True when `path` shows that the tree (`new`, `new_root`) begins with the tree (`old`, `old_root`)."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and new > 0 and old_root == EMPTY_ROOT
    if not 0 < old < new or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_current = new_current = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_current, new_current = node_hash(sibling, old_current), node_hash(sibling, new_current)
            first, last = _climb(first, last)
        else:
            new_current = node_hash(new_current, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and old_current == old_root and new_current == new_root


def range_proof(first: int, count: int, size: int, node: Node) -> list[bytes]:
    """Roots of the parts of a tree of `size` leaves that hold none of the `count` leaves from `first`, left to right.

    Raises ValueError when the tree has no such leaves, or none is asked of a tree that has some.
    """
    _expect_range(first, count, size)
    nodes: list[bytes] = []

    def walk(low: int, high: int) -> None:
        if high <= first or low >= first + count:
            nodes.append(_range_root(low, high - low, node))
        elif high - low > 1:
            middle = low + _left_count(high - low)
            walk(low, middle)
            walk(middle, high)

    if size:
        walk(0, size)
    return nodes


def range_root(leaves: Sequence[bytes], first: int, size: int, nodes: Sequence[bytes]) -> bytes:
    """The root that `range_proof` leads to from these leaf hashes, the first at `first`.

    A proof holds when this is the root of the tree, and then for the place of each leaf too. Raises ValueError for a
    proof with hashes too few or too many, or a range that no tree of that size has.
    """
    _expect_range(first, len(leaves), size)
    left = list(reversed(nodes))

    def walk(low: int, high: int) -> bytes:
        if high <= first or low >= first + len(leaves):
            if not left:
                raise ValueError("a proof with too few hashes")
            return left.pop()
        if high - low == 1:
            return leaves[low - first]
        middle = low + _left_count(high - low)
        return node_hash(walk(low, middle), walk(middle, high))

    root = walk(0, size) if size else EMPTY_ROOT
    if left:
        raise ValueError("a proof with too many hashes")
    return root


def _expect_range(first: int, count: int, size: int) -> None:
    if first < 0 or count < 0 or first + count > size or (count == 0 and (size or first)):
        raise ValueError(f"a tree of {size} leaves has no {count} leaves from {first}")


def _climb(first: int, last: int) -> tuple[int, int]:
    """Past the levels where the right-most subtree has no sibling."""
    while first and not first & 1:
        first, last = first >> 1, last >> 1
    return first, last


def _left_count(count: int) -> int:
    """Largest power of two smaller than `count` (at least 2): the leaves of the left subtree."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(start: int, count: int, node: Node) -> bytes:
    """Root of `count` leaves from `start`, where `start` is a multiple of a power of two not under `count`."""
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    left = _left_count(count)
    return node_hash(_range_root(start, left, node), _range_root(start + left, count - left, node))
