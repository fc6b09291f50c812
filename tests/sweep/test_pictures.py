"""Which checks get a picture."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sweep.pictures import LONGEST, PictureCandidate, Why, in_sample, sentence, why

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
NO_SLOT = ("NoSlot", None)


def taken(
    said: tuple[str, str | None] = NO_SLOT,
    before: tuple[str, str | None] | None = NO_SLOT,
    pictured: datetime | None = NOON,
    at: datetime = NOON,
    **record: Any,
) -> PictureCandidate:
    page = {"url": "https://www.essai.gouv.fr/2", "decoded_body_bytes": 12, "decoded_body_sha256": "0" * 64}
    record = {
        "look": "desk", "id": "26894630d4c5485c", "time_zone": "Europe/Paris", "started": at.isoformat(),
        "exchanges": [page],
    } | record  # fmt: skip
    return PictureCandidate(record=record, said=said, before=before, pictured=pictured)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (taken(), None),
        (taken(pictured=None, before=None), "first"),
        (taken(("SlotsOpen", None), ("SlotsOpen", None)), "opening"),
        (taken(("SlotsOpen", None), NO_SLOT), "opening"),
        (taken(NO_SLOT, ("SlotsOpen", None)), "change"),
        (taken(("Obstructed", "captcha"), ("Obstructed", "robots")), "change"),
        # 23:30 UTC is the next day in Paris, and still the same day in Cayenne.
        (taken(at=datetime(2026, 11, 24, 23, 30, tzinfo=UTC)), "first"),
        (taken(at=datetime(2026, 11, 24, 23, 30, tzinfo=UTC), time_zone="America/Cayenne"), None),
        (taken(("SlotsOpen", None), exchanges=[]), None),
        (taken(("Unreached", "timeout"), exchanges=[{"url": "https://www.essai.gouv.fr/"}]), None),
        (taken(pictured=None, look="notice"), None),
        (taken(pictured=None, exchanges=[{"url": "https://a.gouv.fr/robots.txt", "decoded_body_bytes": 1}]), None),
    ],
)
def test_the_policy(one: PictureCandidate, reason: Why | None) -> None:
    assert why(one, 0) == reason


def test_the_sample_is_one_in_so_many_and_nobody_s_choice() -> None:
    ids = [f"{n:016x}" for n in range(20_000)]
    found = [one for one in ids if in_sample(one, 256)]
    assert 50 < len(found) < 110  # 78 expected
    assert found == [one for one in ids if in_sample(one, 256)]
    assert why(taken(id=found[0]), 256) == "sample"
    assert why(taken(id=found[0]), 0) is None


@given(st.text())
def test_a_sentence_is_words_of_the_page(seen: str) -> None:
    words = sentence({"seen": seen})
    assert len(words) <= LONGEST
    assert " ".join(seen.split()).startswith(words)


def test_a_word_that_may_stand_anywhere_is_not_looked_for() -> None:
    assert sentence({"seen": "libre"}) == ""
    assert sentence({"seen": None}) == ""
    assert sentence({"seen": "Il n'existe plus de plage"}) == "Il n'existe plus de plage"


def test_the_picture_of_a_browsers_visit_is_of_the_answer_that_was_read() -> None:
    steps = [{"open": "https://www.essai.gouv.fr/", "answer": "^/api/slots$"}]
    urls = ("https://www.essai.gouv.fr/", "https://www.essai.gouv.fr/api/slots", "https://www.essai.gouv.fr/api/texts")
    brought = [{"url": url, "decoded_body_bytes": 1} for url in urls]
    assert taken(steps=steps, exchanges=brought).page == brought[1]
    again = {**brought[1], "decoded_body_bytes": 2}
    assert taken(steps=steps, exchanges=[*brought, again]).page == again, "the last of several, as the visit reads it"
    assert taken(steps=steps, exchanges=[brought[0], brought[2]]).page is None
