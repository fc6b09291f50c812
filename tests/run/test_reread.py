"""`vigie reread`: what an earlier reader misread is found in the pages kept, marked everywhere and counted nowhere."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from monitor.catalogue.catalogue import load
from monitor.core.prefecture import Desk
from monitor.core.record import digest, instant
from monitor.evidence.seal import Evidence
from monitor.evidence.sums import check_id
from monitor.report.rereadings import REREADINGS, keep, unconfirmed
from monitor.run.reread import RereadRequest, reread
from monitor.settings.settings import Settings
from monitor.store.store import reading
from monitor.sweep.plan import desk_look
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, settings
from tests.support.exporting import seal
from tests.support.records import opened
from tests.support.sweeps import swept

TRUE, SHOWN, FALSE = "95/renouvellement-cergy", "95/renouvellement-vpf-sarcelles", "95/examen-situation-sarcelles"
PLAYED = {TRUE: "no_slot", SHOWN: "slots", FALSE: "captcha"}
PREFECTURE = load("prefectures").find("95")


def desk(key: str) -> Desk:
    return next(one for one in PREFECTURE.desks if f"95/{one.slug}" == key)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", "0.02") as running:
        yield running


@pytest.fixture
def vigie(simulator: Simulator, tmp_path: Path) -> Vigie:
    """A sweep over three desks, and a second one in which an earlier reader took the captcha for "no slot"."""
    data = tmp_path / "data"
    data.mkdir()
    for key, state in PLAYED.items():
        simulator.show("www.val-doise.gouv.fr", f"/booking/create/{desk(key).platform.url.rsplit('/')[-1]}", state)
    looks = [desk_look(PREFECTURE, desk(key)) for key in PLAYED]
    swept(simulator, data, looks, vantage=lambda made: replace(made, anchor=Evidence(data).anchor()))
    misread(data)
    return Vigie(data, settings(tmp_path))


def misread(data: Path) -> None:
    """What an earlier reader made of the captcha's page: "no slot"."""
    said = {"reading": "NoSlot", "by_data": False, "seen": "Il n'existe plus de plage horaire", "obstacle": None}
    copied(data, FALSE, said)


def copied(data: Path, key: str, said: dict[str, Any]) -> None:
    """One more sweep, whose only record has the exchanges of the check's last and says something else of them."""
    with reading(data) as before:
        assert before is not None
        last = before[0].history(key)[0]
    at = datetime.now(UTC)
    with opened(data, at) as store:
        evidence = Evidence(data)
        evidence.seal(store.records, at)
        sweep = store.begin_sweep(at, {"due": [key], "skipped": []})
        record = json.loads(last.line) | said
        record |= {"seq": store.records.size(), "sweep": sweep, "started": instant(at), "finished": instant(at)}
        record["id"] = check_id(evidence.anchor(), sweep, key)
        record = {name: value for name, value in record.items() if value is not None}
        store.append(record, bodies=store.blobs.parts(last.seq) or ())
        store.end_sweep(sweep, at, {})
        store.barrier(at)


def test_a_slot_is_not_confirmed_by_an_open_way_behind_which_none_is_seen(simulator: Simulator, vigie: Vigie) -> None:
    one = desk(SHOWN)
    simulator.show("www.val-doise.gouv.fr", f"/booking/create/{one.platform.url.rsplit('/')[-1]}", "slots_weak")
    swept(simulator, vigie.data, [desk_look(PREFECTURE, one)])
    copied(vigie.data, SHOWN, {"weak": False})
    told = vigie.json("reread", codes=(1,))
    wrong = [one for one in told["unconfirmed"] if one["recorded"]["check"] == SHOWN]
    assert [(one["recorded"]["weak"], one["now"]["weak"]) for one in wrong] == [(False, True)]
    assert told["confirmed"] == 4, "a weak opening, looked at twice and still read as one, is confirmed"


def lines(vigie: Vigie) -> list[bytes]:
    with reading(vigie.data) as found:
        assert found is not None
        return [line for _seq, line in found[0].lines()]


def stats(vigie: Vigie) -> dict[str, int]:
    rows = vigie.json("stats", "95", "--recent")["rows"]
    said: Counter[str] = Counter()
    for row in rows:
        said.update({one["reading"]: one["count"] for one in row["readings"]})
    return dict(said) | {"corrected": sum(row["corrected"] for row in rows), "done": sum(row["done"] for row in rows)}


def test_what_is_still_read_so_is_confirmed_and_the_rest_is_listed_with_what_it_says(vigie: Vigie) -> None:
    before = lines(vigie)
    told = vigie.json("reread", codes=(1,))
    assert (told["asked"], told["confirmed"], told["not_read"]) == (3, 2, {})
    (wrong,) = told["unconfirmed"]
    assert (wrong["recorded"]["check"], wrong["recorded"]["reading"]) == (FALSE, "NoSlot")
    assert (wrong["now"]["reading"], wrong["now"]["obstacle"]) == ("Obstructed", "captcha")
    assert wrong["line_sha256"] == digest(before[-1])
    assert lines(vigie) == before, "nothing recorded is changed"
    done = vigie("reread", "--lang", "fr")
    assert done.returncode == 1
    shown = done.stdout.replace("\xa0", " ")
    assert "derrière un captcha, non lu" in shown
    assert "confirmées : 2 ; plus confirmées, qui ne comptent plus : 1" in shown


