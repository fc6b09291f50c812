"""Runs the rules again over the bytes that were kept: does each observation still read as it was recorded?

The whole visit is made again, from the exchanges of its record. Bytes that are not there are said not to be there,
with the reason; they are never a failure of the reading.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from datetime import datetime
from gettext import gettext as _
from gettext import ngettext
from typing import Final, Literal

from monitor.core.exchange import Exchange
from monitor.core.ports import ElsewhereError, Session
from monitor.core.prefecture import Move, Page
from monitor.core.readings import NoticeFacts, Obstructed, Reading, Unreached, from_json, to_json
from monitor.core.record import ExchangeLine, RecordLine, Sources, canonical
from monitor.evidence.rules.findings import Report
from monitor.fetch.http.recorded import RecordedSession, headers_of
from monitor.store.blobs import BlobDamagedError, BlobDroppedError, Blobs
from monitor.sweep.plan import FindLook, Look
from monitor.sweep.sweep import walk
from monitor.values import dataclass

Missing = Literal["dropped", "not_enclosed", "damaged"]
Kept = Callable[[str, int], bytes | Missing]
"""The bytes under a SHA-256 that the observation of a number names, or why they are not there."""
Outcome = Literal[
    "same", "other", "dropped", "not_enclosed", "damaged", "earlier", "drawn", "no_answer", "unknown", "moved"
]


class BytesMissingError(Exception):
    """Bytes that a record names are not there; why."""

    def __init__(self, why: Missing) -> None:
        super().__init__(why)
        self.why = why


def kept_in(blobs: Blobs) -> Kept:
    """The bytes of a data folder."""

    def kept(digest: str, seq: int) -> bytes | Missing:
        try:
            return blobs.get(digest, seq)
        except BlobDroppedError:
            return "dropped"
        except BlobDamagedError:
            return "damaged"

    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain:
    """What became of one record. Only of an `other`: now, the reading of today; or asks, the address that today's
    visit wants and that was not asked for then; or neither, where the record names no answer of the site at all.

    sources: what is to be said of a reader or a declaration that is another today.
    """

    outcome: Outcome
    now: Reading | None = None
    asks: str = ""
    sources: str = ""


@dataclass(slots=True)
class _Tally:
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    plugins: int = 0


async def pages_of(record: RecordLine, look: Look, kept: Kept) -> tuple[Reading, list[Page]]:
    """The pages the visit of a record was given, in order, and what is read of them today.

    Raises BytesMissingError, and ElsewhereError where the visit asks for what was not recorded.
    """
    session = _Noting(RecordedSession([_exchange(told, _of(record, kept)) for told in record.get("exchanges", ())]))
    reading, _moves = await walk(look.begin(_at(record["started"])), session)
    return reading, session.pages


class _Noting:
    """A session that notes the pages it brings."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.pages: list[Page] = []

    @property
    def exchanges(self) -> Sequence[Exchange]:
        return self._session.exchanges

    async def perform(self, move: Move, page: Page | None) -> Page | Reading:
        came = await self._session.perform(move, page)
        if isinstance(came, Page):
            self.pages.append(came)
        return came

    def close(self) -> None:
        self._session.close()


