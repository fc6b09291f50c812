"""Answers by mail: a code in a subject is heard, whatever stands around it, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.people.inbox import Arrived, answer, codes
from tests.support.outbox import NOW, enter, subscribers, wishes

CODE = "ABCDEFGHIJKLMNO7"


class Mailbox:
    """Unseen messages. tickets, lines: of all of them, when they answer one of ours."""

    def __init__(self, subjects: Iterable[str], tickets: Iterable[str] = (), lines: Iterable[str] = ()) -> None:
        self.kept = {str(n): subject for n, subject in enumerate(subjects)}
        self.tickets, self.written = tuple(tickets), [*lines]
        self.seen: list[str] = []

    def arrived(self) -> Iterable[Arrived]:
        return [
            Arrived(number=number, subject=subject, tickets=self.tickets)
            for number, subject in self.kept.items()
            if number not in self.seen
        ]

    def lines(self, number: str) -> list[str]:
        assert self.tickets, f"message {number} answers nothing of ours"
        return self.written

    def handled(self, number: str) -> None:
        self.seen.append(number)


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        (f"OUI-{CODE}", (f"OUI-{CODE}",)),
        (f"Re: TR : oui-{CODE.lower()} merci", (f"OUI-{CODE}",)),
        (f"STOP-{CODE} STOP-{CODE}", (f"STOP-{CODE}",)),
        (f"OUI-{CODE}A", ()),
        (f"OUI-{CODE[:-1]}", ()),
        (f"LOUI-{CODE}", ()),
        ("OUI, STOP", ()),
    ],
)
def test_codes_of_a_subject(subject: str, found: tuple[str, ...]) -> None:
    assert codes(subject) == found


@given(st.text(max_size=200))
def test_any_subject_gives_whole_codes_or_none(subject: str) -> None:
    assert all(len(code.partition("-")[2]) == 16 for code in codes(subject))


def test_yes_and_stop_are_acted_on_once_and_the_rest_stays_unseen(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        new = people.add("new@exemple.test", wishes(), NOW)
        (gone,) = enter(people, 1)
        yes, stop = people.codes(new)[0], people.codes(gone)[1]
        box = Mailbox([yes, f"Re: {stop}", f"OUI-{CODE}", "Bonjour", f"{yes} encore"])
        heard = answer(box, people, "2026-11-24", NOW)
        assert (heard.confirmed, heard.stopped, heard.unknown) == ((new,), (gone,), 2)
        assert box.seen == ["0", "1"]
        assert [one.to.id for one in people.all()] == [new]
        assert people.get(new).consent_text == "2026-11-24"
        again = answer(box, people, "2026-11-24", NOW)
        assert (again.confirmed, again.stopped) == ((), ())


def test_where_both_words_stand_stop_is_heard(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (_db, people):
        number = people.add("new@exemple.test", wishes(), NOW)
        box = Mailbox([" ".join(people.codes(number))])
        assert answer(box, people, "t", NOW).stopped == (number,)
        assert people.all() == []
