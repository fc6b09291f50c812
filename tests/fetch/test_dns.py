"""Names: our own look-up against a loopback name server, and the answers that are never connected to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from monitor.core.exchange import Dns
from monitor.core.prefecture import Page
from monitor.core.readings import Unreached
from monitor.fetch.clock import SystemClock
from monitor.fetch.http.channel import TransportError
from monitor.fetch.http.connection import Limits
from monitor.fetch.http.dial import Dialer, tls_context
from monitor.fetch.http.dns import Resolved, Resolver, SimulatedResolver, SystemResolver
from monitor.fetch.http.hosts import Hosts
from monitor.fetch.http.probes import Probes, ProbeTargets
from monitor.fetch.http.robots import Robots, ShortMemory
from monitor.fetch.http.visitor import HttpVisitor
from tests.support.loopback import Loopback, TestCA
from tests.support.walks import HOST, START, open_in

Zone = dict[tuple[str, str], tuple[str, ...]]


class NameServer(asyncio.DatagramProtocol):
    """Answers from `zone` ((name, type) -> texts), NXDOMAIN for unknown names, silence where the texts are empty."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.asked: list[tuple[str, str]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        texts = self.zone.get((name, kind))
        if texts == ():
            return
        if texts is not None:
            answer.answer.append(dns.rrset.from_text(f"{name}.", 300, "IN", kind, *texts))
        elif all(known != name for known, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def name_server(zone: Zone) -> AsyncIterator[tuple[NameServer, SystemResolver]]:
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: NameServer(zone), local_addr=("127.0.0.1", 0)
    )
    try:
        port = transport.get_extra_info("sockname")[1]
        yield server, SystemResolver(("127.0.0.1",), port, lifetime=0.3)
    finally:
        transport.close()


def visitor_over(resolver: Resolver, ca: TestCA) -> HttpVisitor:
    """A visitor as in production but for its look-ups, its trust anchor and its pace."""
    clock, memory, dialer = SystemClock(0.01), ShortMemory(), Dialer(resolver, tls_context(str(ca.ca_file)), 1.0)
    hosts = Hosts(dialer, clock=clock, random=Random(1), memory=memory, contact=True, limits=Limits())
    probes = Probes(dialer, resolver, clock=clock, user_agent="x", targets=ProbeTargets())
    return HttpVisitor(hosts, Robots(memory, clock), probes, "x")


def resolving(zone: Zone, scenario: Callable[[NameServer, SystemResolver], Awaitable[None]]) -> None:
    async def go() -> None:
        async with name_server(zone) as (server, resolver):
            await scenario(server, resolver)

    asyncio.run(go())


def test_every_address_of_the_answer_and_where_it_came_from() -> None:
    async def scenario(server: NameServer, resolver: SystemResolver) -> None:
        answer = await resolver.resolve(HOST, 443)
        assert sorted(answer.targets) == [("1.1.1.1", 443), ("93.184.215.14", 443)]
        assert answer.dns.addresses == tuple(ip for ip, _ in answer.targets)
        assert (answer.dns.host, answer.dns.ttl, answer.dns.server) == (HOST, 300, "127.0.0.1")
        assert server.asked == [(HOST, "A")]

    resolving({(HOST, "A"): ("93.184.215.14", "1.1.1.1")}, scenario)


def test_ipv6_where_there_is_no_ipv4() -> None:
    async def scenario(server: NameServer, resolver: SystemResolver) -> None:
        answer = await resolver.resolve(HOST, 8443)
        assert answer.targets == (("2a00:1450:4007:80e::2003", 8443),)
        assert server.asked == [(HOST, "A"), (HOST, "AAAA")]

    resolving({(HOST, "AAAA"): ("2a00:1450:4007:80e::2003",)}, scenario)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ({}, "does not exist"),
        ({(HOST, "A"): ()}, "no answer in time"),
        ({(HOST, "TXT"): ("x",)}, "no address"),
    ],
)
def test_a_name_without_an_answer(zone: Zone, words: str) -> None:
    async def scenario(server: NameServer, resolver: SystemResolver) -> None:
        with pytest.raises(TransportError) as failed:
            await resolver.resolve(HOST, 443)
        assert failed.value.cause == "dns"
        assert words in failed.value.detail

    resolving(zone, scenario)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("A", ("127.0.0.1",)),
        ("A", ("93.184.215.14", "10.0.0.1")),
        ("A", ("169.254.169.254",)),
        ("AAAA", ("::1",)),
        ("AAAA", ("::ffff:127.0.0.1",)),
        ("AAAA", ("64:ff9b::7f00:1",)),
        ("AAAA", ("2a00:1450:4007:80e::2003", "ff0e::1")),
    ],
)
def test_one_forbidden_address_condemns_the_whole_answer(ca: TestCA, kind: str, texts: tuple[str, ...]) -> None:
    async def scenario(server: NameServer, resolver: SystemResolver) -> None:
        visitor = visitor_over(resolver, ca)
        session = visitor.session("x")
        came = await open_in(session, START)
        await visitor.aclose()
        assert isinstance(came, Unreached)
        assert came.cause == "forbidden_address"
        exchange = session.exchanges[-1]
        assert exchange.peer is None
        assert exchange.sent == b""
        assert exchange.dns is not None
        assert sorted(exchange.dns.addresses) == sorted(texts), "a name server may shuffle them"
        assert len(session.exchanges) == 1, "not worth a second try"

    resolving({(HOST, kind): texts}, scenario)


