"""What of a page may be recorded, when capture ends, when a page is loaded again: on pages, without a browser."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.api import Desk, EzBooking, Prefecture, Provenance, RdvPrefecture
from monitor.case.assist.assist import Sitting, SittingTools
from monitor.case.assist.attempt import Author, Ending, Loaded, Passed, read
from monitor.case.assist.browser import Started
from monitor.case.assist.folder import load
from monitor.case.assist.pages import (
    address,
    headers,
    line_crossed,
    markup_tells_address,
    tells_address,
    without_addresses,
)
from monitor.case.assist.record import AttemptMade, Conditions, Taken, band, files_of, unreached
from monitor.cli.cases.assist import run
from monitor.cli.parser import build
from monitor.core.prefecture import Page
from monitor.core.readings import NoSlot, Obstructed, Reading, Seen, SlotsOpen, Unreadable
from monitor.core.record import Sources, digest
from monitor.evidence.sums import SUMS, render_sums
from monitor.sweep.plan import desk_look

START = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/3720/"
SOURCE = Provenance("test", "2026-11-21", "confirmed_1")
AT = datetime(2026, 11, 24, 8, 14, 5, tzinfo=UTC)
NONE = (
    "<title>RDV-Préfecture / Choisissez votre créneau</title><main><div class='text-center q-pa-md'>"
    "<h2>Aucun créneau disponible</h2></div></main>"
)
SOME = (
    "<title>RDV-Préfecture / Choisissez votre créneau</title><main><input type=radio id=trhId_1 name=t>"
    "<label for=trhId_1>09h00</label></main>"
)
UNKNOWN: Reading = Unreadable(why="layout_changed")
NOTHING: Reading = NoSlot(seen=Seen("Aucun créneau disponible", "h2"))
CAPTCHA: Reading = Obstructed(obstacle="captcha", seen=Seen("code de sécurité", "label"))


def crossed(body: str, *, path: str = "creneau/", reading: Reading = UNKNOWN, frames: Sequence[str] = ()) -> str | None:
    url = path if "://" in path else START + path
    return line_crossed("rdv_prefecture", START, Page(url=url, status=200, body=body.encode()), frames, reading)


@pytest.mark.parametrize(
    "field",
    [
        "<input name=nom>", "<input type=text name=nom>", "<input type=email>", "<input type=tel>",
        "<textarea></textarea>", "<input type=password>", "<input type=file>", "<input type=date name=naissance>",
        "<div contenteditable></div>",
    ],
)  # fmt: skip
def test_a_field_that_asks_who_one_is_ends_capture(field: str) -> None:
    assert crossed(f"<main><form>{field}</form></main>") == "personal_data"
    assert crossed("<main></main>", frames=[f"<form>{field}</form>"]) == "personal_data"


@pytest.mark.parametrize(
    "harmless",
    [
        "<main><input type=hidden name=CTX value=x><input type=radio><input type=checkbox><input type=submit></main>",
        "<header><form role=search><input type=text name=q></form></header><main></main>",
        "<main><div role=search><input type=text name=q></div></main>",
        "<footer><input type=email name=lettre></footer>",
        "<main><input type=text name=nom disabled></main>",
        "<main><div style='display:none'><input type=text name=nom></div></main>",
        "<main><input id=captchaFormulaireExtInput name=captchaUsercode type=text></main>",
    ],
)
def test_what_asks_for_nothing_personal_does_not(harmless: str) -> None:
    assert crossed(harmless) is None


def test_a_captcha_under_any_name_is_one_field_only() -> None:
    one = "<main><input type=text name=reponse></main>"
    assert crossed(one, reading=CAPTCHA) is None
    assert crossed(one) == "personal_data"
    assert crossed("<main><input type=text name=reponse><input type=text name=nom></main>", reading=CAPTCHA) is not None
    assert crossed("<main><input type=email name=reponse></main>", reading=CAPTCHA) is not None


def test_a_calendar_may_ask_for_the_day_to_show() -> None:
    day = "<main><input type=text placeholder='jj/mm/aaaa' name=dateMin><input type=date></main>"
    assert crossed(day, reading=NOTHING) is None
    assert crossed(day) == "personal_data"
    assert crossed("<main><input type=text name=dateNaissance></main>", reading=NOTHING) == "personal_data"


def test_a_slot_beside_a_form_is_told_all_the_same() -> None:
    some = SOME.replace("<main>", "<main><form><input type=email></form>")
    ending, attempt, _window, _clock = follow([loaded(some)])
    assert (ending, [type(taken.reading) for taken in attempt.taken]) == ("slots_open", [SlotsOpen])


def test_a_page_too_big_to_be_read_is_not_recorded() -> None:
    assert crossed("<main>" + "x" * 1_000_001 + "</main>") == "personal_data"


@pytest.mark.parametrize(
    "path", ["", "cgu/", "cgu/?error=invalidCaptcha", "creneau/", "_choisirBloc", "_validerCaptcha"]
)
def test_the_known_steps(path: str) -> None:
    assert crossed("<main></main>", path=path) is None


@pytest.mark.parametrize(
    "path",
    [
        "informations/", "creneau/12/", "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/login/",
        "https://franceconnect.gouv.fr/authorize", "https://www.rdv-prefecture.interieur.gouv.fr.example.org/",
    ],
)  # fmt: skip
def test_past_them_and_elsewhere(path: str) -> None:
    assert crossed("<main></main>", path=path) == "beyond_steps"


def test_a_waiting_room_and_an_error_page_of_the_site_are_no_step_and_not_beyond() -> None:
    assert crossed("<main></main>", path="https://rdv.queue-it.net/?c=rdv") is None
    assert crossed("<main></main>", path="https://www.rdv-prefecture.interieur.gouv.fr/erreur") is None


@pytest.mark.parametrize(("path", "ends"), [("", False), ("/0", False), ("/4", False), ("/5", True), ("/8", True)])
def test_the_steps_of_ez_booking(path: str, ends: bool) -> None:
    start = "https://www.val-doise.gouv.fr/booking/create/11343"
    page = Page(url=start + path, status=200, body=b"<main></main>")
    assert (line_crossed("ez_booking", start, page, [], UNKNOWN) == "beyond_steps") is ends
    login = replace(page, url="https://www.val-doise.gouv.fr/booking/login")
    assert line_crossed("ez_booking", start, login, [], UNKNOWN) == "beyond_steps"


# --- what tells of a person or their machine --------------------------------------------------------------------------


def test_an_address_keeps_no_value_that_could_have_been_typed() -> None:
    kept = address("https://nom:mot@a.gouv.fr/x;jsessionid=AB12/y?nom=Nasrine&error=invalidCaptcha#Nasrine")
    assert kept == "https://a.gouv.fr/x/y?nom=…&error=invalidCaptcha"
    assert address("https://a.gouv.fr/?error=Nasrine%20B") == "https://a.gouv.fr/?error=…"


@given(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=6),
    st.sampled_from(["?n=", "?", "#", "?a=1&n=", ";s="]),
)
def test_nothing_typed_survives_in_an_address(typed: str, where: str) -> None:
    assert typed not in address(f"https://q.fr/{where}{typed}")


def test_headers_are_kept_by_name_and_the_others_named() -> None:
    given_ones = [
        ("Date", "Tue"), ("Set-Cookie", "JSESSIONID=AB12"), ("X-Client-IP", "203.0.113.7"), ("Via", "1.1 203.0.113.7"),
        ("Location", "/cgu/?nom=Nasrine"),
    ]  # fmt: skip
    kept, left = headers(given_ones)
    assert kept == [["Date", "Tue"], ["Location", "/cgu/?nom=…"]]
    assert left == ["set-cookie", "via", "x-client-ip"]


@pytest.mark.parametrize("text", ["Your IP: 203.0.113.77", "2001:db8::17", "(198.51.100.4)", "ip=192.168.1.9."])
def test_an_ip_address_is_seen(text: str) -> None:
    assert tells_address(text)
    assert not tells_address(without_addresses(text))


@pytest.mark.parametrize(
    "text", ["à 11:58:00", "jquery 3.7.1", "a::before", "300.1.2.3", "::", "le 04.05.2026 à 9h", "12:30"]
)
def test_what_is_no_ip_address_is_not(text: str) -> None:
    assert not tells_address(text)
    assert without_addresses(text) == text


def test_numbers_of_drawings_are_no_addresses() -> None:
    assert not markup_tells_address(b"<svg><path d='M 1.5.2.3 4'/></svg><style>a{b:1.2.3.4}</style>")
    assert markup_tells_address(b"<svg></svg><p>203.0.113.77</p>")


# --- the whole of an attempt ------------------------------------------------------------------------------------------

DESK = Desk(slug="titre", label="Titre de séjour", procedure="renewal", platform=RdvPrefecture(3720), provenance=SOURCE)
AIN = Prefecture(
    code="01", slug="ain", name="Ain", office="Préfecture de l'Ain", site="https://www.ain.gouv.fr", provenance=SOURCE,
    desks=(DESK,),
)  # fmt: skip


class Played:
    """A window that shows the pages of a list, and what was asked of it."""

    unsettled = 0

    def __init__(self, pages: Sequence[Loaded], *, reloads: bool = True) -> None:
        self.pages, self.reloads = list(pages), reloads
        self.pictured: list[str] = []
        self.reloaded = 0
        self._again = asyncio.Event()

    async def open(self, url: str) -> None:
        assert url == START

    async def next(self) -> Loaded | None:
        """A page of the timer's comes when it was asked for."""
        if self.pages and self.pages[0].trigger == "reload":
            await self._again.wait()
            self._again.clear()
        return self.pages.pop(0) if self.pages else None

    async def picture(self, loaded: Loaded) -> bytes | None:
        self.pictured.append(loaded.url)
        return b"\x89PNG"

    async def reload(self, loaded: Loaded) -> bool:
        self.reloaded += 1
        self._again.set()
        return self.reloads


