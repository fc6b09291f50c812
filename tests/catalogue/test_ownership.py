"""Who may change a file that is run."""

from __future__ import annotations

import os
import py_compile
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.catalogue.catalogue import load
from monitor.catalogue.ownership import changeable
from monitor.core.errors import ConfigurationError

SOUND = """
from monitor.api import *
PREFECTURE = Prefecture(code="95", slug="val-doise", name="Val-d'Oise", office="Préfecture du Val-d'Oise",
    site="https://www.val-doise.gouv.fr", provenance=Provenance("test", "2026-11-21", "confirmed_1"),
    no_desk="nothing was found", searched_on="2026-11-21")
"""
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another user")


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    file = tmp_path / "above" / "plugins" / "d95_val_doise.py"
    file.parent.mkdir(parents=True)
    file.write_text(SOUND, encoding="utf-8")
    py_compile.compile(str(file))
    load(file.parent)
    return file


def cached(file: Path) -> Path:
    return next((file.parent / "__pycache__").iterdir())


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777, 0o1777])
@pytest.mark.parametrize(
    "which",
    [lambda file: file, lambda file: file.parent, cached, lambda file: cached(file).parent],
    ids=["file", "folder", "compiled", "folder of the compiled"],
)
def test_what_others_may_write_is_refused_and_named(plugin: Path, which: Callable[[Path], Path], mode: int) -> None:
    loose = which(plugin)
    loose.chmod(mode)
    with pytest.raises(ConfigurationError, match=f"another user can change {loose}, so nothing of it is run"):
        load(plugin.parent)


@ROOT_ONLY
@pytest.mark.parametrize("which", [lambda file: file, lambda file: file.parent, cached])
def test_what_belongs_to_another_user_is_refused(plugin: Path, which: Callable[[Path], Path]) -> None:
    os.chown(which(plugin), 65534, 65534)
    with pytest.raises(ConfigurationError, match=f"another user can change {which(plugin)}"):
        load(plugin.parent)


def test_who_can_put_another_folder_in_its_place_can_change_it(plugin: Path) -> None:
    above = plugin.parent.parent
    above.chmod(0o777)
    assert changeable(plugin) == above
    above.chmod(0o1777)  # as /tmp: everybody's own is left alone
    assert changeable(plugin) is None


@ROOT_ONLY
def test_a_link_of_another_user_is_refused(plugin: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(plugin.parent)
    assert changeable(link) is None
    os.lchown(link, 65534, 65534)
    assert changeable(link) == link


def test_a_refused_plugin_may_be_collected_while_the_others_load(plugin: Path) -> None:
    plugin.chmod(0o666)
    faulty: dict[str, str] = {}
    assert load("prefectures", plugin.parent, faulty=faulty).find("95").name == "Val-d'Oise"
    assert list(faulty) == [str(plugin)]
