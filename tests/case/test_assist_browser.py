"""An assisted attempt in a real browser, as a person makes one: the command in a process of its own, whose window the
test drives from outside (CDP) as the person's hands; the simulator plays the site, captcha included.

The process runs without the modules and calls only POSIX has, as on a person's Windows or macOS computer.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from monitor.case.assist.attempt import AssistedAttempt, read
from monitor.case.assist.folder import load
from monitor.core.readings import NoSlot, Obstructed, Reading, SlotsOpen, Unreached, Unreadable
from monitor.fetch.browser.home import BINARY
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.browsers import needs_chromium
from tests.support.commands import ROOT, Vigie, settings
from tests.support.notposix import NOT_POSIX

pytestmark = needs_chromium
CHECK, HOST = "92/titre-de-sejour-boulogne", "www.rdv-prefecture.interieur.gouv.fr"
DESK = "/rdvpref/reservation/demarche/3720/"
FORM = f"https://{HOST}{DESK}informations/"
SCALE = 0.001  # of the command's waits: five minutes are 0.3 s
SANDBOX = "false" if os.geteuid() == 0 else "true"  # Chromium refuses its sandbox to root
NO_SCREEN = "--ozone-platform=headless"  # a window like any other, drawn on no screen
SECRET = "Nasrine-Inventée-7731"
FORM_PAGE = (
    "<!DOCTYPE html><title>RDV-Préfecture / Vos informations</title><main><h1>Vos informations</h1><form>"
    '<label for="n">Nom</label><input id="n" name="nom" type="text">'
    '<label for="m">Courriel</label><input id="m" name="mail" type="email"></form></main>'
)


@pytest.fixture(scope="module")
def simulator_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture
def simulator(simulator_of_module: Simulator) -> Simulator:
    simulator_of_module.reset()
    simulator_of_module.person(True)
    return simulator_of_module


@dataclass
class Sitting:
    """The command at work and the person's hands. said: what it printed so far."""

    process: subprocess.Popen[str]
    tab: Tab
    simulator: Simulator
    out: Path
    lines: queue.Queue[str | None]
    stdout: list[str]
    said: list[str] = field(default_factory=list)

    def until(self, words: str) -> str:
        """Read what is printed until a line holds these words."""
        while True:
            line = self.lines.get(timeout=60)
            assert line is not None, f"ended without {words!r}:\n" + "".join(self.said)
            self.said.append(line)
            if words in line:
                return line

    def take(self) -> None:
        """The start page's link."""
        self.until("visite arrêtée en chemin")
        self.tab.click("text=Prendre un rendez-vous")
        self.until("captcha")

    def answer(self, code: str | None = None) -> str:
        """Type the captcha's code, the right one unless told, and send it."""
        right = self.simulator.captcha_code(self.tab.get_attribute("#captchaId", "value") or "") or ""
        self.tab.fill("#captchaFormulaireExtInput", code or right)
        self.tab.click("text=Suivant")
        return code or right

    def end(self) -> int:
        """Close the window and let the command end."""
        self.tab.close()
        code = self.process.wait(60)
        while (line := self.lines.get(timeout=60)) is not None:
            self.said.append(line)
        return code

    def attempt(self) -> AssistedAttempt:
        """The folder, accepted as an import would."""
        return read(load(self.out))

    def everything(self) -> bytes:
        """All bytes of all files, and their names."""
        return b"\n".join(name.encode() + b"\n" + data for name, data in load(self.out).items())


@pytest.fixture
def sit(simulator: Simulator, tmp_path: Path) -> Callable[..., Any]:
    """The command with these words. before: what is done first. window: a window of its own, on a screen of none."""
    return lambda *words, before=None, window=False: sitting(
        simulator, tmp_path, words if window else ("--headless", *words), before
    )