class Ticking:
    """A clock whose seconds pass at once, and are counted. Implements `Clock` and `Teller`."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.told: list[str] = []

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.seconds)

    def monotonic_ns(self) -> int:
        return 0

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)

    def step(self, taken: Taken) -> None:
        self.told.append(type(taken.reading).__name__)

    def countdown(self, seconds: int) -> None:
        self.last = seconds

    def waiting(self) -> None:
        self.told.append("waiting")


def loaded(body: str, path: str = "creneau/", **more: object) -> Loaded:
    passed = Passed(method="GET", url=START + path, started=AT, finished=AT, status=200, body=body.encode())
    whole = Loaded(url=START + path, at=AT, status=200, served=body.encode(), shown=body, passed=[passed])
    return replace(whole, **more)  # type: ignore[arg-type]


def follow(pages: Sequence[Loaded], minutes: int | None = None) -> tuple[Ending, Sitting, Played, Ticking]:
    window, clock = Played(pages), Ticking()
    means = SittingTools(
        window=window, clock=clock, teller=clock, banded=lambda png, lines: png + "\n".join(lines).encode(),
        author="person", reload_minutes=minutes,
    )  # fmt: skip
    attempt = Sitting(AIN, DESK, desk_look(AIN, DESK).subject, means)
    return asyncio.run(attempt.follow()), attempt, window, clock


def test_the_loop_ends_at_a_slot_and_takes_nothing_after() -> None:
    ending, attempt, window, _clock = follow([loaded(NONE), loaded(SOME), loaded(NONE)])
    assert ending == "slots_open"
    assert [type(taken.reading) for taken in attempt.taken] == [NoSlot, SlotsOpen]
    assert len(window.pages) == 1


def test_no_picture_is_asked_for_beyond_the_line() -> None:
    ending, attempt, window, _clock = follow([loaded(NONE), loaded("<main><input type=email></main>"), loaded(NONE)])
    assert (ending, len(attempt.taken), len(window.pictured), len(window.pages)) == ("personal_data", 1, 1, 1)


def test_never_loaded_again_unless_asked() -> None:
    _ending, _attempt, window, clock = follow([loaded(NONE), loaded(NONE)])
    assert (window.reloaded, clock.seconds) == (0, 0)


def test_loaded_again_at_the_interval_and_not_once_the_session_is_gone() -> None:
    captcha = "<title>Constituez votre dossier</title><main><input name=captchaUsercode></main>"
    again = loaded(NONE, trigger="reload")
    lost = loaded(captcha, path="cgu/?error=errorSessionInvalide", trigger="reload")
    ending, attempt, window, clock = follow([loaded(NONE), again, lost], 7)
    assert ending == "window_closed"
    assert (window.reloaded, clock.seconds) == (2, 2 * 7 * 60)
    assert clock.told == ["NoSlot", "NoSlot", "Obstructed", "waiting"]
    assert [taken.trigger for taken in attempt.taken] == ["person", "reload", "reload"]


def test_a_page_that_came_of_a_form_or_was_typed_in_is_not_loaded_again() -> None:
    posted = Passed(method="POST", url=START, started=AT, finished=AT, status=200)
    for page in (loaded(NONE, passed=[posted]), loaded(NONE, typed=True), loaded("<h1>x</h1>")):
        _ending, _attempt, window, clock = follow([page], 5)
        assert (window.reloaded, clock.told[-1]) == (0, "waiting")


def test_less_than_five_minutes_is_refused() -> None:
    with pytest.raises(ValueError, match="5 minutes"):
        follow([], 4)


def test_served_and_shown_that_say_the_contrary_are_not_believed() -> None:
    _ending, attempt, _window, _clock = follow([loaded(NONE, served=SOME.encode()), loaded(SOME, served=NONE.encode())])
    assert {getattr(taken.reading, "why", None) for taken in attempt.taken} == {"contradictory"}


def test_what_only_the_script_shows_is_what_is_read() -> None:
    template = "<title>RDV-Préfecture / Choisissez votre créneau</title><main><div id=app></div></main>"
    _ending, attempt, _window, _clock = follow([loaded(NONE, served=template.encode())])
    (taken,) = attempt.taken
    assert isinstance(taken.reading, NoSlot)
    assert taken.files["served"] == template.encode()
    assert taken.files["shown"] == NONE.encode()


def test_typed_in_only_the_bytes_served_remain() -> None:
    typed = NONE.replace("<main>", "<main><p>Nasrine</p>")
    _ending, attempt, window, _clock = follow([loaded(NONE, shown=typed, typed=True)])
    (taken,) = attempt.taken
    assert isinstance(taken.reading, NoSlot)
    assert (set(taken.files), taken.left_out, window.pictured) == ({"served"}, ["typed"], [])


def test_no_answer_is_our_own_word_and_no_page() -> None:
    for failure, cause in (
        ("net::ERR_NAME_NOT_RESOLVED", "dns"), ("net::ERR_CERT_DATE_INVALID", "tls"), ("net::ERR_TIMED_OUT", "timeout"),
        ("net::ERR_CONNECTION_RESET", "reset"), ("net::ERR_CONNECTION_REFUSED", "connect"),
        ("net::ERR_INTERNET_DISCONNECTED", "vantage_offline"), ("net::ERR_CONNECTION_TIMED_OUT", "timeout"),
    ):  # fmt: skip
        assert unreached(failure).cause == cause
    _ending, attempt, window, _clock = follow([Loaded(url=START, at=AT, failure="net::ERR_NAME_NOT_RESOLVED")])
    assert (attempt.taken[0].files, window.pictured) == ({}, [])


# --- the folder -------------------------------------------------------------------------------------------------------


def folder(pages: Sequence[Loaded], author: Author = "person") -> dict[str, bytes]:
    ending, attempt, _window, _clock = follow(pages)
    made = AttemptMade(
        author=author,
        subject=desk_look(AIN, DESK).subject,
        office=AIN.office,
        started=AT,
        finished=AT + timedelta(minutes=1),
        ended=ending,
        taken=attempt.taken,
        conditions=Conditions(browser="Chromium 1", system="Linux", program="0", sources=Sources()),
    )
    files = files_of(made)
    return files | {SUMS: render_sums({name: digest(data) for name, data in files.items()})}


def test_the_folder_is_what_its_reader_accepts() -> None:
    attempt = read(folder([loaded(NONE), loaded(SOME)], "authorised_helper"))
    assert (attempt.author, attempt.check, attempt.ended) == ("authorised_helper", "01/titre", "slots_open")
    assert [type(step.reading) for step in attempt.steps] == [NoSlot, SlotsOpen]
    assert attempt.record["kind"] == "assisted_attempt"
    assert "unattended" not in str(attempt.record)


def test_nothing_of_a_query_a_cookie_or_a_user_is_in_the_record() -> None:
    hop = Passed(
        method="GET", url=START + "?nom=Nasrine", started=AT, finished=AT, status=302,
        headers=(("Set-Cookie", "JSESSIONID=AB12CD"), ("Location", "/creneau/;jsessionid=AB12CD?nom=Nasrine")),
    )  # fmt: skip
    page = loaded(NONE, path="creneau/?nom=Nasrine")
    kept = b"".join(folder([replace(page, passed=[hop, *page.passed])]).values())
    assert b"Nasrine" not in kept
    assert b"AB12CD" not in kept


def test_the_band_says_where_when_and_who() -> None:
    subject = replace(desk_look(AIN, DESK).subject, time_zone="Indian/Mayotte")
    taken = Taken(at=AT, trigger="reload", url=START + "?nom=N", reading=NOTHING, passed=[])
    text = "\n".join(band("authorised_helper", subject, AIN.office, taken, simulated=False))
    for words in (
        START,
        "mardi 24 novembre 2026 à 11:14:05",
        "UTC+03:00",
        "09:14:05 à Paris",
        "2026-11-24 08:14:05 UTC",
    ):
        assert words in text
    for words in ("« Titre de séjour »", "un aidant autorisé", "rechargée par le programme", "Préfecture de l'Ain"):
        assert words in text
    assert "nom=N" not in text
    assert "SIMULATION" in "\n".join(band("person", subject, AIN.office, taken, simulated=True))


def test_ez_booking_is_an_attempt_like_another() -> None:
    desk = replace(DESK, platform=EzBooking("www.val-doise.gouv.fr", 11343))
    assert desk_look(AIN, desk).subject.platform == "ez_booking"


# --- the command -----------------------------------------------------------------------------------------------------


def test_a_bug_on_the_way_costs_none_of_the_pages_already_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def no_browser(options: object) -> AsyncIterator[Started]:
        yield Started(None, "Chromium 0")  # type: ignore[arg-type]

    class NoWindow:
        unsettled = 0

        def __init__(self, *given: object) -> None:
            pass

        def stop_watching(self) -> None:
            pass

    async def broken(attempt: Sitting) -> Ending:
        attempt.taken.append(Taken(at=datetime.now(UTC), trigger="start", url=START, reading=NOTHING, passed=[]))
        raise ZeroDivisionError

    monkeypatch.setattr("monitor.cli.cases.assist.started", no_browser)
    monkeypatch.setattr("monitor.case.assist.window.PersonWindow", NoWindow)
    monkeypatch.setattr(Sitting, "follow", broken)
    out = tmp_path / "attempt"
    config = tmp_path / "monitor.toml"
    config.write_text("[timestamps]\npresets = []\n", encoding="utf-8")
    where = ["--out", str(out), "--data", str(tmp_path / "data"), "--config", str(config)]
    args = build().parse_args(["assist", "95/cergy-11343", *where])
    args.lang = "en"
    before = os.umask(0o022)
    try:
        with pytest.raises(ZeroDivisionError):
            run(args)
    finally:
        os.umask(before)
    assert len(read(load(out)).steps) == 1
    assert {path.stat().st_mode & 0o077 for path in (out, *out.rglob("*"))} == {0}, "for its owner only"
