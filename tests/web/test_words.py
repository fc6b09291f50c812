"""Easy French of the pages: a word list of its own, whole, with nothing left over, in short sentences."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from monitor.web.words import WORDS, easy_sentences, spoken_as

LONGEST = 20  # words of a sentence
KNOWN = {"JSON"}  # the name of a kind of file


def test_every_message_of_the_pages_has_its_own_and_none_is_left_over() -> None:
    assert sorted(easy_sentences()) == sorted(set(WORDS.values()))


@pytest.mark.parametrize("message", sorted(easy_sentences()))
def test_it_is_short_and_keeps_what_is_filled_in(message: str) -> None:
    said = easy_sentences()[message]
    names, kept = (
        {name for _text, name, _spec, _conversion in Formatter().parse(one) if name} for one in (message, said)
    )
    assert kept == names
    for sentence in re.split(r"(?<=[.?!:])\s", said):
        assert len(sentence.split()) <= LONGEST, sentence
    assert set(re.findall(r"\b[A-Z]{3,}\b", said)) <= KNOWN


def test_it_is_said_and_not_in_french_alone() -> None:
    easy, french = spoken_as("facile"), spoken_as("fr")
    assert easy.code == "fr"
    assert easy.say(WORDS["stop_text"]) != french.say(WORDS["stop_text"])
    assert easy.say("Monday") == french.say("Monday")
