"""Time-stamps against real authorities on loopback: taken when both verifiers agree, else a value that says why."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rfc3161_client import decode_timestamp_response

from monitor.evidence.stamps import openssl
from monitor.evidence.stamps.authority import (
    MAX_REPLY,
    Authority,
    RootFinder,
    Timestamper,
    clock_error_ms,
    roots_of,
)
from monitor.evidence.stamps.revocation import lists_of, revocation
from monitor.evidence.stamps.tokens import StampToken, broken_digest, read_token, second_opinion, sorted_certificates
from monitor.evidence.sums import Stamp, StampFailure
from tests.support.authority import (
    POLICY,
    Answer,
    Tsa,
    certified_again,
    parse_timestamp_request,
    revocation_list,
    served,
)
from tests.support.der import bare

DATA = b"0123  records.jsonl\n"
SOUND: dict[str, bytes] = {}
SHA = hashlib.sha256(DATA).digest()


class Clock:
    """The machine's clock, with an error."""

    def __init__(self, error: timedelta = timedelta()) -> None:
        self.error = error

    def now(self) -> datetime:
        return datetime.now(UTC) + self.error


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return Tsa(tmp_path_factory.mktemp("good") / "tsa")


def ask(
    url: str, tsa: Tsa, *, seconds: float = 10.0, clock: Clock | None = None, **more: Any
) -> Stamp | StampFailure:  # fmt: skip
    authority = Authority(**{"name": "essai", "url": url, "roots": tsa.root.pem, **more})
    return asyncio.run(Timestamper(authority, clock or Clock(), user_agent="vigie/test", seconds=seconds).stamp(DATA))


def asked(tsa: Tsa, answer: Answer | None = None, **more: Any) -> Stamp | StampFailure:
    with served(answer or tsa.reply) as url:
        return ask(url, tsa, **more)


def test_an_authority_is_asked_as_the_rule_says_and_its_bytes_come_as_they_are(good: Tsa) -> None:
    """RFC 3161, 3.4. What is kept is what was signed: nothing may be packed on the way."""
    heard: list[dict[str, str]] = []
    with served(good.reply, heard) as url:
        assert isinstance(ask(url, good), Stamp)
    (headers,) = heard
    assert headers["content-type"] == "application/timestamp-query"
    assert headers["accept"] == "application/timestamp-reply"
    assert (headers["accept-encoding"], headers["user-agent"]) == ("identity", "vigie/test")


def trouble(got: Stamp | StampFailure) -> str:
    assert isinstance(got, StampFailure), got
    return got.trouble


def test_a_stamp_is_taken_and_kept_as_received(good: Tsa) -> None:
    replies = []

    def answer(query: bytes) -> bytes:
        replies.append((query, good.reply(query)))
        return replies[-1][1]

    before = datetime.now(UTC)
    got = asked(good, answer, policy=POLICY)
    assert isinstance(got, Stamp)
    assert [(got.query, got.reply)] == replies
    assert before - timedelta(seconds=1) <= got.gen_time <= datetime.now(UTC)
    assert got.sent <= got.received
    assert got.clock_error_ms[0] <= 0 <= got.clock_error_ms[1]
    request = parse_timestamp_request(got.query)
    assert request.cert_req
    assert request.nonce
    assert request.message_imprint.message == SHA
    assert openssl.verify_stamp(got.reply, data=DATA, roots=good.root.pem) is None
    assert openssl.verify_stamp(got.reply, data=DATA + b"x", roots=good.root.pem) is not None


def test_each_request_has_its_own_nonce(good: Tsa) -> None:
    first, second = asked(good), asked(good)
    assert isinstance(first, Stamp)
    assert isinstance(second, Stamp)
    assert first.query != second.query


def test_a_rogue_that_embeds_its_own_root_is_refused_by_both_verifiers(good: Tsa, tmp_path: Path) -> None:
    """rfc3161-client 1.0.7 and 1.0.8 accepted such a token; the regression is kept here."""
    rogue = Tsa(tmp_path / "rogue", name=good.name, embed_root=True)
    assert trouble(asked(rogue, roots=good.root.pem)) == "untrusted"
    token = rogue.craft(SHA, None, datetime.now(UTC))
    chain = rogue.leaf.pem + rogue.intermediate.pem + rogue.root.pem
    for one in (token, bare(token)):  # neither by what stands beside it: nothing untrusted becomes a root
        assert openssl.verify_stamp(one, data=DATA, roots=good.root.pem, untrusted=chain) is not None
        assert second_opinion(one, DATA, roots=good.root.pem, untrusted=chain) is not None
    assert openssl.verify_stamp(token, data=DATA, roots=good.root.pem) is not None
    assert second_opinion(token, DATA, roots=good.root.pem) is not None
    assert second_opinion(token, DATA, roots=rogue.root.pem) is None  # the token itself is sound


