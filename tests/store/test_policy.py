"""What is past its time: whole days by the calendar, the oldest first, and only where it was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.store.policy import Collected, OldPack, collect, kept_from

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
PARIS_WINTER = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("now", "months", "kept"),
    [
        (NOW, 6, "2026-05-24"), (NOW, 24, "2024-11-24"), (NOW, 11, "2025-12-24"), (NOW, 10, "2026-01-24"),
        (NOW, 0, "2026-11-24"),
        (datetime(2026, 3, 31, 12, tzinfo=UTC), 1, "2026-02-28"), (datetime(2028, 3, 31, tzinfo=UTC), 1, "2028-02-29"),
        (datetime(2026, 11, 25, 0, 30, tzinfo=PARIS_WINTER), 1, "2026-10-24"),
    ],
)  # fmt: skip
def test_bytes_are_kept_for_whole_months_and_the_whole_of_their_day(now: datetime, months: int, kept: str) -> None:
    assert kept_from(now, months) == datetime.fromisoformat(f"{kept}T00:00:00+00:00")


@pytest.mark.parametrize(
    ("months", "year"), [(2026 * 12 + 10, 1), (2026 * 12 - 2, 1), (2025 * 12 + 10, 1), (2025 * 12 + 9, 1)]
)
def test_a_time_before_all_calendars_keeps_everything(months: int, year: int) -> None:
    assert kept_from(NOW, months).year == year
    assert kept_from(NOW, 2025 * 12 + 10) == datetime(1, 1, 24, tzinfo=UTC)
    assert kept_from(NOW, 2025 * 12 + 11) == datetime.min.replace(tzinfo=UTC)


def pack(number: int, days: int, **more: object) -> OldPack:
    at = NOW - timedelta(days=days)
    values = {"file": f"packs/{number}.pack", "started": at, "size": 900, "freed": 700, "dropped": 3, "kept": 1, **more}
    return OldPack(**values)  # type: ignore[arg-type]


@dataclass
class Packs:
    """Old packs in no order; remembers what was removed, when."""

    there: list[OldPack]
    before: datetime | None = None
    dropped: list[tuple[OldPack, datetime]] = field(default_factory=list)
    swept: int = 0

    def packs(self, before: datetime) -> Iterable[OldPack]:
        self.before = before
        return self.there

    def drop(self, pack: OldPack, at: datetime) -> None:
        assert not self.swept
        self.dropped.append((pack, at))

    def sweep_up(self) -> int:
        self.swept += 1
        return 11


def test_a_dry_run_lists_the_oldest_first_and_touches_nothing() -> None:
    old = Packs([pack(2, 800), pack(1, 800), pack(3, 900)])
    found = collect(old, NOW, 24, apply=False)
    assert [one.file for one in found.packs] == ["packs/3.pack", "packs/1.pack", "packs/2.pack"]
    assert (found.before, old.before, found.freed, found.left_over) == (kept_from(NOW, 24), kept_from(NOW, 24), 2100, 0)
    assert (old.dropped, old.swept) == ([], 0)


def test_what_is_removed_is_what_was_listed_but_for_damaged_packs() -> None:
    sound, damaged = pack(1, 800), pack(2, 900, damaged=True, freed=0)
    old = Packs([sound, damaged])
    found = collect(old, NOW, 24, apply=True)
    assert old.dropped == [(sound, NOW)]
    assert (found.packs, old.swept, found.left_over, found.freed) == ((damaged, sound), 1, 11, 711)


def test_of_a_folder_in_which_nothing_was_recorded_nothing_goes() -> None:
    assert Collected(before=kept_from(NOW, 24), packs=()).freed == 0


def test_a_pack_for_machines() -> None:
    assert pack(1, 0).to_json() == {
        "file": "packs/1.pack", "started": "2026-11-24T15:30:00+00:00", "bytes": 900, "freed": 700, "dropped": 3,
        "kept": 1, "damaged": False,
    }  # fmt: skip
    assert pack(1, 0, damaged=True).to_json()["damaged"] is True
