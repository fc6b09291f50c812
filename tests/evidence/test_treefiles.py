"""The tree on disk gives the proofs the tree in memory gives, whatever crash came between."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.core.errors import StoreError
from monitor.evidence.merkle import Frontier, consistency_proof, leaf_hash
from monitor.evidence.tree import TreeFiles
from tests.support.trees import complete_nodes, inclusion_proof

LEAVES = [leaf_hash(b"%d" % i) for i in range(70_000)]
NODE = complete_nodes(LEAVES)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> TreeFiles:
    tree = TreeFiles(tmp_path_factory.mktemp("tree"))
    size = 0
    for size, new in ((0, 1), (1, 254), (255, 1), (256, 303), (559, 65_000), (65_559, 4_441)):
        frontier = tree.extend(size, LEAVES[size : size + new])
        assert frontier.root() == Frontier.of(size + new, NODE).root()
    return tree


@pytest.mark.parametrize("index", [0, 255, 256, 559, 65_535, 65_536, 69_999])
def test_proofs(tree: TreeFiles, index: int) -> None:
    assert tree.size == 70_000
    assert inclusion_proof(index, 70_000, tree.node) == inclusion_proof(index, 70_000, NODE)
    assert consistency_proof(index, 70_000, tree.node) == consistency_proof(index, 70_000, NODE)


def test_what_a_cut_short_seal_left_is_cut_off(tmp_path: Path) -> None:
    tree = TreeFiles(tmp_path)
    tree.extend(0, LEAVES[:300])
    tree.extend(300, [leaf_hash(b"never sealed")] * 400)
    tree = TreeFiles(tmp_path)
    assert tree.extend(300, LEAVES[300:310]).root() == Frontier.of(310, NODE).root()
    assert tree.size == 310
    again = TreeFiles(tmp_path).extend(310, LEAVES[310:1000])
    assert again.root() == Frontier.of(1000, NODE).root()
    for index in range(0, 1000, 77):
        assert inclusion_proof(index, 1000, TreeFiles(tmp_path).node) == inclusion_proof(index, 1000, NODE)


def test_a_higher_file_that_is_short_is_made_again(tmp_path: Path) -> None:
    TreeFiles(tmp_path).extend(0, LEAVES[:1000])
    (tmp_path / "level-08").write_bytes(b"")
    assert TreeFiles(tmp_path).extend(1000, LEAVES[1000:1001]).root() == Frontier.of(1001, NODE).root()


def test_missing_hashes_are_told(tmp_path: Path) -> None:
    TreeFiles(tmp_path).extend(0, LEAVES[:10])
    with pytest.raises(StoreError, match=r"10 .*11"):
        TreeFiles(tmp_path).extend(11, [])
    with pytest.raises(StoreError):
        TreeFiles(tmp_path).node(0, 10)
