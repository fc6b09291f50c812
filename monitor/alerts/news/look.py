"""One record as far as news goes, and the events that rest on it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from monitor.alerts.news.events import Event, EventKind
from monitor.alerts.news.standing import ANSWERS, NOTICES, Concerned, Run, Standing
from monitor.core.record import RecordLine
from monitor.values import dataclass

Told = tuple[Standing, tuple[Event, ...]]


def event_key(kind: str, check: str, what: str, run: object) -> str:
    """32 hexadecimal digits of SHA-256 over `kind|check|what|run`: the identity of an event."""
    return hashlib.sha256(f"{kind}|{check}|{what}|{run}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class NewsLook:
    """One record, as far as news goes. said: class name. detail: obstacle, kind, why or cause."""

    record: RecordLine
    seq: int
    sweep: int
    at: datetime
    said: str
    detail: str
    quote: str
    subject: Concerned

    @staticmethod
    def of(record: RecordLine) -> NewsLook:
        """From a record as `core.record.observation` makes it."""
        detail = next((record[name] for name in ("obstacle", "kind", "why", "cause") if record.get(name)), "")
        return NewsLook(
            record=record,
            seq=record["seq"],
            sweep=record["sweep"],
            at=datetime.fromisoformat(record["started"]),
            said=record["reading"],
            detail=detail,
            quote=record.get("seen") or "",
            subject=Concerned(
                check=record["check"],
                look=record.get("look", "desk"),
                prefecture=record.get("prefecture", ""),
                procedure=record.get("procedure") or "",
                label=record.get("label", ""),
                platform=record.get("platform", ""),
                url=record.get("url", ""),
                time_zone=record.get("time_zone", "Europe/Paris"),
            ),
        )

    @property
    def answered(self) -> bool:
        """Whether the site answered what it was asked."""
        return self.said in ANSWERS or self.said in NOTICES

    @property
    def offline(self) -> bool:
        """Whether our own network was broken: it says nothing of the site."""
        return self.said == "Unreached" and self.detail == "vantage_offline"

    @property
    def apart(self) -> str:
        """What a `NoSlot` rests on but the sentence that there is none: `by_data`, `no_calendar` ...; else empty."""
        if self.said != "NoSlot":
            return ""
        return "by_data" if self.record.get("by_data") else str(self.record.get("detail") or "")

    @property
    def simulated(self) -> bool:
        """Whether it was played."""
        return bool(self.record.get("simulated", False))

    def run(self, before: Run | None, what: str = "", *, quote: str = "") -> Run:
        """The run it goes on with, or one it begins. quote: the sentence that stood before, should it begin one."""
        if before is None or before.what != what:
            return Run(seq=self.seq, at=self.at, sweep=self.sweep, what=what, quote=self.quote, before=quote)
        return replace(before, looks=before.looks + 1, sweep=self.sweep, quote=self.quote or before.quote)

    def event(
        self, kind: EventKind, run: int, *, what: str = "", quote: str = "", before: str = "",
        facts: Mapping[str, str] | None = None,
    ) -> Event:  # fmt: skip
        """An event that rests on this look. run: first sequence number of its subject. Empty facts are left out."""
        subject = self.subject
        return Event(
            key=event_key(kind, subject.check, what, run),
            kind=kind,
            at=self.at,
            prefecture=subject.prefecture,
            check=subject.check,
            procedure=subject.procedure,
            label=subject.label,
            url=subject.url,
            time_zone=subject.time_zone,
            seq=self.seq,
            quote=quote,
            before=before,
            facts={name: value for name, value in (facts or {}).items() if value},
            simulated=self.simulated,
        )
