"""Any one bit of an export turned: the shell and the page see it, as it stands and where the sums are made again.

As it stands, every byte is under SHA256SUMS, and that under its signature. Made again by somebody who has no key, the
signature is off (`signed`, open): what proves must then show it by itself. A few bits here, more by `make test-long`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.evidence.test_verify_shell import shell
from tests.support.browsers import needs_chromium
from tests.support.forge import Authorities, Files, Forge, unsigned, write
from tests.support.verifierpage import chromium, opened

PROVES = ("sweeps.jsonl", "stamps.jsonl", "plan.jsonl", "records.jsonl", "scope.txt")
LISTS = ("SHA256SUMS", "SHA256SUMS.signed")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Forge(Authorities(tmp_path_factory.mktemp("authorities"))).export()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def turned(sound: Files, file: str, chance: random.Random) -> tuple[Files, str]:
    """One bit of a file, and which. Of stamps, over a sweep that another follows: the last have bits that nothing signs
    (the header of a response and of its SignedData; RFC 3161, 2.4.2), and say the same with or without them."""
    data = bytearray(sound[file])
    last = data.find(b'"sweep":5') if file == "stamps.jsonl" else len(data)
    at, bit = chance.randrange(last), chance.randrange(8)
    data[at] ^= 1 << bit
    return {**sound, file: bytes(data)}, f"{file}: bit {bit} of byte {at}"


def bits(sound: Files, count: int, seed: int) -> Iterator[tuple[Files, set[str], str]]:
    """Folders with a bit turned. The set: codes that say nothing of it."""
    chance = random.Random(seed)
    for _turn in range(count):
        for file in PROVES:
            files, which = turned(sound, file, chance)
            yield unsigned(files), {"signed"}, f"{which}, sums made again"
        for file in (chance.choice(sorted(sound.keys() - set(LISTS))), *LISTS):
            files, which = turned(sound, file, chance)
            yield files, set(), which


def shell_sees(sound: Files, folder: Path, count: int, seed: int) -> None:
    for number, (files, nothing, which) in enumerate(bits(sound, count, seed)):
        status, printed = shell(write(files, folder / str(number)))
        found = set(re.findall(r"^(?:ÉCHEC|RÉSERVE) \[(\w+)\]", printed, re.MULTILINE)) - nothing
        assert status == 1, f"{which}\n{printed}"
        assert found, which


def page_sees(sound: Files, browser: Browser, folder: Path, count: int, seed: int) -> None:
    for number, (files, nothing, which) in enumerate(bits(sound, count, seed)):
        with opened(browser) as page:
            page.verify(write(files, folder / str(number)))
            assert {code for code, _level in page.found} - nothing or page.last_line.startswith("IMPOSSIBLE"), which
            assert not page.last_line.startswith("VÉRIFIÉ"), which


def test_the_shell_sees_a_bit(sound: Files, tmp_path: Path) -> None:
    shell_sees(sound, tmp_path, 2, 1)


@needs_chromium
def test_the_page_sees_a_bit(sound: Files, browser: Browser, tmp_path: Path) -> None:
    page_sees(sound, browser, tmp_path, 2, 2)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 20))
def test_the_shell_sees_many(seed: int, sound: Files, tmp_path: Path) -> None:
    shell_sees(sound, tmp_path, 15, seed)


@pytest.mark.long
@needs_chromium
@pytest.mark.parametrize("seed", range(20, 24))
def test_the_page_sees_many(seed: int, sound: Files, browser: Browser, tmp_path: Path) -> None:
    page_sees(sound, browser, tmp_path, 40, seed)
