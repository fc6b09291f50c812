"""What the command says of itself, in both languages; colour, pipes and odd terminals."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from monitor import __version__
from monitor.cli import language
from monitor.cli.parser import FAMILIES, GROUPS, build
from tests.support import terminal
from tests.support.commands import ROOT, Vigie, environment, settings

PAGES = ROOT / "tests" / "fixtures" / "pages"


def commands() -> list[str]:
    return sorted(_choices(build()))


def _choices(parser: argparse.ArgumentParser) -> list[str]:
    return list(next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices)


def test_each_command_is_found_in_the_family_that_declares_it() -> None:
    """The parser of one family knows its commands and no other; that of no family knows them all."""
    known = {word: set(_choices(build([word]))) for names in FAMILIES.values() for word in names}
    for names in FAMILIES.values():
        assert all(known[word] == set(names) for word in names)
    assert set(commands()) == set(known)


def test_each_command_stands_in_one_group_of_the_help() -> None:
    assert sorted(name for _title, names in GROUPS for name in names) == commands()


@pytest.mark.parametrize(("lang", "titles"), [("fr", "Regarder Prouver Prévenir"), ("en", "Look Prove Tell")])
@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_the_help_is_in_groups_and_fits(lang: str, titles: str, columns: str) -> None:
    done = vigie("--help", "--lang", lang, COLUMNS=columns)
    shown = [line.rstrip("\N{NO-BREAK SPACE}:") for line in done.stdout.splitlines()]
    assert [one for one in titles.split() if one not in shown] == []
    told = done.stdout[done.stdout.index("    run ") : done.stdout.index("    read ")]
    assert max(map(len, told.splitlines())) <= int(columns)


def vigie(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", *words]
    return subprocess.run(command, cwd=ROOT, env=environment(**env), capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("lang", "word"), [("fr", "exemples"), ("en", "examples")])
def test_help_teaches_by_example_in_both_languages(lang: str, word: str) -> None:
    done = vigie("--help", "--lang", lang)
    assert done.returncode == 0
    assert done.stderr == ""
    assert word in done.stdout
    for command in commands():
        assert f"    {command} " in done.stdout, "every command stands in the list with a line about it"
        assert f"vigie {command}" in vigie(command, "--help", "--lang", lang).stdout


@pytest.mark.parametrize("command", commands())
@pytest.mark.parametrize(("lang", "word"), [("fr", "exemples"), ("en", "examples")])
def test_help_of_every_command_ends_with_examples(command: str, lang: str, word: str) -> None:
    done = vigie(command, "--help", "--lang", lang)
    assert done.returncode == 0
    examples = done.stdout.partition(f"{word}")[2]
    assert f"vigie {command}" in examples


def test_french_is_french_and_english_is_english() -> None:
    french, english = vigie("--lang", "fr", "--help").stdout, vigie("--lang", "en", "--help").stdout
    assert french != english
    assert "usage :" in french.replace("\N{NO-BREAK SPACE}", " ").lower() or "utilisation" in french.lower()
    assert "Watches the public appointment pages" in english
    assert "Watches the public appointment pages" not in french


@pytest.mark.parametrize(
    ("argv", "env", "lang"),
    [
        ((), {}, "fr"),
        ((), {"LANG": "fr_FR.UTF-8"}, "fr"),
        ((), {"LANG": "en_GB.UTF-8"}, "en"),
        ((), {"LANG": "C.UTF-8"}, "fr"),
        ((), {"LANG": "de_DE.UTF-8"}, "fr"),
        ((), {"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ((), {"LANG": "en_GB", "VIGIE_LANG": "fr"}, "fr"),
        (("run", "--lang", "en"), {"VIGIE_LANG": "fr"}, "en"),
        (("run", "--lang=fr"), {"LANG": "en_GB"}, "fr"),
    ],
)
def test_which_language_is_spoken(argv: tuple[str, ...], env: dict[str, str], lang: str) -> None:
    assert language(argv, env) == lang


def test_what_holds_everywhere_may_stand_before_the_command_or_behind_it() -> None:
    for words in (("--lang", "en", "list", "38", "--json"), ("--json", "list", "38", "--lang", "en")):
        args = build().parse_args(words)
        assert (args.lang, args.json, args.verbose, args.data) == ("en", True, False, None)
    assert build().parse_args(["--lang", "fr", "run", "--lang", "en"]).lang == "en"


def test_version() -> None:
    assert vigie("--version").stdout == f"vigie {__version__}\n"


@pytest.mark.parametrize("words", [("rum",), ("run", "--jsno"), ("history",), ("config", "show")])
def test_a_mistyped_command_exits_64_and_leaves_standard_output_alone(words: tuple[str, ...]) -> None:
    done = vigie(*words, "--lang", "en")
    assert done.returncode == 64
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("vigie")
    assert "Traceback" not in done.stderr


# --- terminals and pipes ----------------------------------------------------------------------------------------------


def on_terminal(*words: str, **env: str) -> str:
    """What a command writes on a terminal."""
    seen = terminal.on_terminal([sys.executable, "-m", "monitor", *words], environment(**env), columns=200)
    assert seen.code == 0
    return seen.written


READ = (
    "read", str(PAGES / "recon_ez_step2_no_calendar.html"), "--platform", "ez_booking",
    "--url", "https://www.val-doise.gouv.fr/booking/create/11343/2",
)  # fmt: skip
CLOSED = (
    "read", str(PAGES / "recon_ez_disabled.html"), "--platform", "ez_booking", "--url", "https://www.ain.gouv.fr/",
)  # fmt: skip


def test_colour_on_a_terminal_only_and_never_against_no_color() -> None:
    assert "\x1b[31m" in on_terminal(*CLOSED)
    assert "\x1b" not in on_terminal(*CLOSED, NO_COLOR="1")
    assert "\x1b" in on_terminal(*CLOSED, NO_COLOR=""), "no-color.org: an empty value says nothing"
    assert "\x1b" not in vigie(*CLOSED).stdout


def test_a_dumb_terminal_gets_no_colour() -> None:
    assert "\x1b" not in on_terminal(*CLOSED, TERM="dumb")


def test_a_reader_that_leaves_is_no_failure(tmp_path: Path) -> None:
    listing = Vigie(tmp_path / "data", settings(tmp_path)).start("list")
    assert listing.stdout is not None
    assert listing.stdout.read(1)
    listing.stdout.close()
    assert listing.wait(120) == 0
    assert listing.stderr is not None
    assert listing.stderr.read() == ""
    listing.stderr.close()


def test_a_terminal_that_cannot_show_french_still_gets_an_answer() -> None:
    done = vigie(*READ, PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert "aucun calendrier" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["subscribers", "add", "someone@example.org"],
        ["status", "--someone@example.org"],
        ["check", "someone@example.org"],
        ["status", "--to=+33 6 12 34 56 78"],
        ["history", "06 12 34 56 78"],
        ["history", "0612345678"],
        ["export", "95/someone@example.org"],
    ],
)
def test_an_address_that_was_typed_is_not_repeated(words: list[str]) -> None:
    done = vigie(*words, "--lang", "en")
    assert done.returncode == 64
    assert not any(part in done.stdout + done.stderr for part in ("someone", "12 34", "0612345678"))


@pytest.mark.parametrize("word", ["--help", "typo"])
def test_the_help_of_the_program_declares_no_arguments_of_commands_and_says_the_same(word: str) -> None:
    assert build([word]).format_help() == build().format_help()
    assert "--procedure" not in build([word]).format_help()
