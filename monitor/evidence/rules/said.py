"""What the records of an archive say, read one by one: their spelling, place and dates, and what is to be told.

docs/FORMAT.md, 4.6, 4.7, 4.9 and 4.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.evidence.rules.dates import LEEWAY, within
from monitor.evidence.rules.findings import Report
from monitor.evidence.rules.rows import DueRecord, record_fault
from monitor.evidence.rules.spelling import parse_canonical, parse_instant
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.evidence.rules.findings import Bounds
    from monitor.evidence.rules.sweep import ReadSweep

SECOND = timedelta(seconds=1)  # a `Date` has no fraction


def exchanges_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The exchanges that a record of whoever wrote the folder tells, where they are any."""
    told = record.get("exchanges")
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


@dataclass(slots=True)
class SeenRecords:
    """Counted over all records: made on a simulator; answered with a date more than a minute from our clock."""

    simulated: int = 0
    dates: int = 0

    def see(self, record: Mapping[str, Any]) -> None:
        """One record."""
        self.simulated += record.get("simulated") is True
        self.dates += any(_differs(exchange, record) for exchange in exchanges_of(record))

    def tell(self, report: Report) -> None:
        """Once all were seen."""
        if self.simulated:
            report.reserve("simulated", "records.jsonl", _of_all(self.simulated, report))
        if self.dates:
            words = _("a server dated its answer more than a minute from our clock: {count}")
            report.notes.append(words.format(count=_of_all(self.dates, report)))


def _of_all(count: int, report: Report) -> str:
    return _("{count} of {all} observations").format(count=count, all=report.records)


def _differs(exchange: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a server's `Date` lies more than a minute outside our clock around that exchange."""
    try:
        said = parsedate_to_datetime(exchange["date"])
        start = parse_instant(exchange.get("started") or record["started"])
        end = parse_instant(exchange.get("finished") or record["finished"])
        return not start - LEEWAY - SECOND <= said <= end + LEEWAY
    except (KeyError, ValueError, TypeError, AttributeError):
        return False  # none, or a date that is none


def spelt(
    line: bytes, where: str, due: DueRecord, sweep: ReadSweep, anchor: bytes | None, report: Report
) -> dict[str, Any] | None:
    """What a record says that is due and there; None, and a finding, where it is no line of the format.

    anchor: what its identifier follows from, None where that is not at hand.
    """
    try:
        record = parse_canonical(line)
    except ValueError:
        report.fail("canonical", f"{where}, {due.seq}")
        return None
    if fault := record_fault(record, due, sweep.number, sweep.span, anchor):
        report.fail("record", f"{where}, {due.seq}", fault)
    return record


def inside(record: Mapping[str, Any], bounds: Bounds) -> bool:
    """Whether its start and end lie within the bounds of its sweep; what is no instant is told elsewhere."""
    try:
        return within(bounds, [parse_instant(record.get(name)) for name in ("started", "finished")])
    except ValueError:
        return True
