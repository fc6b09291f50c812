"""Bounded fuzzing of everything that reads what others wrote: `make fuzz` [EXAMPLES=2000].

Inputs are real ones, cut, flipped, doubled and spliced. A reader may answer or refuse with its own error; anything else
is a bug. And whatever was done to a page, what is said of it is said with words that stand in it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.errors import ConfigurationError
from monitor.core.prefecture import Context, Page
from monitor.core.readings import NoSlot, SlotsOpen
from monitor.evidence.checkpoint import SignedNote
from monitor.evidence.stamps.tokens import read_token
from monitor.evidence.sums import parse_sums
from monitor.read.notices.facts import read_notice
from monitor.read.platforms.registry import BY_NAME, platform_for
from monitor.settings.settings import parse
from tests.read.platforms.test_properties import ADDRESSES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "tests" / "fixtures" / "pages").glob("*.*"))
NOTICES = sorted((ROOT / "tests" / "fixtures" / "notices").glob("*.json"))
SETTINGS = (ROOT / "config" / "monitor.example.toml").read_bytes()
CONTEXT = Context(zone=ZoneInfo("Europe/Paris"))
ANSWERS_WITH_DATA = ("orion", "rdv_service_public")  # what they say is put together from values
AT_MOST = 60_000  # bytes of a seed: what is behind adds time and no new shape

fuzzed = settings(
    max_examples=int(os.environ.get("EXAMPLES", "2000")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
pytestmark = pytest.mark.fuzz


@st.composite
def damaged(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """One seed after up to six accidents."""
    body = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        length = draw(st.sampled_from([0, 1, 2, 8, 64, 700]))
        match draw(st.sampled_from(["cut", "flip", "insert", "double", "splice", "end"])):
            case "cut":
                body = body[:at] + body[at + length :]
            case "flip" if at < len(body):
                body = body[:at] + bytes([body[at] ^ 1 << draw(st.integers(0, 7))]) + body[at + 1 :]
            case "insert":
                body = body[:at] + draw(st.binary(max_size=40)) + body[at:]
            case "double":
                body = body[: at + length] + body[at:]
            case "splice":
                other = draw(st.sampled_from(seeds))
                start = draw(st.integers(0, len(other)))
                body = body[:at] + other[start : start + length] + body[at + length :]
            case "end":
                body = body[:at]
    return body


def _seeds(paths: list[Path]) -> list[bytes]:
    return [path.read_bytes()[:AT_MOST] for path in paths]


@fuzzed
@given(st.sampled_from(sorted(BY_NAME)), damaged(_seeds(PAGES)), st.sampled_from([200, 200, 200, 404, 429, 503]))
def test_pages(name: str, body: bytes, status: int) -> None:
    reading = platform_for(name, ADDRESSES[name]).read(Page(url=ADDRESSES[name], status=status, body=body), CONTEXT)
    if isinstance(reading, NoSlot | SlotsOpen) and name not in ANSWERS_WITH_DATA:
        assert _squeezed(reading.seen.text) in _squeezed(
            BeautifulSoup(body, "lxml").get_text() + body.decode("latin-1")
        )


def _squeezed(text: str) -> str:
    """Letters and digits alone: the two parsers disagree on white space."""
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


@fuzzed
@given(damaged(_seeds(NOTICES)), st.sampled_from([None, "text/html", "application/pdf", "application/json"]))
def test_notices(body: bytes, content_type: str | None) -> None:
    from monitor.read.notices.rules import notice_rules

    read_notice(body, content_type, "https://www.gard.gouv.fr/x", notice_rules())


@fuzzed
@given(damaged([SETTINGS, SETTINGS.replace(b"\n#", b"\n")]))
def test_settings(body: bytes) -> None:
    with suppress(ConfigurationError):
        parse(body.decode("utf-8", "replace"), ROOT / "config" / "monitor.toml", ROOT)


PROOF = [
    b"0" * 64 + b"  a/b\n" + b"1" * 64 + b"  c\n",
    b"origin\n3\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 key QUJD\n",
    bytes.fromhex("3080020100"),
]


@pytest.mark.parametrize("read", [parse_sums, SignedNote.parse, read_token])
@fuzzed
@given(data=damaged(PROOF))
def test_proof_files(read: Callable[[bytes], object], data: bytes) -> None:
    with suppress(ValueError):
        read(data)


def test_the_settings_seed_is_real() -> None:
    assert tomllib.loads(SETTINGS.decode()) == {}
