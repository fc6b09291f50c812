"""The second look: once a day a host, Chromium opens again a page already read, and the two readings are compared.

What differs is the hand that renders (a browser's document, after the page's own inline script, instead of the bytes as
received) and the time: a second moment of the same sweep. Nothing else does. Chromium has no network of its own, its
request is made by the same transport over the same TLS library and from the same address, so this is no independent
view of the connection: an equal certificate says that the site showed the same one twice, not that two clients saw it.

It is made after every check of the sweep, counts as no observation of a desk, and costs one request a host a day (two
where the site redirects). Candidates are pages read by one plain GET, once a day as a rule (notices, request forms);
a calendar behind a form is not asked twice. What came of it stands in `env.json`, sealed with the sweep.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.core.changes import changes
from monitor.core.ports import BrowserError, BrowserVisitor
from monitor.core.readings import NoticeFacts, Reading, detail_of, from_json, is_failure, to_json
from monitor.core.record import ExchangeLine, Looked, RecordLine, exchange_record, instant
from monitor.sweep.plan import Look
from monitor.sweep.sweep import Vantage, check

AT_MOST = 8  # a sweep: more would keep the seal waiting; who is left out changes from day to day
WITHIN = 60.0  # seconds, for all of them together
_DAILY = ("notice", "request_form")


def second_looks_due(
    taken: Iterable[Look], declared: Iterable[Look], last: Mapping[str, datetime], now: datetime
) -> tuple[Look, ...]:
    """The looks among `taken` to repeat: of each host one, on its first reading of the UTC day of `now`.

    declared: all that this monitor watches, so that a host's page is the same each day. last: start of the last visit
    by key, as it stood before this sweep.
    """
    of_host: dict[str, str] = {}
    for look in declared:
        if look.kind in _DAILY and not look.needs_browser:
            of_host[look.host] = min(look.subject.key, of_host.get(look.host, look.subject.key))

    def is_first_today(look: Look) -> bool:
        before = last.get(look.subject.key)
        return before is None or before.date() != now.date()

    due = [look for look in taken if of_host.get(look.host) == look.subject.key and is_first_today(look)]
    due.sort(key=lambda look: hashlib.sha256(f"{now.date()} {look.subject.key}".encode()).digest())
    return tuple(due[:AT_MOST])


async def second_looks(
    due: Sequence[Look], sweep: int, read: Mapping[str, RecordLine], vantage: Vantage
) -> list[dict[str, Any]]:
    """Look again, and compare: one JSON object a look, see `_compared`. Never raises for what site or browser do.

    Where our own browser fails, the object is `{"check", "not_made": why}` and nothing more is tried.
    """
    told: list[dict[str, Any]] = []
    browser = vantage.browser
    if browser is None or browser.absent():
        return told
    try:
        async with asyncio.timeout(WITHIN):
            for look in due:
                first = read.get(look.subject.key)
                if first is None or not _is_plain(first) or vantage.visitor.closed(look.host):
                    continue
                try:
                    told.append(await _again(look, first, sweep, vantage, browser))
                except BrowserError as error:
                    told.append({"check": look.subject.key, "not_made": str(error)})
                    break
    except TimeoutError:
        pass  # the rest wait for another day
    return told


def _is_plain(record: RecordLine) -> bool:
    """Read, and by one plain GET."""
    steps = record["steps"]
    return len(steps) == 1 and "open" in steps[0] and not is_failure(from_json(dict(record)))


async def _again(
    look: Look, first: RecordLine, sweep: int, vantage: Vantage, browser: BrowserVisitor
) -> dict[str, Any]:
    check_id = vantage.check_id(sweep, f"{look.subject.key}#second")
    session = browser.session(check_id, zone=look.subject.time_zone, alone=True)
    try:
        visit = look.begin(vantage.clock.now())
        looked = await check(visit, session, visitor=vantage.visitor, clock=vantage.clock)
        return _compared(first, replace(looked, browsed=session.browsed), check_id)
    finally:
        session.close()


def _compared(first: RecordLine, looked: Looked, check_id: str) -> dict[str, Any]:
    """What two looks at one page said.

    seq: the observation compared with. reading: `same`, `different`, or `not_read` where the second look brought
    nothing to compare. certificate: `same`, `different`, or `unknown`, of the leaf that each connection showed.
    differences: what a notice says otherwise (`Change.to_json`). second: the second reading in short, with its quote.
    """
    exchanges = [exchange_record(one) for one in looked.exchanges]
    leaves = _leaf(first["exchanges"]), _leaf(exchanges)
    verdict, differences = _verdict(first, looked.reading)
    told = to_json(looked.reading)
    out = {
        "check": first["check"],
        "seq": first["seq"],
        "id": check_id,
        "url": first["url"],
        "started": instant(looked.started),
        "finished": instant(looked.finished),
        "reading": verdict,
        "certificate": "unknown" if None in leaves else "same" if leaves[0] == leaves[1] else "different",
        "differences": differences,
        "second": {k: told[k] for k in ("reading", "seen", "selector") if told[k]} | _detail(looked.reading),
        "browser": looked.browsed and looked.browsed.name,
        "exchanges": exchanges,
    }
    return {name: value for name, value in out.items() if value is not None and value != []}


def _verdict(first: RecordLine, second: Reading) -> tuple[str, list[Any]]:
    if is_failure(second):
        return "not_read", []
    before = from_json(dict(first))
    if isinstance(before, NoticeFacts) and isinstance(second, NoticeFacts):
        differences = [one.to_json() for one in changes(before.facts, second.facts)]
        return ("different" if differences or type(before) is not type(second) else "same"), differences
    alike = type(before) is type(second) and detail_of(before) == detail_of(second)
    return ("same" if alike else "different"), []


def _detail(reading: Reading) -> dict[str, str]:
    detail = detail_of(reading)
    return {"detail": detail} if detail else {}


def _leaf(exchanges: Sequence[ExchangeLine]) -> str | None:
    """Of the last exchange over TLS: the one that brought the page."""
    found = [one["tls"]["leaf_sha256"] for one in exchanges if one.get("tls")]
    return found[-1] if found else None
