"""Asks an authority for a time-stamp (RFC 3161) and takes it only when two verifiers accept it against pinned roots.

Authorities are often reached by plain http: an intermediary may put its own answer in place of theirs. So nothing of an
answer is believed before its signature leads to a root from the operator's own file; never to one of the web's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.ports import Clock
from monitor.core.record import digest
from monitor.evidence.stamps import openssl
from monitor.evidence.stamps.stamping import BACKLOG
from monitor.evidence.stamps.tokens import (
    RefusalError,
    SecondVerifier,
    StampToken,
    broken_digest,
    certificates,
    read_token,
    second_opinion,
    signer,
)
from monitor.evidence.sums import Stamp, StampFailure, StampTrouble
from monitor.values import dataclass, pattern

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MAX_REPLY = 65_536  # bytes; a response with three RSA-4096 certificates takes about 7 kB
SHA256_OID = "2.16.840.1.101.3.4.2.1"

_NAME = pattern(r"[a-z0-9]+(-[a-z0-9]+)*")
_MS = timedelta(milliseconds=1)
NO_TIME = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A time-stamp authority as the operator pins it. Raises ValueError for a name that cannot be part of a file name.

    name: part of the stored file names. roots: PEM of the certificates trusted for this authority alone. untrusted: PEM
    of intermediates it does not send. policy: dotted OID its tokens must carry. crls: PEM of current revocation lists,
    one for each issuer of the chain.
    """

    name: str
    url: str
    roots: bytes
    untrusted: bytes = b""
    policy: str | None = None
    crls: bytes = b""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"authority name {self.name!r}: lower-case letters, digits and hyphens only")

    @classmethod
    def from_files(
        cls, name: str, url: str, roots: Path, *, untrusted: Path | None = None, policy: str | None = None,
        crls: Path | None = None,
    ) -> Authority:  # fmt: skip
        """The authority whose PEM files these are. Raises OSError; ValueError for roots that hold no certificate."""
        pem = roots.read_bytes()
        try:
            _certificates(pem)
        except ValueError:
            raise ValueError(_("{file} holds no certificate (PEM)").format(file=roots)) from None
        return cls(
            name=name,
            url=url,
            roots=pem,
            untrusted=untrusted.read_bytes() if untrusted else b"",
            policy=policy,
            crls=crls.read_bytes() if crls else b"",
        )


@dataclass(frozen=True, slots=True)
class PinnedRoot:
    """One certificate of a file of roots. subject: RFC 4514. sha256: its fingerprint, hex. until: aware UTC.

    signed_by: who signed it, where it is no root but an intermediate, to which openssl leads no chain.
    """

    subject: str
    sha256: str
    until: datetime
    signed_by: str | None


def roots_of(pem: bytes) -> tuple[PinnedRoot, ...]:
    """Every certificate of a file of roots, in its order. Raises ValueError."""
    return tuple(_pinned(one) for one in _certificates(pem))


class RootFinder:
    """Which of an authority's pinned roots a token leads to. roots, untrusted: PEM. Raises ValueError."""

    def __init__(self, roots: bytes, untrusted: bytes = b"") -> None:
        from cryptography.hazmat.primitives.serialization import Encoding

        self._untrusted = untrusted
        alone = [(_pinned(one), one.public_bytes(Encoding.PEM)) for one in _certificates(roots)]
        self._alone = [(root, pem, SecondVerifier(pem, untrusted)) for root, pem in alone]

    def led_to(self, reply: bytes, data: bytes) -> tuple[PinnedRoot, ...]:
        """The roots that suffice, each alone, for the token over `data` as of its genTime; none: it leads to none.

        More than one: roots that cross-sign each other. openssl is asked where the verifier in process accepts none.
        Raises OpenSSLError.
        """
        found = tuple(root for root, _pem, verifier in self._alone if verifier.refusal(reply, data) is None)
        return found or self._led_by_openssl(reply, data)

    def _led_by_openssl(self, reply: bytes, data: bytes) -> tuple[PinnedRoot, ...]:
        at = openssl.stamp_time(reply)
        return tuple(
            root
            for root, pem, _verifier in self._alone
            if openssl.verify_stamp(reply, data=data, roots=pem, untrusted=self._untrusted, at=at) is None
        )