class Replayer:
    """Reads records again by the rules of today.

    kept: the bytes under a SHA-256, or why they are not there. look: what a record's key names, given the record an
    unchanged notice rests on; None when nothing is declared under it. sources: digests of what would read that look.
    """

    def __init__(self, *, kept: Kept, look: FindLook, sources: Callable[[Look], Sources]) -> None:
        self._kept, self._look, self._sources = kept, look, sources
        self._tally = _Tally()

    async def replay(self, lines: Iterable[bytes], report: Report) -> None:
        """Replay every record, in order of sequence, and add what was found to the report."""
        facts: dict[str, RecordLine] = {}  # by check: the last record in which a notice was read
        for line in lines:
            try:
                record = json.loads(line)
                recorded = from_json(record)
                outcome = await self._one(record, recorded, facts.get(record["check"]), report)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                words = f"{type(error).__name__}: {line[:80].decode('utf-8', 'replace')}"
                report.fail("replay", "records.jsonl", words)
                continue
            self._tally.outcomes[outcome] += 1
            if isinstance(recorded, NoticeFacts):
                facts[record["check"]] = record
        report.notes += _told(self._tally)

    async def _one(self, record: RecordLine, recorded: Reading, earlier: RecordLine | None, report: Report) -> Outcome:
        """What became of one record; what is false stands in the report."""
        again = await self.again(record, recorded, earlier)
        where = _("observation {seq} ({check})").format(seq=record["seq"], check=record["check"])
        if again.outcome == "damaged":
            report.fail("replay", where, _("damaged bytes"))
        elif again.outcome == "other" and again.asks:
            words = _("the visit asks for {address}, which was not recorded").format(address=again.asks)
            report.fail("replay", where, words + again.sources)
        elif again.outcome == "other":
            none = _("recorded: {recorded}; no answer of the site is named")
            other = _("recorded: {recorded}; read again: {now}")
            words = (none if again.now is None else other).format(
                recorded=_words(recorded), now="" if again.now is None else _words(again.now)
            )
            report.fail("replay", where, words + again.sources)
        return again.outcome

    async def again(self, record: RecordLine, recorded: Reading, earlier: RecordLine | None = None) -> ReadAgain:
        """Read one record again. earlier: the record an unchanged notice rests on.

        Raises KeyError or ValueError for a record this version does not know.
        """
        if not record.get("exchanges"):
            return ReadAgain(outcome=_without_exchanges(recorded))
        if record.get("unchanged_since") is not None and earlier is None:
            return ReadAgain(outcome="earlier")
        look = self._look(record["check"], earlier)
        if look is None:
            return ReadAgain(outcome="unknown")
        if look.subject.url != record["url"]:
            return ReadAgain(outcome="moved")
        try:
            exchanges = [_exchange(told, _of(record, self._kept)) for told in record["exchanges"]]
        except BytesMissingError as missing:
            return ReadAgain(outcome=missing.why)
        if _is_drawn(record):
            return ReadAgain(outcome="drawn")
        sources = _other_sources(record, self._sources(look), self._tally)
        try:
            now, _moves = await walk(look.begin(_at(record["started"])), RecordedSession(exchanges))
        except ElsewhereError as elsewhere:
            outcome = _stopped(recorded, elsewhere)
            return ReadAgain(outcome=outcome, asks=str(elsewhere) if outcome == "other" else "", sources=sources)
        if _same(now, recorded):
            return ReadAgain(outcome="same", sources=sources)
        return ReadAgain(outcome="other", now=now, sources=sources)


def _is_drawn(record: RecordLine) -> bool:
    """Read from the document that a script had made in a browser, not from an answer of the site."""
    return record.get("browser") is not None and not any("answer" in step for step in record.get("steps", ()))


def _without_exchanges(recorded: Reading) -> Outcome:
    """Nothing was asked: our network was down, the host was left alone, or a robots.txt read earlier forbade it."""
    if isinstance(recorded, Unreached):
        return "no_answer"
    return "earlier" if isinstance(recorded, Obstructed) and recorded.obstacle == "robots" else "other"


def _stopped(recorded: Reading, elsewhere: ElsewhereError) -> Outcome:
    """A walk that was cut short: by a host left alone from then on, or by a robots.txt of an earlier check."""
    told = to_json(recorded)
    if elsewhere.beyond and told["reading"] == "Unreached" and str(told["detail"]).startswith("not asked:"):
        return "same"
    return "earlier" if elsewhere.beyond and told.get("obstacle") == "robots" else "other"


KeptOfOne = Callable[[str], bytes | Missing]


def _of(record: RecordLine, kept: Kept) -> KeptOfOne:
    return lambda digest: kept(digest, record["seq"])


def _exchange(told: ExchangeLine, kept: KeptOfOne) -> Exchange:
    """One recorded exchange with the bytes a visit reads. Raises BytesMissingError."""
    at = _at(told["started"])
    failure = from_json({"reading": "Unreached", **told["failure"]}) if "failure" in told else None
    assert failure is None or isinstance(failure, Unreached)
    head, body = _bytes(told.get("head_sha256"), kept), _bytes(told.get("decoded_body_sha256"), kept)
    return Exchange(
        method=told["method"],
        url=told["url"],
        started=at,
        finished=_at(told["finished"]),
        started_mono_ns=told["mono_start_ns"],
        finished_mono_ns=told["mono_end_ns"],
        status=told.get("status"),
        head=head,
        headers=headers_of(head),
        wire_body=body or _bytes(told.get("wire_body_sha256"), kept),
        decoded_body=body,
        failure=failure,
    )


