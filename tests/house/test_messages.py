"""The French catalogue says all that the program says, in French as it is printed, and is the one that is shipped."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo

from monitor.alerts.people.subscriptions import LANGUAGES
from monitor.alerts.text.words import Tongue
from tests.house import messages
from tests.support.commands import ROOT, environment

KEPT = messages.french()
TRANSLATED = [one for one in KEPT if one.id]
PERCENT = re.compile(r"%(?:\(\w+\))?[a-z%]")
NOR = re.compile(r"NOR \w+|435594|R\. 431-2|cnil\.fr")
NBSP = "\N{NO-BREAK SPACE}"
LITERAL = re.compile(  # what is typed or met as it is: addresses, instants, a place for one, a plugin's quoted values
    r"https?://\S*|\d\d:\d\d|\d+\.\d+\.\d+\.\d+:\d+|K:V|NOM:VALEUR|\{[^{}]*\}"
)


def vigie(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command, in the language the environment and its words ask for."""
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=ROOT,
        env=environment(**environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def fields(text: str) -> list[str]:
    """The placeholders of a brace message with their conversions, sorted; none where braces are mere text."""
    try:
        parts = [(name, conversion, spec) for _, name, spec, conversion in Formatter().parse(text) if name is not None]
    except ValueError:
        return []
    return sorted(f"{name}!{conversion}:{spec}" for name, conversion, spec in parts if name.isidentifier())


def of(one: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """English and French forms of a message."""
    return messages.forms(one.id), messages.forms(one.string)


@pytest.mark.parametrize("source", [messages.program, messages.argparse_words], ids=["monitor", "argparse"])
def test_every_message_has_its_french(source: object) -> None:
    assert callable(source)
    wanted = [one for one in source() if one.id]
    assert len(wanted) > 30
    missing = [one.id for one in wanted if KEPT.get(one.id, one.context) is None]
    assert not missing, "make messages, then translate them in vigie.po"
    assert not messages.untranslated(KEPT)


def test_nothing_is_kept_that_nobody_says() -> None:
    wanted = {messages.forms(one.id) for one in messages.wanted("fr", KEPT) if one.id}
    assert {messages.forms(one.id) for one in TRANSLATED} == wanted


@pytest.mark.parametrize("one", TRANSLATED, ids=lambda one: messages.forms(one.id)[0][:40])
def test_placeholders_are_the_same(one: Message) -> None:
    english, french = of(one)
    for form in french:
        assert fields(form) == fields(english[0])
        assert sorted(PERCENT.findall(form)) == sorted(PERCENT.findall(english[0]))
        assert form.endswith("\n") == english[0].endswith("\n")


@pytest.mark.parametrize("one", TRANSLATED, ids=lambda one: messages.forms(one.id)[0][:40])
def test_french_typography(one: Message) -> None:
    for form in of(one)[1]:
        text = LITERAL.sub("x", form)
        assert not re.search(r"[^\N{NO-BREAK SPACE}\d][:;!?](?=\s|$)", text), "a no-break space stands before : ; ! ?"
        assert not re.search(rf"«(?!{NBSP})|(?<!{NBSP})»", text), "no-break spaces stand inside « »"
        assert text.count("«") == text.count("»")


@pytest.mark.parametrize("language", ["fr", *messages.SUBSCRIBERS])
def test_the_mo_is_the_compiled_po(language: str) -> None:
    with messages.path(language).with_suffix(".mo").open("rb") as file:
        shipped = dict(of(one) for one in read_mo(file) if one.id)
    assert shipped == dict(of(one) for one in messages.kept(language) if one.id), "make messages"


@pytest.mark.parametrize("language", messages.SUBSCRIBERS)
def test_a_subscriber_reads_every_message_in_their_language(language: str) -> None:
    catalogue = messages.kept(language)
    wanted = {messages.forms(one.id) for one in messages.heard() if one.id}
    assert {messages.forms(one.id) for one in catalogue if one.id} == wanted, "make messages, then translate them"
    assert len(wanted) > 150
    assert not messages.untranslated(catalogue)
    for one in catalogue:
        english, other = of(one)
        for form in other if one.id else ():
            assert fields(form) == fields(english[0]), form
            assert NOR.findall(form) == NOR.findall(english[0]), "figures, articles and decisions stay as they are"


def test_every_language_a_subscriber_may_choose_has_its_catalogue() -> None:
    assert set(LANGUAGES) == {"fr", "en", *messages.SUBSCRIBERS}
    assert tuple(Tongue(language).read_over for language in LANGUAGES) == (True, True, False, False, False)


def test_no_message_hides_in_an_f_string() -> None:
    """Where the extractor does not see it, and it stays English."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "monitor").rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_", "ngettext")
    ]
    assert hidden == []


@pytest.mark.parametrize("words", [(), ("history",), ("read",), ("case", "new"), ("install",), ("new",), ("capture",)])
def test_what_stands_for_a_value_in_help_is_french(words: tuple[str, ...]) -> None:
    shown = vigie(*words, "--help", VIGIE_LANG="fr").stdout
    assert re.findall(r"\b(?:COMMAND|DESK|FILE|TEXT|USER|NAME|CASE|FOLDER)\b", shown) == []


def test_help_in_french() -> None:
    shown = vigie("--help", VIGIE_LANG="fr").stdout
    assert shown.startswith(f"usage{NBSP}: vigie")
    for words in ("COMMANDE", "Regarder", "affiche cette aide et quitte", "regarde maintenant les guichets indiqués"):
        assert words in shown
    assert "show " not in shown


def test_help_in_english() -> None:
    shown = vigie("--help", VIGIE_LANG="en").stdout
    assert shown.startswith("usage: vigie")
    assert "show this help message and exit" in shown
    assert "look now at the desks named" in shown


@pytest.mark.parametrize(("asked", "environ"), [("en", "fr"), ("fr", "en")])
def test_lang_overrides_the_environment(asked: str, environ: str) -> None:
    said = {"en": 'No préfecture is called "999"', "fr": f"Aucune préfecture ne s'appelle «{NBSP}999{NBSP}»"}
    for words in (("list", "999", "--lang", asked), ("list", "999", f"--lang={asked}")):
        done = vigie(*words, VIGIE_LANG=environ)
        assert done.returncode == 64
        assert said[asked] in done.stderr


def test_french_where_nothing_says_a_language() -> None:
    assert "affiche cette aide" in vigie("--help", LANG="C.UTF-8").stdout


def test_argparse_errors_in_french() -> None:
    assert "choix incorrect" in vigie("chek", VIGIE_LANG="fr").stderr
    assert "il manque ces arguments" in vigie("read", "x", VIGIE_LANG="fr").stderr
    assert "arguments inconnus" in vigie("list", "--foo", VIGIE_LANG="fr").stderr
