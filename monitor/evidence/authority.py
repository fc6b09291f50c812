"""Asks an authority for a time-stamp (RFC 3161) and takes it only when two verifiers accept it against pinned roots.

Authorities are often reached by plain http: an intermediary may put its own answer in place of theirs. So nothing of an
answer is believed before its signature leads to a root from the operator's own file; never to one of the web's.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.ports import Clock
from monitor.core.record import digest
from monitor.evidence import openssl
from monitor.evidence.sums import Stamp, StampFailure, StampTrouble
from monitor.evidence.tokens import RefusalError, StampToken, read_token, second_opinion

if TYPE_CHECKING:
    import httpx

MAX_REPLY = 65_536  # bytes; a response with three RSA-4096 certificates takes about 7 kB
SHA256_OID = "2.16.840.1.101.3.4.2.1"

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MS = timedelta(milliseconds=1)


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
        """The authority whose PEM files these are. Raises OSError."""
        return cls(
            name=name,
            url=url,
            roots=roots.read_bytes(),
            untrusted=untrusted.read_bytes() if untrusted else b"",
            policy=policy,
            crls=crls.read_bytes() if crls else b"",
        )


class Timestamper:
    """One authority, asked when there is something to stamp. seconds: limit from connecting to the last byte."""

    def __init__(self, authority: Authority, clock: Clock, *, user_agent: str, seconds: float = 10.0) -> None:
        self.authority = authority
        self._clock, self._user_agent, self._seconds = clock, user_agent, seconds

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

    async def stamp(self, data: bytes) -> Stamp | StampFailure:
        """A verified stamp of SHA-256(data), or why there is none. Raises OpenSSLError when openssl cannot be run."""
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

        request = TimestampRequestBuilder(data, HashAlgorithm.SHA256, nonce=True, cert_req=True).build()
        sent = self._clock.now()
        try:
            reply = await self._ask(request.as_bytes())
        except _StampError as trouble:
            return self._failure(trouble)
        received = self._clock.now()
        try:
            token = await asyncio.to_thread(self._accept, data, request.as_bytes(), request.nonce, reply)
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
        )

    async def _ask(self, query: bytes) -> bytes:
        import httpx

        try:
            async with (
                asyncio.timeout(self._seconds),
                httpx.AsyncClient(trust_env=False, timeout=self._seconds, follow_redirects=False) as client,
                client.stream("POST", self.authority.url, content=query, headers=self._headers()) as response,
            ):
                if response.status_code != 200:
                    raise _StampError("down", f"HTTP status {response.status_code}")
                return await _bounded(response)
        except TimeoutError as error:
            raise _StampError("down", f"no whole answer in {self._seconds:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _StampError("down", type(error).__name__) from error

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/timestamp-query",
            "Accept": "application/timestamp-reply",
            "Accept-Encoding": "identity",
            "User-Agent": self._user_agent,
        }

    def _accept(self, data: bytes, query: bytes, nonce: int | None, reply: bytes) -> StampToken:
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
        roots, untrusted = authority.roots, authority.untrusted
        reason = openssl.verify_stamp(reply, query=query, roots=roots, untrusted=untrusted, crls=authority.crls)
        if reason is not None:
            raise _StampError(_kind(reason), reason)
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


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_REPLY:
            raise _StampError("down", f"more than {MAX_REPLY} bytes")
    return bytes(body)


def _kind(reason: str) -> StampTrouble:
    if "has expired" in reason or "not yet valid" in reason:
        return "expired"
    return "revoked" if "revoked" in reason else "untrusted"


def clock_error_ms(token: StampToken, sent: datetime, received: datetime) -> tuple[int, int]:
    """Our clock minus the authority's, as an interval in milliseconds.

    The authority's true time lies in genTime (cut to whole seconds by many: then plus one second), give or take the
    accuracy it states; and it was that time at some moment between `sent` and `received`.
    """
    precision = timedelta() if token.gen_time.microsecond else timedelta(seconds=1)
    earliest, latest = token.gen_time - token.accuracy, token.gen_time + precision + token.accuracy
    return (sent - latest) // _MS, -((earliest - received) // _MS)
