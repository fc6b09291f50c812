"""What was asked today is not asked again: kept as it came, cut short at any byte, forgotten after a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.readings import Unreached
from monitor.discover.survey.answers import KeptAnswers
from monitor.fetch.http.hosts import LeftAloneError
from tests.support.browsers import exchange

NOW = datetime.now(UTC)
A, B = "https://www.essai.gouv.fr/a", "https://www.essai.gouv.fr/b"


class Hands:
    """A clock set by hand."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic_ns(self) -> int:
        return 0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")


def asked(file: Path, *urls: str, at: datetime = NOW) -> None:
    answers = KeptAnswers(file, Hands(at))
    for url in urls:
        answers.leaves(url)
        answers.came(replace(exchange("GET", url, f"page {url}"), started=at))
    answers.close()


def test_an_answer_is_given_as_it_came(tmp_path: Path) -> None:
    asked(tmp_path / "answers", A)
    answers = KeptAnswers(tmp_path / "answers", Hands())
    kept = answers.kept(A)
    assert kept is not None
    assert (kept.url, kept.status, kept.decoded_body) == (A, 200, f"page {A}".encode())
    assert kept.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert answers.kept(B) is None
    assert answers.asked == 0


def test_what_left_and_has_no_answer_is_not_asked_again(tmp_path: Path) -> None:
    answers = KeptAnswers(tmp_path / "answers", Hands())
    answers.leaves(A)  # and the power goes
    with pytest.raises(LeftAloneError, match="stopped before its answer was kept"):
        KeptAnswers(tmp_path / "answers", Hands()).kept(A)


def test_after_a_day_all_is_asked_anew(tmp_path: Path) -> None:
    asked(tmp_path / "answers", A)
    assert KeptAnswers(tmp_path / "answers", Hands(NOW + timedelta(hours=23))).kept(A) is not None
    assert KeptAnswers.known(tmp_path / "answers", Hands(NOW + timedelta(hours=25))) == []
    assert KeptAnswers(tmp_path / "answers", Hands(NOW + timedelta(hours=25))).kept(A) is None
    assert (tmp_path / "answers").stat().st_size == 0, "and what is old is not kept"


def test_a_failure_may_be_tried_once_more_in_the_same_run_and_not_in_the_next(tmp_path: Path) -> None:
    failed = replace(exchange("GET", A), started=NOW, status=None, failure=Unreached(cause="reset"))
    answers = KeptAnswers(tmp_path / "answers", Hands())
    answers.came(failed)
    assert answers.kept(A) is None
    answers.came(failed)
    assert answers.kept(A) == replace(failed, started_mono_ns=0, finished_mono_ns=0, wire_body=b"", version=None)
    answers.close()
    assert KeptAnswers(tmp_path / "answers", Hands()).kept(A) is not None


def test_once_over_nothing_leaves_and_what_is_kept_is_still_given(tmp_path: Path) -> None:
    asked(tmp_path / "answers", A)
    answers = KeptAnswers(tmp_path / "answers", Hands())
    answers.stop("this survey was stopped")
    with pytest.raises(LeftAloneError, match="this survey was stopped"):
        answers.leaves(B)
    assert answers.kept(A) is not None
    assert answers.asked == 0


@given(st.data())
def test_cut_at_any_byte_each_answer_is_whole_or_known_to_be_lost(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = tmp_path_factory.mktemp("cut") / "answers"
    asked(file, A, B)
    whole = file.read_bytes()
    file.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    answers = KeptAnswers(file, Hands())
    for url in (A, B):
        try:
            kept = answers.kept(url)
        except LeftAloneError:
            continue
        assert kept is None or kept.decoded_body == f"page {url}".encode()
    answers.came(exchange("GET", A, "again"))  # and it is written on from there
    answers.close()
    again = KeptAnswers(file, Hands()).kept(A)
    assert again is not None
    assert again.decoded_body == b"again"
