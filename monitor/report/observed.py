"""An observation as reports need it: the few fields of a record line that people read. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from sys import intern
from types import MappingProxyType
from typing import Any

from monitor.core.readings import detail_of, from_json, is_failure
from monitor.core.record import ExchangeLine, RecordLine, digest
from monitor.report.remarks import Remark, Unconfirmed, remark_on
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One observation that was not damaged.

    started: aware UTC. reading, detail: as the record has them (`NoSlot`, `by_data`). read_url: where the page read
    stood, None when no answer came. bodies, heads: SHA-256 of each decoded answer, and of each header block, in order.
    line_sha256: of the record line.
    steps: what was opened, ticked, chosen. settings: program, resolver, TLS and local address, for the conditions.
    remark: why it is shown and counted nowhere; None where it counts. procedure: its code, where the desk has one.
    titles: of the pages opened, in the site's own words. skew_s: seconds from our clock to the site's when it answered,
    None where no answer says. finished: aware UTC. status, server_date: code and `Date` of the last answer.
    """

    seq: int
    sweep: int
    id: str
    subject: str
    look: str
    label: str
    url: str
    read_url: str | None
    started: datetime
    reading: str
    detail: str | None
    failed: bool
    seen: str | None
    first_day: str | None
    simulated: bool
    bodies: tuple[str, ...]
    line_sha256: str
    steps: tuple[str, ...]
    settings: frozenset[tuple[str, str]]
    heads: tuple[str, ...] = ()
    remark: Remark | None = None
    procedure: str = ""
    titles: tuple[str, ...] = ()
    skew_s: float | None = None
    finished: datetime | None = None
    status: int | None = None
    server_date: str = ""

    @property
    def said(self) -> tuple[str, str | None]:
        """Reading and detail: what has a label of its own."""
        return self.reading, self.detail


def observed(line: bytes, again: Mapping[int, Unconfirmed] = MappingProxyType({})) -> Observed:
    """Read a record line. again: what `vigie reread` no longer confirms.

    Raises KeyError or ValueError on one this version does not know.
    """
    record: RecordLine = json.loads(line)
    reading, exchanges = from_json(record), record.get("exchanges", ())
    last, seen = exchanges[-1] if exchanges else None, record.get("seen")
    return Observed(
        seq=record["seq"],
        sweep=record["sweep"],
        id=record.get("id", ""),
        subject=intern(record["check"]),
        look=intern(record.get("look", "desk")),
        label=intern(record["label"]),
        url=intern(record["url"]),
        read_url=intern(last["url"]) if last and "status" in last else None,
        started=datetime.fromisoformat(record["started"]),
        reading=intern(record["reading"]),
        detail=detail_of(reading),
        failed=is_failure(reading),
        seen=intern(seen) if seen else None,
        first_day=record.get("first_day"),
        simulated=bool(record.get("simulated")),
        bodies=tuple(e["decoded_body_sha256"] for e in exchanges if "decoded_body_sha256" in e),
        line_sha256=digest(line),
        steps=tuple(map(_step, record.get("steps", ()))),
        settings=frozenset(_settings(record)),
        heads=tuple(e["head_sha256"] for e in exchanges if "head_sha256" in e),
        remark=remark_on(record["url"], record["seq"], line, again),
        procedure=intern(record.get("procedure", "")),
        titles=tuple(map(intern, record.get("titles", ()))),
        skew_s=_skew(last) if last else None,
        finished=datetime.fromisoformat(record["finished"]) if "finished" in record else None,
        status=last.get("status") if last else None,
        server_date=last.get("date", "") if last else "",
    )


def _skew(exchange: ExchangeLine) -> float | None:
    """Seconds from our clock to the `Date` of an answer (RFC 9110: whole seconds), 0 where it lies in the exchange."""
    try:
        said = parsedate_to_datetime(exchange["date"])
        asked, answered = (datetime.fromisoformat(at) for at in (exchange["started"], exchange["finished"]))
        early = (said + timedelta(seconds=1) - asked).total_seconds()
        late = (said - answered).total_seconds()
    except (KeyError, ValueError, TypeError):  # none, not a date, or without a zone
        return None
    return min(early, 0.0) or max(late, 0.0)


def _step(step: Mapping[str, Any]) -> str:
    if "open" in step:
        return intern(f"ouvrir {step['open']}" + (f" (lien « {step['link']} »)" if step.get("link") else ""))
    if "tick" in step:
        return intern(f"cocher « {step['label']} »")
    if "choose" in step:
        return intern(f"choisir « {step['label']} »")
    return intern(f"valider « {step.get('value', '')} »")


def _settings(record: RecordLine) -> list[tuple[str, str]]:
    found = [("program", record.get("program", {}).get("version", ""))]
    for exchange in record.get("exchanges", ()):
        dns, tls = exchange.get("dns", {}), exchange.get("tls", {})
        found += [("resolver", dns.get("server", "")), ("tls", tls.get("version", ""))]
        found += [("http", exchange.get("version", "")), ("local", exchange.get("local", "").rpartition(":")[0])]
    return [(intern(name), intern(value)) for name, value in found if value]