def test_figures_the_table_and_the_status_mark_it_and_do_not_count_it(vigie: Vigie) -> None:
    assert stats(vigie) == {"NoSlot": 2, "SlotsOpen": 1, "Obstructed": 1, "corrected": 0, "done": 4}
    vigie("reread")
    assert stats(vigie) == {"NoSlot": 1, "SlotsOpen": 1, "Obstructed": 1, "corrected": 1, "done": 4}
    assert "1 corrected and not counted" in vigie("stats", "95", "--recent", "--lang", "en").stdout
    (row,) = csv.DictReader(io.StringIO(vigie("table", "95", "--csv").stdout))
    assert row["no_slot"] == "0"  # all is too young for a public file
    desks = {one["check"]: one for row in vigie.json("table", "95") for one in row["desks"]}
    assert desks[FALSE]["remark"].startswith("not counted: read again on ")
    assert desks[TRUE]["remark"] is None
    shown = vigie("table", "95", "--lang", "en").stdout.replace("\xa0", " ")
    assert "✗ reading not confirmed, not counted 1/4" in shown
    assert "no slot, says the site 1/4" in shown
    status = vigie("status", "95", "--lang", "en").stdout
    assert "read today: behind a captcha, not read" in status


def test_an_export_prints_it_with_its_remark_and_counts_it_nowhere(vigie: Vigie, tmp_path: Path) -> None:
    seal(vigie.data)
    vigie("reread")
    assert vigie("export", "95", "--out", tmp_path / "out").returncode == 0
    text = (tmp_path / "out" / "observations.csv").read_text(encoding="utf-8-sig")
    rows = {int(row["Numéro"]): row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert [seq for seq, row in rows.items() if row["Correction"]] == [max(rows)]
    assert "la page gardée ne confirme plus cette lecture" in rows[max(rows)]["Correction"]
    printed = " ".join(
        " ".join(page.extract_text().replace("\xa0", " ").split())
        for page in PdfReader(tmp_path / "out" / "releve.pdf").pages
    )
    assert "3 comptées ; 1 imprimée et non comptée" in printed
    assert "Observations corrigées, non comptées" in printed
    assert "enregistrés, puis corrigés et non comptés" in printed
    assert printed.count("Non comptée : relue le") == 1
    assert "que la relecture des pages gardées ne confirme plus : 1" in (tmp_path / "out" / "LISEZ-MOI.txt").read_text(
        encoding="utf-8"
    )
    assert vigie("verify", tmp_path / "out").returncode == 3, "nothing false; no authority was asked"


def test_nothing_sealed_changes_and_a_reading_that_holds_again_counts_again(vigie: Vigie) -> None:
    seal(vigie.data)
    sealed = {path: path.read_bytes() for path in (vigie.data / "evidence").rglob("*") if path.is_file()}
    vigie("reread")
    assert {path: path.read_bytes() for path in (vigie.data / "evidence").rglob("*") if path.is_file()} == sealed
    (one,) = unconfirmed(vigie.data).values()
    with reading(vigie.data) as found:
        assert found is not None
        first = next(row for row in found[0].rows() if row.subject == TRUE)
    keep(vigie.data, [replace(one, seq=first.seq, line_sha256=digest(first.line), check=TRUE), one])
    assert stats(vigie)["corrected"] == 2
    vigie("reread")
    assert [*unconfirmed(vigie.data)] == [one.seq]


def test_an_answer_given_of_another_line_marks_nothing(vigie: Vigie) -> None:
    """A data folder put back from an older copy gives its numbers anew."""
    vigie("reread")
    (one,) = unconfirmed(vigie.data).values()
    keep(vigie.data, [replace(one, seq=one.seq - 1)])
    assert stats(vigie)["corrected"] == 0
    assert "read again on" not in vigie("history", "95", "--lang", "en").stdout


def test_what_cannot_be_read_again_keeps_its_answer(vigie: Vigie) -> None:
    vigie("reread")
    for pack in (vigie.data / "store" / "packs").iterdir():
        pack.write_bytes(b"\0" * pack.stat().st_size)
    told = vigie.json("reread", codes=(3,))
    assert (told["confirmed"], told["unconfirmed"], told["not_read"]) == (0, [], {"damaged": 3})
    assert len(unconfirmed(vigie.data)) == 1


def test_since_is_a_day_of_legal_time_and_the_work_is_callable(vigie: Vigie) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    told = vigie.json("reread", "--since", tomorrow.isoformat())
    assert (told["asked"], told["since"]) == (0, tomorrow.isoformat())
    steps: list[tuple[int, int]] = []
    chosen = Settings(data=vigie.data)
    done = reread(RereadRequest(since=date(2020, 1, 1)), chosen, progress=lambda n, of: steps.append((n, of)))
    assert (done.asked, len(done.refuted), steps) == (3, 1, [(1, 3), (2, 3), (3, 3)])
    bad = vigie("reread", "--since", "hier", "--lang", "en")
    assert (bad.returncode, "is not a day" in bad.stderr) == (64, True)


def test_a_damaged_answer_counts_nothing_by_accident(vigie: Vigie) -> None:
    vigie("reread")
    (vigie.data / REREADINGS).write_text("{}", encoding="utf-8")
    done = vigie("stats", "95", "--recent", "--lang", "en")
    assert (done.returncode, REREADINGS in done.stderr) == (74, True)


def test_an_empty_folder_has_nothing_to_read_again(tmp_path: Path) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path))
    done = vigie("reread", "--lang", "en")
    assert (done.returncode, "nothing to read again" in done.stdout, vigie.data.exists()) == (0, True, False)


def test_help_teaches(vigie: Vigie) -> None:
    shown: Any = vigie("reread", "--help", "--lang", "fr").stdout
    assert "vigie reread --since 2026-09-01" in shown
    assert "Code 0" in shown