def _certificates(pem: bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    return load_pem_x509_certificates(pem)


def _pem(enclosed: Sequence[Certificate]) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    in_order = sorted(enclosed, key=lambda one: one.public_bytes(Encoding.DER))
    return b"".join(one.public_bytes(Encoding.PEM) for one in in_order)


def _pinned(one: Certificate) -> PinnedRoot:
    from cryptography.hazmat.primitives.hashes import SHA256

    by = None if one.issuer == one.subject else one.issuer.rfc4514_string()
    return PinnedRoot(one.subject.rfc4514_string(), one.fingerprint(SHA256()).hex(), one.not_valid_after_utc, by)


class Timestamper:
    """One authority, asked when there is something to stamp. seconds: limit from connecting to the last byte.

    every: stamps are this far apart at least; zero: each sweep is stamped. spacing: from an answer of it to the next
    request at least. late: stamps owed from before that are asked for beside the newest.
    """

    def __init__(
        self, authority: Authority, clock: Clock, *, user_agent: str, seconds: float = 10.0, every: timedelta = NO_TIME,
        spacing: timedelta = NO_TIME, late: int = BACKLOG,
    ) -> None:  # fmt: skip
        self.authority, self.every, self.late = authority, every, late
        self._clock, self._user_agent, self._seconds = clock, user_agent, seconds
        self._spacing, self._answered = spacing.total_seconds(), -float("inf")

    @property
    def name(self) -> str:
        """The authority's name."""
        return self.authority.name

    @property
    def roots(self) -> bytes:
        """PEM of the certificates trusted for it alone."""
        return self.authority.roots

    @property
    def untrusted(self) -> bytes:
        """PEM of the intermediates it does not send."""
        return self.authority.untrusted

    @property
    def crls(self) -> bytes:
        """PEM of the revocation lists its answers are held against."""
        return self.authority.crls

    async def stamp(self, data: bytes, known: bytes = b"") -> Stamp | StampFailure:
        """A verified stamp of SHA-256(data), or why there is none. Raises OpenSSLError when openssl cannot be run.

        known: PEM of certificates it enclosed before. It is asked for none then, and once more with them where what it
        answers does not verify by these: it signs with another certificate now.
        """
        if known:
            got = await self._stamp(data, known)
            if isinstance(got, Stamp) or got.trouble == "down":
                return got
        return await self._stamp(data)

    async def _stamp(self, data: bytes, known: bytes = b"") -> Stamp | StampFailure:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

        request = TimestampRequestBuilder(data, HashAlgorithm.SHA256, nonce=True, cert_req=not known).build()
        await asyncio.sleep(self._answered + self._spacing - time.monotonic())
        sent = self._clock.now()
        try:
            reply = await self._ask(request.as_bytes())
        except _StampError as trouble:
            return self._failure(trouble)
        finally:
            self._answered = time.monotonic()
        received = self._clock.now()
        try:
            token = await asyncio.to_thread(self._accept, data, request.as_bytes(), request.nonce, reply, known)
        except _StampError as trouble:
            return self._failure(trouble)
        return Stamp(
            authority=self.name,
            query=request.as_bytes(),
            reply=reply,
            gen_time=token.gen_time,
            sent=sent,
            received=received,
            clock_error_ms=clock_error_ms(token, sent, received),
            certificates=_pem(certificates(reply)),
        )

    async def _ask(self, query: bytes) -> bytes:
        try:
            status, body = await post(self.authority.url, query, self._headers(), seconds=self._seconds)
        except UnansweredError as error:
            raise _StampError("down", str(error)) from error
        if status != 200:
            raise _StampError("down", f"HTTP status {status}")
        return body

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/timestamp-query",
            "Accept": "application/timestamp-reply",
            "Accept-Encoding": "identity",
            "User-Agent": self._user_agent,
        }

    def _accept(self, data: bytes, query: bytes, nonce: int | None, reply: bytes, known: bytes) -> StampToken:
        """The token, when it answers this very request and leads to a pinned root. Raises _StampError."""
        try:
            token = read_token(reply)
        except RefusalError as refusal:
            raise _StampError("refused", str(refusal)) from refusal
        except ValueError as error:
            raise _StampError("garbled", str(error).splitlines()[0][:200] if str(error) else "unreadable") from error
        if token.nonce != nonce:
            raise _StampError("wrong_nonce", "the answer is to another request")
        if token.imprint_algorithm != SHA256_OID or token.imprint.hex() != digest(data):
            raise _StampError("wrong_imprint", "the answer is about other data")
        authority = self.authority
        if authority.policy is not None and token.policy != authority.policy:
            raise _StampError("wrong_policy", f"policy {token.policy}")
        if weak := broken_digest(reply):
            raise _StampError("weak", _("the stamp rests on {digest}, which no longer proves").format(digest=weak))
        roots, untrusted = authority.roots, authority.untrusted + known
        reason = openssl.verify_stamp(reply, query=query, roots=roots, untrusted=untrusted, crls=authority.crls)
        if reason is not None:
            kind = _kind(reason)
            raise _StampError(kind, _explained(reason, reply, authority) if kind == "untrusted" else reason)
        reason = second_opinion(reply, data, roots=roots, untrusted=untrusted)
        if reason is not None:
            raise _StampError("disagreement", reason)
        return token

    def _failure(self, trouble: _StampError) -> StampFailure:
        return StampFailure(authority=self.name, trouble=trouble.kind, detail=trouble.detail, at=self._clock.now())


