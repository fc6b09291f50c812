"""The tables of the settings file, one frozen dataclass each: a key, its default, and the reader of what is allowed."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TypeVar

from monitor.settings import readers
from monitor.settings.presets import DEFAULT
from monitor.settings.readers import Reader
from monitor.values import dataclass

T = TypeVar("T")
CHROMIUM = Path("/usr/lib/chromium/chromium")  # Debian's own binary, not the wrapper in /usr/bin, which adds flags


def key(default: T, read: Reader[T], *, instead: str = "") -> T:
    """A key of a table. instead: what is written today in place of a key that is read for older files only."""
    declared: T = field(default=default, metadata={"read": read, "instead": instead})
    return declared


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorTable:
    """Who runs this monitor. contact: e-mail or https page for the sites visited; without it the pace is halved."""

    name: str = key("", readers.text)
    contact: str = key("", readers.contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTable:
    """What is watched; an empty list means all that is declared. deadline_minutes: the longest a sweep may look."""

    prefectures: tuple[str, ...] = key((), readers.list_of(readers.prefecture))
    procedures: tuple[str, ...] = key((), readers.list_of(readers.procedure))
    deadline_minutes: float = key(25.0, readers.number(0.05, 24 * 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceTable:
    """How often. May be slower than the default, and never faster than the floors of `monitor.core.pace`.

    calendar_minutes: between visits of a calendar. notice_hours: of a request form or a notice. spacing_seconds: from
    an answer of a host to the next request to it.
    """

    calendar_minutes: int = key(20, readers.integer(10, 7 * 24 * 60))
    notice_hours: int = key(24, readers.integer(1, 30 * 24))
    spacing_seconds: float = key(1.0, readers.number(1.0, 600.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbesTable:
    """What tells our own broken network from a broken site. hosts: two addresses independent of the State and of each
    other; dns: a name that is looked up.

    echo: a service that answers with the address it sees, asked once a sweep; empty: none is. provider: who gives this
    machine its access, as the operator says.
    """

    hosts: tuple[str, ...] = key(("https://www.wikipedia.org/", "https://www.debian.org/"), readers.independent_hosts)
    dns: str = key("www.afnic.fr", readers.host_name)
    echo: str = key("", readers.https_or_none)
    provider: str = key("", readers.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverTable:
    """Who is asked for addresses. servers: IP addresses; empty: the system's."""

    servers: tuple[str, ...] = key((), readers.list_of(readers.ip_address))


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationTable:
    """Plays every site on this machine. address: `IP:PORT` of the simulator on loopback, empty: the real world.

    ca_file: certificate authority of the simulator. time_scale: real seconds that a second of waiting takes.
    """

    address: str = key("", readers.loopback)
    ca_file: Path | None = key(None, readers.file)
    time_scale: float = key(1.0, readers.number(0.001, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginsTable:
    """Folders of plugins outside the program."""

    folders: tuple[Path, ...] = key((), readers.list_of(readers.directory))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampsTable:
    """Who stamps the log; none: no stamp. authorities: how version 0.1 wrote them, joined to the others when read.

    presets: public authorities by name, the first for each sweep and the others at most once an hour; without the key,
    those of the default where no authority is named, else none. Never in a simulation.
    """

    presets: tuple[str, ...] = key(DEFAULT, readers.list_of(readers.preset))
    authority: tuple[readers.PinnedAuthority, ...] = key((), readers.list_of(readers.authority))
    authorities: tuple[readers.PinnedAuthority, ...] = key(
        (), readers.list_of(readers.authority_words), instead="[[timestamps.authority]]"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessTable:
    """A public witness (C2SP tlog-witness) that cosigns the log once a day; without an address none does.

    url: where checkpoints are submitted (its "submission prefix"). key: its verifier key, of type `cosignature/v1`.
    """

    url: str = key("", readers.witness_url)
    key: str = key("", readers.witness_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturesTable:
    """Pictures of pages that were read, drawn by Chromium where it is installed.

    screenshots: whether any are. sample: one in so many of the checks that have no other reason for one; 0: none.
    """

    screenshots: bool = key(True, readers.yes_or_no)
    sample: int = key(256, readers.integer(0, 1_000_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserTable:
    """Chromium, for the few pages that say nothing before their script ran. binary: the executable itself, no wrapper.

    sandbox: off only where the machine forbids it (a container, root); the record says so. second_look: once a day a
    host, a page already read is opened again by Chromium and the two readings are compared; without Chromium, never.
    """

    binary: Path = key(CHROMIUM, readers.path)
    sandbox: bool = key(True, readers.yes_or_no)
    second_look: bool = key(True, readers.yes_or_no)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureTable:
    """The certificate that signs the relevé of an export, stamped by the authorities of [timestamps].

    file: PKCS#12, certificate and private key; none: the relevé is not signed. roots: PEM of the root it leads to,
    where the file does not bring it.
    """

    file: Path | None = key(None, readers.file)
    password: readers.Secret | None = key(None, readers.secret)
    roots: Path | None = key(None, readers.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionTable:
    """How long the bytes that were seen are kept. months: then records, seals and stamps remain, and they stay.

    automatic: `vigie run` removes what is past its time, after the first sweep of each UTC day.
    """

    months: int = key(24, readers.integer(1, 1200))
    automatic: bool = key(False, readers.yes_or_no)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchingTable:
    """Who watches the watcher. ping: healthchecks-style address, kept as a secret. textfile: for node_exporter.

    unread_share: of the checks of a sweep, how many may be unread or unreached before the sweep counts as failed.
    """

    ping: readers.Secret | None = key(None, readers.secret)
    textfile: Path | None = key(None, readers.optional_path)
    unread_share: float = key(1.0, readers.number(0.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTable:
    """How alerts leave by e-mail; without a server none does. security: `starttls`, `tls`, or `none` on this machine.

    sender, name: From, and the name beside it. reply_to: where answers go, when not to the sender.
    """

    server: str = key("", readers.text)
    port: int = key(587, readers.integer(1, 65535))
    security: str = key("starttls", readers.one_of("starttls", "tls", "none"))
    user: str = key("", readers.text)
    password: readers.Secret | None = key(None, readers.secret)
    sender: str = key("", readers.email)
    name: str = key("", readers.text)
    reply_to: str = key("", readers.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalTable:
    """How alerts leave by Signal. gateway: address of signal-cli-rest-api; account: the number it holds."""

    gateway: str = key("", readers.gateway)
    account: str = key("", readers.phone_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAlertsTable:
    """Where the operator is told what concerns the monitor itself, and what préfectures publish; never an opened slot.

    urls: apprise URLs, one a line, kept as a secret since they hold tokens.
    """

    urls: readers.Secret | None = key(None, readers.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsTable:
    """What subscribers may ask for. prefectures_each: how many préfectures one of them may follow.

    attach: what goes with a message: `releve` (the PDF alone), `all` (the records and what verifies them too), `none`.
    """

    prefectures_each: int = key(2, readers.integer(1, 101))
    attach: str = key("releve", readers.one_of("releve", "all", "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebTable:
    """Where people subscribe, change and leave by themselves (`vigie serve`); without an address, nowhere.

    address: as people reach it through the proxy, without a path. socket: the UNIX socket it listens on; port: that of
    loopback instead, 0 for none. languages: of its pages. questions_an_hour, questions_a_day: messages that strangers
    make it send, in all; network_an_hour: requests of one network (an IPv4 address, an IPv6 /64). signal: number or
    username that people write to; empty: Signal is not offered.
    """

    address: str = key("", readers.https_site)
    socket: Path = key(Path("/run/vigie/web.sock"), readers.path)
    port: int = key(0, readers.integer(0, 65535))
    languages: tuple[str, ...] = key(
        ("fr", "en", "es", "pt", "ar", "facile"),
        readers.list_of(readers.one_of("fr", "en", "es", "pt", "ar", "facile")),
    )
    questions_an_hour: int = key(60, readers.integer(1, 10_000))
    questions_a_day: int = key(300, readers.integer(1, 100_000))
    network_an_hour: int = key(30, readers.integer(1, 10_000))
    signal: str = key("", readers.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxTable:
    """The mailbox where answers arrive, by IMAP over TLS; without a server none is read.

    address: where people write; empty: `user`. plus: it takes `name+anything@` as `name@`. authserv: the name under
    which its server says whether a message comes from whom it names (RFC 8601); empty: that is never known.
    """

    server: str = key("", readers.text)
    port: int = key(993, readers.integer(1, 65535))
    user: str = key("", readers.text)
    password: readers.Secret | None = key(None, readers.secret)
    folder: str = key("INBOX", readers.text)
    address: str = key("", readers.email)
    plus: bool = key(False, readers.yes_or_no)
    authserv: str = key("", readers.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """The public site. base_url: where it stands, for the addresses in its feeds; empty: it has none.

    contact: e-mail or https page for corrections, that of [operator] where there is none. openings: hours of openings
    are told by hour, by block of four hours, or not at all. folder: `vigie run` builds the site there, at most hourly.
    """

    base_url: str = key("", readers.https_or_none)
    contact: str = key("", readers.contact)
    openings: str = key("hours", readers.one_of("hours", "blocks", "none"))
    folder: Path | None = key(None, readers.optional_path)