@contextmanager
def sitting(
    simulator: Simulator, folder: Path, words: tuple[str, ...], before: Callable[[], None] | None
) -> Iterator[Sitting]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    screen = "" if "--headless" in words else NO_SCREEN
    binary = folder / "chromium"
    binary.write_text(f'#!/bin/sh\nexec {BINARY} --remote-debugging-port={port} {screen} "$@"\n')
    binary.chmod(0o755)
    (folder / "hidden").mkdir()
    (folder / "hidden" / "sitecustomize.py").write_text(NOT_POSIX)
    config = settings(folder, simulator, scale=SCALE, browser=f'binary = "{binary}"\nsandbox = {SANDBOX}\n')
    vigie = Vigie(folder / "data", config, env={"PYTHONPATH": str(folder / "hidden"), "PYTHONUNBUFFERED": "1"})
    if before:
        before()
    out = folder / "tentative"
    process = vigie.start("assist", CHECK, "--out", out, *words)
    lines: queue.Queue[str | None] = queue.Queue()
    stdout: list[str] = []
    reader = threading.Thread(target=_read, args=(process, lines, stdout), daemon=True)
    reader.start()
    made = Sitting(process, None, simulator, out, lines, stdout)  # type: ignore[arg-type]
    try:
        made.until("https://")
        with sync_playwright() as playwright:
            browser = _connected(playwright, port)
            made.tab = browser.contexts[0].pages[0]
            yield made
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)
        reader.join(10)


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None], stdout: list[str]) -> None:
    """Both streams, line by line, into one queue; None at their end."""

    def pump(stream: Any, keep: list[str]) -> None:
        for line in stream:
            keep.append(line)
            lines.put(line)

    other = threading.Thread(target=pump, args=(process.stderr, []), daemon=True)
    other.start()
    pump(process.stdout, stdout)
    other.join(10)
    lines.put(None)


def _connected(playwright: Any, port: int) -> Any:
    """The person's hands: the page of the same browser, once it is there."""
    for _attempt in range(200):
        try:
            browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        except PlaywrightError:  # not listening yet
            threading.Event().wait(0.05)
            continue
        if browser.contexts and browser.contexts[0].pages:
            return browser
        browser.close()
    raise AssertionError("no page in the person's browser")


def test_from_the_captcha_to_the_sentence(sit: Callable[..., Any], simulator: Simulator) -> None:
    with sit("--helper") as one:
        one.take()
        wrong = one.answer("000000")
        one.until("captcha")
        right = one.answer()
        line = one.until("aucun créneau")
        assert line.startswith("○")
        assert one.end() == 0
    attempt = one.attempt()
    assert [name(step.reading) for step in attempt.steps] == ["mid_visit", "captcha", "captcha invalid", "NoSlot"]
    last = attempt.steps[-1].reading
    assert isinstance(last, NoSlot)
    assert last.seen.text == "Aucun créneau disponible"
    assert last.last_published is not None
    assert (attempt.author, attempt.check, attempt.ended) == ("authorised_helper", CHECK, "window_closed")
    assert (attempt.zone.key, attempt.simulated) == ("Europe/Paris", True)
    assert all(step.files.keys() == {"served", "shown", "picture", "banded"} for step in attempt.steps)
    passed = attempt.record["steps"][-1]["exchanges"]
    assert [(e["method"], e["status"], e["url"].rsplit("/", 2)[-2]) for e in passed][-1] == ("GET", 200, "creneau")
    assert (passed[0]["method"], passed[0]["status"]) == ("POST", 302)
    kept = one.everything()
    for typed in (wrong, right):
        assert typed.encode() not in kept
    assert nothing_of_this_machine(load(one.out))
    asked = [(entry["method"], entry["target"]) for entry in simulator.log(HOST) if "/demarche/" in entry["target"]]
    step = f"{DESK}_validerCaptcha"
    invalid = f"{DESK}cgu/?error=invalidCaptcha"
    assert asked == [
        ("GET", DESK), ("GET", f"{DESK}cgu/"), ("POST", step), ("GET", invalid), ("POST", step),
        ("GET", f"{DESK}creneau/"),
    ]  # fmt: skip
    assert simulator.violations() == []


def nothing_of_this_machine(files: Mapping[str, bytes]) -> bool:
    """Neither in what was written as text nor in what is not an image's pixels."""
    text = b"\n".join(name.encode() + data for name, data in files.items() if not name.endswith(".png"))
    told = {
        platform.node(),
        os.environ.get("HOME", "/root"),
        "127.0.0.1",
        "JSESSIONID",
        "/tmp",
        "--headless",
        getpass.getuser(),
    }
    found = {one for one in told if re.search(rb"(?<![\w-])" + re.escape(one.encode()) + rb"(?![\w-])", text)}
    assert found == set()
    return all(no_words(data) for name, data in files.items() if name.endswith(".png"))


