"""Public authorities: their pinned roots, real tokens of theirs, and the fence that keeps every test away from them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from monitor.evidence.stamps import openssl
from monitor.evidence.stamps.authority import Authority, RootFinder, Timestamper, roots_of
from monitor.evidence.stamps.tokens import broken_digest, certificates, read_token, second_opinion, signer
from monitor.fetch.clock import SystemClock
from monitor.settings.presets import DEFAULT, presets
from tests.support.der import bare

TOKENS = Path(__file__).parent / "tokens"
DEBIAN = Path("/usr/share/ca-certificates/mozilla")
NAMES = sorted(presets())
END = b"-----END CERTIFICATE-----"


def token(name: str) -> tuple[bytes, bytes]:
    """The response, and what it stamps."""
    return (TOKENS / f"{name}.tsr").read_bytes(), (TOKENS / f"{name}.data").read_bytes()


def roots(name: str) -> bytes:
    return presets()[name].roots.encode()


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_pins_one_self_signed_root_which_is_the_one_it_names(name: str) -> None:
    preset = presets()[name]
    (root,) = roots_of(roots(name))
    assert (root.subject, root.sha256, root.signed_by) == (preset.subject, preset.sha256, None)
    assert root.until.year >= 2030
    assert preset.provenance


@pytest.mark.parametrize("name", NAMES)
def test_the_root_is_certifi_s_too(name: str) -> None:
    bundle = Path(certifi.where()).read_bytes().split(END)
    named = [
        one + b"-----END CERTIFICATE-----"
        for one in bundle
        if presets()[name].subject.split(",")[0][3:].encode() in one
    ]
    prints = {x509.load_pem_x509_certificate(one).fingerprint(SHA256()).hex() for one in named}
    assert presets()[name].sha256 in prints


@pytest.mark.parametrize("name", NAMES)
def test_the_root_is_debian_s_where_this_is_debian(name: str) -> None:
    file = DEBIAN / f"{presets()[name].debian}.crt"
    if not file.exists():
        pytest.skip("no ca-certificates of Debian here")
    assert roots_of(file.read_bytes()) == roots_of(roots(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_real_token_leads_to_that_root_and_to_no_other_and_says_that_text_alone(name: str) -> None:
    reply, data = token(name)
    read = read_token(reply)
    assert openssl.verify_stamp(reply, data=data, roots=roots(name), at=read.gen_time) is None
    assert second_opinion(reply, data, roots=roots(name)) is None
    assert openssl.verify_stamp(reply, data=data + b"x", roots=roots(name), at=read.gen_time) is not None
    assert second_opinion(reply, data + b"x", roots=roots(name)) is not None
    bundle = b"".join(roots(one) for one in NAMES)
    assert [root.sha256 for root in RootFinder(bundle).led_to(reply, data)] == [presets()[name].sha256]
    others = b"".join(roots(one) for one in NAMES if one != name)
    assert RootFinder(others).led_to(reply, data) == ()
    assert broken_digest(reply) is None


def test_what_real_tokens_say_of_their_authority() -> None:
    """Neither states an accuracy nor that it is qualified: a bound drawn from them is no better than that."""
    told = {}
    for name in NAMES:
        reply, _data = token(name)
        read, who = read_token(reply), signer(reply)
        assert who is not None
        name_of = who.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
        told[name] = (name_of, read.policy, read.gen_time, read.accuracy_stated, read.qualified)
    assert told == {
        "digicert": (
            "DigiCert SHA256 RSA4096 Timestamp Responder 2025 1", "2.16.840.1.114412.7.1",
            datetime(2026, 6, 11, 23, 59, 24, tzinfo=UTC), False, False,
        ),
        "sectigo": (
            "Sectigo Public Time Stamping Signer R37", "1.3.6.1.4.1.6449.2.1.1",
            datetime(2026, 9, 4, 10, 1, 3, tzinfo=UTC), False, False,
        ),
    }  # fmt: skip
    assert [len(certificates(token(name)[0])) for name in NAMES] == [3, 3]


def test_a_real_token_without_certificates_has_no_signer_until_one_is_given() -> None:
    reply = (TOKENS / "sigstage-no-certificates.tsr").read_bytes()
    given = x509.load_pem_x509_certificates((TOKENS / "sigstage.pem").read_bytes())
    assert certificates(reply) == ()
    assert signer(reply) is None
    assert signer(reply, given) == given[0]
    assert read_token(reply).gen_time == openssl.stamp_time(reply)


def test_a_real_token_without_certificates_holds_where_its_signer_s_is_at_hand() -> None:
    """Both verifiers, with the certificate among those that came with no token; neither without it."""
    reply, pem = (TOKENS / "sigstage-no-certificates.tsr").read_bytes(), (TOKENS / "sigstage.pem").read_bytes()
    at = read_token(reply).gen_time
    leaf, root = (one + END + b"\n" for one in pem.split(END)[:2])
    assert openssl.verify_stamp(reply, data=b"hello", roots=root, untrusted=leaf, at=at) is None
    assert second_opinion(reply, b"hello", roots=root, untrusted=leaf) is None
    assert second_opinion(reply, b"hullo", roots=root, untrusted=leaf) is not None
    assert openssl.verify_stamp(reply, data=b"hello", roots=root, at=at) is not None
    assert second_opinion(reply, b"hello", roots=root) is not None
    assert [found.subject for found in RootFinder(root, leaf).led_to(reply, b"hello")] == [roots_of(root)[0].subject]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_token_holds_without_its_certificates_where_these_are_kept_beside_it(name: str) -> None:
    """What an authority signs is the same whether it is asked for its certificates or not (RFC 3161, 2.4.1)."""
    reply, data = token(name)
    kept = b"".join(one.public_bytes(Encoding.PEM) for one in certificates(reply))
    short, at = bare(reply), read_token(reply).gen_time
    assert len(short) < len(reply) / 4
    assert certificates(short) == ()
    assert openssl.verify_stamp(short, data=data, roots=roots(name), untrusted=kept, at=at) is None
    assert second_opinion(short, data, roots=roots(name), untrusted=kept) is None
    assert second_opinion(short, b"other", roots=roots(name), untrusted=kept) is not None
    assert openssl.verify_stamp(short, data=data, roots=roots(name), at=at) is not None
    assert [one.sha256 for one in RootFinder(roots(name), kept).led_to(short, data)] == [presets()[name].sha256]


def test_the_default_is_made_of_free_presets() -> None:
    assert len(DEFAULT) == 2
    assert all(presets()[name].free and not presets()[name].qualified for name in DEFAULT)


@pytest.mark.parametrize("name", NAMES)
def test_no_test_can_reach_a_public_authority(name: str) -> None:
    authority = Authority(name=name, url=presets()[name].url, roots=roots(name))
    with pytest.raises(RuntimeError, match="a test was about to ask"):
        asyncio.run(Timestamper(authority, SystemClock(), user_agent="vigie/test").stamp(b""))
