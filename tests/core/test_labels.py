"""Every reading has its words in both languages, and no word claims more than was read."""

from __future__ import annotations

from typing import get_args

import pytest

from monitor.core.labels import LABELS, label
from monitor.core.readings import CLASSES, ObstacleKind, UnavailableKind, UnreachedCause, UnreadableWhy

DETAILS: dict[str, tuple[str | None, ...]] = {
    "SlotsOpen": (None, "weak"),
    "NoSlot": (None, "by_data", "no_calendar", "beyond_booking_horizon"),
    "NotYetOpen": (None,),
    "RequestForm": (None,),
    "Obstructed": get_args(ObstacleKind),
    "Unavailable": get_args(UnavailableKind),
    "Closed": (None,),
    "Published": (None,),
    "NotFound": (None,),
    "Contradictory": (None,),
    "FrontPageShown": (None,),
    "PublishedFigures": (None,),
    "Unreadable": get_args(UnreadableWhy),
    "Unreached": get_args(UnreachedCause),
}
ALL = [(name, detail) for name, details in DETAILS.items() for detail in details]


def test_no_class_is_forgotten() -> None:
    assert set(DETAILS) == set(CLASSES)


def test_no_label_is_for_something_that_cannot_be_read() -> None:
    assert set(LABELS) <= {*ALL, *((name, None) for name in CLASSES)}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_detail_this_version_does_not_know_takes_the_words_of_its_class(name: str) -> None:
    assert label(name, "of_a_later_version") == label(name) == LABELS[name, None]


@pytest.mark.parametrize(("name", "detail"), ALL)
def test_every_reading_has_a_mark_and_words_in_both_languages(name: str, detail: str | None) -> None:
    found = label(name, detail)
    assert len(found.mark) == 1
    assert found.said("fr").strip()
    assert found.said("en").strip()
    assert found.said("fr") != found.said("en")


def test_a_front_page_is_told_with_what_it_does_not_say() -> None:
    assert label("FrontPageShown").said("fr") == (
        "La page d'accueil s'affichait. Cela ne dit rien de la connexion, du dépôt ni des pièces jointes."
    )


def test_two_readings_never_share_words() -> None:
    for lang in ("fr", "en"):
        words = [found.said(lang) for found in LABELS.values()]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(("name", "detail"), [pair for pair in ALL if pair[0] != "NoSlot"])
def test_only_no_slot_says_that_there_is_no_slot(name: str, detail: str | None) -> None:
    if (name, detail) == ("SlotsOpen", "weak"):
        return  # "aucun créneau encore vu": what we saw, not what the site said
    assert "aucun créneau" not in label(name, detail).said("fr")
    assert "no slot" not in label(name, detail).said("en")


@pytest.mark.parametrize("detail", [pair[1] for pair in ALL if pair[0] == "NoSlot"])
def test_no_slot_is_told_as_the_sites_own_word(detail: str | None) -> None:
    assert "site" in label("NoSlot", detail).said("fr")
    assert "site" in label("NoSlot", detail).said("en")
