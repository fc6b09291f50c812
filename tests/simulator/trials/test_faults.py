"""Each fault of the simulator shows what it claims."""

from __future__ import annotations

import itertools
import time
import zlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore
import httpx
import pytest

from tests.simulator import fixture
from tests.simulator.client import Simulator
from tests.simulator.faults import ANSWERED, WIRE_FAULTS
from tests.simulator.plays.ez_pages import NO_SLOT
from tests.simulator.server import Options
from tests.simulator.walker import Walker

simulator, simulator_of_module = fixture.simulator, fixture.simulator_of_module

HOST = "www.hauts-de-seine.gouv.fr"
MODULE = "/booking/create/12083"
URL = f"https://{HOST}{MODULE}"
WHOLE = {
    "503": (503, "Service Unavailable"),
    "429": (429, "Too Many Requests"),
    "403_haproxy": (403, "Request forbidden by administrative rules."),
    "403_nginx": (403, "nginx"),
    "403_denied": (403, "Access Denied"),
    "cloudflare_challenge": (403, "_cf_chl_opt"),
    "cloudflare_challenge_200": (200, "challenges.cloudflare.com"),
    "cloudflare_block": (403, "cf-error-details"),
    "imperva": (403, "Incapsula incident ID"),
    "imperva_200": (200, "_Incapsula_Resource"),
    "500": (500, "Internal Server Error"),
    "502": (502, "The server returned an invalid or incomplete response."),
    "504": (504, "Gateway Time-out"),
    "404": (404, "n'existe pas"),
    "410": (410, "Gone"),
    "maintenance": (200, "<h1>Maintenance en cours</h1>"),
    "overloaded": (200, "<h1>Service surchargé</h1>"),
    "login": (200, 'type="password"'),
    "queue": (200, "file d'attente"),
    "disabled": (200, "Ce lien a été désactivé définitivement"),
    "empty": (200, ""),
    "pdf": (200, "%PDF-1.4"),
    "bad_utf8": (200, "\N{REPLACEMENT CHARACTER}"),
}
LOCATIONS = {
    "redirect_loop": f"{MODULE}?tour=1",
    "self_loop": MODULE,
    "to_file": "file:///etc/passwd",
    "to_unofficial": f"https://rendez-vous-prefecture.example{MODULE}",
    "to_http": f"http://{HOST}{MODULE}",
    "to_loopback": "http://127.0.0.1/admin",
    "to_metadata": "http://169.254.169.254/latest/meta-data/",
    "to_step5": f"{MODULE}/5/1602570600",
    "to": "/",
}
BROKEN = {
    "reset": httpcore.ReadError,
    "reset_headers": httpcore.ReadError,
    "reset_body": httpcore.ReadError,
    "truncated": httpcore.RemoteProtocolError,
    "truncated_chunked": httpcore.RemoteProtocolError,
    "header_bomb": httpcore.RemoteProtocolError,
    "not_http": httpcore.RemoteProtocolError,
}
SILENT = ("hang", "hang_body", "drip")


def test_every_fault_is_tested_here() -> None:
    assert set(WHOLE) | set(LOCATIONS) == set(ANSWERED)
    assert set(BROKEN) | {*SILENT, "slow", "late", "big", "bomb", "bad_gzip"} == set(WIRE_FAULTS)


def test_faults_are_forgotten_where_the_step_is_another(simulator: Simulator) -> None:
    simulator.show(HOST, MODULE, "503?at=2")
    with Walker(simulator) as walker:
        assert walker.get(URL).status_code == 200
        assert walker.get(f"{URL}/2").status_code == 503


@pytest.mark.parametrize("fault", WHOLE)
def test_whole_answers(simulator: Simulator, fault: str) -> None:
    simulator.show(HOST, MODULE, fault)
    status, words = WHOLE[fault]
    with Walker(simulator) as walker:
        answer = walker.get(URL)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        text = answer.content.decode("utf-8", "replace")
        assert (text == "") if fault == "empty" else words in text
        assert NO_SLOT not in text
        assert walker.get(f"https://{HOST}/booking/create/1").status_code == 200, "another desk is not touched"


@pytest.mark.parametrize("fault", LOCATIONS)
def test_redirects_that_should_not_be_followed(simulator: Simulator, fault: str) -> None:
    simulator.show(HOST, MODULE, fault)
    with Walker(simulator) as walker:
        answer = walker.get(URL)
        assert (answer.status_code, answer.headers["location"]) == (302, LOCATIONS[fault])


def test_the_redirect_loop_has_no_end(simulator: Simulator) -> None:
    simulator.plan(HOST, MODULE, [["redirect_loop", 1], ["no_slot", 9]])
    with Walker(simulator) as walker:
        seen = [walker.get(URL).headers["location"]]
        for _ in range(14):
            seen.append(walker.get(f"https://{HOST}{seen[-1]}").headers["location"])
    assert len(set(seen)) == 15