def _bytes(digest: str | None, kept: KeptOfOne) -> bytes:
    found = kept(digest) if digest else b""
    if isinstance(found, bytes):
        return found
    raise BytesMissingError(found)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _same(reading: Reading, recorded: Reading) -> bool:
    """Field by field. A failure under our own broken network was recorded as ours, with its cause as detail."""
    if isinstance(recorded, Unreached) and recorded.cause == "vantage_offline":
        return isinstance(reading, Unreached) and reading.cause == recorded.detail
    return canonical(to_json(reading)) == canonical(to_json(recorded))


def _words(reading: Reading) -> str:
    told = to_json(reading)
    return " ".join(str(told[k]) for k in ("reading", "obstacle", "kind", "why", "cause", "seen") if told.get(k))


def _other_sources(record: RecordLine, today: Sources, tally: _Tally) -> str:
    """What to say of a reader or a declaration that is not the one of the record; counted."""
    said = ""
    then = (record.get("rule") or {}).get("sha256")
    if then and today.rule and then != today.rule:
        tally.rules[then, today.rule] += 1
        said += _("; rule {then} then, {now} today").format(then=then[:16], now=today.rule[:16])
    then = record.get("plugin_sha256")
    if then and today.plugin and then != today.plugin:
        tally.plugins += 1
        said += _("; the declaration of the préfecture has changed since")
    return said


def _told(tally: _Tally) -> list[str]:
    out = [_outcome(key, count).format(count=count) for key in _ORDER if (count := tally.outcomes[key])]
    for (then, now), count in sorted(tally.rules.items()):
        words = ngettext(
            "replay: {count} read then by rule {then}, read again by rule {now}",
            "replay: {count} read then by rule {then}, read again by rule {now}",
            count,
        )
        out.append(words.format(count=count, then=then, now=now))
    if tally.plugins:
        words = ngettext(
            "replay: {count} whose declaration of the préfecture has changed since",
            "replay: {count} whose declarations of préfectures have changed since",
            tally.plugins,
        )
        out.append(words.format(count=tally.plugins))
    return out


_ORDER: Final[tuple[Outcome, ...]] = (
    "same", "dropped", "not_enclosed", "earlier", "drawn", "no_answer", "unknown", "moved",
)  # fmt: skip


def _outcome(key: Outcome, n: int) -> str:
    """What became of so many observations, `{count}` unfilled."""
    match key:
        case "same":
            return ngettext(
                "replay: {count} read again, the same reading", "replay: {count} read again, the same readings", n
            )
        case "dropped":
            return ngettext(
                "replay: {count} not read again: its bytes were dropped as the settings of retention say",
                "replay: {count} not read again: their bytes were dropped as the settings of retention say",
                n,
            )
        case "not_enclosed":
            return ngettext(
                "replay: {count} not read again: its bytes are not enclosed in this export",
                "replay: {count} not read again: their bytes are not enclosed in this export",
                n,
            )
        case "earlier":
            return ngettext(
                "replay: {count} not read again: it rests on an answer to an earlier observation, not here",
                "replay: {count} not read again: they rest on an answer to an earlier observation, not here",
                n,
            )
        case "drawn":
            return ngettext(
                "replay: {count} not read again: read in the page as its script had made it; only answers are kept",
                "replay: {count} not read again: read in pages as their scripts had made them; only answers are kept",
                n,
            )
        case "no_answer":
            return ngettext(
                "replay: {count} without an answer to read again: nothing was asked of the site",
                "replay: {count} without answers to read again: nothing was asked of the site",
                n,
            )
        case "unknown":
            return ngettext(
                "replay: {count} not read again: this program no longer declares its desk or page",
                "replay: {count} not read again: this program no longer declares their desks or pages",
                n,
            )
    return ngettext(
        "replay: {count} not read again: its declaration names another address today",
        "replay: {count} not read again: their declarations name other addresses today",
        n,
    )
