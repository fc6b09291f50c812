"""What was read is read again from the bytes that were kept: the same reading, or a record named as false."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.api import DemarcheNumerique, EzBooking, RdvPrefecture
from monitor.catalogue.catalogue import load
from monitor.cli import run
from monitor.core.exchange import Exchange
from monitor.core.prefecture import Open, Page
from monitor.core.record import Sources, canonical
from monitor.evidence.rules.findings import Report
from monitor.evidence.seal import Evidence
from monitor.fetch.http.recorded import RecordedSession
from monitor.read.notices.rules import notice_rules
from monitor.run.choose import looks_of, national_looks
from monitor.store.store import reading
from monitor.sweep.plan import Look, declared_looks, desk_look, notice_look
from monitor.sweep.replay import Missing, Replayer
from tests.simulator.client import Simulator
from tests.simulator.fixture import simulator, simulator_of_module
from tests.support.exporting import seal
from tests.support.parts import part
from tests.support.sweeps import MODULE, ez, host_of, look, swept
from tests.sweep.test_sweep_notices import KEY, NOTICE, PREFECTURE, swept_notice

__all__ = ["simulator", "simulator_of_module"]

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
STATES = {
    "a": "no_slot", "b": "slots", "c": "captcha", "d": "503", "e": "layout_changed", "f": "disabled", "g": "truncated",
    "h": "403_haproxy", "i": "slots_weak",
}  # fmt: skip
LOOKS = [*map(ez, STATES), look("rdv", RdvPrefecture(2246)), look("form", DemarcheNumerique("titre-de-sejour"))]


def vigie(*words: str) -> int:
    """Run the command, in English."""
    return run([*words, "--lang", "en"])


def find(key: str, earlier: Mapping[str, Any] | None) -> Look | None:
    if key == KEY:
        return notice_look(PREFECTURE, NOTICE, notice_rules, earlier)
    return next((one for one in LOOKS if one.subject.key == key), None)


def replayed(
    folder: Path,
    *,
    edit: Callable[[dict[str, Any]], None] = lambda record: None,
    missing: Mapping[str, Missing] | None = None,
    sources: Sources | None = None,
    first: int = 0,
) -> Report:
    """Replay a data folder. edit: changes each record first; missing: digests said not to be there."""
    report = Report()
    with reading(folder) as opened:
        assert opened is not None
        records, blobs = opened
        lines = []
        for _seq, line in records.lines(first):
            record = json.loads(line)
            edit(record)
            lines.append(canonical(record))
        replayer = Replayer(
            kept=lambda digest, seq: (missing or {}).get(digest) or blobs.get(digest, seq),
            look=find,
            sources=lambda one: sources or Sources(),
        )
        asyncio.run(replayer.replay(lines, report))
    return report


@pytest.fixture
def desks(simulator: Simulator, tmp_path: Path) -> Path:
    """A data folder with a sweep over every kind of answer."""
    for slug, state in STATES.items():
        simulator.show(host_of(slug), MODULE, state)
    assert len(swept(simulator, tmp_path, LOOKS).records) == len(LOOKS)
    return tmp_path


def counted(report: Report, words: str) -> int:
    return next((int(n.split()[1]) for n in report.notes if words in n), 0)


def test_every_desk_reads_the_same_again(desks: Path) -> None:
    report = replayed(desks)
    assert report.findings == []
    with reading(desks) as opened:
        assert opened is not None
        assert counted(report, "the same reading") == opened[0].size() >= len(LOOKS)


def test_robots_of_an_earlier_check_is_not_missed(simulator: Simulator, tmp_path: Path) -> None:
    for _ in range(2):
        swept(simulator, tmp_path, [ez("a")])
    report = replayed(tmp_path)
    assert (report.findings, counted(report, "the same reading")) == ([], 2)


def test_a_reading_that_the_bytes_do_not_give_is_named(desks: Path) -> None:
    def lie(record: dict[str, Any]) -> None:
        if record["check"] == "01/c":
            del record["obstacle"]
            record |= {"reading": "NoSlot", "by_data": False, "seen": "Il n'existe plus de plage horaire libre"}

    (finding,) = replayed(desks, edit=lie).findings
    assert (finding.code, finding.failed, "01/c" in finding.where) == ("replay", True, True)
    assert "recorded: NoSlot" in finding.detail
    assert "read again: Obstructed captcha" in finding.detail


def test_another_sentence_than_that_of_the_page_is_named(desks: Path) -> None:
    def reword(record: dict[str, Any]) -> None:
        if record["check"] == "01/a":
            record["seen"] = "Aucun rendez-vous disponible jusqu'au 31 décembre"

    (finding,) = replayed(desks, edit=reword).findings
    assert (finding.code, finding.failed, "01/a" in finding.where) == ("replay", True, True)


@pytest.mark.parametrize("said", ["NoSlot", "SlotsOpen"])
def test_an_answer_of_the_site_without_any_exchange_is_named(desks: Path, said: str) -> None:
    def invent(record: dict[str, Any]) -> None:
        if record["check"] == "01/c":
            del record["obstacle"], record["exchanges"]
            record |= {"reading": said, "by_data": False, "seen": "Il n'existe plus de plage horaire libre"}

    (finding,) = replayed(desks, edit=invent).findings
    assert (finding.code, finding.failed, "01/c" in finding.where) == ("replay", True, True)


def test_a_desk_whose_address_was_put_right_is_not_said_to_read_otherwise(desks: Path) -> None:
    def moved(record: dict[str, Any]) -> None:
        if record["check"] == "01/a":
            record["url"] = record["url"].replace("11343", "11344")

    report = replayed(desks, edit=moved)
    assert (report.findings, counted(report, "names another address")) == ([], 1)


def test_another_rule_is_said_and_the_record_replayed(desks: Path) -> None:
    report = replayed(
        desks, edit=lambda record: record.update(rule={"id": "x", "sha256": "a" * 64}), sources=Sources(rule="b" * 64)
    )
    assert report.findings == []
    assert any(f"by rule {'a' * 64}, read again by rule {'b' * 64}" in note for note in report.notes)


@pytest.mark.parametrize(("why", "words"), [("dropped", "were dropped"), ("not_enclosed", "are not enclosed")])
def test_bytes_that_are_not_there_are_said_and_never_fail(desks: Path, why: Missing, words: str) -> None:
    gone: dict[str, Missing] = {}

    def note(record: dict[str, Any]) -> None:
        if record["check"] == "01/a":
            gone[record["exchanges"][-1]["decoded_body_sha256"]] = why

    report = replayed(desks, edit=note, missing=gone)
    assert (report.findings, counted(report, words)) == ([], 1)


def test_damaged_bytes_fail(desks: Path) -> None:
    gone: dict[str, Missing] = {}

    def note(record: dict[str, Any]) -> None:
        if record["check"] == "01/a":
            gone[record["exchanges"][-1]["decoded_body_sha256"]] = "damaged"

    (finding,) = replayed(desks, edit=note, missing=gone).findings
    assert finding.failed


def test_a_walk_to_another_address_is_a_failure(desks: Path) -> None:
    def elsewhere(record: dict[str, Any]) -> None:
        if record["check"] == "01/a":
            record["exchanges"][-1]["url"] += "/autre"

    (finding,) = replayed(desks, edit=elsewhere).findings
    assert "which was not recorded" in finding.detail


def test_what_was_read_after_a_script_had_run_is_said_not_to_be_read_again(desks: Path) -> None:
    def browse(record: dict[str, Any]) -> None:
        if record["check"] in ("01/a", "01/b"):
            record["browser"] = {"name": "Chrome/0", "used": [], "refused": []}
            record["steps"] = [{"open": record["url"]} | ({"answer": "x"} if record["check"] == "01/b" else {})]

    report = replayed(desks, edit=browse)
    assert (report.findings, counted(report, "as its script had made it")) == ([], 1)


def test_a_desk_that_is_declared_no_more_is_said(desks: Path) -> None:
    report = replayed(desks, edit=lambda record: record.update(check="01/parti"))
    assert report.findings == []
    assert counted(report, "no longer declares") > 0


def test_an_unchanged_notice_rests_on_the_record_before(simulator: Simulator, tmp_path: Path) -> None:
    for _ in range(3):
        swept_notice(simulator, tmp_path)
    report = replayed(tmp_path)
    assert (report.findings, counted(report, "the same reading")) == ([], 3)
    alone = replayed(tmp_path, first=1)
    assert alone.findings == []
    assert counted(alone, "an earlier observation") == 1


def test_our_own_broken_network_replays_as_recorded(desks: Path) -> None:
    def ours(record: dict[str, Any]) -> None:
        if record["reading"] == "Unreached":
            record |= {"cause": "vantage_offline", "detail": record["cause"]}

    assert replayed(desks, edit=ours).findings == []


def test_an_export_and_its_data_folder_are_replayed_by_the_command(
    simulator: Simulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A declared desk and a declared notice, swept, sealed, exported: the pages and header blocks enclosed suffice."""
    prefecture = load("prefectures").find("95")
    desk = next(one for one in prefecture.active_desks if isinstance(one.platform, EzBooking))
    notice = prefecture.notices[0]
    looks = [desk_look(prefecture, desk), notice_look(prefecture, notice, notice_rules)]
    data = tmp_path / "data"
    for one in looks:
        simulator.show(one.host, urlsplit(one.subject.url).path, "no_slot" if one.kind == "calendar" else "404")
    known = swept(simulator, data, looks, vantage=lambda made: replace(made, anchor=Evidence(data).anchor()))
    assert len(known.observations) == 2
    seal(data)
    for scope in (f"95/{desk.slug}", f"95/notices/{notice.slug}"):
        out = tmp_path / scope.replace("/", "-")
        assert vigie("export", scope, "--data", str(data), "--out", str(out)) == 0
        capsys.readouterr()
        assert vigie("verify", str(out), "--replay") == 3  # no authority was asked
        told = capsys.readouterr().out
        assert "replay: 1 read again, the same reading" in told, told
        part("openssl")  # the script asks for it
        shell = subprocess.run(["sh", "verify.sh"], cwd=out, capture_output=True, text=True, check=False)
        assert shell.returncode == 3, shell.stdout
    assert vigie("verify", "--all", "--replay", "--data", str(data)) == 3
    assert "replay: 2 read again, the same reading" in capsys.readouterr().out
    _rewrite(data)
    assert vigie("verify", "--all", "--replay", "--data", str(data)) == 1
    assert "does not say what its line says" in capsys.readouterr().out
    (data / "vigie.db").unlink()
    assert vigie("verify", "--all", "--replay", "--data", str(data)) == 74
    assert "vigie rebuild" in capsys.readouterr().err


