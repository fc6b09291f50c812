"""Certificates and handshakes of the simulator, good and faulty, as a careful client meets them."""

from __future__ import annotations

import ssl

import httpcore
import pytest

from tests.simulator import fixture
from tests.simulator.client import Simulator
from tests.simulator.walker import Walker

simulator, simulator_of_module = fixture.simulator, fixture.simulator_of_module

HOST = "www.hauts-de-seine.gouv.fr"
MODULE = "/booking/create/12083"
URL = f"https://{HOST}{MODULE}"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "certificate has expired"),
        ("not_yet_valid", "certificate is not yet valid"),
        ("self_signed", "self-signed certificate"),
        ("rogue", "unable to get local issuer certificate"),
        ("wrong_name", "Hostname mismatch"),
    ],
)
def test_faulty_certificates_are_refused_by_a_careful_client(simulator: Simulator, kind: str, words: str) -> None:
    simulator.host(HOST, tls=kind)
    with Walker(simulator) as walker:
        with pytest.raises(httpcore.ConnectError, match=words) as raised:
            walker.get(URL)
        assert isinstance(raised.value.__context__, ssl.SSLCertVerificationError)
        assert walker.get("https://www.essonne.gouv.fr/").status_code == 200, "other hosts keep a good certificate"
    assert [r["outcome"] for r in simulator.log(HOST)] == ["tls_failed"]


@pytest.mark.parametrize("kind", ["alert", "cut"])
def test_handshakes_that_fail(simulator: Simulator, kind: str) -> None:
    simulator.host(HOST, tls=kind)
    with Walker(simulator) as walker, pytest.raises(httpcore.ConnectError):
        walker.get(URL)


def test_a_client_that_does_not_know_the_authority_refuses_it(simulator: Simulator) -> None:
    with Walker(simulator, trusting=False) as walker, pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY"):
        walker.get(URL)


def test_any_host_has_a_certificate_of_its_own(simulator: Simulator) -> None:
    with Walker(simulator) as walker:
        for host in ("www.reunion.gouv.fr", "préfecture-é.gouv.fr", "pprdv.interieur.gouv.fr"):
            assert walker.get(f"https://{host}/").status_code == 200


def test_offline_cuts_every_connection(simulator: Simulator) -> None:
    simulator.offline(True)
    with Walker(simulator) as walker:
        for url in (URL, f"http://{HOST}/"):
            with pytest.raises((httpcore.ConnectError, httpcore.ReadError)):
                walker.get(url)
        simulator.offline(False)
        assert walker.get(URL).status_code == 200
