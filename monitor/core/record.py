"""The observation: one canonical JSON line for each check, which is the row of the store and the leaf of the log.

Canonical: UTF-8, sorted keys, `,` and `:` without spaces, integers only, one LF added by whoever writes a file.
Lines are never re-serialised to be verified: the stored bytes are hashed. What this version cannot fill is absent.

`steps`: each `{"open": address}` with `link` (words of the link) and `answer` (regular expression for the path whose
answer, asked for by the page's own script, is the page that was read); `{"tick"}`, `{"choose"}`, `{"press"}`.
`browser`, only where one made the check: `{"name": product and revision, "used": [{"url", "kind", "sha256"}],
"refused": [{"method", "url", "kind", "why"}], "refused_count"}`. used: what the page was given besides its document,
with digests of the decoded bytes. refused: requests of the page that were not made, each once, the first 40, of
refused_count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Required, TypedDict, cast

from monitor.core.changes import Change
from monitor.core.exchange import Exchange, Tls
from monitor.core.prefecture import Choose, Move, Open, Press, Tick
from monitor.core.readings import Reading, to_json
from monitor.values import dataclass

RECORD_VERSION = 1
_REFUSED_AT_MOST, _URL_AT_MOST = 40, 300
BODY_PARTS = ("sent", "head", "wire_body", "decoded_body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was looked at. key: `95/slug`; look: `desk`, `notice` or `service`; label: the démarche's words."""

    key: str
    look: str
    prefecture: str
    label: str
    platform: str
    url: str
    time_zone: str
    procedure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """A browser's part in a check. name: its product and revision.

    used: (address, kind, SHA-256 of the decoded bytes). refused: (method, address, kind, why).
    """

    name: str
    used: Sequence[tuple[str, str, str]] = ()
    refused: Sequence[tuple[str, str, str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One finished look: the reading, how it was come by, and when (aware UTC instants, monotonic nanoseconds).

    titles: of the pages that came, as the site has them, each once: the démarche in the site's own words where it says.
    """

    reading: Reading
    started: datetime
    finished: datetime
    started_mono_ns: int
    finished_mono_ns: int
    moves: Sequence[Move] = ()
    exchanges: Sequence[Exchange] = ()
    browsed: Browsed | None = None
    titles: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """How well our clock was kept at one instant. max_error_us: the bound in microseconds. source: who says so."""

    synchronised: bool
    max_error_us: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """SHA-256 of the sources behind an observation: the program, the rule that read it, the plugin. None: unknown.

    A rule's is over lines `SHA-256, two spaces, dotted module name`, sorted, of its module and those it reads with.
    """

    program: str | None = None
    rule: str | None = None
    plugin: str | None = None


class ReadingFields(TypedDict, total=False):
    """A reading as `core.readings.to_json` writes it: the class name, and of the fields those its class has."""

    reading: Required[str]
    seen: str | None
    selector: str | None
    weak: bool
    first_day: str | None
    by_data: bool
    detail: str | None
    last_published: str | None
    next_week: str | None
    opens_at: str
    obstacle: str
    kind: str
    why: str
    step: str | None
    cause: str
    facts: dict[str, Any]
    pages_examined: list[str]
    unchanged_since: int | None
    figures: dict[str, str]
    delays: list[int]


class TlsLine(TypedDict, total=False):
    """How a connection was secured: SHA-256 of the site's certificate, and of those above it."""

    version: Required[str]
    cipher: Required[str]
    leaf_sha256: Required[str]
    chain_sha256: list[str]


class DnsLine(TypedDict, total=False):
    """What the name server said. ttl: seconds."""

    addresses: Required[list[str]]
    ttl: int
    server: str


class ExchangeLine(TypedDict, total=False):
    """One exchange as a record tells it: instants in UTC, clocks in nanoseconds, digests of the bytes that are kept."""

    method: Required[str]
    url: Required[str]
    started: Required[str]
    finished: Required[str]
    mono_start_ns: Required[int]
    mono_end_ns: Required[int]
    status: int
    version: str
    date: str
    location: str
    etag: str
    last_modified: str
    peer: str
    local: str
    failure: dict[str, Any]
    dns: DnsLine
    tls: TlsLine
    sent_sha256: str
    sent_bytes: int
    head_sha256: str
    head_bytes: int
    wire_body_sha256: str
    wire_body_bytes: int
    decoded_body_sha256: str
    decoded_body_bytes: int


class RecordLine(ReadingFields, total=False):
    """One canonical line of the ledger, read back: what `observation` writes. Absent is unknown, never false."""

    v: Required[int]
    seq: Required[int]
    sweep: Required[int]
    id: Required[str]
    author: Required[str]
    check: Required[str]
    look: Required[str]
    prefecture: Required[str]
    procedure: str
    label: str
    platform: Required[str]
    url: Required[str]
    time_zone: Required[str]
    started: Required[str]
    finished: Required[str]
    mono_start_ns: Required[int]
    mono_end_ns: Required[int]
    boot_id: str
    clock: dict[str, dict[str, Any]]
    program: Required[dict[str, str]]
    rule: dict[str, str]
    plugin_sha256: str
    titles: list[str]
    steps: Required[list[dict[str, str]]]
    exchanges: Required[list[ExchangeLine]]
    browser: dict[str, Any]
    simulated: bool
    changes: list[dict[str, Any]]


def canonical(value: Mapping[str, Any]) -> bytes:
    """The canonical bytes of a JSON object, without line end. Raises ValueError on a float (never written)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    json.loads(text, parse_float=_refuse)  # a third of what looking for floats in Python would cost
    return text.encode()


def _refuse(number: str) -> None:
    raise ValueError(f"a float in a record: {number}")


def digest(data: bytes) -> str:
    """SHA-256, lower-case hexadecimal, of the original bytes."""
    return hashlib.sha256(data).hexdigest()


def instant(at: datetime) -> str:
    """UTC, microseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def observation(
    subject: Subject, looked: Looked, *, seq: int, sweep: int, check_id: str, program: str, boot_id: str | None,
    simulated: bool = False, changed: Sequence[Change] = (), clocks: Sequence[ClockState | None] = (None, None),
    sources: Sources = Sources(),  # noqa: B008 - frozen
) -> RecordLine:  # fmt: skip
    """The record of one check, ready for `canonical`. `None` and empty fields are left out, never faked.

    clocks: our clock at the start and at the end.
    """
    out: dict[str, Any] = {
        "v": RECORD_VERSION,
        "seq": seq,
        "sweep": sweep,
        "id": check_id,
        "author": "unattended_monitor",
        "check": subject.key,
        "look": subject.look,
        "prefecture": subject.prefecture,
        "procedure": subject.procedure,
        "label": subject.label,
        "platform": subject.platform,
        "url": subject.url,
        "time_zone": subject.time_zone,
        "started": instant(looked.started),
        "finished": instant(looked.finished),
        "mono_start_ns": looked.started_mono_ns,
        "mono_end_ns": looked.finished_mono_ns,
        "boot_id": boot_id,
        "clock": _clock(clocks),
        "program": {"version": program} | ({"dist_sha256": sources.program} if sources.program else {}),
        "rule": {"id": subject.platform, "sha256": sources.rule} if sources.rule else None,
        "plugin_sha256": sources.plugin,
        "steps": [_step(step) for move in looked.moves for step in move],
        "titles": list(looked.titles) or None,
        "exchanges": [exchange_record(e) for e in looked.exchanges],
        "browser": looked.browsed and _browser(looked.browsed),
        "simulated": simulated or None,
        "changes": [one.to_json() for one in changed] or None,
        **to_json(looked.reading),
    }
    return cast(RecordLine, {k: v for k, v in out.items() if v is not None})


def _clock(clocks: Sequence[ClockState | None]) -> dict[str, Any] | None:
    told = {when: state for when, state in zip(("start", "end"), clocks, strict=True) if state is not None}
    return {
        when: {"synchronised": one.synchronised, "max_error_us": one.max_error_us, "source": one.source}
        for when, one in told.items()
    } or None


def _step(step: Open | Tick | Choose | Press) -> dict[str, str]:
    match step:
        case Open(url, link, unless, answer):
            told = {"open": url} | ({"link": link} if link else {}) | ({"answer": answer} if answer else {})
            return told | {name.lower(): value for name, value in unless}
        case Tick(name, label):
            return {"tick": name, "label": label}
        case Choose(name, value, label):
            return {"choose": name, "value": value, "label": label}
        case Press(form, name, value):
            return {"press": name, "value": value, "form": form}


def _browser(browsed: Browsed) -> dict[str, Any]:
    """A page decides how much it asks for: lists and addresses are kept short, the count of refusals is whole."""
    refused = tuple(dict.fromkeys(browsed.refused))[:_REFUSED_AT_MOST]
    out: dict[str, Any] = {
        "name": browsed.name,
        "used": [{"url": url[:_URL_AT_MOST], "kind": kind, "sha256": sha} for url, kind, sha in browsed.used],
        "refused": [
            {"method": method, "url": url[:_URL_AT_MOST], "kind": kind, "why": why}
            for method, url, kind, why in refused
        ],
        "refused_count": len(browsed.refused),
    }
    return {name: value for name, value in out.items() if value}


def exchange_record(exchange: Exchange) -> ExchangeLine:
    """What a record says of one exchange: addresses, clocks, and the digests under which its bytes are kept."""
    dns, tls = exchange.dns, exchange.tls
    out: dict[str, Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "started": instant(exchange.started),
        "finished": instant(exchange.finished),
        "mono_start_ns": exchange.started_mono_ns,
        "mono_end_ns": exchange.finished_mono_ns,
        "status": exchange.status,
        "version": exchange.version,
        "date": _header(exchange, "date"),
        "location": _header(exchange, "location"),
        "etag": _header(exchange, "etag"),
        "last_modified": _header(exchange, "last-modified"),
        "peer": exchange.peer,
        "local": exchange.local,
        "failure": exchange.failure and {k: v for k, v in to_json(exchange.failure).items() if v is not None},
        "dns": dns and {k: v for k, v in _dns(dns.addresses, dns.ttl, dns.server).items() if v is not None},
        "tls": tls and _tls(tls),
    }
    digests: dict[bytes, str] = {}
    for name, data in bodies(exchange).items():
        if data not in digests:  # an answer without content-encoding has one body under both names
            digests[data] = digest(data)
        out[f"{name}_sha256"], out[f"{name}_bytes"] = digests[data], len(data)
    return cast(ExchangeLine, {k: v for k, v in out.items() if v is not None})


def _tls(tls: Tls) -> TlsLine:
    leaf, *above = map(digest, tls.chain)
    told: TlsLine = {"version": tls.version, "cipher": tls.cipher, "leaf_sha256": leaf}
    return told | {"chain_sha256": above} if above else told


def _dns(addresses: tuple[str, ...], ttl: int | None, server: str | None) -> dict[str, Any]:
    return {"addresses": list(addresses), "ttl": ttl, "server": server}


def bodies(exchange: Exchange) -> dict[str, bytes]:
    """The byte strings of an exchange that are kept, by name: wire (after framing) and decoded bodies apart."""
    return {part: data for part in BODY_PARTS if (data := getattr(exchange, part))}


def _header(exchange: Exchange, name: str) -> str | None:
    return next((v for k, v in exchange.headers if k.lower() == name), None)