@pytest.mark.parametrize("status", ["503", "429", "502", "403_haproxy"])
def test_retry_after_in_seconds_and_as_a_date(simulator: Simulator, status: str) -> None:
    simulator.clock(freeze="2026-11-24T08:00:00+00:00")
    with Walker(simulator) as walker:
        simulator.show(HOST, MODULE, status)
        assert "retry-after" not in walker.get(URL).headers
        simulator.show(HOST, MODULE, f"{status}?retry_after=120")
        assert walker.get(URL).headers["retry-after"] == "120"
        simulator.show(HOST, MODULE, f"{status}?retry_at=3600")
        answer = walker.get(URL)
        date, until = (parsedate_to_datetime(answer.headers[name]) for name in ("date", "retry-after"))
        assert (until - date).total_seconds() == 3600


@pytest.mark.parametrize("fault", BROKEN)
def test_answers_broken_off(simulator: Simulator, fault: str) -> None:
    simulator.show(HOST, MODULE, fault)
    simulator.host(HOST, http="serve")  # over TLS, Python's blocking ssl shows a reset as an end of file
    with Walker(simulator) as walker, pytest.raises(BROKEN[fault]):
        walker.get(f"http://{HOST}{MODULE}")
    assert [r["outcome"] for r in simulator.log(HOST)] in (["cut"], ["left"])


def test_a_cut_answer_may_hold_the_sentence_before_the_cut(simulator: Simulator) -> None:
    simulator.show(HOST, MODULE, "truncated?at=2&cut=0.97")
    with Walker(simulator) as walker:
        walker.get(f"{URL}/0")
        walker.client.post(f"{URL}/0", data={"condition": "on", "nextButton": "Effectuer une demande de rendez-vous"})
        request = walker.client.build_request("GET", f"{URL}/2", headers={"Accept-Encoding": "identity"})
        answer = walker.client.send(request, stream=True)
        got: list[bytes] = []
        with pytest.raises(httpcore.RemoteProtocolError):
            collect(answer, got)
    assert NO_SLOT.encode() in b"".join(got)
    assert sum(map(len, got)) < int(answer.headers["content-length"])


def collect(answer: httpx.Response, got: list[bytes]) -> None:
    """What of a body comes before it breaks."""
    for piece in answer.iter_raw():
        got.append(piece)


@pytest.mark.parametrize("fault", SILENT)
def test_silence_outlasts_the_client(simulator: Simulator, fault: str) -> None:
    simulator.show(HOST, MODULE, fault)
    with Walker(simulator, timeout=0.2) as walker, pytest.raises(httpcore.ReadTimeout):
        walker.get(URL)
    eventually(lambda: simulator.log(HOST)[0]["outcome"] == "left")


def eventually(condition: Any) -> None:
    """The server learns of a closed connection a little after the client closed it."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline


@pytest.fixture(scope="module")
def hurried() -> Iterator[Simulator]:
    """A server whose seconds last a fiftieth."""
    with fixture.in_thread(Options(time_scale=0.02)) as running:
        yield running


def test_a_drip_is_a_byte_a_virtual_second(hurried: Simulator) -> None:
    hurried.show(HOST, MODULE, "drip")
    with Walker(hurried) as walker:
        since = time.monotonic()
        answer = walker.client.send(walker.client.build_request("GET", URL), stream=True)
        for count, _byte in enumerate(itertools.islice(answer.iter_raw(1), 6)):
            assert time.monotonic() - since >= 0.02 * count, "none comes before its second"
        assert count == 5


@pytest.mark.parametrize("fault", ["slow?seconds=10", "late?seconds=10"])
def test_slow_answers_are_whole_in_the_end(hurried: Simulator, fault: str) -> None:
    hurried.show(HOST, MODULE, fault)
    since = time.monotonic()
    with Walker(hurried) as walker:
        assert "condition" in walker.get(URL).text
    assert time.monotonic() - since >= 0.2
    eventually(lambda: hurried.log(HOST)[-1]["outcome"] == "whole")


def test_a_body_of_200_megabytes(simulator: Simulator) -> None:
    with Walker(simulator) as walker:
        simulator.show(HOST, MODULE, "big")
        answer = walker.client.send(walker.client.build_request("GET", URL), stream=True)
        assert int(answer.headers["content-length"]) > 200 << 20
        assert NO_SLOT.encode() in next(answer.iter_raw())
        answer.close()
        simulator.show(HOST, MODULE, "big?mb=3")
        whole = walker.get(URL)
        assert len(whole.content) == int(whole.headers["content-length"]) > 3 << 20


def test_a_gzip_bomb_is_good_gzip(simulator: Simulator) -> None:
    with Walker(simulator) as walker:
        simulator.show(HOST, MODULE, "bomb")
        answer = walker.client.send(walker.client.build_request("GET", URL), stream=True)
        assert int(answer.headers["content-length"]) < 1_200_000
        answer.close()
        simulator.show(HOST, MODULE, "bomb?mb=64")
        request = walker.client.build_request("GET", URL)
        squeezed = b"".join(walker.client.send(request, stream=True).iter_raw())
    inflate = zlib.decompressobj(31)
    size = len(inflate.decompress(squeezed))
    assert inflate.eof, "the trailer's sums are right"
    assert size > 64 << 20
    assert size / len(squeezed) > 900


def test_bad_gzip_does_not_inflate(simulator: Simulator) -> None:
    simulator.show(HOST, MODULE, "bad_gzip")
    with Walker(simulator) as walker:
        answer = walker.client.send(walker.client.build_request("GET", URL), stream=True)
        with pytest.raises(zlib.error):
            zlib.decompressobj(31).decompress(b"".join(answer.iter_raw()))