def _rewrite(data: Path) -> None:
    """What who holds the machine could do to its database: the append-only rules are triggers, and triggers drop."""
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        db.execute("DROP TRIGGER observation_no_update")
        db.execute("UPDATE observation SET reading = 'SlotsOpen' WHERE seq = 0")
        db.commit()


def test_whatever_a_sweep_looks_at_is_known_to_a_replay() -> None:
    declared = load("prefectures")
    find = declared_looks(declared, notice_rules)
    for one in (*looks_of(declared, (), ()), *national_looks(declared, (), ())):
        known = find(one.subject.key, None)
        assert known is not None, one.subject.key
        assert known.subject == one.subject


def test_of_several_awaited_answers_the_last_is_read_again_as_the_visit_did() -> None:
    address = "https://www.essai.gouv.fr/api/slots"
    first = Exchange(
        method="POST", url=address, started=NOW, finished=NOW, started_mono_ns=0, finished_mono_ns=1, status=503
    )
    later = [replace(first, status=200, decoded_body=b'{"days": [7]}'), replace(first, url=f"{address}/texts")]
    session = RecordedSession([first, *later])
    came = asyncio.run(session.perform((Open("https://www.essai.gouv.fr/", answer="/api/slots$"),), None))
    assert isinstance(came, Page)
    assert (came.status, came.body) == (200, b'{"days": [7]}')
