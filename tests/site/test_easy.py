"""Easy French: a word list of its own, whole, with nothing left over, in short sentences."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from monitor.alerts.text.words import MONTHS
from monitor.core.labels import LABELS, PROCEDURES
from monitor.site.tongues import PageTongue, easy_words
from tests.house.messages import forms, program

PLACES = ("monitor/site/", "monitor/templates/site/")
OPERATOR = ("contested.py", "folder.py", "gather.py", "publish.py")  # what only who runs the program reads
DIARY = "diary.py"  # has languages of its own
LABELLED = {one.words for one in LABELS.values()} | {*PROCEDURES.values(), *MONTHS}  # read on pages, declared elsewhere
LONGEST = 20  # words of a sentence
KNOWN = {"ANEF", "PAN", "CSV", "JSON", "UTC"}  # explained where they stand, or the name of a file


def needed() -> set[str]:
    """Every message of the pages, each form of a plural."""
    found = set(LABELLED)
    for one in program():
        places = [name for name, _line in one.locations if name.startswith(PLACES)]
        if one.id and any(not name.endswith((*OPERATOR, DIARY)) for name in places):
            found.update(forms(one.id))
    return found


def test_every_message_of_the_pages_has_its_own() -> None:
    assert sorted(needed() - easy_words().keys()) == []


def test_none_is_left_over() -> None:
    assert sorted(easy_words().keys() - needed()) == []


@pytest.mark.parametrize("message", sorted(easy_words()))
def test_it_is_short_and_keeps_what_is_filled_in(message: str) -> None:
    said = easy_words()[message]
    names = {name for _text, name, _spec, _conversion in Formatter().parse(message) if name}
    kept = {name for _text, name, _spec, _conversion in Formatter().parse(said) if name}
    assert kept == names, "a number or a name that the message fills in"
    for sentence in re.split(r"(?<=[.?!:])\s", said):
        assert len(sentence.split()) <= LONGEST, sentence
    assert set(re.findall(r"\b[A-Z]{3,}\b", said)) <= KNOWN


def test_it_is_said_on_the_page_and_not_in_french_alone() -> None:
    easy, french = PageTongue("facile"), PageTongue("fr")
    assert easy.gettext("Method") != french.gettext("Method")
    assert easy.ngettext("{n} desk not looked at", "{n} desks not looked at", 3) == "{n} guichets pas regardés"