def test_an_embedded_root_that_is_pinned_does_no_harm(tmp_path: Path) -> None:
    assert isinstance(asked(Tsa(tmp_path / "tsa", embed_root=True)), Stamp)


def test_an_expired_authority_is_refused_today_and_its_old_stamps_still_hold(tmp_path: Path) -> None:
    at = datetime(2020, 6, 1, 12, tzinfo=UTC)
    old = Tsa(tmp_path / "old", since=datetime(2019, 1, 1, tzinfo=UTC), until=datetime(2021, 1, 1, tzinfo=UTC))
    assert trouble(asked(old)) == "expired"
    stamp = old.craft(SHA, None, at)
    assert openssl.verify_stamp(stamp, data=DATA, roots=old.root.pem) == "certificate has expired"
    assert openssl.verify_stamp(stamp, data=DATA, roots=old.root.pem, at=at) is None
    assert second_opinion(stamp, DATA, roots=old.root.pem) is None
    late = old.craft(SHA, None, at + timedelta(days=400))  # stamped after its certificates ended
    assert openssl.verify_stamp(late, data=DATA, roots=old.root.pem, at=at + timedelta(days=400)) is not None
    assert second_opinion(late, DATA, roots=old.root.pem) is not None


def test_unsorted_certificates_are_read_in_a_sorted_copy(tmp_path: Path) -> None:
    tsa = Tsa(tmp_path / "tsa", unsorted=True)
    got = asked(tsa)
    assert isinstance(got, Stamp)
    with pytest.raises(ValueError, match="InvalidSetOrdering"):
        decode_timestamp_response(got.reply)
    copy = sorted_certificates(got.reply)
    assert copy != got.reply
    assert len(copy) == len(got.reply)
    assert openssl.verify_stamp(copy, data=DATA, roots=tsa.root.pem) is None
    assert read_token(got.reply).gen_time == got.gen_time


def test_a_revoked_certificate_is_refused_where_lists_are_given(good: Tsa) -> None:
    assert isinstance(asked(good, crls=good.crls()), Stamp)
    assert trouble(asked(good, crls=good.crls(revoke_leaf=True))) == "revoked"


def test_an_intermediate_the_authority_does_not_send_is_taken_from_the_settings(good: Tsa, tmp_path: Path) -> None:
    bare = Tsa(tmp_path / "bare")
    (bare.folder / "chain.pem").write_bytes(good.intermediate.pem)  # sends a certificate that leads nowhere
    assert trouble(asked(bare)) == "untrusted"
    assert isinstance(asked(bare, untrusted=bare.intermediate.pem), Stamp)


# --- certificates once ------------------------------------------------------------------------------------------------


def stamped(tsa: Tsa, known: bytes, answer: Answer | None = None) -> tuple[Stamp | StampFailure, list[bool]]:
    """What is had of an authority where these are known, and whether each request asked for certificates."""
    wanted: list[bool] = []

    def hear(query: bytes) -> bytes | tuple[int, bytes]:
        wanted.append(parse_timestamp_request(query).cert_req)
        return (answer or tsa.reply)(query)

    with served(hear) as url:
        authority = Authority(name="essai", url=url, roots=tsa.root.pem)
        got = asyncio.run(Timestamper(authority, Clock(), user_agent="vigie/test").stamp(DATA, known))
    return got, wanted


def test_certificates_are_asked_for_once(good: Tsa) -> None:
    first, wanted = stamped(good, b"")
    assert isinstance(first, Stamp)
    assert wanted == [True]
    assert set(x509.load_pem_x509_certificates(first.certificates)) == {good.leaf.cert, good.intermediate.cert}
    then, wanted = stamped(good, first.certificates)
    assert isinstance(then, Stamp)
    assert wanted == [False]
    assert then.certificates == b""
    assert len(then.reply) < len(first.reply) / 2
    assert openssl.verify_stamp(then.reply, data=DATA, roots=good.root.pem, untrusted=first.certificates) is None
    assert openssl.verify_stamp(then.reply, data=DATA, roots=good.root.pem) is not None


