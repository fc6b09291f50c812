"""Every PDF that is filed, for a screen reader: a title that is shown, and a language; what is our own, a tree as well.

An exhibit is other people's pages under a band, put together page by page: the trees of its parts stay behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf

from tests.case.test_telerecours import made

__all__ = ["made"]


TREE = {"marked", "tree", "pages in the tree"}


def faults(path: Path) -> set[str]:
    """What a reader aloud would miss (ISO 14289-1, 7.1 and 7.2)."""
    with pikepdf.open(path) as opened, opened.open_metadata() as told:
        root = opened.Root
        held = {
            "language": str(root.get("/Lang", "")) == "fr-FR",
            "title": bool(told.get("dc:title")),
            "title shown": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
            "marked": bool(root.get("/MarkInfo", {}).get("/Marked", False)),
            "tree": "/StructTreeRoot" in root,
            "pages in the tree": all("/StructParents" in page.obj for page in opened.pages),
        }
    return {name for name, is_so in held.items() if not is_so}


def test_what_is_filed_has_a_title_and_a_language(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, told = made
    exhibits = {name: faults(out / name) for one in told["exhibits"] for name in one["files"]}
    assert len(exhibits) > 10
    assert all(found <= TREE for found in exhibits.values()), exhibits


def test_an_exhibit_is_titled_as_in_the_inventory(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, told = made
    for one in told["exhibits"]:
        for name in one["files"]:
            with pikepdf.open(out / name) as opened:
                title = str(opened.docinfo["/Title"])
            assert title == f"Pièce n° {one['number']} — {one['title']}"


def test_the_inventory_and_the_releve_are_trees_of_elements(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, _told = made
    papers = [out / "a-deposer" / "Bordereau_des_pieces.pdf", *out.glob("verification/releves/*/releve.pdf")]
    assert len(papers) == 2
    assert [faults(path) for path in papers] == [set(), set()]
