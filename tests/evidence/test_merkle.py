"""RFC 6962 known answers, and proofs that hold when they should and never otherwise."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.support.trees import complete_nodes, inclusion_proof

# The reference inputs of the certificate-transparency code base, with the roots of their first 1, 2 ... 8.
INPUTS = [bytes.fromhex(x) for x in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [leaf_hash(x) for x in INPUTS]


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % i) for i in range(count)]


def root_of(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(root_of(hashes[:k]), root_of(hashes[k:]))


def test_known_roots() -> None:
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        frontier.append(leaf)
        assert frontier.root().hex() == root


def test_known_inclusion_paths() -> None:
    node = complete_nodes(LEAVES)
    assert [h.hex() for h in inclusion_proof(0, 8, node)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [h.hex() for h in inclusion_proof(5, 8, node)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [h.hex() for h in consistency_proof(6, 8, node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_proof_of_small_trees_holds() -> None:
    hashes = leaves(40)
    for size in range(1, 41):
        node = complete_nodes(hashes[:size])
        root = root_of(hashes[:size])
        assert Frontier.of(size, node).root() == root
        for index in range(size):
            assert verify_inclusion(hashes[index], index, size, inclusion_proof(index, size, node), root)
        for old in range(size + 1):
            path = consistency_proof(old, size, node)
            assert verify_consistency(old, size, root_of(hashes[:old]), root, path)


def test_a_frontier_is_restored_from_its_parts_and_refuses_others() -> None:
    frontier = Frontier()
    for leaf in leaves(11):
        frontier.append(leaf)
    again = Frontier(frontier.size, frontier.nodes)
    again.append(leaf_hash(b"next"))
    frontier.append(leaf_hash(b"next"))
    assert again.root() == frontier.root()
    for size, nodes in ((12, again.nodes[:-1]), (-1, ()), (1, (b"short",))):
        with pytest.raises(ValueError, match="no frontier"):
            Frontier(size, nodes)


def test_there_is_no_proof_of_what_is_not_there() -> None:
    node = complete_nodes(LEAVES)
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(8, 8, node)
    with pytest.raises(ValueError, match="no beginning"):
        consistency_proof(9, 8, node)
    assert not verify_inclusion(LEAVES[0], 8, 8, [], EMPTY_ROOT)
    assert not verify_inclusion(LEAVES[0], -1, 8, [], EMPTY_ROOT)


@st.composite
def forged(draw: st.DrawFn, path: list[bytes]) -> list[bytes]:
    """`path` with one thing changed: a bit, a hash left out, doubled, added, two exchanged."""
    kinds = ["added"] + (["bit", "left out", "doubled"] if path else []) + (["exchanged"] if len(set(path)) > 1 else [])
    kind = draw(st.sampled_from(kinds))
    out = list(path)
    if kind == "added":
        out.insert(draw(st.integers(0, len(path))), draw(st.binary(min_size=32, max_size=32)))
    elif kind == "exchanged":
        i, j = draw(st.lists(st.integers(0, len(path) - 1), min_size=2, max_size=2, unique=True))
        out[i], out[j] = out[j], out[i]
    else:
        at = draw(st.integers(0, len(path) - 1))
        if kind == "bit":
            bit = draw(st.integers(0, 255))
            changed = bytearray(path[at])
            changed[bit // 8] ^= 1 << bit % 8
            out[at] = bytes(changed)
        else:
            out[at : at + 1] = [] if kind == "left out" else [path[at], path[at]]
    return out


@given(st.data())
def test_a_forged_inclusion_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    node = complete_nodes(hashes)
    root = Frontier.of(size, node).root()
    path = inclusion_proof(index, size, node)
    assert verify_inclusion(hashes[index], index, size, path, root)
    wrong = data.draw(forged(path))
    if wrong != path:
        assert not verify_inclusion(hashes[index], index, size, wrong, root)
    elsewhere = data.draw(st.integers(0, size - 1))
    if elsewhere != index:
        assert not verify_inclusion(hashes[index], elsewhere, size, path, root)
        assert not verify_inclusion(hashes[elsewhere], index, size, path, root)
    assert not verify_inclusion(hashes[index], index, size, path, leaf_hash(b"other root"))


@given(st.data())
def test_a_forged_consistency_proof_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    hashes = leaves(new)
    node = complete_nodes(hashes)
    old_root, new_root = Frontier.of(old, node).root(), Frontier.of(new, node).root()
    path = consistency_proof(old, new, node)
    assert verify_consistency(old, new, old_root, new_root, path)
    wrong = data.draw(forged(path))
    if wrong != path:
        assert not verify_consistency(old, new, old_root, new_root, wrong)
    rewritten = [*hashes[: old - 1], leaf_hash(b"rewritten")]
    other = Frontier.of(old, complete_nodes(rewritten)).root()
    assert not verify_consistency(old, new, other, new_root, path)
    if old != new:
        assert not verify_consistency(new, old, new_root, old_root, path)
