"""Every command speaks the language asked for, in words: none of the other's, no identifier, nothing of Python's.

The commands are those of the parsers, so that a new one is walked by itself; it fails here until VALUES knows what its
arguments may be. A word is of the other language where the catalogue has it there and nowhere in this one. What is
quoted from a site stands between « », what a program said between backquotes: neither is looked at.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from wcwidth import width

from monitor.alerts.text.samples import sample
from monitor.case import law as case_law
from monitor.case.check import report as case_report
from monitor.case.court import papers as case_papers
from monitor.case.law_tables import courts, law
from monitor.catalogue.catalogue import load
from monitor.cli.parser import build
from tests.house import messages
from tests.simulator.fixture import in_thread
from tests.support.commands import ROOT, called, environment, settings
from tests.support.courtcase import SECRET, new_case

PAGE = ROOT / "tests/fixtures/pages/recon_rdvpref_creneau_none.html"
CALENDAR = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/2246/creneau/"
LANGUAGES = ("fr", "en")
MACHINES = ("--json", "--csv", "--html", "--report", "--pdf")  # what these print is read by a program, or is a file


# --- the commands, from the parsers -----------------------------------------------------------------------------------


def leaves(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each command with its parser: `case show`, `status`."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    for one in below:
        for name, sub in one.choices.items():
            yield from leaves(sub, (*path, name))
    if not below:
        yield path, parser


LEAVES = dict(leaves(build()))
EVERYWHERE = {"config", "data", "lang", "json", "verbose", "help", "version", "passphrase_file"}


def values(place: Path) -> dict[str, str]:
    """What stands for an argument, by its name in the parsers; `command argument` where it is of that command alone."""
    desk = "95/renouvellement-cergy"
    return {
        "codes": "95", "code": "95", "assist code": desk, "capture code": desk, "new code": "33", "number": "1",
        "subscriber": "1", "event": "slots_open", "case": str(place / "case"), "case new case": str(place / "new"),
        "export": str(place / "out"), "verify export": str(place / "out"), "to": str(place / "copy"),
        "source": str(place / "copy"), "file": str(PAGE), "url": CALENDAR, "platform": "rdv_prefecture",
        "prefecture": "95", "procedure": "renewal", "letter": "prefecture", "action": "check", "shell": "bash",
        "out": str(place / "written"), "merge": str(place / "none.json"), "case log kind": "no_slot",
        "case log at": "2026-03-02T09:14", "name": "Gironde", "site": "https://www.gironde.gouv.fr", "dry_run": "",
        "headless": "", "case erase yes": "", "test": "",
    }  # fmt: skip


GIVEN = (  # arguments that need not be given, and are here
    "codes", "case", "platform", "kind", "at", "dry_run", "headless", "yes", "out", "export",
)  # fmt: skip


def words_for(path: tuple[str, ...], parser: argparse.ArgumentParser, place: Path) -> list[str]:
    """A command line that the parser takes."""
    known, line = values(place), [*path]
    for one in parser._actions:
        needed = one.required or one.dest in GIVEN
        if one.dest in EVERYWHERE or not needed:
            continue
        name = " ".join((*path, one.dest))
        if name not in known and one.dest not in known:
            if not one.required:
                continue
            pytest.fail(f"tests/cli/test_words.py: VALUES wants something for {name!r}")
        value = known.get(name, known.get(one.dest, ""))
        if path[0] == "install" and one.dest != "dry_run":
            continue
        line += [*one.option_strings[-1:], *([value] if value else [])]
    return line


# --- what a person must not meet --------------------------------------------------------------------------------------

QUOTED = re.compile(r"«.*?»|“.*?”|```.*?```|`[^`]*`", re.DOTALL)
TYPED = re.compile(  # what is typed or met as it is: addresses, files, keys of desks, options, commands, digests
    r"https?://\S+|\S+@\S+|(?:[\w.-]*/)+[\w.:-]*|--?[a-z][a-z-]*|\bvigie(?: [a-z]+)*|\b[\w-]+\.[a-z]{2,7}\b|"
    r"\$[A-Z_]+|\[[a-z_]+\]|\b[0-9a-f]{12,}\b"
)
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
NEVER = {
    "None": re.compile(r"\bNone\b(?! [a-z])"),  # "None found" is English
    "a brace": re.compile(r"[{}]"),
    "an identifier": re.compile(r"\b[a-zA-Z]+(?:_[a-zA-Z0-9]+)+\b"),
    "a value of Python's": re.compile(r"\b(?:True|False)\b|<[\w.]+ object|\b\w+\([\w]+=|\bdatetime\.|\[['\"]|\('"),
    "a class of the code": re.compile(r"\b(?:SlotsOpen|NoSlot|NotYetOpen|RequestForm|Unreached|Unreadable|NotFound)\b"),
}


def spoken_words(text: str) -> set[str]:
    """The words of a text, what is quoted, typed or in capitals (names, abbreviations) left out."""
    plain = TYPED.sub(" ", QUOTED.sub(" ", text))
    return {one.lower() for one in WORD.findall(plain) if len(one) > 2 and one[:1].islower()}


@cache
def vocabulary() -> dict[str, set[str]]:
    """The words of each language, as the catalogue has them."""
    told: dict[str, set[str]] = {"en": set(), "fr": set()}
    for one in messages.french():
        if one.id:
            for lang, forms in (("en", messages.forms(one.id)), ("fr", messages.forms(one.string))):
                for form in forms:
                    told[lang] |= spoken_words(re.sub(r"\{[^{}]*\}|%\(\w+\)s", " ", form))
    for lang, text in bilingual():
        told[lang] |= spoken_words(re.sub(r"\{[^{}]*\}", " ", text))
    return told


def bilingual() -> Iterator[tuple[str, str]]:
    """The texts of tables in both languages (`fr` and `en`, `title` and `title_en`), with their language."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list | tuple):
            for one in value.values() if isinstance(value, dict) else value:
                yield from texts(one)

    def walked(value: Any) -> Iterator[tuple[str, str]]:
        if isinstance(value, list):
            for one in value:
                yield from walked(one)
        if isinstance(value, dict):
            for name, one in value.items():
                lang = "en" if name.endswith("en") else "fr"
                if name in ("fr", "en") or name.endswith(("_fr", "_en")) or f"{name}_en" in value:
                    yield from ((lang, text) for text in texts(one))
                else:
                    yield from walked(one)

    for path in sorted((ROOT / "monitor/data").glob("*.toml")):
        yield from walked(tomllib.loads(path.read_text(encoding="utf-8")))
    for module in (case_law, case_report, case_papers):
        yield from walked(dict(vars(module)))


