"""What shells complete with, and the manual page: made from the parsers, and taken by the programs they are for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.cli import speak
from monitor.cli.completion import SHELLS, manual, script
from tests.support.commands import ROOT, called, environment
from tests.support.parts import needs, part


def told(shell: str, folder: Path) -> Path:
    done = called(["completion", shell], environment())
    assert (done.returncode, done.stderr) == (0, "")
    path = folder / f"vigie.{shell}"
    path.write_text(done.stdout, encoding="utf-8")
    return path


def said(*words: str | Path, **more: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment(**more))
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


ASKED = """
source "$1"
COMP_WORDS=(vigie {words}); COMP_CWORD={at}
complete -p vigie >/dev/null || exit 9
_shtab_vigie
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [
        ("che", 1, {"check"}),
        ("subscribers t", 2, {"test"}),
        ("completion ", 2, set(SHELLS)),
        ("run --su", 2, {"--summary"}),
    ],
)
@needs("bash")
def test_bash_completes(tmp_path: Path, words: str, at: int, offered: set[str]) -> None:
    asked = ASKED.format(words=words + ('""' if words.endswith(" ") else ""), at=at)
    given = said(part("bash"), "-c", asked, "bash", told("bash", tmp_path)).split()
    assert set(given) == offered


@needs("zsh")
def test_zsh_takes_it(tmp_path: Path) -> None:
    path = told("zsh", tmp_path)
    path.rename(tmp_path / "_vigie")
    asked = (
        f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u -D; autoload +X _vigie; print $_comps[vigie]"
    )
    assert said(part("zsh"), "-f", "-c", asked).strip() == "_vigie"


@needs("fish")
def test_fish_completes(tmp_path: Path) -> None:
    path = told("fish", tmp_path)
    given = said(part("fish"), "--no-config", "-c", f"source {path}; complete -C 'vigie che'", HOME=str(tmp_path))
    assert given.startswith("check")


@pytest.mark.parametrize(
    ("lang", "summary"), [("fr", "regarde maintenant les guichets"), ("en", "look now at the desks named")]
)
@needs("mandoc")
def test_the_manual_page_is_one_that_man_shows(tmp_path: Path, lang: str, summary: str) -> None:
    speak(lang)
    try:
        page = manual()
    finally:
        speak("fr")
    path = tmp_path / "vigie.1"
    path.write_text(page, encoding="utf-8")
    lint = subprocess.run([part("mandoc"), "-T", "lint", "-W", "error", path], capture_output=True, check=False)
    assert lint.returncode == 0, lint.stdout
    shown = said(part("mandoc"), "-T", "utf8", "-O", "width=78", path)
    text = " ".join("".join(shown.split("\b")).split())
    assert "VIGIE(1)" in text
    assert summary in text
    for command in ("check", "subscribers", "completion"):
        assert f"vigie {command}" in page


def test_no_other_command_waits_for_what_writes_them() -> None:
    asked = "import sys\nfrom monitor.cli import run\ntry:\n run(['--help'])\nexcept SystemExit:\n pass\n"
    asked += "print(*sorted({'shtab', 'argparse_manpage', 'rich', 'monitor.store'} & set(sys.modules)), 'end')"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment(), capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert done.stdout.splitlines()[-1] == " end" or done.stdout.splitlines()[-1] == "end"


@pytest.mark.parametrize("shell", SHELLS)
def test_it_is_the_same_whenever_it_is_made(shell: str) -> None:
    assert script(shell) == script(shell)