def test_an_authority_that_signs_with_another_certificate_is_asked_for_it(good: Tsa, tmp_path: Path) -> None:
    other = Tsa(tmp_path / "other")
    again = certified_again(good.leaf, good.intermediate) + good.intermediate.pem
    for known in (other.leaf.pem + other.intermediate.pem, good.intermediate.pem, again):
        got, wanted = stamped(good, known)
        assert isinstance(got, Stamp)
        assert wanted == [False, True]
        assert good.leaf.pem in got.certificates


def test_an_authority_that_answers_only_with_certificates_is_asked_for_them(good: Tsa) -> None:
    def answer(query: bytes) -> bytes | tuple[int, bytes]:
        refusal = bytes.fromhex("30073005020102") + b"\x30\x00"
        return good.reply(query) if parse_timestamp_request(query).cert_req else refusal

    got, wanted = stamped(good, good.leaf.pem, answer)
    assert isinstance(got, Stamp)
    assert wanted == [False, True]


def test_an_authority_that_is_down_is_asked_once(good: Tsa) -> None:
    got, wanted = stamped(good, good.leaf.pem, lambda _query: (503, b""))
    assert (trouble(got), wanted) == ("down", [False])


def test_a_pinned_intermediate_is_explained_with_the_root_to_pin(good: Tsa) -> None:
    """openssl leads no chain to it, and its words alone ("unable to get issuer certificate") help nobody."""
    got = asked(good, roots=good.intermediate.pem)
    assert isinstance(got, StampFailure)
    assert got.trouble == "untrusted"
    assert re.search(r"CN=intermediaire\b.* is an intermediate: pin the root .*, CN=racine\b", got.detail)
    assert isinstance(asked(good, roots=good.intermediate.pem + good.root.pem), Stamp)


def test_a_signature_over_sha1_is_refused_although_openssl_takes_it(tmp_path: Path) -> None:
    old = Tsa(tmp_path / "old", signed_over="sha1")
    token = old.craft(SHA, None, datetime.now(UTC))
    assert openssl.verify_stamp(token, data=DATA, roots=old.root.pem) is None
    assert broken_digest(token) == "SHA-1"

    def answer(query: bytes) -> bytes:
        return old.craft(SHA, parse_timestamp_request(query).nonce, datetime.now(UTC))

    assert trouble(asked(old, answer)) == "weak"
    old.signed_over = "sha384"
    assert broken_digest(old.craft(SHA, None, datetime.now(UTC))) is None
    assert isinstance(asked(old, answer), Stamp)


def test_an_answer_without_certificates_is_told_as_such(tmp_path: Path) -> None:
    """RFC 3161, 2.4.1: who is asked for them must send them; without the signer's nothing can be verified."""
    bare = Tsa(tmp_path / "bare", enclosed=False)

    def answer(query: bytes) -> bytes:
        return bare.craft(SHA, parse_timestamp_request(query).nonce, datetime.now(UTC))

    got = asked(bare, answer)
    assert isinstance(got, StampFailure)
    assert got.trouble == "untrusted"
    assert "no certificate" in got.detail


def test_a_statement_of_qualification_is_read_and_its_absence_too(good: Tsa, tmp_path: Path) -> None:
    assert not read_token(good.craft(SHA, None, datetime.now(UTC))).qualified
    qualified = Tsa(tmp_path / "qualified", qualified=True)
    token = read_token(qualified.craft(SHA, 7, datetime.now(UTC)))
    assert (token.qualified, token.accuracy_stated, token.accuracy) == (True, True, timedelta(seconds=1))
    assert isinstance(asked(qualified), Stamp)


def test_every_root_of_a_bundle_is_told_and_which_a_token_leads_to(good: Tsa, tmp_path: Path) -> None:
    other = Tsa(tmp_path / "other", name="Autre")
    bundle = other.root.pem + good.root.pem
    first, second = roots_of(bundle)
    assert [one.sha256 for one in (first, second)] == [
        tsa.root.cert.fingerprint(SHA256()).hex() for tsa in (other, good)
    ]
    reply = good.craft(SHA, None, datetime.now(UTC))
    assert RootFinder(bundle).led_to(reply, DATA) == (second,)
    assert RootFinder(bundle).led_to(other.craft(SHA, None, datetime.now(UTC)), DATA) == (first,)
    assert RootFinder(bundle).led_to(reply, DATA + b"x") == ()
    (named,) = roots_of(good.intermediate.pem)
    assert named.signed_by == second.subject
    assert second.signed_by is None