@cache
def names() -> re.Pattern[str]:
    """Préfectures, offices and desks, as they are declared, in a subject without accents; texts of law and courts."""
    declared = load("prefectures")
    found = {name for one in declared.prefectures for name in (one.name, one.office)}
    found |= {desk.label for one in declared.prefectures for desk in one.desks} | {sample("slots_open").label}
    found |= {cited for one in law().sources.values() for cited in (one.cite, one.short)}
    found |= {one.name for one in courts().values()}
    found |= {unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode() for name in found}
    return re.compile("|".join(sorted(map(re.escape, found), key=len, reverse=True)))


def faults(said: str, lang: str) -> list[str]:
    """What a person who asked for this language must not meet in it."""
    other = "en" if lang == "fr" else "fr"
    said = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\r", " ", said)
    plain = names().sub(" ", TYPED.sub(" ", QUOTED.sub(" ", said)))
    found = [f"{what}: {hit[0]}" for what, never in NEVER.items() for hit in never.finditer(plain)]
    foreign = spoken_words(names().sub(" ", QUOTED.sub(" ", said))) & (vocabulary()[other] - vocabulary()[lang])
    return [*found, *(f"of the other language: {word}" for word in sorted(foreign))]


@pytest.mark.parametrize(
    ("lang", "said", "fault"),
    [
        ("fr", "● créneau affiché", False),
        ("fr", "« 503 Service Unavailable, the host left »", False),
        ("fr", "the sweep ended", True),
        ("en", "la veille a fini son passage", True),
        ("en", "seen None", True),
        ("en", "facts: {'pan': 1}", True),
        ("fr", "95 first_request", True),
        ("fr", "(Unreached 369)", True),
        ("fr", "opened prefecture=95", True),
    ],
)
def test_a_fault_is_found(lang: str, said: str, fault: bool) -> None:
    assert bool(faults(said, lang)) is fault, faults(said, lang)


COLUMNS = 80
TO_PASTE = ("discover",)  # a declaration, whose lines are code


def plain(row: str) -> str:
    """A line as it stands at the end: without colours, and what was written over."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", row).rpartition("\r")[2]


# --- the walk ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A monitor that has looked at the Val-d'Oise and at a few others, an export, a case, a subscriber."""
    folder = tmp_path_factory.mktemp("w")
    more = '[watch]\nprefectures = ["95", "38", "92"]\n[pace]\ncalendar_minutes = 10\n'
    with in_thread() as simulator:
        config = settings(folder, simulator, more=more, browser=f'binary = "{folder}/none"\nsecond_look = false\n')
        own = ["--config", str(config), "--data", str(folder / "data")]
        (folder / "phrase").write_text(SECRET + "\n", encoding="utf-8")
        new_case(folder / "case")
        env = environment(VIGIE_LANG="en", VIGIE_CASE_PASSPHRASE_FILE=str(folder / "phrase"))
        for kind in ("no_slot", "anef_error_code", "ccc_call", "registered_letter"):
            logged = ["case", "log", str(folder / "case"), "--kind", kind, "--at", "2026-03-02T09:14", *own]
            assert called(logged, env).returncode == 0
        assert called(["run", *own], env).returncode in (0, 3)
        assert called(["export", "95", "--out", str(folder / "out"), *own], env).returncode == 0
        yield folder


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", [one for one in LEAVES if one != ("completion",)], ids=" ".join)  # a shell's script
def test_a_command_speaks_the_language_asked_for(place: Path, path: tuple[str, ...], lang: str) -> None:
    env = environment(VIGIE_LANG=lang, VIGIE_CASE_PASSPHRASE_FILE=str(place / "phrase"))
    for name in ("written", "copy") if path != ("restore",) else ("written",):
        shutil.rmtree(place / name, ignore_errors=True)
    line = [*words_for(path, LEAVES[path], place), "--config", str(place / "monitor.toml")]
    line += ["--data", str(place / "data")]
    done = called(line, env, "someone@example.org\n", columns=COLUMNS)
    assert "Traceback" not in done.stderr
    wide = [row for row in (done.stdout + done.stderr).splitlines() if width(plain(row)) > COLUMNS]
    assert wide == [] or path == TO_PASTE, f"{len(wide)} lines are too wide:\n" + "\n".join(wide[:20])
    told = " ".join((done.stdout + done.stderr).split())  # what was broken over two lines is one again
    found = faults(told, lang)
    assert not found, f"{found}\n{told[:4000]}"
