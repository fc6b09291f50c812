"""The whole country in one sweep: every declared desk, notice and service, played under its real name, offline."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from monitor.catalogue.catalogue import load
from monitor.run.choose import looks_of, national_looks
from monitor.store.store import reading
from tests.simulator.demo import TIME_SCALE, national
from tests.simulator.fixture import ROOT

MADE_UP_FAILURES = {"crashed", "stopped"}


def vigie(*words: str, config: Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", *words, "--config", str(config), "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)


@pytest.mark.long
def test_every_declared_address_is_visited_politely_and_answers(tmp_path: Path) -> None:
    declared = load("prefectures")
    planned = [*looks_of(declared, (), ()), *national_looks(declared, (), ())]
    config, data = tmp_path / "monitor.toml", tmp_path / "data"
    with national(tmp_path) as simulator:
        config.write_text(
            f'[operator]\ncontact = "https://essai.invalid/vigie"\n[simulation]\n'
            f'address = "{simulator.address}:{simulator.https}"\nca_file = "{simulator.ca_file}"\n'
            f'time_scale = {TIME_SCALE}\n[browser]\nbinary = "/nonexistent/chromium"\n',
            encoding="utf-8",
        )
        done = vigie("run", "--json", config=config, data=data)
        assert done.returncode in (0, 3), done.stderr
        violations, hosts = simulator.violations(), simulator.stats()["hosts"]
    records = recorded(data)
    skipped = {one["check"]: one["why"] for one in report(data)["skipped"]}

    assert violations == []
    assert {look.subject.key for look in planned} == {r["check"] for r in records} | set(skipped)
    assert not MADE_UP_FAILURES & set(skipped.values())
    assert {key for key, why in skipped.items() if why == "browser"} == {
        look.subject.key for look in planned if look.needs_browser
    }
    assert {look.host for look in planned if not look.needs_browser} <= set(hosts)

    readings = Counter((r["look"], r["reading"]) for r in records)
    assert readings["notice", "Unreadable"] == 0, "a declared page the simulator does not play"
    assert readings["notice", "Published"] > 20
    assert readings["notice", "NotFound"] > 5
    assert readings["desk", "NoSlot"] > 20
    assert readings["desk", "RequestForm"] > 50
    figures = [r for r in records if r["check"].startswith("national/figures/")]
    assert {r["reading"] for r in figures} == {"PublishedFigures"}
    assert next(r["reading"] for r in records if r["check"] == "national/ccc") == "FrontPageShown"
    assert all(r["simulated"] for r in records)

    table = vigie("table", "--csv", config=config, data=data)
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    assert len(rows) == len(declared.prefectures)
    assert {row["desks_seen"] for row in rows} == {"0"}, "what a simulator played was seen on no site"


def recorded(data: Path) -> list[dict[str, Any]]:
    with reading(data) as opened:
        assert opened is not None
        return [json.loads(row.line) for row in opened[0].rows()]


def report(data: Path) -> dict[str, Any]:
    with reading(data) as opened:
        assert opened is not None
        return opened[0].sweeps(1)[0].report or {}
