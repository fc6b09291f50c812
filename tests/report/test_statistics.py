"""Figures: what each share is a share of, gaps declared, weeks in legal time, the simulator never added to a site."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.labels import label
from monitor.report.statistics import (
    PUBLIC_AFTER,
    Counted,
    DeskPlace,
    Key,
    ReadingTally,
    Statistics,
    summed,
)
from monitor.report.stats_pdf import one_page
from monitor.report.tallies import COLUMNS, flat, to_json
from monitor.store.kept.tally import Outcome, SweepSeen
from tests.core.test_labels import ALL
from tests.support.commands import Vigie, settings
from tests.support.records import opened, record

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
PLACES = {
    key: DeskPlace(check=key, prefecture=key.partition("/")[0], procedure=procedure, zone=zone)
    for key, procedure, zone in (
        ("95/a", "renewal", PARIS), ("95/b", "renewal", PARIS), ("95/c", "aes", PARIS), ("974/d", "renewal", REUNION),
    )
}  # fmt: skip


def look(check: str, at: datetime, reading: str = "NoSlot", detail: str | None = None, **more: Any) -> Outcome:
    values: dict[str, Any] = {"simulated": False, **more}
    return Outcome(check=check, started=at, reading=reading, detail=detail, **values)


def sweep(at: datetime, outcomes: Sequence[Outcome], *, due: Sequence[str] = (), **more: Any) -> SweepSeen:
    keys = due or [one.check for one in outcomes]
    values: dict[str, Any] = {"finished": at + timedelta(minutes=5), "skipped": {}, **more}
    return SweepSeen(started=at, due=keys, outcomes=outcomes, **values)


def counted(*sweeps: SweepSeen, until: datetime | None = None) -> dict[Key, ReadingTally]:
    statistics = Statistics(PLACES, until=until)
    for one in sweeps:
        statistics.add(one)
    return dict(statistics.rows())


# --- counting ---------------------------------------------------------------------------------------------------------


def test_shares_have_their_denominator_and_what_is_ours_is_none_of_it() -> None:
    said = ["NoSlot"] * 6 + ["SlotsOpen", "Obstructed", "Unreached"]
    sweeps = [
        sweep(MONDAY + timedelta(hours=i), [look("95/a", MONDAY + timedelta(hours=i), r)]) for i, r in enumerate(said)
    ]
    sweeps.append(
        sweep(MONDAY + timedelta(days=1), [look("95/a", MONDAY + timedelta(days=1), "Unreached", "vantage_offline")])
    )
    ((key, tally),) = counted(*sweeps).items()
    assert key == Key("95", "renewal", "2026-W47", False)
    assert (tally.due, tally.done, tally.looks, tally.asked) == (10, 10, 10, 9)
    assert tally.share(Counted("NoSlot", None)) == pytest.approx(6 / 9)
    assert tally.share(Counted("Unreached", None)) == pytest.approx(1 / 9)
    assert tally.share(Counted("Unreached", "vantage_offline")) is None
    assert tally.longest_gap == timedelta(hours=16)


def test_each_detail_is_counted_apart() -> None:
    said = [("NoSlot", None), ("NoSlot", None), ("NoSlot", "by_data"), ("Obstructed", "captcha"), ("Obstructed", "waf")]
    ((_key, tally),) = counted(sweep(MONDAY, [look("95/a", MONDAY, *one) for one in said])).items()
    assert tally.said == Counter(Counted(*one) for one in said)


def test_gaps_are_declared_and_never_readings() -> None:
    done = sweep(MONDAY, [look("95/a", MONDAY)], due=["95/a", "95/b", "95/c"], skipped={"95/b": "host"})
    died = sweep(MONDAY + timedelta(hours=1), [], due=["95/a", "95/b"], finished=None)
    tallies = counted(done, died)
    renewal, aes = tallies[Key("95", "renewal", "2026-W47", False)], tallies[Key("95", "aes", "2026-W47", False)]
    assert (renewal.due, renewal.done, dict(renewal.skipped), renewal.missing) == (4, 1, {"host": 1}, 2)
    assert (aes.due, aes.done, aes.missing, aes.looks, aes.asked) == (1, 0, 1, 0, 0)
    assert aes.share(Counted("NoSlot", None)) is None


def test_a_sweep_that_still_runs_misses_nothing_yet() -> None:
    running = sweep(MONDAY, [look("95/a", MONDAY)], due=["95/a", "95/b"], finished=None, may_run=True)
    ((_key, tally),) = counted(running).items()
    assert (tally.due, tally.done, tally.missing) == (1, 1, 0)


def test_a_confirming_look_is_one_check_and_two_looks() -> None:
    outcomes = [look("95/a", MONDAY, "SlotsOpen", "weak"), look("95/a", MONDAY + timedelta(minutes=1), "NoSlot")]
    ((_key, tally),) = counted(sweep(MONDAY, outcomes, due=["95/a"])).items()
    assert (tally.due, tally.done, tally.looks) == (1, 1, 2)
    assert tally.share(Counted("SlotsOpen", "weak")) == 0.5


def test_the_week_is_that_of_the_prefectures_clock() -> None:
    sunday_night = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)  # 22:30 in Paris, Monday 01:30 in La Réunion
    keys = counted(sweep(sunday_night, [look("95/a", sunday_night), look("974/d", sunday_night)]))
    assert [(key.prefecture, key.week) for key in keys] == [("95", "2026-W47"), ("974", "2026-W48")]
    new_year = datetime(2027, 1, 1, 12, tzinfo=UTC)
    ((key, _tally),) = counted(sweep(new_year, [look("95/a", new_year)])).items()
    assert key.week == "2026-W53"


def test_what_a_simulator_played_is_never_added() -> None:
    real = sweep(MONDAY, [look("95/a", MONDAY)], due=["95/a", "95/b"])
    played = sweep(
        MONDAY + timedelta(hours=1), [look("95/a", MONDAY, "SlotsOpen", simulated=True)], due=["95/a", "95/b"]
    )
    died = sweep(MONDAY + timedelta(hours=2), [], due=["95/a"], finished=None)
    tallies = counted(real, played, died)
    site, play = (tallies[Key("95", "renewal", "2026-W47", simulated)] for simulated in (False, True))
    assert (site.due, site.done, site.missing, dict(site.said)) == (2, 1, 1, {Counted("NoSlot", None): 1})
    assert (play.due, play.done, play.missing, dict(play.said)) == (3, 1, 2, {Counted("SlotsOpen", None): 1})
    with pytest.raises(ValueError, match="on one page"):
        one_page([*tallies.items()], until=MONDAY, made=MONDAY)


def test_what_is_younger_than_a_day_is_left_out_whole() -> None:
    until = MONDAY + timedelta(minutes=5)
    statistics = Statistics(PLACES, until=until)
    statistics.add(sweep(MONDAY, [look("95/a", MONDAY)]))
    statistics.add(sweep(MONDAY + timedelta(seconds=1), [look("95/a", MONDAY)]))  # ended a second too late
    statistics.add(sweep(MONDAY, [look("95/a", MONDAY + timedelta(minutes=6))], finished=None))
    assert statistics.left_out == 2
    ((_key, tally),) = statistics.rows()
    assert tally.looks == 1


def test_notices_and_prefectures_that_were_not_asked_for_are_passed_over() -> None:
    assert counted(sweep(MONDAY, [look("95/notices/pan", MONDAY, "Published"), look("33/x", MONDAY)])) == {}


def test_wait_is_counted_from_the_legal_day_where_a_day_is_shown() -> None:
    at = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)  # already the 17th in Paris
    days = [date(2026, 11, 17) + timedelta(days=n) for n in (0, 10, 20, 30, 100)]
    outcomes = [look("95/a", at, "SlotsOpen", first_day=day.isoformat()) for day in days]
    outcomes.append(look("95/a", at, "SlotsOpen", "weak"))
    outcomes.append(look("95/a", at, "SlotsOpen", first_day="2026-11-16"))  # over before the look: no wait
    ((_key, tally),) = counted(sweep(at, outcomes)).items()
    assert sorted(tally.waits) == [0, 10, 20, 30, 100]
    assert (tally.wait_median, tally.wait_p90) == (20, 100)
    assert (ReadingTally().wait_median, ReadingTally().wait_p90) == (None, None)
    assert (ReadingTally(waits=[*range(1, 11)]).wait_median, ReadingTally(waits=[*range(1, 11)]).wait_p90) == (5.5, 9)


@given(st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_nine_in_ten_were_offered_that_or_less(waits: list[int]) -> None:
    p90 = ReadingTally(waits=waits).wait_p90
    assert p90 in waits
    assert sum(w <= p90 for w in waits) * 10 >= len(waits) * 9
    assert sum(w < p90 for w in waits) * 10 < len(waits) * 9


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(PLACES)),
            st.sampled_from([("NoSlot", None), ("NoSlot", "by_data"), ("SlotsOpen", "weak"), ("Unreached", "dns"),
                             ("Unreached", "vantage_offline"), ("Obstructed", "captcha")]),
            st.integers(0, 30), st.booleans(),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_nothing_is_lost_or_counted_twice(said: list[tuple[str, tuple[str, str | None], int, bool]]) -> None:
    sweeps = []
    for check, reading, day, lost in said:
        at = MONDAY + timedelta(days=day)
        sweeps.append(sweep(at, [] if lost else [look(check, at, *reading)], due=[check]))
    tallies = counted(*sweeps)
    whole = summed(tallies.values())
    assert whole.due == len(said) == whole.done + whole.missing + whole.skipped.total()
    assert whole.looks == sum(not lost for *_rest, lost in said)
    for tally in tallies.values():
        shares = [share for one in tally.said if (share := tally.share(one)) is not None]
        assert not shares or sum(shares) == pytest.approx(1)


def test_rows_carry_denominator_and_gaps_each() -> None:
    done = sweep(
        MONDAY, [look("95/a", MONDAY), look("95/a", MONDAY, "Unreached", "vantage_offline")], due=["95/a", "95/c"]
    )
    rows = list(flat(counted(done).items()))
    assert all(set(row) <= set(COLUMNS) for row in rows)
    assert [(r["procedure"], r.get("reading"), r.get("count"), r.get("share"), r["missing"]) for r in rows] == [
        ("aes", None, None, None, 1), ("renewal", "NoSlot", 1, 1.0, 0), ("renewal", "Unreached", 1, None, 0),
    ]  # fmt: skip
    for key, tally in counted(done).items():
        assert json.loads(json.dumps(to_json(key, tally)))["due"] == tally.due


# --- the page ---------------------------------------------------------------------------------------------------------


def text_of(pdf: bytes) -> list[str]:
    from pypdf import PdfReader

    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_many_weeks_and_desks_fit_one_page() -> None:
    procedure = "international_protection"
    codes = [f"{n:02d}" for n in range(1, 96)]
    places = {f"{c}/a": DeskPlace(check=f"{c}/a", prefecture=c, procedure=procedure, zone=PARIS) for c in codes}
    statistics = Statistics(places)
    for week in range(60):
        at = MONDAY + timedelta(weeks=week)
        statistics.add(sweep(at, [look(key, at, "SlotsOpen", first_day="2028-03-01") for key in places]))
    (page,) = text_of(one_page(statistics.rows(), until=MONDAY, made=MONDAY))
    assert "5700 sur 5700 (100,0 %)" in page
    assert "79 autres ne sont pas dessinés" in page
    assert "SIMULATION" not in page


def test_a_page_of_a_simulation_says_so_and_an_empty_one_too() -> None:
    tallies = counted(sweep(MONDAY, [look("95/a", MONDAY, simulated=True)]))
    (page,) = text_of(one_page([*tallies.items()], until=MONDAY, made=MONDAY))
    assert "SIMULATION" in page
    (empty,) = text_of(one_page([], until=MONDAY, made=MONDAY))
    assert "Rien n'a encore été compté" in empty


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    """A folder with a sweep of two days ago, one of an hour ago, and one that died."""
    command, now = Vigie(tmp_path / "data", settings(tmp_path)), datetime.now(UTC)
    desk = "95/renouvellement-cergy"
    for ago, readings in ((48, ["SlotsOpen", "NoSlot"]), (47, []), (1, ["NoSlot"])):
        at = now - timedelta(hours=ago)
        with opened(command.data, at) as store:
            number = store.begin_sweep(at, {"due": [desk, "95/notices/x"], "skipped": []})
            for n, word in enumerate(readings):
                day = (at + timedelta(days=9)).astimezone(PARIS)
                more: dict[str, Any] = {"first_day": f"{day:%Y-%m-%d}"} if word == "SlotsOpen" else {}
                values: dict[str, Any] = {"procedure": "renewal", "time_zone": "Europe/Paris", "reading": word, **more}
                seq = store.next_seq()
                store.append(record(seq, sweep=number, check=desk, at=at + timedelta(seconds=n), **values))
            if readings:
                store.end_sweep(number, at + timedelta(minutes=1), {"skipped": []})
            store.barrier(at)
    return command


def test_public_figures_are_a_day_old(vigie: Vigie) -> None:
    assert timedelta(hours=24) == PUBLIC_AFTER
    told = vigie.json("stats", "95")
    assert told["left_out_sweeps"] == 1
    assert datetime.now(UTC) - datetime.fromisoformat(told["until"]) >= timedelta(hours=24)
    assert sum(row["due"] for row in told["rows"]) == 2
    assert sum(row["missing"] for row in told["rows"]) == 1
    assert sum(row["looks"] for row in told["rows"]) == 2
    assert [row["wait_days_median"] for row in told["rows"] if row["waits_known"]] == [9]
    recent = vigie.json("stats", "95", "--recent")
    assert (recent["left_out_sweeps"], sum(row["looks"] for row in recent["rows"])) == (0, 3)
    assert vigie.json("stats", "33")["rows"] == []


def test_csv_text_and_pdf(vigie: Vigie, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(vigie("stats", "--csv").stdout)))
    assert set(rows[0]) == set(COLUMNS)
    assert {(row["reading"], row["count"]) for row in rows if row["reading"]} == {("SlotsOpen", "1"), ("NoSlot", "1")}
    text = vigie("stats", "--lang", "en")
    assert text.stderr == ""
    assert "1/2 (50%)" in text.stdout
    assert "left out" in text.stdout
    done = vigie("stats", "--pdf", tmp_path / "page.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    (page,) = text_of((tmp_path / "page.pdf").read_bytes())
    assert "1 sur 2 (50,0 %)" in page
    assert "manquantes : 1" in page
    assert vigie("stats", "--pdf", tmp_path / "absent" / "page.pdf").returncode == 64


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_reading_a_sweep_can_record_is_told_in_its_own_words(tmp_path: Path, lang: str) -> None:
    """Sites stand behind captchas, logins and firewalls: a folder without one of them is no real folder."""
    command, at = Vigie(tmp_path / "data", settings(tmp_path)), datetime.now(UTC) - timedelta(hours=48)
    desk = "95/renouvellement-cergy"
    with opened(command.data, at) as store:
        number = store.begin_sweep(at, {"due": [desk], "skipped": []})
        for n, (name, detail) in enumerate(ALL):
            values: dict[str, Any] = {"procedure": "renewal", "time_zone": "Europe/Paris", "reading": name}
            line = record(store.next_seq(), sweep=number, check=desk, at=at + timedelta(seconds=n), **values)
            store.append(line, detail=detail)
        store.end_sweep(number, at + timedelta(minutes=10), {"skipped": []})
    told = command("stats", "95", "--lang", lang)
    assert (told.returncode, told.stderr) == (0, "")
    for name, detail in ALL:
        words = label(name, detail)
        assert f"{words.mark} {words.said(lang)} 1" in told.stdout
    rows = command.json("stats", "95")["rows"]
    assert {(one["reading"], one["detail"]) for row in rows for one in row["readings"]} == set(ALL)


def test_an_empty_folder_has_no_figures(tmp_path: Path) -> None:
    command = Vigie(tmp_path / "data", settings(tmp_path))
    assert command.json("stats")["rows"] == []
    assert "24" in command("stats").stdout
