"""The life of our Chromium: its private folder, its real command line, and that nothing of it outlives us."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.core.record import digest
from monitor.fetch.browser.browser import Browser
from monitor.fetch.browser.conditions import binary_digest, package_version
from monitor.fetch.browser.home import BINARY, FLAGS, BrowserError, BrowserOptions, Home, browser_of, command_line
from tests.support.browsers import ZONE, Running, needs_chromium, page, processes, running

ROOT = Path(__file__).resolve().parents[2]
GONE_WITHIN = 60.0
CHILD = """
import asyncio, sys
from pathlib import Path
from monitor.fetch.browser.browser import Browser
from monitor.fetch.browser.home import BrowserOptions
from monitor.core.prefecture import Page

async def live() -> None:
    browser = Browser(BrowserOptions(folder=Path(sys.argv[1])))
    await browser.conditions()
    print("ready", flush=True)
    while True:
        await browser.render(Page(url="https://www.essai.gouv.fr/", status=200, body=b"<h1>x"), {}, zone="Europe/Paris")

asyncio.run(live())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short name: Chromium's sockets stand in it."""
    with tempfile.TemporaryDirectory(prefix="vt-") as name:
        yield Path(name)


def start(one: Running) -> tuple[str, ...]:
    return one.run(one.browser.conditions()).command_line


def gone(word: str) -> bool:
    end = time.monotonic() + GONE_WITHIN
    while time.monotonic() < end:
        if not processes(word):
            return True
        time.sleep(0.05)
    return not processes(word)


@needs_chromium
def test_the_conditions_are_read_back_from_the_running_browser(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("SSLKEYLOGFILE", str(folder / "keys"))
    cache = folder / "binary.json"
    with running(BrowserOptions(folder=folder, cache=cache)) as one:
        found = one.run(one.browser.conditions())
        assert found.product.startswith("Chrome/")
        assert found.revision.startswith("@")
        assert "HeadlessChrome" in found.user_agent
        assert found.binary == str(BINARY)
        assert found.binary_sha256 == digest(BINARY.read_bytes())
        assert found.package == package_version()
        assert found.home_before == ()
        assert found.storage_before == {"cookies": [], "origins": []}
        assert set(FLAGS) | {"--headless"} <= set(found.command_line)
        assert not [flag for flag in found.command_line if "certificate" in flag or "--proxy-server" in flag]
        assert not [
            flag for flag in found.command_line if "load-extension" in flag or "--remote-debugging-port" in flag
        ]
        assert found.sandbox is ("--no-sandbox" not in found.command_line) is (os.geteuid() != 0)
        assert found.to_json()["command_line"] == list(found.command_line)
        (pid,) = (p for p in processes(folder.name) if command_line(p) == found.command_line)
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"proxy" not in environment.lower()
        assert b"SSLKEYLOGFILE" not in environment
        assert os.getpgid(pid) != os.getpgrp()
    assert gone(folder.name)
    assert list(folder.iterdir()) == [cache], "its folder is gone with it"


@needs_chromium
def test_home_stays_private(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = folder / "ours"
    ours.mkdir()
    monkeypatch.setenv("HOME", str(ours))
    with running(BrowserOptions(folder=folder)) as one:
        start(one)
        one.run(one.browser.render(page("<h1>x"), {}, zone=ZONE))
        (private,) = (entry for entry in folder.iterdir() if entry != ours)
        assert private.stat().st_mode & 0o077 == 0
        assert (private / "home").is_dir()
        assert not (private / "home" / ".pki" / "nssdb" / "cert9.db").exists(), "no trust anchor of our own"
    assert list(ours.iterdir()) == []


@needs_chromium
@pytest.mark.parametrize("also_driver", [False, True], ids=["us", "us-and-the-driver"])
def test_nothing_is_left_after_kill_9(folder: Path, also_driver: bool) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        before = processes(folder.name)
        assert len(before) > 4
        drivers = [p for p in before if "driver" in " ".join(command_line(p))]
        drivers += [int(p) for p in Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()]
        child.kill()
        for pid in drivers if also_driver else ():
            os.kill(pid, signal.SIGKILL)
        assert gone(folder.name), [command_line(p)[:3] for p in processes(folder.name)]
    finally:
        child.kill()
        child.wait(60)
        assert child.stdout is not None
        child.stdout.close()
    (left,) = folder.iterdir()
    with running(BrowserOptions(folder=folder)) as one:
        start(one)
        assert not left.exists(), "the next browser removes what the dead one left"


@needs_chromium
def test_a_browser_that_hangs_dies_with_its_driver(folder: Path) -> None:
    """Its own watch on the pipe cannot work: the kernel ends it (PR_SET_PDEATHSIG)."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        (private,) = folder.iterdir()
        pid = browser_of(private / "profile")
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        drivers = [int(p) for p in Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()]
        for one in (child.pid, *drivers):
            os.kill(one, signal.SIGKILL)
        assert gone(folder.name)
    finally:
        child.kill()
        child.wait(60)
        assert child.stdout is not None
        child.stdout.close()


@needs_chromium
def test_a_browser_that_died_is_started_anew(folder: Path) -> None:
    with running(BrowserOptions(folder=folder)) as one:
        words = start(one)
        (pid,) = (p for p in processes(folder.name) if command_line(p) == words)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(BrowserError, match="Chromium"):
            one.run(render_until_it_fails(one.browser))
        assert one.run(one.browser.render(page("<h1>x"), {}, zone=ZONE)).png
        assert start(one) != words
        assert len(list(folder.iterdir())) == 1
    assert gone(folder.name)


async def render_until_it_fails(browser: Browser) -> None:
    for _ in range(3):
        await browser.render(page("<h1>x"), {}, zone=ZONE)
        await asyncio.sleep(0)
    raise BrowserError("Chromium was started anew before the first page noticed")


@needs_chromium
def test_a_browser_that_cannot_start_says_so_and_leaves_nothing(folder: Path) -> None:
    broken = folder / "chromium"
    broken.write_text("#!/bin/sh\necho 'no usable sandbox' >&2\nexit 1\n")
    broken.chmod(0o755)
    with (
        running(BrowserOptions(binary=broken, folder=folder)) as one,
        pytest.raises(BrowserError, match="does not start"),
    ):
        start(one)
    assert list(folder.iterdir()) == [broken]


def test_a_folder_too_deep_for_its_sockets_is_refused(folder: Path) -> None:
    deep = folder / ("d" * 60)
    deep.mkdir()
    with pytest.raises(BrowserError, match="too long"):
        Home(BrowserOptions(folder=deep))
    assert list(deep.iterdir()) == []


def test_an_absent_browser_is_said_before_anything_is_started(folder: Path) -> None:
    browser = Browser(BrowserOptions(binary=folder / "none", folder=folder))
    assert "Chromium is not at" in str(browser.absent()) or "libraries" in str(browser.absent())
    with pytest.raises(BrowserError, match="Chromium is not at"):
        asyncio.run(browser.conditions())
    assert list(folder.iterdir()) == []


def test_the_digest_of_the_binary_is_kept_while_the_file_stays(folder: Path) -> None:
    binary, cache = folder / "binary", folder / "cache.json"
    binary.write_bytes(b"one")
    assert binary_digest(binary, cache) == digest(b"one")
    cache.write_text(cache.read_text().replace(digest(b"one"), "kept"))
    assert binary_digest(binary, cache) == "kept"
    binary.write_bytes(b"two!")
    assert binary_digest(binary, cache) == digest(b"two!")
    cache.write_text("{")
    assert binary_digest(binary, cache) == binary_digest(binary, None) == digest(b"two!")
