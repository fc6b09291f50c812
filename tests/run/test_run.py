"""A sweep through `monitor.run` alone, as a web page or a second machine calls it: no command line, nothing printed."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.core.errors import LockedError, UsageError
from monitor.core.record import RecordLine
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_ledger
from monitor.run import wiring
from monitor.run.choose import RunRequest
from monitor.run.deliver import outbox
from monitor.run.export import ExportRequest, export
from monitor.run.run import run
from monitor.settings.settings import Settings
from monitor.store.files import hold
from monitor.sweep.follow import Stage, Unheard
from monitor.sweep.plan import Look
from tests.simulator.client import Simulator
from tests.simulator.fixture import ROOT, simulator, simulator_of_module
from tests.support.commands import settings

__all__ = ["simulator", "simulator_of_module"]

DESK = "95/renouvellement-cergy"


def chosen(folder: Path, played: Simulator, more: str = "") -> Settings:
    return wiring.settings(str(settings(folder, played, more=more)), str(folder / "data"))


def test_a_sweep_is_run_reported_sealed_exported_and_returned(
    simulator: Simulator, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    heard: list[str] = []

    class Ear(Unheard):
        def begins(self, looks: Sequence[Look]) -> None:
            heard.extend(look.subject.key for look in looks)

        def kept(self, record: RecordLine) -> None:
            heard.append(record["reading"])

        def turns_to(self, stage: Stage) -> None:
            heard.append(stage)

    own = chosen(tmp_path, simulator)
    ended = run(RunRequest(codes=(DESK,)), own, Ear())
    assert heard == [DESK, "NoSlot", "pictures", "second_looks", "walk", "seal"]
    assert ended.swept is not None
    assert ended.swept.summary is not None
    assert ended.swept.summary.looked == {DESK}
    assert (ended.code, ended.stopped, ended.ping) == (0, False, None)
    assert ended.to_json()["readings"] == {"NoSlot": 1}
    report_of_seal = verify_ledger(FolderArchive(own.data / "evidence", packed=True), Verifiers())
    assert not report_of_seal.failed

    made = export(ExportRequest(code=DESK, folder=tmp_path / "out", attachable=True), own)
    assert (made.folder, len(made.dossier.seen)) == (tmp_path / "out", 1)
    assert made.size == sum(path.stat().st_size for path in made.folder.iterdir())
    shown = outbox(own, send=True)
    assert (shown.counts, shown.waiting, shown.sent) == ({}, [], {})

    assert capfd.readouterr() == ("", "")


def test_nothing_to_look_at_says_what_must_wait(simulator: Simulator, tmp_path: Path) -> None:
    file = settings(tmp_path, simulator, scale=0.1)  # a floor of one minute
    own = wiring.settings(str(file), str(tmp_path / "data"))
    assert run(RunRequest(codes=(DESK,)), own).code == 0
    held = run(RunRequest(codes=(DESK,)), own)
    assert (held.code, held.swept, [one.why for one in held.skipped]) == (0, None, ["floor"])
    with pytest.raises(UsageError):
        run(RunRequest(codes=("95/nowhere",)), own)


def test_who_holds_the_lock_is_not_disturbed(simulator: Simulator, tmp_path: Path) -> None:
    own = chosen(tmp_path, simulator)
    with hold(own.data), pytest.raises(LockedError):
        run(RunRequest(codes=(DESK,)), own)
    assert simulator.log() == []


def test_a_scheduled_run_that_cannot_read_a_desk_ends_with_3_and_logs_to_whoever_listens(
    simulator: Simulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    simulator.show("www.val-doise.gouv.fr", "/booking/create/13860", "layout_changed")
    watch = '[watch]\nprefectures = ["95"]\nprocedures = ["renewal"]\n[watching]\ntextfile = "absent/vigie.prom"\n'
    with caplog.at_level(logging.WARNING, "vigie"):
        ended = run(RunRequest(scheduled=True), chosen(tmp_path, simulator, watch))
    assert ended.code == 3
    assert [record.__dict__["event"] for record in caplog.records] == ["textfile_failed"]


def test_no_part_of_a_run_imports_the_command_line() -> None:
    names = sorted(path.stem for path in (ROOT / "monitor" / "run").glob("[a-z]*.py"))
    script = "import sys\n" + "".join(f"import monitor.run.{name}\n" for name in names)
    script += "print(*(name for name in sys.modules if name.startswith('monitor.cli')))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_sweep_of_which_nothing_is_told_loads_nothing_that_writes_or_sends() -> None:
    code = "import sys, monitor.run.alerting, monitor.run.sweeping; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "monitor.alerts.send.newsroom" in loaded
    assert not loaded & {"monitor.alerts.text.compose", "monitor.alerts.send.deliver", "monitor.paper.document"}
    assert not loaded & {"apprise", "tenacity", "anyio", "httpcore"}