@pytest.mark.parametrize(
    ("reason", "before", "after"),
    [
        (None, True, True),  # RFC 3161, 4, item 1: without a reason no token of that key holds
        (x509.ReasonFlags.key_compromise, True, True),
        (x509.ReasonFlags.superseded, False, True),
        (x509.ReasonFlags.cessation_of_operation, False, True),
    ],
)
def test_a_revocation_voids_what_rfc_3161_says(
    good: Tsa, reason: x509.ReasonFlags | None, before: bool, after: bool
) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    reply = good.craft(SHA, None, at)
    lists = revocation_list(good.root, None, at) + revocation_list(good.intermediate, good.leaf.cert, at, reason)
    found = revocation(reply, lists, roots=good.root.pem)
    assert found is not None
    assert (found.at, found.reason) == (at, reason.name if reason else None)
    assert found.voids(at - timedelta(days=1)) is before
    assert found.voids(at + timedelta(days=1)) is after
    told = lists_of(lists)
    assert [(one.revoked, one.since) for one in told] == [(0, at - timedelta(days=1)), (1, at - timedelta(days=1))]


def test_a_revoked_intermediate_is_found_and_a_list_of_a_stranger_is_not_believed(good: Tsa, tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    reply = good.craft(SHA, None, at)
    found = revocation(reply, revocation_list(good.root, good.intermediate.cert, at), roots=good.root.pem)
    assert found is not None
    assert "intermediaire" in found.subject
    stranger = Tsa(tmp_path / "stranger", name=good.name)  # the same names, other keys
    forged = revocation_list(stranger.intermediate, good.leaf.cert, at)
    assert revocation(reply, forged, roots=good.root.pem) is None
    assert revocation(reply, good.crls(), roots=good.root.pem) is None
    assert revocation(reply, b"", roots=good.root.pem) is None


def test_requests_to_a_public_authority_are_spaced_even_where_it_failed(good: Tsa) -> None:
    came: list[float] = []

    def answer(query: bytes) -> tuple[int, bytes]:
        came.append(time.monotonic())
        return 503, b""  # nothing to verify, which would take time of its own

    async def twice(url: str) -> None:
        authority = Authority(name="essai", url=url, roots=good.root.pem)
        asked = Timestamper(authority, Clock(), user_agent="vigie/test", spacing=timedelta(seconds=0.5))
        await asked.stamp(DATA)
        await asked.stamp(DATA)

    with served(answer) as url:
        asyncio.run(twice(url))
    assert came[1] - came[0] >= 0.5


def test_another_policy_is_refused(good: Tsa) -> None:
    assert trouble(asked(good, policy="1.2.3.4")) == "wrong_policy"


def test_an_answer_to_another_request_is_refused(good: Tsa) -> None:
    earlier = asked(good)
    assert isinstance(earlier, Stamp)
    assert trouble(asked(good, lambda query: earlier.reply)) == "wrong_nonce"
    assert trouble(asked(good, lambda query: good.craft(SHA, None, datetime.now(UTC)))) == "wrong_nonce"


def test_an_answer_about_other_data_is_refused(good: Tsa) -> None:
    def answer(query: bytes) -> bytes:
        return good.craft(bytes(32), parse_timestamp_request(query).nonce, datetime.now(UTC))

    assert trouble(asked(good, answer)) == "wrong_imprint"


def test_a_refusal_is_told_in_the_authority_s_words(tmp_path: Path) -> None:
    got = asked(Tsa(tmp_path / "tsa", digests="sha512"))
    assert isinstance(got, StampFailure)
    assert (got.trouble, got.detail) == ("refused", "Message digest algorithm is not supported.")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda q: b"<html>maintenance</html>", "garbled"),
        (lambda q: b"", "garbled"),
        (lambda q: q, "garbled"),
        (lambda q: (503, b""), "down"),
        (lambda q: (301, b""), "down"),
        (lambda q: bytes(MAX_REPLY), "garbled"),
        (lambda q: bytes(MAX_REPLY + 1), "down"),
    ],
)
def test_what_is_no_answer(good: Tsa, answer: Answer, expected: str) -> None:
    assert trouble(asked(good, answer)) == expected