def no_words(png: bytes) -> bool:
    """A PNG without text chunks or EXIF."""
    return not any(kind in png for kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"))


def test_the_picture_bears_its_band_above_the_untouched_one(sit: Callable[..., Any]) -> None:
    from PIL import Image, ImageChops

    with sit() as one:
        one.until("visite arrêtée en chemin")
        assert one.end() == 0
    (step,) = one.attempt().steps
    with Image.open(one.out / step.files["picture"]) as plain, Image.open(one.out / step.files["banded"]) as banded:
        band = banded.height - plain.height
        assert 80 < band < 250
        below = banded.crop((0, band, plain.width, banded.height))
        assert ImageChops.difference(below, plain.convert("RGB")).getbbox() is None
        assert len(banded.crop((0, 0, banded.width, band)).getcolors(1 << 16) or ()) > 10


def test_a_real_window_is_watched_as_well(sit: Callable[..., Any]) -> None:
    with sit(window=True) as one:
        one.take()
        one.answer()
        one.until("aucun créneau")
        assert one.end() == 0
    attempt = one.attempt()
    assert [name(step.reading) for step in attempt.steps] == ["mid_visit", "captcha", "NoSlot"]
    assert all("picture" in step.files for step in attempt.steps)


def test_an_open_slot_rings_and_stops(sit: Callable[..., Any], simulator: Simulator) -> None:
    with sit(before=lambda: simulator.show(HOST, DESK, "slots")) as one:
        one.take()
        one.answer()
        one.until("\a")
        one.until("tentative")
        written = one.everything()
        one.tab.route(FORM, lambda route: route.fulfill(body=FORM_PAGE, content_type="text/html; charset=utf-8"))
        one.tab.goto(FORM)
        one.tab.fill("#n", SECRET)
        assert one.end() == 0
    attempt = one.attempt()
    last = attempt.steps[-1].reading
    assert isinstance(last, SlotsOpen)
    assert last.first_day is not None
    assert attempt.ended == "slots_open"
    assert SECRET.encode() not in one.everything()
    assert b"informations" not in one.everything()
    assert one.everything().startswith(written.partition(b"stamps.json")[0])  # nothing was added after the slot
    assert simulator.violations() == []


def test_capture_ends_before_personal_data(sit: Callable[..., Any]) -> None:
    """On an address that could be a known step, only its fields tell; what was typed is nowhere."""
    with sit() as one:
        one.take()
        one.answer()
        one.until("aucun créneau")
        one.tab.route("**/creneau/?x=1", lambda r: r.fulfill(body=FORM_PAGE, content_type="text/html; charset=utf-8"))
        one.tab.goto(f"https://{HOST}{DESK}creneau/?x=1")
        one.until("tentative")
        one.tab.fill("#n", SECRET)
        one.tab.fill("#m", "nasrine@example.org")
        one.tab.goto(f"https://{HOST}{DESK}creneau/?nom={SECRET}")  # back among the known steps: too late
        assert one.end() == 0
    attempt = one.attempt()
    assert attempt.ended == "personal_data"
    assert [name(step.reading) for step in attempt.steps][-1] == "NoSlot"
    for told in (SECRET, "nasrine@example.org", "Vos informations", "creneau/?"):
        assert told.encode() not in one.everything()


def test_capture_ends_past_the_known_steps(sit: Callable[..., Any], simulator: Simulator) -> None:
    with sit() as one:
        one.until("visite arrêtée en chemin")
        one.tab.click("text=Gérer mes rendez-vous")
        one.until("tentative")
        assert one.end() == 0
    attempt = one.attempt()
    assert (attempt.ended, len(attempt.steps)) == ("beyond_steps", 1)
    assert [step for step in attempt.record["steps"] if "login" in step["url"]] == []


def test_a_page_is_loaded_again_only_when_asked_and_until_a_slot_opens(
    sit: Callable[..., Any], simulator: Simulator
) -> None:
    with sit("--reload") as one:
        one.take()
        one.answer()
        one.until("aucun créneau")
        simulator.show(HOST, DESK, "slots")
        one.until("\a")
        assert one.end() == 0
    attempt = one.attempt()
    steps = [(name(step.reading), step.trigger) for step in attempt.steps]
    assert steps[0][1] == "start"
    assert {trigger for reading, trigger in steps if reading in ("mid_visit", "captcha")} == {"start", "person"}
    assert steps[-1] == ("SlotsOpen", "reload")
    assert attempt.record["reload_minutes"] == 5
    assert simulator.violations() == []


def test_reloading_ends_with_the_session(sit: Callable[..., Any], simulator: Simulator) -> None:
    with sit("--reload", "5") as one:
        one.take()
        one.answer()
        one.until("aucun créneau")
        simulator.show(HOST, DESK, "session_expired")
        one.until("captcha")
        one.until("à vous")
        assert one.end() == 0
    last = one.attempt().steps[-1]
    assert isinstance(last.reading, Obstructed)
    assert (last.reading.detail, last.trigger) == ("session_expired", "reload")


def test_a_signal_keeps_what_was_seen(sit: Callable[..., Any]) -> None:
    with sit() as one:
        one.until("visite arrêtée en chemin")
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(60) == 0
    attempt = one.attempt()
    assert (attempt.ended, len(attempt.steps)) == ("interrupted", 1)


def test_no_answer_is_not_the_sites_word(sit: Callable[..., Any], simulator: Simulator) -> None:
    with sit(before=lambda: simulator.host(HOST, tls="cut")) as one:
        one.until("connexion")
        assert one.end() == 0
    steps = one.attempt().steps  # one, or more: a browser that is cut off may ask once more by itself
    assert steps
    assert all(isinstance(step.reading, Unreached) and step.files == {} for step in steps)


def test_what_a_refusal_repeats_of_the_visitor_is_not_kept(sit: Callable[..., Any], simulator: Simulator) -> None:
    page = (
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>"
        "<p>Your IP: 203.0.113.77</p>"
    )
    with sit() as one:
        one.until("visite arrêtée en chemin")
        one.tab.route("**/cgu/", lambda r: r.fulfill(status=403, body=page, content_type="text/html"))
        one.tab.click("text=Prendre un rendez-vous")
        one.until("refusé")
        assert one.end() == 0
    step = one.attempt().steps[-1]
    assert isinstance(step.reading, Obstructed)
    assert step.reading.obstacle == "waf"
    assert step.files == {}
    assert b"203.0.113.77" not in one.everything()


def test_machines_are_told_in_one_document(sit: Callable[..., Any]) -> None:
    with sit("--json") as one:
        one.until("visite arrêtée en chemin")
        assert one.end() == 0
    document = json.loads("".join(one.stdout))
    assert (document["ended"], document["folder"]) == ("window_closed", str(one.out))
    assert [step["reading"] for step in document["steps"]] == ["Unreadable"]


def test_without_its_libraries_one_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'playwright' else find(name, *more)\n"
    )
    vigie = Vigie(tmp_path / "data", settings(tmp_path), env={"PYTHONPATH": str(tmp_path)})
    done = vigie.apart("assist", CHECK, "--out", tmp_path / "out")
    assert done.returncode == 78
    assert done.stderr.count("\n") == 1
    assert f"{sys.executable} -m pip install --require-hashes -r {ROOT / 'requirements-browser.lock'}" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("92/nulle-part",), "92/titre-de-sejour-boulogne"),
        ((CHECK, "--reload", "4"), "5"),
        ((CHECK, "--out", "."), "."),
    ],
)
def test_what_cannot_be_done_is_said_before_any_window(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = Vigie(tmp_path / "data", settings(tmp_path))("assist", *words)
    assert done.returncode == 64
    assert said in done.stderr


def test_no_screen_and_no_browser_are_told(tmp_path: Path) -> None:
    """A headed window where there is no screen: the sentence, and nothing written."""
    config = settings(tmp_path, browser=f'binary = "{BINARY}"\nsandbox = {SANDBOX}\n')
    done = Vigie(tmp_path / "data", config)("assist", CHECK, "--out", tmp_path / "out", "--lang", "en")
    assert done.returncode == 78, done.stdout + done.stderr
    assert "no window can be opened here" in done.stderr
    assert not (tmp_path / "out").exists()


def name(reading: Reading) -> str:
    match reading:
        case Unreadable():
            return reading.why
        case Obstructed():
            return " ".join(filter(None, (reading.obstacle, reading.detail)))
        case _:
            return type(reading).__name__
