"""The figures for Prometheus: what they count, that its own tool accepts them, and that the alert rules speak."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from monitor.alerts.send.outcome import Later, Refused
from monitor.ops.figures import FolderFigures, SweepFigures, folder_figures, write_figures
from tests.support.outbox import NOW, Clocks, enter, event, queue, subscribers, tell
from tests.support.parts import needs, part

ROOT: Final = Path(__file__).resolve().parents[2]
RULES: Final = ROOT / "config/prometheus/vigie.rules.yml"
CASES: Final = ROOT / "tests/fixtures/vigie.rules.test.yml"
AT: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SWEPT: Final = SweepFigures(
    ended=AT, due=3, done=2, seconds=1.5, code=3, readings={"NoSlot": 1, "Unreached": 1},
    failed={("Unreached", "timeout"): 1},
)  # fmt: skip
FOLDER: Final = FolderFigures(
    unsent={"signal": 2}, oldest={"signal": AT}, stopped=frozenset({"signal"}), suspended=1, sealed=AT,
    stamped={"autorité « a »": AT}, owed=4, free=10**10, database=4096,
)  # fmt: skip


def told(path: Path) -> Mapping[str, float]:
    """Every sample of a file: `name{label=value}` and its value."""
    families = text_string_to_metric_families(path.read_text("utf-8"))
    samples = [sample for family in families for sample in family.samples]
    return {
        one.name + "".join(f"{{{name}={value}}}" for name, value in sorted(one.labels.items())): one.value
        for one in samples
    }


def test_a_sweep_and_its_folder_in_figures(tmp_path: Path) -> None:
    path = tmp_path / "vigie.prom"
    write_figures(path, SWEPT, FOLDER)
    at = AT.timestamp()
    assert told(path) == {
        "vigie_last_sweep_timestamp_seconds": at,
        "vigie_last_sweep_duration_seconds": 1.5,
        "vigie_last_sweep_due": 3,
        "vigie_last_sweep_done": 2,
        "vigie_last_sweep_exit_code": 3,
        "vigie_last_sweep_readings{reading=NoSlot}": 1,
        "vigie_last_sweep_readings{reading=Unreached}": 1,
        "vigie_last_sweep_failed_looks{cause=timeout}{reading=Unreached}": 1,
        "vigie_unsent_messages{channel=email}": 0,
        "vigie_unsent_messages{channel=signal}": 2,
        "vigie_oldest_unsent_timestamp_seconds{channel=signal}": at,
        "vigie_sending_stopped{channel=email}": 0,
        "vigie_sending_stopped{channel=signal}": 1,
        "vigie_suspended_subscribers": 1,
        "vigie_last_seal_timestamp_seconds": at,
        "vigie_last_stamp_timestamp_seconds{authority=autorité « a »}": at,
        "vigie_owed_stamps": 4,
        "vigie_disk_free_bytes": 10**10,
        "vigie_database_bytes": 4096,
    }


def test_a_folder_that_holds_nothing_yet(tmp_path: Path) -> None:
    found = folder_figures(tmp_path)
    assert (found.unsent, found.suspended, found.sealed, found.stamped, found.owed, found.database) == (
        {}, 0, None, {}, 0, 0,
    )  # fmt: skip
    assert found.free > 0


def test_unsent_stopped_and_suspended(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 4)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks)
        gone, ours, *_others = outbox.lease("email", 4)
        outbox.settle(gone, Refused("550 5.1.1"))
        outbox.settle(ours, Later("535 5.7.8", ours=True))
        clocks.forward(timedelta(hours=1))
        found = folder_figures(tmp_path)
    assert (found.unsent, found.suspended, found.stopped) == ({"email": 3}, 1, {"email"})
    assert found.oldest == {"email": NOW}
    assert found.database > 0


def promtool(*words: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [part("promtool"), *map(str, words)], input=given, capture_output=True, text=True, check=False
    )


@needs("promtool")
def test_promtool_has_nothing_to_say_of_the_figures(tmp_path: Path) -> None:
    path = tmp_path / "vigie.prom"
    write_figures(path, SWEPT, FOLDER)
    done = promtool("check", "metrics", given=path.read_text("utf-8"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs("promtool")
def test_the_alert_rules_speak_when_they_should_and_of_figures_that_exist(tmp_path: Path) -> None:
    for words in (("check", "rules", RULES), ("test", "rules", CASES)):
        done = promtool(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    path = tmp_path / "vigie.prom"
    write_figures(path, SWEPT, FOLDER)
    known = {name.partition("{")[0] for name in told(path)}
    assert set(re.findall(r"\bvigie_\w+", RULES.read_text("utf-8"))) <= known