class TwoAddresses:
    """Resolves every name to a port where nothing listens, then to the loopback server's."""

    def __init__(self, address: str) -> None:
        self.looked_up: list[str] = []
        self._port = int(address.rpartition(":")[2])

    async def resolve(self, host: str, port: int) -> Resolved:
        self.looked_up.append(host)
        dns = Dns(host=host, addresses=("127.0.0.1",), ttl=None, server=None)
        return Resolved((("127.0.0.1", 1), ("127.0.0.1", self._port)), dns)


def test_the_addresses_of_one_answer_are_tried_in_turn_and_a_name_is_looked_up_once_a_connection(ca: TestCA) -> None:
    async def go() -> None:
        async with Loopback(ca) as net:
            resolver = TwoAddresses(net.address)
            visitor = visitor_over(resolver, ca)
            session = visitor.session("x")
            assert isinstance(await open_in(session), Page)
            assert isinstance(await open_in(session), Page)
            await visitor.aclose()
            assert {exchange.peer for exchange in session.exchanges} == {net.address}
            assert resolver.looked_up == [HOST]

    asyncio.run(go())


def test_the_simulator_stands_for_every_name_and_both_schemes() -> None:
    async def go() -> None:
        resolver = SimulatedResolver("127.0.0.1:8443")
        assert (await resolver.resolve("a.gouv.fr", 443)).targets == (("127.0.0.1", 8443),)
        assert (await resolver.resolve("b.gouv.fr", 80)).targets == (("127.0.0.1", 8443),)

    asyncio.run(go())


@pytest.mark.parametrize("named", [(), ("127.0.0.1",)])
def test_the_system_s_name_servers_are_read_where_no_others_are_named(
    monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...]
) -> None:
    from dns import asyncresolver, resolver

    read: list[bool] = []

    class Asked(asyncresolver.Resolver):
        def __init__(self, configure: bool) -> None:
            read.append(configure)
            super().__init__(configure=False)

        async def resolve(self, *_question: object, **_more: object) -> None:
            raise resolver.NXDOMAIN

    monkeypatch.setattr(asyncresolver, "Resolver", Asked)
    with pytest.raises(TransportError):
        asyncio.run(SystemResolver(named).resolve("www.a.gouv.fr", 443))
    assert read == [not named]


def test_a_look_up_has_the_time_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    from dns import asyncresolver, resolver

    given: list[float] = []

    async def resolve(self: asyncresolver.Resolver, *_question: object, **_more: object) -> None:
        given.append(self.lifetime)
        raise resolver.NXDOMAIN

    monkeypatch.setattr(asyncresolver.Resolver, "resolve", resolve)
    with pytest.raises(TransportError):
        asyncio.run(SystemResolver(("127.0.0.1",), lifetime=0.75).resolve("www.a.gouv.fr", 443))
    assert given == [0.75]


def test_an_address_in_place_of_a_name_is_not_looked_up() -> None:
    answer = asyncio.run(SystemResolver(("127.0.0.1",), port=1).resolve("1.1.1.1", 443))
    assert answer == Resolved((("1.1.1.1", 443),), Dns(host="1.1.1.1", addresses=("1.1.1.1",), ttl=None, server=None))
    with pytest.raises(TransportError) as refused:
        asyncio.run(SystemResolver(("127.0.0.1",), port=1).resolve("127.0.0.1", 443))
    assert refused.value.cause == "forbidden_address"
