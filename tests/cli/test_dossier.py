"""A dossier received from somebody else is looked at with Vigie, and nothing in it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import ROOT, Vigie, environment
from tests.support.exporting import NO_SLOT, fill, seal

pytestmark = pytest.mark.integration

PLUGIN = 'from pathlib import Path\nPath("{mark}").write_text("ran")\n'
COMMANDS = (
    "verify .",
    "verify --replay .",
    "verify --all --replay",
    "list",
    "status",
    "history 95",
    "config check",
    "export 95",
    "table",
    "stats",
    "health",
    "read --help",
    "preview",
    "outbox",
    "reread",
    "run",
    "check 95",
    "new 02",  # which the program declares already, and the dossier does not
)


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound export, and beside it everything by which a folder could make itself be run."""
    folder = tmp_path_factory.mktemp("received")
    config = folder / "none.toml"
    config.write_text("", encoding="utf-8")
    fill(folder / "data", [NO_SLOT, NO_SLOT])
    seal(folder / "data")
    dossier = folder / "dossier"
    done = Vigie(folder / "data", config)("export", "95", "--out", dossier)
    assert done.returncode == 0, done.stderr
    (dossier / "config").mkdir()
    (dossier / "config" / "monitor.toml").write_text('[plugins]\nfolders = ["../plugins"]\n', encoding="utf-8")
    for name in ("plugins", "prefectures"):
        (dossier / name).mkdir()
        (dossier / name / "__init__.py").write_text(PLUGIN.format(mark=folder / "ran"), encoding="utf-8")
        (dossier / name / "d01_ain.py").write_text(PLUGIN.format(mark=folder / "ran"), encoding="utf-8")
    return dossier


def vigie(dossier: Path, words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """As the installed command, whose own folder alone is where modules come from (`-P`)."""
    command = [sys.executable, "-P", "-m", "monitor", "--lang", "en", *words.split()]
    env = environment(PYTHONPATH=str(ROOT), **more)
    return subprocess.run(command, cwd=dossier, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", COMMANDS)
def test_no_command_runs_what_stands_in_the_working_folder(trap: Path, words: str) -> None:
    done = vigie(trap, words)
    assert not (trap.parent / "ran").exists()
    assert "Traceback" not in done.stderr
    if words.partition(" ")[0] in ("list", "status", "table"):
        assert "config/monitor.toml is not read, since nobody named it" in done.stderr
    if words in ("run", "check 95"):
        assert done.returncode == 78
        assert not (trap / "data").exists()


def test_the_trap_is_one(trap: Path) -> None:
    """Named by its owner it is run: what holds above is that nobody named it."""
    vigie(trap, "list --config config/monitor.toml")
    assert (trap.parent / "ran").exists()
    (trap.parent / "ran").unlink()


def test_what_another_user_can_change_is_not_run_and_the_doctor_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "d01_ain.py").write_text(PLUGIN.format(mark=tmp_path / "ran"), encoding="utf-8")
    folder.chmod(0o777)
    config = tmp_path / "monitor.toml"
    config.write_text(
        f'[plugins]\nfolders = ["{folder}"]\n[probes]\nhosts = ["https://127.0.0.1:1/", "https://127.0.0.2:1/"]\n'
        'dns = "nothing.invalid"\n[resolver]\nservers = ["127.0.0.1"]\n[browser]\nbinary = "/absent"\n'
        "[timestamps]\npresets = []\n",
        encoding="utf-8",
    )
    vigie_ = Vigie(tmp_path / "data", config)
    for words in (["list"], ["status"], ["health"], ["config", "check"]):
        done = vigie_(*words, "--lang", "en")
        assert done.returncode == 78
        assert done.stderr.count("\n") == 1
        assert f"another user can change {folder}" in done.stderr
    told = vigie_("doctor", "--lang", "en")
    assert told.returncode == 1
    assert f"another user can change {folder}" in told.stdout
    assert not (tmp_path / "ran").exists()
    folder.chmod(0o755)
    vigie_("list")
    assert (tmp_path / "ran").exists()


def test_a_new_declaration_is_its_authors_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        done = Vigie(tmp_path / "data", _empty(tmp_path))("new", "33", "--into", tmp_path / "plugins", "--lang", "en")
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert "does not load" not in done.stdout


def _empty(folder: Path) -> Path:
    (folder / "monitor.toml").write_text("", encoding="utf-8")
    return folder / "monitor.toml"
