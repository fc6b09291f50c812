"""The eZ booking module of the simulator, walked as a browser would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pytest

from tests.simulator import fixture
from tests.simulator.client import Simulator
from tests.simulator.plays import ez_pages
from tests.simulator.walker import Walker

simulator, simulator_of_module = fixture.simulator, fixture.simulator_of_module

EZ = "www.val-doise.gouv.fr"
MODULE = "/booking/create/14666"
CALENDARS = [{"id": 14673, "label": "Remise d'un titre - GUICHET 4 B"}, {"id": 14806, "label": "Guichet 2"}]
FORM = "FormBookingCreate"
SHARED_PAGES = Path(__file__).resolve().parents[3].parent / "shared" / "pages"


def accept(walker: Walker, path: str = MODULE) -> str:
    """Conditions ticked, demand made: the address reached."""
    return str(walker.demand(f"https://{EZ}{path}/0").url)


def test_ez_without_slot_ends_at_step_2(simulator: Simulator) -> None:
    with Walker(simulator) as walker:
        assert accept(walker) == f"https://{EZ}{MODULE}/2"
        assert walker.texts(f"//form[@id='{FORM}']") == [ez_pages.NO_SLOT]
        assert walker.texts("//div[@id='inner_Booking']/h2") == ["Vérification de disponibilité"]
        assert walker.tree().xpath("//input[@name='finishButton']/@value") == ["Terminer"]
    assert simulator.violations() == []


def test_ez_two_answers_never_have_the_same_bytes(simulator: Simulator) -> None:
    with Walker(simulator) as walker:
        first, second = (walker.get(f"https://{EZ}{MODULE}/0").content for _ in range(2))
        assert first != second
        assert 30_000 < len(first) < 81_000
        assert walker.client.cookies.get("eZSESSID", domain=EZ)


def test_ez_several_calendars_are_chosen_by_their_own_radio(simulator: Simulator) -> None:
    simulator.show(EZ, MODULE, "slots?calendar=14806", calendars=CALENDARS)
    with Walker(simulator) as walker:
        assert accept(walker) == f"https://{EZ}{MODULE}/1"
        assert walker.texts("//fieldset[@id='fchoix_Booking']//label") == [c["label"] for c in CALENDARS]
        assert walker.press(FORM, "nextButton", ez_pages.NEXT, {"planning": "14673"}).url.path == f"{MODULE}/2"
        walker.get(f"https://{EZ}{MODULE}/1")
        assert walker.press(FORM, "nextButton", ez_pages.NEXT, {"planning": "14806"}).url.path == f"{MODULE}/3"
        assert walker.press(FORM, "nextButton", ez_pages.NEXT).url.path == f"{MODULE}/4"
        free = walker.tree().xpath("//div[@id='planning_Booking']//td[contains(@class, 'free')]/a/@href")
        assert free
        assert all(href.startswith(f"{MODULE}/5/") for href in free)
        assert walker.texts("//div[@id='caption_Booking']//span[@class='free']") == ["libre"]
    assert simulator.violations() == []


def test_ez_weak_opening_shows_a_full_calendar(simulator: Simulator) -> None:
    simulator.show(EZ, MODULE, "slots_weak")
    with Walker(simulator) as walker:
        assert accept(walker) == f"https://{EZ}{MODULE}/3"
        walker.press(FORM, "nextButton", ez_pages.NEXT)
        assert walker.tree().xpath("//td[contains(@class, 'complete')]")
        assert not walker.tree().xpath("//td[contains(@class, 'free')]")


def test_ez_slot_taken_between_two_pages(simulator: Simulator) -> None:
    simulator.show(EZ, MODULE, "slots_vanish")
    with Walker(simulator) as walker:
        accept(walker)
        assert walker.press(FORM, "nextButton", ez_pages.NEXT).url.path == f"{MODULE}/2"
        assert ez_pages.NO_SLOT in walker.texts(f"//form[@id='{FORM}']")


@pytest.mark.parametrize(
    ("state", "path", "words"),
    [
        ("no_calendar", "//ul[@class='error']/li", ez_pages.NO_CALENDAR),
        ("session_lost", "//label[@for='condition']", ez_pages.CONDITIONS),
        ("captcha?at=2", "//div[@id='inner_Booking']/h2", "Contrôle de sécurité"),
        ("sentence_elsewhere", f"//form[@id='{FORM}']", "Le calendrier est en cours de mise à jour."),
        ("contradictory", f"//form[@id='{FORM}']", ez_pages.NO_SLOT),
        ("layout_changed?at=2", "//section[@data-v='2']/h1", "Rendez-vous en ligne"),
        ("disabled?at=2", "//p", "Ce lien a été désactivé définitivement"),
    ],
)
def test_ez_odd_states_at_the_end_of_the_walk(simulator: Simulator, state: str, path: str, words: str) -> None:
    simulator.show(EZ, MODULE, state)
    with Walker(simulator) as walker:
        accept(walker)
        assert words in walker.texts(path)


def test_ez_contradictory_page_also_offers_a_free_cell(simulator: Simulator) -> None:
    simulator.show(EZ, MODULE, "contradictory")
    with Walker(simulator) as walker:
        accept(walker)
        assert walker.tree().xpath("//div[@id='planning_Booking']//td[contains(@class, 'free')]/a")


def test_ez_needs_its_cookie_and_its_conditions(simulator: Simulator) -> None:
    data = {"condition": "on", "nextButton": ez_pages.START}
    with Walker(simulator) as walker:
        answer = walker.client.post(f"https://{EZ}{MODULE}/0", data=data)
        assert answer.status_code == 200, "without a session the first step comes back"
        walker.get(f"https://{EZ}{MODULE}/1")
        assert walker.texts("//label[@for='condition']") == [ez_pages.CONDITIONS]
        walker.get(f"https://{EZ}{MODULE}/0")
        walker.press(FORM, "nextButton", ez_pages.START)
        assert walker.texts("//ul[@class='error']/li") == [ez_pages.CONDITIONS]


def test_ez_session_lost_once_recovers_on_the_second_walk(simulator: Simulator) -> None:
    simulator.plan(EZ, MODULE, [["session_lost", 1], ["no_slot", 9]])
    with Walker(simulator) as walker:
        accept(walker)
        assert walker.tree().xpath("//input[@id='condition']")
        accept(walker)
        assert walker.texts(f"//form[@id='{FORM}']") == [ez_pages.NO_SLOT]


def test_ez_twins_share_a_session_and_a_desk(simulator: Simulator) -> None:
    simulator.show(EZ, MODULE, "slots")
    with Walker(simulator) as walker:
        assert accept(walker, f"/index.php{MODULE}") == f"https://{EZ}/index.php{MODULE}/3"
        printed = walker.get(f"https://{EZ}/layout/set/print{MODULE}/3")
        assert walker.texts("//div[@id='inner_Booking']/h2") == ["Description de la nature du rendez-vous"]
        assert len(printed.content) < 8_000


@pytest.mark.shared
@pytest.mark.skipif(not SHARED_PAGES.is_dir(), reason="the saved pages are not beside the checkout")
def test_the_no_slot_page_has_the_ids_of_the_saved_one(simulator: Simulator) -> None:
    saved: Any = lxml.html.fromstring(
        (SHARED_PAGES / "ez_booking_val-doise_11343_2_no_slot_2022-09.html").read_text(encoding="utf-8")
    )
    with Walker(simulator) as walker:
        accept(walker)
        ours, theirs = (
            {i for i in tree.xpath("//*[@id='global_Booking']/descendant-or-self::*/@id") if "TB_" not in i}
            for tree in (walker.tree(), saved)
        )
        assert ours == theirs
        icons, saved_icons = (
            [src.rsplit("/", 1)[-1] for src in tree.xpath("//*[@id='Progress_Booking']//img/@src")]
            for tree in (walker.tree(), saved)
        )
        assert icons == saved_icons