class _StampError(Exception):
    def __init__(self, kind: StampTrouble, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail


class UnansweredError(Exception):
    """No whole answer; its text says why, for the operator."""


async def post(url: str, content: bytes, headers: Mapping[str, str], *, seconds: float) -> tuple[int, bytes]:
    """Status and body of an answer, in one request without redirect or proxy. Raises UnansweredError."""
    import httpx

    try:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(trust_env=False, timeout=seconds, follow_redirects=False) as client,
            client.stream("POST", url, content=content, headers=dict(headers)) as response,
        ):
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_REPLY:
                    raise UnansweredError(f"more than {MAX_REPLY} bytes")
            return response.status_code, bytes(body)
    except TimeoutError as error:
        raise UnansweredError(f"no whole answer in {seconds:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnansweredError(type(error).__name__) from error


def _kind(reason: str) -> StampTrouble:
    if "has expired" in reason or "not yet valid" in reason:
        return "expired"
    return "revoked" if "revoked" in reason else "untrusted"


def _explained(reason: str, reply: bytes, authority: Authority) -> str:
    """openssl's reason, and what to do about it where that can be told from the files."""
    intermediate = next((one for one in roots_of(authority.roots) if one.signed_by), None)
    if not certificates(reply) and signer(reply) is None:
        told = _("the answer encloses no certificate, though it was asked for: this authority cannot be used")
    elif intermediate:
        told = _("{subject} is an intermediate: pin the root that signed it, {root}").format(
            subject=intermediate.subject, root=intermediate.signed_by
        )
    else:
        return reason
    return f"{reason}; {told}"


def clock_error_ms(token: StampToken, sent: datetime, received: datetime) -> tuple[int, int]:
    """Our clock minus the authority's, as an interval in milliseconds.

    The authority's true time lies in genTime (cut to whole seconds by many: then plus one second), give or take the
    accuracy it states; and it was that time at some moment between `sent` and `received`.
    """
    precision = timedelta() if token.gen_time.microsecond else timedelta(seconds=1)
    earliest, latest = token.gen_time - token.accuracy, token.gen_time + precision + token.accuracy
    return (sent - latest) // _MS, -((earliest - received) // _MS)
