"""The walk through the booking module, driven against a small site in memory that forgets, redirects and fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.prefecture import Context, Move, Open, Page, Press
from monitor.core.readings import NoSlot, NotYetOpen, Reading, SlotsOpen, Unreadable, detail_of
from monitor.read.pages.forms import submission
from monitor.read.platforms.ez_booking import EzBooking
from tests.read.platforms.test_ez_booking import (
    BASE,
    CHECKED,
    CONDITION,
    FINISH,
    FIRST,
    FREE,
    ONWARD,
    SENTENCE,
    calendar,
    module,
)

DESK = EzBooking("www.val-doise.gouv.fr", 14666)
PARIS = ZoneInfo("Europe/Paris")


def form(step: int, body: str) -> str:
    return f'<form id="FormBookingCreate" method="post" action="/booking/create/14666/{step}">{body}</form>'


def at(step: int, body: str, icon: str = "", status: int = 200) -> Page:
    return Page(url=f"{BASE}/{step}", status=status, body=module(body, icon).encode())


NONE = at(2, CHECKED + form(2, SENTENCE + FINISH))
FULL = calendar('<td class="complete"><a>complet</a></td>')
STEP_3, STEP_4 = at(3, form(3, ONWARD), "etape_3r"), at(4, form(4, FIRST) + calendar(FREE), "etape_4r")
BUSY = Page(url=f"{BASE}/2", status=503)


@dataclass
class Site:
    """answers: what choosing a calendar gives, in order, by its label (the only one when empty: no list is shown)."""

    answers: dict[str, Page]
    after_3: Page = STEP_4
    asks_conditions: bool = True
    forgets: list[int] = field(default_factory=list)  # numbers of the requests answered by step 0
    accepted: bool = False
    seen: list[tuple[str, str, tuple[tuple[str, str], ...]]] = field(default_factory=list)

    def perform(self, move: Move, page: Page | None) -> Page:
        last = move[-1]
        if isinstance(last, Open):
            self.seen.append(("GET", last.url, ()))
            return self._step_0() if self._lost() else self._opened(last.url)
        assert page is not None
        sent = submission(page, move)
        self.seen.append((sent.method, sent.url, sent.fields))
        if self._lost():
            return self._step_0()
        return self._posted(sent.url, dict(sent.fields))

    def _lost(self) -> bool:
        if lost := len(self.seen) in self.forgets:
            self.accepted = False
        return lost

    def _opened(self, url: str) -> Page:
        if self.asks_conditions and not self.accepted:
            return self._step_0()
        assert url in (BASE, f"{BASE}/1")
        return self._first()

    def _posted(self, url: str, fields: dict[str, str]) -> Page:
        if url.endswith("/0"):
            assert fields == {"condition": "on", "nextButton": "Effectuer une demande de rendez-vous"}
            self.accepted = True
            return self._first()
        if url.endswith("/1"):
            return list(self.answers.values())[int(fields["planning"])]
        assert url.endswith("/3")
        assert fields == {"nextButton": "Etape suivante"}
        return self.after_3

    def _first(self) -> Page:
        if list(self.answers) == [""]:
            return self.answers[""]
        radios = "".join(
            f'<p><input type="radio" name="planning" id="p{n}" value="{n}"><label for="p{n}">{label}</label></p>'
            for n, label in enumerate(self.answers)
        )
        return at(1, form(1, radios + ONWARD))

    def _step_0(self) -> Page:
        button = '<input type="submit" name="nextButton" value="Effectuer une demande de rendez-vous">'
        return at(0, form(0, CONDITION + button + '<input type="submit" name="manageButton" value="Gérer">'))


def drive(perform: Callable[[Move, Page | None], Page], context: Context) -> tuple[Reading, list[Move]]:
    visit = DESK.visit(context)
    moves, page = [next(visit)], None
    try:
        while True:
            assert len(moves) < 40
            page = perform(moves[-1], page)
            moves.append(visit.send(page))
    except StopIteration as end:
        reading: Reading = end.value
        return reading, moves


def walk(site: Site, label: str | None = None, context: Context | None = None) -> tuple[Reading, list[Move]]:
    return drive(site.perform, context or Context(zone=PARIS, label=label))


def test_to_the_sentence_of_step_2() -> None:
    site = Site({"": NONE})
    reading, moves = walk(site)
    assert isinstance(reading, NoSlot)
    assert [len(move) for move in moves] == [1, 2]
    assert moves[0] == (Open(BASE),)
    assert moves[1][1] == Press("FormBookingCreate", "nextButton", "Effectuer une demande de rendez-vous")


@pytest.mark.parametrize("answer", [NONE, STEP_4], ids=["to-2", "to-4"])
@pytest.mark.parametrize("asks_conditions", [True, False])
def test_wherever_the_site_redirects(answer: Page, asks_conditions: bool) -> None:
    reading, moves = walk(Site({"": answer}, asks_conditions=asks_conditions))
    assert reading == DESK.read(answer, Context(zone=PARIS))
    assert len(moves) == 1 + asks_conditions


def test_from_step_3_to_the_calendar_and_no_further() -> None:
    site = Site({"": STEP_3})
    reading, moves = walk(site)
    assert isinstance(reading, SlotsOpen)
    assert not reading.weak
    assert moves[-1] == (Press("FormBookingCreate", "nextButton", "Etape suivante"),)
    assert [url for _, url, _ in site.seen] == [BASE, f"{BASE}/0", f"{BASE}/3"]


def test_at_step_4_nothing_is_pressed() -> None:
    site = Site({"": at(4, form(4, ONWARD + FIRST) + FULL, "etape_4r")})
    reading, _ = walk(site)
    assert isinstance(reading, SlotsOpen)
    assert reading.weak
    assert [url for _, url, _ in site.seen] == [BASE, f"{BASE}/0"]


@pytest.mark.parametrize(
    "after",
    [at(4, form(4, FIRST) + FULL, "etape_4r"), BUSY, NONE, at(6, '<div class="g-recaptcha"></div>'), at(0, "")],
    ids=["week-full", "overloaded", "none-left", "captcha", "unknown"],
)
def test_what_step_3_showed_stays_said(after: Page) -> None:
    reading, _ = walk(Site({"": STEP_3}, after_3=after))
    assert isinstance(reading, SlotsOpen)
    assert reading.weak


def test_every_calendar_is_asked() -> None:
    site = Site({"Guichet 1": NONE, "Guichet 2": NONE, "Guichet 3": NONE})
    reading, _ = walk(site)
    assert isinstance(reading, NoSlot)
    assert [fields[0][1] for method, url, fields in site.seen if url.endswith("/1") and method == "POST"] == [
        "0",
        "1",
        "2",
    ]
    assert len(site.seen) == 2 + 1 + 2 * 2


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([NONE, STEP_3, NONE], ("SlotsOpen", None)),
        ([NONE, at(2, "rien"), NONE], ("Unreadable", "layout_changed")),
        ([NONE, BUSY, STEP_4], ("Unavailable", "overloaded")),
        ([STEP_4, BUSY], ("SlotsOpen", None)),
        ([at(2, "rien"), STEP_4], ("SlotsOpen", None)),
    ],
)
def test_no_slot_only_if_every_calendar_says_so(answers: list[Page], expected: tuple[str, str | None]) -> None:
    reading, _ = walk(Site({f"Guichet {n}": page for n, page in enumerate(answers)}))
    assert (type(reading).__name__, detail_of(reading)) == expected


def test_only_the_desk_s_calendars() -> None:
    site = Site({"Remise de titre": STEP_4, "Renouvellement : l’été": NONE, "Naturalisation": STEP_4})
    reading, _ = walk(site, label=r"renouvellement : l'été")
    assert isinstance(reading, NoSlot)
    assert len(site.seen) == 3


def test_no_calendar_of_that_name() -> None:
    site = Site({"Remise de titre": NONE})
    reading, _ = walk(site, label="naturalisation")
    assert detail_of(reading) == "layout_changed"
    assert len(site.seen) == 2


@pytest.mark.parametrize("forgets", [[2], [3], [4], [5], [4, 5]])
def test_a_lost_session_is_begun_again_once(forgets: list[int]) -> None:
    site = Site({"Guichet 1": NONE, "Guichet 2": NONE}, forgets=forgets)
    reading, _ = walk(site)
    assert isinstance(reading, NoSlot)


@pytest.mark.parametrize("forgets", [range(1, 40), [2, 4], [3, 6]])
def test_a_session_lost_twice(forgets: list[int]) -> None:
    site = Site({"Guichet 1": NONE}, forgets=list(forgets))
    reading, moves = walk(site)
    assert detail_of(reading) == "session_lost"
    assert len(moves) <= 6


def test_an_opening_seen_before_the_session_was_lost_is_kept() -> None:
    site = Site({"Guichet 1": STEP_4, "Guichet 2": NONE}, forgets=[5, 7])
    reading, _ = walk(site)
    assert isinstance(reading, SlotsOpen)


@pytest.mark.parametrize("forgetful", [False, True])
def test_a_longer_list_says_so_and_how_many_were_read(forgetful: bool) -> None:
    """The limit is a number of calendars, whether or not the site asks to accept its conditions before each."""

    class Amnesic(Site):
        def _opened(self, url: str) -> Page:
            self.accepted = self.accepted and not forgetful
            return super()._opened(url)

    for count in (8, 9, 60):
        reading, moves = walk(Amnesic({f"Guichet {n}": NONE for n in range(count)}))
        assert len(moves) <= 34
        if count == 8:
            assert isinstance(reading, NoSlot)
        else:
            assert reading == Unreadable(why="too_many", step=f"8/{count}")


def test_an_opening_among_the_first_of_a_longer_list_is_one() -> None:
    site = Site({f"Guichet {n}": STEP_4 if n == 3 else NONE for n in range(60)})
    reading, _ = walk(site)
    assert isinstance(reading, SlotsOpen)


def test_only_the_desk_s_own_calendars_count_towards_the_limit() -> None:
    site = Site({f"Guichet {n}" if n % 10 else f"Titre {n}": NONE for n in range(60)})
    reading, _ = walk(site, label="titre")
    assert isinstance(reading, NoSlot)


def test_calendars_read_before_a_session_was_lost_are_not_asked_again() -> None:
    site = Site({f"Guichet {n}": NONE for n in range(4)}, forgets=[7])
    reading, _ = walk(site)
    assert isinstance(reading, NoSlot)
    chosen = [dict(fields)["planning"] for method, url, fields in site.seen if url.endswith("/1") and method == "POST"]
    assert chosen[:2] == ["0", "1"]
    assert chosen.count("0") == 1


def test_the_longest_walk_a_hostile_site_can_ask_for() -> None:
    class Amnesic(Site):
        def _opened(self, url: str) -> Page:
            self.accepted = False
            return self._step_0()

    for lost in range(3, 40):
        site = Amnesic({f"Guichet {n}": STEP_3 for n in range(60)}, forgets=[lost])
        _, moves = walk(site)
        assert len(moves) < 40


def test_an_obstacle_on_the_way_is_the_reading() -> None:
    def fails(at_request: int) -> Callable[[Move, Page | None], Page]:
        site = Site({"Guichet 1": NONE, "Guichet 2": NONE})
        return lambda move, page: BUSY if len(site.seen) + 1 == at_request else site.perform(move, page)

    for number in range(1, 6):
        reading, moves = drive(fails(number), Context(zone=PARIS))
        assert (len(moves), detail_of(reading)) == (number, "overloaded")


def test_words_of_the_start_page_announce_the_opening() -> None:
    opening = ("Prochaine ouverture lundi", datetime(2026, 5, 11, 7, tzinfo=UTC))

    class Announcing(Site):
        def _step_0(self) -> Page:
            page = super()._step_0()
            return Page(url=page.url, status=200, body=page.body + b"<p>Prochaine ouverture lundi</p>")

    early, _ = walk(Announcing({"": NONE}), context=Context(zone=PARIS, opening=opening))
    late, _ = walk(Announcing({"": NONE}), context=Context(zone=PARIS, opening=opening, at=opening[1]))
    assert isinstance(early, NotYetOpen)
    assert isinstance(late, NoSlot)


def test_the_platform_s_arguments() -> None:
    assert DESK.url == BASE
    assert EzBooking("a", 1) == EzBooking("a", 1, "https")
    assert (DESK.name, DESK.needs_browser) == ("ez_booking", False)
