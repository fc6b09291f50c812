"""`vigie site`, and the site that `vigie run` keeps up to date."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.site.folder import build
from monitor.site.frame import Output
from monitor.site.publish import is_due
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, settings
from tests.support.sites import every, look, recorded

SITE = '[site]\ncontact = "corrections@example.org"\n'
ONE = '[watch]\nprefectures = ["95"]\nprocedures = ["renewal"]\n'


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    now = datetime.now(UTC)
    recorded(tmp_path / "data", [(at, [look()]) for at in [*every(now, 3), *every(now, 0.5, until=2)]], now)
    return Vigie(tmp_path / "data", settings(tmp_path, more=SITE))


def test_it_says_what_it_built_and_what_it_left_out(vigie: Vigie, tmp_path: Path) -> None:
    told = vigie.json("site", tmp_path / "out", "--codes", "95", "2A")
    assert told["files"] == sum(path.is_file() for path in (tmp_path / "out").rglob("*"))
    assert (told["changed"], told["left_out_sweeps"], told["simulated"]) == (True, 3, False)
    assert vigie.json("site", tmp_path / "out", "--codes", "95", "2A")["changed"] is False
    assert (tmp_path / "out" / "2A.html").is_file()
    assert not (tmp_path / "out" / "93.html").exists()
    said = vigie("site", tmp_path / "out", "--codes", "95").stdout
    assert "3 passages sont laissés de côté" in said


def test_the_first_language_stands_at_the_root(vigie: Vigie, tmp_path: Path) -> None:
    assert vigie("site", tmp_path / "out", "--codes", "95", "--languages", "facile,en").returncode == 0
    assert 'lang="fr"' in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert (tmp_path / "out" / "en" / "95.html").is_file()
    assert not (tmp_path / "out" / "fr").exists()


def test_it_takes_down_what_it_built_and_nothing_else(vigie: Vigie, tmp_path: Path) -> None:
    vigie("site", tmp_path / "out", "--codes", "95")
    assert vigie("site", tmp_path / "out", "--remove").returncode == 0
    assert not (tmp_path / "out").exists()
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".out")]
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"mine")
    for words in (("--remove",), ("--codes", "95")):
        refused = vigie("site", tmp_path / "photos", *words)
        assert refused.returncode == 64
        assert "photos" in refused.stderr
    assert (tmp_path / "photos" / "a.jpg").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--languages", "klingon"), 64),
        (("--base-url", "vigie.example.org"), 64),
        (("--codes", "Atlantide"), 64),
    ],
)
def test_what_cannot_be_used_is_refused(vigie: Vigie, tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    assert vigie("site", tmp_path / "out", *words).returncode == code
    assert not (tmp_path / "out").exists()


def test_a_site_without_a_contact_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "bare.toml"
    config.write_text("[timestamps]\npresets = []\n", "utf-8")
    refused = Vigie(tmp_path / "data", config)("site", tmp_path / "out")
    assert refused.returncode == 78
    assert "contact" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_contested_file_that_cannot_be_used_stops_the_build(vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / "data" / "contested.toml").write_text("[[contested]]\nobservation = 1\n", "utf-8")
    refused = vigie("site", tmp_path / "out", "--codes", "95")
    assert refused.returncode == 78
    assert "contested.toml" in refused.stderr


def test_where_nothing_was_recorded_the_site_says_so(tmp_path: Path) -> None:
    vigie = Vigie(tmp_path / "data", settings(tmp_path, more=SITE))
    told = vigie.json("site", tmp_path / "out", "--codes", "95")
    assert told["until"] is None
    assert not (tmp_path / "data").exists()


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", "0.02") as running:
        yield running


def test_a_run_builds_it_after_the_seal(simulator: Simulator, tmp_path: Path) -> None:
    out = tmp_path / "www"
    more = f'{ONE}{SITE}folder = "{out}"\n'
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=more))
    assert vigie("run").returncode == 0
    assert "SIMULATION" in (out / "index.html").read_text("utf-8")


def test_it_is_built_again_after_an_hour(tmp_path: Path) -> None:
    out, now = tmp_path / "www", datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert is_due(out, now)
    build(out, [Output("a.html", b"a")])
    for minutes, due in ((0, False), (59, False), (60, True), (600, True), (-5, True)):
        at = (now - timedelta(minutes=minutes)).timestamp()
        os.utime(out / ".vigie-site", (at, at))
        assert is_due(out, now) == due, minutes


def test_a_site_that_cannot_be_built_is_no_failure_of_the_sweep(simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "a.jpg").write_bytes(b"mine")
    more = f'{ONE}{SITE}folder = "{tmp_path / "www"}"\n'
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=more))
    done = vigie("run")
    assert done.returncode == 0
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["site_failed"]
