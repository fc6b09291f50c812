"""Opening a connection: resolve, check, connect to exactly the addresses of the answer, verify TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl

from monitor.core.hosts import Url
from monitor.core.readings import UnreachedCause
from monitor.fetch.http.channel import KERNEL_BUFFER, PlainChannel, TlsChannel, TransportError
from monitor.fetch.http.connection import Connection, Recording
from monitor.fetch.http.dns import Resolved, Resolver


def tls_context(ca_file: str | None = None) -> ssl.SSLContext:
    """Certificates and names always verified, against `ca_file` (PEM) alone; certifi's list when None.

    `ssl.create_default_context` would let SSL_CERT_FILE replace the list, so it is not used.
    """
    if ca_file is None:
        import certifi

        ca_file = certifi.where()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_verify_locations(cafile=ca_file)
    return context


class Dialer:
    """Opens connections. connect: seconds for name, TCP and TLS together."""

    def __init__(self, resolver: Resolver, tls: ssl.SSLContext, connect: float) -> None:
        self._resolver, self._tls, self._connect = resolver, tls, connect

    async def open(self, url: Url, recording: Recording) -> Connection:
        """What was resolved is recorded even so: raises TransportError `dns`, `forbidden_address`, `connect`, `tls`."""
        phase: UnreachedCause = "dns"
        try:
            async with asyncio.timeout(self._connect):
                answer = await self._resolver.resolve(url.host, url.port)
                recording.dns, phase = answer.dns, "connect"
                sock = await _connect(answer)
                if url.scheme == "http":
                    return Connection(url, PlainChannel(sock), answer.dns)
                phase = "tls"
                return Connection(url, await self._secured(sock, url.host), answer.dns)
        except TimeoutError:
            raise TransportError(phase, f"not done within {self._connect:g} s") from None
        except TransportError as failure:
            recording.dns = failure.dns or recording.dns
            raise

    async def _secured(self, sock: socket.socket, host: str) -> TlsChannel:
        channel = TlsChannel(sock, self._tls, host)
        try:
            await channel.handshake()
        except BaseException as error:
            channel.close()
            match error:
                case ssl.SSLCertVerificationError():
                    raise TransportError("tls", error.verify_message) from None
                case ssl.SSLError():
                    raise TransportError("tls", error.reason or "handshake failed") from None
                case OSError():
                    raise TransportError("reset", f"in the TLS handshake: {error.strerror}") from None
            raise
        return channel


async def _connect(answer: Resolved) -> socket.socket:
    """The first of the targets that accepts. Raises TransportError `connect`."""
    last = "no address"
    for ip, port in answer.targets:
        sock = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BUFFER)
        # The request follows TLS's last word at once: Nagle would hold it until that word is acknowledged (RFC 896).
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            await asyncio.get_running_loop().sock_connect(sock, (ip, port))
        except OSError as error:
            sock.close()
            last = f"{ip}: {error.strerror or type(error).__name__}"
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise TransportError("connect", last)
