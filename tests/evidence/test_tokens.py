"""Time-stamp responses byte by byte: what is no DER is refused, and nothing is read beyond where it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.stamps.tokens import RefusalError, SecondVerifier, read_token, second_opinion, sorted_certificates
from tests.support.authority import POLICY, Tsa
from tests.support.der import element, granted, integer, oid

SIGNED_DATA = oid("1.2.840.113549.1.7.2")
A, B, C = (element(0x30, bytes([n]) * n) for n in (9, 3, 5))
AT = datetime(2026, 11, 21, 22, 57, 2, tzinfo=UTC)


def response(*certificates: bytes, tag: int = 0xA0) -> bytes:
    """A response around a signed data whose certificates are these; nothing in it is signed."""
    encapsulated = element(0x30, oid("1.2.840.113549.1.9.16.1.4"), element(0xA0, element(0x04, element(0x30))))
    signed = element(0x30, integer(3), element(0x31), encapsulated, element(tag, *certificates), element(0x31))
    return granted(element(0x30, SIGNED_DATA, element(0xA0, signed)))


def test_certificates_are_put_into_der_order_and_nothing_else_is_touched() -> None:
    assert sorted_certificates(response(A, B, C)) == response(B, C, A)
    assert sorted_certificates(response(B, C, A)) == response(B, C, A)
    assert sorted_certificates(response()) == response()


def test_a_response_without_certificates_is_told() -> None:
    with pytest.raises(ValueError, match="no certificates"):
        sorted_certificates(response(A, tag=0xA1))
    with pytest.raises(ValueError, match="no signed data"):
        sorted_certificates(granted(element(0x30, SIGNED_DATA, element(0xA1, element(0x30)))))
    with pytest.raises(ValueError, match="missing"):
        sorted_certificates(element(0x30, element(0x30, integer(2))))


@given(st.integers(0, len(response(A, B, C)) - 1))
def test_a_response_cut_short_is_no_response(end: int) -> None:
    with pytest.raises(ValueError, match=r"not DER|cut short|missing|longer"):
        sorted_certificates(response(A, B, C)[:end])


@pytest.mark.parametrize(
    ("length", "words"),
    [(b"\x80", "not DER"), (b"\x85\x00\x00\x00\x00\x05", "not DER"), (b"\xff", "not DER"), (b"\x7f", "cut short")],
)
def test_a_length_that_der_does_not_know_is_refused(length: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sorted_certificates(b"\x30" + length + b"\x00" * 5)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_a_length_may_take_four_bytes(width: int) -> None:
    content = response(B, A)[2:] if response(B, A)[1] < 0x80 else response(B, A)[2 + (response(B, A)[1] & 0x7F) :]
    head = bytes([0x30, 0x80 | width]) + len(content).to_bytes(width)
    assert sorted_certificates(head + content) == head + content


def test_an_element_never_reaches_beyond_what_holds_it() -> None:
    """Its bytes are there, but they belong to the next."""
    nested = element(0x30, element(0x30, integer(0)), element(0x30, b"\x06\x20" + b"y" * 4)) + b"z" * 64
    with pytest.raises(ValueError, match="longer than what holds it"):
        sorted_certificates(nested)
    with pytest.raises(ValueError, match="longer than what holds it"):
        sorted_certificates(response(A, b"\x30\x20" + b"x" * 3) + b"z" * 64)


def test_a_refusal_is_told_in_its_own_words_or_by_its_number() -> None:
    words = element(0x30, element(0x0C, b"the policy"), element(0x0C, b"is not ours"))
    with pytest.raises(RefusalError, match=r"^the policy; is not ours$"):
        read_token(element(0x30, element(0x30, integer(2), words)))
    with pytest.raises(RefusalError, match=r"^status 2$"):
        read_token(element(0x30, element(0x30, integer(2))))
    long = element(0x30, element(0x0C, b"w" * 300))
    with pytest.raises(RefusalError, match=r"^w{200}$"):
        read_token(element(0x30, element(0x30, integer(2), long)))


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    return Tsa(tmp_path_factory.mktemp("tsa") / "tsa", since=since, until=until)


@pytest.fixture(scope="module")
def reply(tsa: Tsa) -> bytes:
    return tsa.craft(bytes(range(32)), 77, AT)


def test_the_fields_of_a_granted_response(reply: bytes) -> None:
    token = read_token(reply)
    assert (token.gen_time, token.accuracy) == (AT, timedelta(seconds=1))
    assert (token.imprint, token.imprint_algorithm) == (bytes(range(32)), "2.16.840.1.101.3.4.2.1")
    assert (token.nonce, token.policy) == (77, POLICY)


def test_an_authority_need_not_state_its_accuracy(tsa: Tsa, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 3161, 2.4.2: the field is optional; then none is stated, which is zero."""
    from tests.support import der

    whole = der.tst_info

    def without(**fields: object) -> bytes:
        info = whole(**fields)  # type: ignore[arg-type]
        head = 3 if info[1] == 0x81 else 2
        return element(0x30, info[head:].replace(element(0x30, integer(1)), b""))

    monkeypatch.setattr(der, "tst_info", without)
    assert read_token(tsa.craft(bytes(32), None, AT)).accuracy == timedelta(0)


def test_the_second_verifier_takes_what_is_over_the_data_under_its_root_and_nothing_else(tsa: Tsa) -> None:
    import hashlib

    data = b"0123  records.jsonl\n"
    reply = tsa.craft(hashlib.sha256(data).digest(), None, AT)
    assert second_opinion(reply, data, roots=tsa.root.pem) is None
    assert second_opinion(reply, data, roots=tsa.root.pem, untrusted=b" \n") is None
    assert second_opinion(reply, data, roots=tsa.root.pem, untrusted=tsa.intermediate.pem) is None
    assert second_opinion(reply, data + b"x", roots=tsa.root.pem)
    assert second_opinion(reply, data, roots=tsa.leaf.pem)
    assert second_opinion(reply, data, roots=b"no certificate at all")
    assert second_opinion(b"no reply", data, roots=tsa.root.pem)


class PanicException(BaseException):
    """What a panic of rfc3161-client looks like from here."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ZeroDivisionError, PanicException])
def test_only_a_panic_of_the_library_is_a_refusal_whatever_else_is_raised_goes_on(
    tsa: Tsa, reply: bytes, error: type[BaseException]
) -> None:
    class Burst:
        def verify_message(self, *_asked: object) -> None:
            raise error

    verifier = SecondVerifier(tsa.root.pem)
    verifier._verifier = Burst()  # type: ignore[assignment]
    if error is PanicException:
        assert verifier.refusal(reply, b"") == "unreadable"
    else:
        with pytest.raises(error):
            verifier.refusal(reply, b"")
