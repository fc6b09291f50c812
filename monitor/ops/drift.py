"""Declared addresses that moved or are gone, and the change to a declaration that says so. Pure.

Three witnesses: a look that was sent on for good (301, 308), looks in a row that found the page gone, and the last
weekly walk over the site. Nothing is changed by itself: a person opens the address, then edits the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import urljoin, urlsplit

from monitor.core.errors import UsageError
from monitor.core.hosts import is_official
from monitor.core.prefecture import Desk, Notice, Prefecture, desk_key, notice_key
from monitor.core.record import RecordLine
from monitor.discover.declare import literal
from monitor.ops.health import Part, Plugin
from monitor.read.platforms.registry import platform_for
from monitor.values import dataclass

DriftKind = Literal["moved", "gone"]
Witness = Literal["sent_on", "looks", "walk"]

_FOR_GOOD: Final = (301, 308)  # RFC 9110, 15.4: the other redirects promise nothing about tomorrow
_GONE: Final = ("Unreadable(not_found)", "Closed(None)")  # what a walk says of a page that is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One declared address. key: `33/notices/page-faq`; the code alone for the site. file: its declaration's name.

    to: where it moved, None where it is gone. seen: the day (UTC). change: the argument to write in its place, None
    where a person must find out first (it leads to the home page, or away from the official hosts).
    """

    key: str
    kind: DriftKind
    url: str
    to: str | None
    seen: date
    witness: Witness
    file: str
    change: str | None
    simulated: bool = False

    def to_json(self) -> dict[str, Any]:
        """For machines: the day ISO."""
        return {
            "check": self.key,
            "kind": self.kind,
            "url": self.url,
            "to": self.to,
            "seen": self.seen.isoformat(),
            "witness": self.witness,
            "file": self.file,
            "change": self.change,
            "simulated": self.simulated,
        }


def drift(
    prefectures: Iterable[Prefecture],
    plugins: Iterable[Plugin],
    last: Mapping[str, RecordLine],
    walked: Callable[[str], Mapping[str, Any] | None],
    files: Mapping[str, str],
) -> tuple[Drift, ...]:
    """What drifted, in catalogue order, each address once: what a look saw counts before what a walk saw.

    last: the last record of each desk and notice, by key. walked: the last walk over the site of a code, as
    `vigie discover --json` prints it. files: the declaration's file, by code.
    """
    parts = {part.key: part for plugin in plugins for part in plugin.parts}
    out: list[Drift] = []
    for one in prefectures:
        file = files.get(one.code, "").replace("\\", "/").rpartition("/")[2]
        found: dict[str, Drift] = {}
        for drifted in (*_looked(one, parts, last, file), *_walked(one, walked(one.code), file)):
            found.setdefault(drifted.key, drifted)
        out += found.values()
    return tuple(out)


def _entries(one: Prefecture) -> dict[str, tuple[Desk | Notice, str]]:
    """The addresses in use, by key."""
    entries: dict[str, tuple[Desk | Notice, str]] = {}
    for desk in one.active_desks:
        entries[desk_key(one, desk)] = desk, desk.platform.url
    for notice in one.notices:
        if notice.retired is None:
            entries[notice_key(one, notice)] = notice, notice.url
    return entries


# --- what looks saw ---------------------------------------------------------------------------------------------------


def _looked(one: Prefecture, parts: Mapping[str, Part], last: Mapping[str, RecordLine], file: str) -> Iterator[Drift]:
    for key, (entry, url) in _entries(one).items():
        record, part = last.get(key), parts.get(key)
        if record is not None and (to := sent_on(url, record)) is not None:
            day, simulated = date.fromisoformat(record["started"][:10]), bool(record.get("simulated"))
            yield _moved(key, entry, url, to, day, "sent_on", file, simulated=simulated)
        elif part is not None and part.judged.state == "gone" and part.judged.since and part.judged.last:
            yield Drift(
                key=key,
                kind="gone",
                url=url,
                to=None,
                seen=part.judged.last.date(),
                witness="looks",
                file=file,
                change=f"retired={literal(part.judged.since.date())}",
                simulated=part.judged.simulated,
            )


def sent_on(url: str, record: RecordLine) -> str | None:
    """Where a look at `url` was sent for good, from redirect to redirect; None where it was not."""
    at = url
    for exchange in record.get("exchanges", ()):
        if exchange.get("url") == at and exchange.get("status") in _FOR_GOOD and exchange.get("location"):
            at = urljoin(at, exchange["location"])
    return at if at != url else None


# --- what a walk saw --------------------------------------------------------------------------------------------------


def _walked(one: Prefecture, walk: Mapping[str, Any] | None, file: str) -> Iterator[Drift]:
    """Only of addresses that are still declared as they were when the walk was made."""
    if walk is None or "difference" not in walk:
        return
    day, simulated = date.fromisoformat(walk["started"][:10]), bool(walk.get("simulated"))
    entries = _entries(one)
    keys = {"notice": f"{one.code}/notices/", "desk": f"{one.code}/"}
    for told in walk["difference"]["moved"]:
        if told["what"] == "site" and told["url"] == one.site:
            change = f"site={literal(told['to'])}" if _official(told["to"]) else None
            yield Drift(
                key=one.code,
                kind="moved",
                url=one.site,
                to=told["to"],
                seen=day,
                witness="walk",
                file=file,
                change=change,
                simulated=simulated,
            )
        elif told["what"] != "site":
            key = keys[told["what"]] + told["slug"]
            if key in entries and entries[key][1] == told["url"] and told["to"]:
                entry, url = entries[key]
                yield _moved(key, entry, url, told["to"], day, "walk", file, simulated=simulated)
    for told in walk["difference"]["missing"]:
        key = keys.get(told["what"], "") + told["slug"]
        if told["why"] in _GONE and key in entries and entries[key][1] == told["url"]:
            yield Drift(
                key=key,
                kind="gone",
                url=told["url"],
                to=None,
                seen=day,
                witness="walk",
                file=file,
                change=f"retired={literal(day)}",
                simulated=simulated,
            )


# --- the change -------------------------------------------------------------------------------------------------------


def _moved(
    key: str, entry: Desk | Notice, url: str, to: str, day: date, witness: Witness, file: str, *, simulated: bool
) -> Drift:
    return Drift(
        key=key,
        kind="moved",
        url=url,
        to=to,
        seen=day,
        witness=witness,
        file=file,
        change=_change(entry, to),
        simulated=simulated,
    )


def _change(entry: Desk | Notice, to: str) -> str | None:
    """The argument to write. None where `to` is a home page, which says nothing, or on no official host."""
    if not _official(to) or urlsplit(to).path in ("", "/"):
        return None
    if isinstance(entry, Notice):
        return f"url={literal(to)}"
    try:
        platform = platform_for(entry.platform.name, to)
    except (UsageError, ValueError):
        return None
    a_calendar = to.startswith(platform.url.rstrip("/")) and platform != entry.platform  # not a page, nor another step
    return f"platform={literal(platform)}" if a_calendar else None


def _official(url: str) -> bool:
    return is_official(urlsplit(url).hostname or "")
