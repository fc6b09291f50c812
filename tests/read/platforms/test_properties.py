"""What holds for every platform and every page: readers answer, claim only what is shown, and quote it verbatim."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.prefecture import Context, Page
from monitor.core.readings import CLASSES, NoSlot, SlotsOpen, from_json, to_json
from monitor.read.pages.text import collapse
from monitor.read.platforms.registry import BY_NAME, platform_for

PAGES = Path(__file__).resolve().parents[2] / "fixtures" / "pages"
CONTEXT = Context(zone=ZoneInfo("Europe/Paris"))
ADDRESSES = {
    "ez_booking": "https://www.val-doise.gouv.fr/booking/create/14666/2",
    "rdv_prefecture": "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/2246/creneau/",
    "demarche_numerique": "https://demarche.numerique.gouv.fr/commencer/x",
    "rdv_service_public": "https://rdv.anct.gouv.fr/prendre_rdv",
    "orion": "https://esii-orion.com/orion/api/1/rdv/bookings/availableSlotByDay",
    "eappointment": "https://rdv-etrangers-94.interieur.gouv.fr/appointment.jsp",
    "form_figures": "https://demarche.numerique.gouv.fr/statistiques/x",
    "front_page": "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/",
}
NO_SLOT_PAGES = {
    "ez_booking": (
        "recon_ez_step2_no_slot.html",
        "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous.",
    ),
    "rdv_prefecture": ("recon_rdvpref_creneau_none.html", "Aucun créneau disponible"),
    "rdv_service_public": (
        "recon_rdvsp_no_slot.html",
        "Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé.",
    ),
    "eappointment": (
        "recon_eappointment_no_slot.html",
        "Aucun rendez-vous n'est disponible actuellement pour le motif sélectionné.",
    ),
    "orion": ("recon_orion_none.json", '"daySlots":[]'),
}
STORED = sorted(path for path in PAGES.iterdir() if path.suffix in (".html", ".htm", ".json", ".txt"))
PLATFORMS = st.sampled_from(sorted(BY_NAME))


def read(name: str, body: bytes, status: int = 200) -> object:
    page = Page(url=ADDRESSES[name], status=status, body=body)
    return platform_for(name, ADDRESSES[name]).read(page, CONTEXT)


@given(PLATFORMS, st.binary(max_size=3000), st.sampled_from([200, 204, 301, 403, 404, 418, 429, 500, 503, 599]))
@settings(max_examples=400)
def test_any_bytes_have_a_reading(name: str, body: bytes, status: int) -> None:
    reading = read(name, body, status)
    assert type(reading) in CLASSES.values()
    assert not isinstance(reading, NoSlot | SlotsOpen)


@given(PLATFORMS, st.sampled_from(STORED), st.data())
@settings(max_examples=400)
def test_a_damaged_page_has_a_reading(name: str, path: Path, data: st.DataObject) -> None:
    body = path.read_bytes()[:20_000]
    cut = data.draw(st.integers(0, len(body)))
    length = data.draw(st.integers(0, 200))
    body = body[:cut] + data.draw(st.binary(max_size=20)) + body[cut + length :]
    assert type(read(name, body)) in CLASSES.values()


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_address_and_header_have_a_reading(url: str, value: str) -> None:
    for name, address in ADDRESSES.items():
        page = Page(url=url, status=200, headers=(("Content-Type", value),), body=b"<p>a")
        assert platform_for(name, address).read(page, CONTEXT) is not None


@pytest.mark.parametrize("name", NO_SLOT_PAGES)
@given(data=st.data())
@settings(max_examples=60)
def test_a_sentence_that_lacks_a_letter_proves_nothing(name: str, data: st.DataObject) -> None:
    file, sentence = NO_SLOT_PAGES[name]
    text = (PAGES / file).read_text(encoding="utf-8")
    assert isinstance(read(name, text.encode()), NoSlot)
    letters = [at for at, letter in enumerate(sentence) if letter.isalpha()]
    at = data.draw(st.sampled_from(letters))
    assert not isinstance(read(name, text.replace(sentence, sentence[:at] + sentence[at + 1 :]).encode()), NoSlot)


@pytest.mark.parametrize("name", NO_SLOT_PAGES)
@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504])
def test_no_status_but_success_proves_anything(name: str, status: int) -> None:
    assert not isinstance(read(name, (PAGES / NO_SLOT_PAGES[name][0]).read_bytes(), status), NoSlot | SlotsOpen)


@pytest.mark.parametrize("reader", BY_NAME)
@pytest.mark.parametrize("name", NO_SLOT_PAGES)
def test_one_platform_s_sentence_proves_nothing_on_another(name: str, reader: str) -> None:
    reading = read(reader, (PAGES / NO_SLOT_PAGES[name][0]).read_bytes())
    assert isinstance(reading, NoSlot) == (reader == name)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_what_is_quoted_stands_on_the_page_and_survives_json(path: Path) -> None:
    text = path.read_text(encoding="cp1252" if "latin1" in path.name else "utf-8", errors="replace")
    visible = collapse(re.sub(r"<(br|h\d|p|div)\b", r" <\1", text))
    for name in BY_NAME:
        reading = read(name, path.read_bytes())
        assert from_json(to_json(reading)) == reading  # type: ignore[arg-type]
        if isinstance(reading, NoSlot) and "<" not in reading.seen.text and "typography" not in path.name:
            assert reading.seen.text in visible
