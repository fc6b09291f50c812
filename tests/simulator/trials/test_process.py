"""The simulator over the declared desks, and as a process: how it starts, reports and ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from monitor.core.prefecture import Context, Desk, Page, Prefecture, Provenance, Visit
from monitor.core.readings import Reading
from tests.simulator import fixture
from tests.simulator.client import Simulator
from tests.simulator.declared import addresses, prefectures
from tests.simulator.scenarios import MIX, demo, plain
from tests.simulator.walker import Walker
from tests.simulator.world import KNOWN_STATES

simulator, simulator_of_module = fixture.simulator, fixture.simulator_of_module

HOST = "www.val-de-marne.gouv.fr"
MODULE = "/booking/create/4963"
URL = f"https://{HOST}{MODULE}"


def reaches(simulator: Simulator) -> str:
    """The step a fresh visitor gets to."""
    with Walker(simulator) as walker:
        return walker.demand(URL).url.path.rsplit("/", 1)[-1]


class Product:
    """A platform's address, for a declaration."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url, self.needs_browser = name, url, False

    def visit(self, context: Context) -> Visit:
        """Not walked here."""
        raise NotImplementedError  # a stand-in: what is tested never calls it

    def read(self, page: Page, context: Context) -> Reading:
        """Not read here."""
        raise NotImplementedError  # a stand-in: what is tested never calls it


SOURCE = Provenance(source="essai", date="2026", confidence="confirmed_1")


def declared(count: int) -> list[Prefecture]:
    """Departments with two calendars of one module, a retired module and a captcha desk each."""

    def desk(slug: str, name: str, url: str, retired: date | None = None) -> Desk:
        platform = Product(name, url)
        return Desk(slug=slug, label=slug, procedure="renewal", platform=platform, provenance=SOURCE, retired=retired)

    return [
        Prefecture(
            code=f"{i:02d}",
            slug=f"d{i}",
            name=f"Département {i}",
            office="",
            site=f"https://www.d{i}.gouv.fr",
            provenance=SOURCE,
            desks=(
                desk("Guichet A", "ez_booking", f"https://www.d{i}.gouv.fr/booking/create/{i}/0"),
                desk("Guichet B", "ez_booking", f"https://www.d{i}.gouv.fr/booking/create/{i}/0"),
                desk("Fermé", "ez_booking", f"https://www.d{i}.gouv.fr/booking/create/9{i}", date(2026, 1, 1)),
                desk(
                    "C",
                    "rdv_prefecture",
                    f"https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/{i}/",
                ),
            ),
        )
        for i in range(1, count + 1)
    ]


def test_retired_desks_are_left_out() -> None:
    assert len(addresses(declared(2))) == 6, "retired desks are nobody's to visit"


def test_demo_mixes_every_odd_state_among_desks_without_slot(simulator: Simulator) -> None:
    script = demo(addresses(declared(30)))
    simulator.call("script", **script)
    shown = {e["now"] for e in simulator.call("truth")}
    expected = {str(s if isinstance(s, str) else s[0][0]) for s in (*MIX["ez_booking"], *MIX["rdv_prefecture"])}
    assert expected <= shown
    odd = [e for e in script["entries"] if {"state", "states"} & set(e)]
    assert len(odd) == len(MIX["ez_booking"]) + len(MIX["rdv_prefecture"])
    assert script == demo(addresses(declared(30))), "the same on every machine"
    by_host = [e["host"] for e in odd if e["host"].startswith("www.d")]
    assert len(set(by_host)) == len(by_host), "no host has two odd desks while another has none"
    for states in MIX.values():
        for state in states:
            names = [state] if isinstance(state, str) else [name for name, _ in state]
            assert {name.partition("?")[0] for name in names} <= KNOWN_STATES


def test_desks_that_share_a_module_become_its_calendars(simulator: Simulator) -> None:
    simulator.call("script", **plain(addresses(declared(1))))
    with Walker(simulator) as walker:
        walker.demand("https://www.d1.gouv.fr/booking/create/1")
        assert walker.texts("//fieldset//label") == ["Guichet A", "Guichet B"]
        assert "Département 1" in walker.texts("//title")[0]


def test_every_declared_desk_is_played_under_its_own_words(simulator: Simulator) -> None:
    # An Orion page says nothing before its script has run: the walker runs none.
    desks = [a for a in addresses(prefectures()) if a.platform not in (None, "orion")]
    simulator.call("script", **plain(desks))
    unplayed = []
    with Walker(simulator) as walker:
        for desk in desks:
            page = walker.follow(f"https://{desk.host}{desk.path}")
            if page.status_code != 200 or (desk.label and desk.label not in walker.texts("//html")[0]):
                unplayed.append(desk.url)
    assert desks
    assert unplayed == []
    assert simulator.violations() == []


def test_as_a_process_it_serves_reports_and_ends_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps([{"host": HOST, "path": MODULE, "state": "slots"}]), encoding="utf-8")
    with fixture.in_process(tmp_path / "ca", "--script", script, "--scenario", "demo", "--time-scale", "0.5") as child:
        assert child.ca_file == (tmp_path / "ca" / "ca.pem").resolve()
        assert child.http == child.https + 1 != child.control
        assert reaches(child) == "3"
        command = [sys.executable, "-m", "tests.simulator", "report", "--control", str(child.control)]
        text = subprocess.run(command, cwd=fixture.ROOT, capture_output=True, text=True, check=True).stdout
        assert HOST in text
        assert "Aucune requête interdite." in text
        data = subprocess.run([*command, "--json"], cwd=fixture.ROOT, capture_output=True, text=True, check=True).stdout
        assert json.loads(data)["hosts"][HOST]["requests"] == 3
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


@pytest.mark.parametrize("arguments", [["--max-seconds", "0.2"], ["--port", "0"]])
def test_it_ends_by_itself_or_when_told(tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "tests.simulator", "--ca-dir", str(tmp_path), *arguments]
    with subprocess.Popen(command, cwd=fixture.ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        ready = json.loads(child.stdout.readline())
        if "--max-seconds" not in arguments:
            Simulator(ready).stop()
        assert child.wait(60) == 0


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.1", "8.8.8.8"])
def test_it_listens_on_loopback_only(tmp_path: Path, address: str) -> None:
    command = [sys.executable, "-m", "tests.simulator", "--ca-dir", str(tmp_path), "--address", address]
    done = subprocess.run(command, cwd=fixture.ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 64
    assert "127.0.0.0/8" in done.stderr


def test_a_bad_script_file_ends_it_with_a_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    command = [sys.executable, "-m", "tests.simulator", "--ca-dir", str(tmp_path), "--script", str(bad)]
    done = subprocess.run(command, cwd=fixture.ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 64
    assert str(bad) in done.stderr
