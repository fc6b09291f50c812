"""`case`, `verify`, `read` and `assist` without a module or a call that only POSIX has, as on Windows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.commands import ROOT, Vigie, settings
from tests.support.courtcase import SECRET, png
from tests.support.exporting import NO_SLOT, seal
from tests.support.exporting import fill as observed
from tests.support.notposix import MODULES, NOT_POSIX

RUNNER = """
import json, sys
from monitor.cli import run
for words in json.load(sys.stdin):
    code = 0
    try:
        code = run(words)
    except SystemExit as end:
        code = end.code
    assert (code or 0) == int(sys.argv[1]), (words, code)
    print("DONE", " ".join(words[:3]))
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Any:
    """Runs commands, each a list of words, in one child process; all of them must end with that code."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(NOT_POSIX, encoding="utf-8")
    (tmp_path / "phrase").write_text(SECRET, encoding="utf-8")
    env = {
        **os.environ, "PYTHONPATH": str(site), "VIGIE_LANG": "en", "VIGIE_DATA": str(tmp_path / "none"),
        "VIGIE_CASE_PASSPHRASE_FILE": str(tmp_path / "phrase"),
    }  # fmt: skip

    def run(*commands: list[Any], ends: int = 0) -> str:
        words = json.dumps([[str(word) for word in one] for one in commands])
        done = subprocess.run(
            [sys.executable, "-c", RUNNER, str(ends)], cwd=ROOT, env=env, input=words, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("DONE") == len(commands)
        return done.stdout

    return run


def test_the_child_has_nothing_posix(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NOT_POSIX, encoding="utf-8")
    for name in MODULES:
        done = subprocess.run(
            [sys.executable, "-c", f"import os\nassert not hasattr(os, 'getuid')\nimport {name}"],
            env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert f"{name} is POSIX only" in done.stderr


def test_the_help_of_each_command_is_there(elsewhere: Any) -> None:
    said = elsewhere(["case", "--help"], ["verify", "--help"], ["read", "--help"], ["assist", "--help"],
                     ["case", "log", "--kind", "list"], ["case", "guide"], ["case", "law"])  # fmt: skip
    assert "no_slot" in said


def test_a_whole_small_case_goes_from_a_new_folder_to_its_end(elsewhere: Any, tmp_path: Path) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path), env={})
    observed(tmp_path / "data", [NO_SLOT] * 3)
    seal(tmp_path / "data")
    export = tmp_path / "releve"
    words = ("export", "95/cergy-11343", "--from", "2026-03-01", "--to", "2026-03-02", "--out", export)
    assert vigie(*words).returncode == 0
    photos = tmp_path / "photos"
    photos.mkdir()
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    yesterday = today - timedelta(days=1)
    for day in (f"{today - timedelta(days=n):%Y%m%d}" for n in (9, 2)):
        (photos / f"Screenshot_{day}-091400.png").write_bytes(png(day))
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><title>x</title><p>Bonjour</p>", encoding="utf-8")
    case, out = tmp_path / "dossier", tmp_path
    elsewhere(
        ["case", "new", case, "--prefecture", "95", "--procedure", "renewal", "--fact", "family=anef"],
        ["case", "log", case, "--photos", photos, "--sheet", out / "fiche.pdf"],
        ["case", "log", case, "--kind", "anef_error_code", "--at", yesterday, "--sentence", "Erreur 503-B"],
        ["case", "log", case, "--about", "4", "--withdraw", "--note", "faute de frappe"],
        ["case", "import", case, export],
        ["case", "show", case],
        ["case", "show", case, "--html", out / "dossier.html"],
        ["case", "check", case],
        ["case", "draft", "prefecture", case, "--out", out / "courriel.docx"],
        ["case", "export", case, "--telerecours", "--out", out / "depot"],
        ["case", "tally", case],
        ["read", page, "--notice", "--url", "https://www.val-doise.gouv.fr/x"],
        ["case", "erase", case, "--yes"],
    )
    elsewhere(["verify", export], ends=3)  # verified, with a reserve: no authority stamped it
    assert not case.exists()
    assert [*(out / "depot" / "a-deposer").glob("1_*.pdf")]
    assert (out / "courriel.docx").read_bytes().startswith(b"PK")