def test_a_cut_answer_is_garbled(good: Tsa) -> None:
    assert trouble(asked(good, lambda query: good.reply(query)[:-1])) == "garbled"


def test_nobody_listens(good: Tsa) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert trouble(ask(f"http://127.0.0.1:{taken.getsockname()[1]}/", good)) == "down"
    assert trouble(ask("http://[", good)) == "down"
    assert trouble(ask("gopher://127.0.0.1/", good)) == "down"


@contextmanager
def raw(reply: bytes, drip: threading.Event) -> Iterator[str]:
    """Accepts, sends `reply`, then says nothing more until `drip` is set."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as connection:
                connection.sendall(reply)
                drip.wait()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        drip.set()
        thread.join()


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n0"])
def test_an_authority_that_hangs_is_left_in_time(good: Tsa, start: bytes) -> None:
    with raw(start, threading.Event()) as url:
        assert trouble(ask(url, good, seconds=0.2)) == "down"


def test_a_wrong_clock_of_ours_is_measured_and_the_stamp_kept(good: Tsa) -> None:
    got = asked(good, clock=Clock(timedelta(minutes=-7)))
    assert isinstance(got, Stamp)
    low, high = got.clock_error_ms
    assert low <= -420_000 <= high
    assert high - low < 60_000
    assert not got.clock_error_ms[0] <= 0 <= got.clock_error_ms[1]


def test_the_clock_bound_takes_in_what_the_token_does_not_say() -> None:
    at = datetime(2026, 11, 21, 22, 57, 2, tzinfo=UTC)
    token = StampToken(
        gen_time=at, accuracy=timedelta(seconds=1), imprint=SHA, imprint_algorithm="", nonce=1, policy=""
    )
    second = timedelta(seconds=1)
    # The authority's time is in [22:57:01, 22:57:04] (cut to seconds, accuracy one second).
    assert clock_error_ms(token, at + second / 2, at + second) == (-1500, 2000)


def test_names_of_authorities_are_parts_of_file_names() -> None:
    for name in ("", "../x", "A", "a.b", "a b", "-a"):
        with pytest.raises(ValueError, match="authority name"):
            Authority(name=name, url="http://127.0.0.1/", roots=b"")


def test_any_flipped_bit_of_a_reply_is_a_failure_or_says_the_same(good: Tsa) -> None:
    """Fields outside the signature can change; time and imprint cannot. Every 37th bit; the rest in the long run."""
    reply = good.craft(SHA, None, datetime.now(UTC))
    at = read_token(reply).gen_time
    for bit in range(0, len(reply) * 8, 37):
        changed = bytearray(reply)
        changed[bit // 8] ^= 1 << bit % 8
        if openssl.verify_stamp(bytes(changed), data=DATA, roots=good.root.pem, at=at) is None:
            assert openssl.stamp_time(bytes(changed)) == at, bit


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_any_bytes_are_a_token_or_a_value_error(good: Tsa, data: st.DataObject) -> None:
    reply = bytearray(SOUND.setdefault("reply", good.craft(SHA, None, datetime(2026, 11, 21, tzinfo=UTC))))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(reply) - 1))
        reply[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    for read in (read_token, sorted_certificates):
        with suppress(ValueError):
            read(bytes(reply))
    second_opinion(bytes(reply), DATA, roots=good.root.pem)


@given(st.binary(max_size=64))
def test_short_bytes_are_no_token(data: bytes) -> None:
    for read in (read_token, sorted_certificates):
        with pytest.raises(ValueError, match=r"."):
            read(data)


def test_openssl_that_is_missing_is_told_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(openssl.OpenSSLError, match="apt install openssl"):
        openssl.verify_stamp(b"", data=DATA, roots=b"")


def test_the_two_ways_of_reading_the_time_agree(good: Tsa) -> None:
    for day in range(1, 29, 9):
        at = datetime(2026, day % 12 + 1, day, 23, 59, 58, tzinfo=UTC)
        reply = good.craft(SHA, None, at)
        assert read_token(reply).gen_time == openssl.stamp_time(reply) == at
    assert openssl.stamp_time(b"garbage") is None
