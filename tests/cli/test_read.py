"""`vigie read`: its JSON is a contract others test by, and a file that could be opened never fails it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as chance
from hypothesis import strategies as st

from monitor.cli import run
from monitor.core.readings import CLASSES
from monitor.read.platforms.registry import BY_NAME
from tests.support.commands import Vigie, settings

PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
NO_SLOT = PAGES / "recon_rdvpref_creneau_none.html"
CALENDAR = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/2246/creneau/"
SOON = PAGES / "recon_rdvpref_creneau_not_yet_open.html"

pytestmark = pytest.mark.usefixtures("own_environment")


@pytest.fixture
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", os.environ.get("LANGUAGE", ""))  # the command sets it for its own process


def read(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, Any]:
    """The JSON of `vigie read`, which must end with 0 and say nothing else."""
    assert run(["read", *map(str, words), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    told: dict[str, Any] = json.loads(out)
    return told


def rows() -> Iterator[Any]:
    with (PAGES / "EXPECTED.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield pytest.param(row, id=f"{row['file']}{'@' + row['at'] if row['at'] else ''}")


def words_of(row: dict[str, str]) -> list[str | Path]:
    words: list[str | Path] = [PAGES / row["file"], "--platform", row["platform"], "--url", row["url"]]
    words += ["--status", row["status"]]
    for option in ("header", "label", "at"):
        if row[option]:
            words += [f"--{option}", row[option]]
    return words


def test_the_stored_pages_cover_every_platform_and_most_readings() -> None:
    table = [row.values[0] for row in rows()]
    assert {row["platform"] for row in table} == set(BY_NAME)
    desk_readings = set(CLASSES) - {"Published", "NotFound", "Contradictory", "Unreached"}
    assert {row["reading"] for row in table} == desk_readings


@pytest.mark.parametrize("row", list(rows()))
def test_contract(capsys: pytest.CaptureFixture[str], row: dict[str, str]) -> None:
    told = read(capsys, *words_of(row))
    assert told["reading"] == row["reading"]
    names = {field.name for field in fields(CLASSES[told["reading"]])}
    assert set(told) == {"reading", "seen", "selector"} | names
    assert (told["seen"] is None) == (told["selector"] is None)
    assert told["seen"] is None or told["seen"] == " ".join(told["seen"].split())
    for name in ("opens_at", "last_published"):
        assert told.get(name) is None or datetime.fromisoformat(told[name]).utcoffset() is not None
    for name in ("first_day", "next_week"):
        assert told.get(name) is None or date.fromisoformat(told[name]).isoformat() == told[name]


def test_legal_time_of_a_publication(capsys: pytest.CaptureFixture[str]) -> None:
    told = read(capsys, NO_SLOT, "--platform", "rdv_prefecture", "--url", CALENDAR, "--status", "200")
    assert told["seen"] == "Aucun créneau disponible"
    assert told["last_published"] == "2026-05-04T11:58:00+02:00"
    assert told["next_week"] == "2026-05-18"
    assert told["by_data"] is False
    assert told["detail"] is None


def test_without_at_an_announced_opening_counts_as_future(capsys: pytest.CaptureFixture[str]) -> None:
    words = (SOON, "--platform", "rdv_prefecture", "--url", CALENDAR)
    announced = read(capsys, *words)
    assert announced["reading"] == "NotYetOpen"
    opens = datetime.fromisoformat(announced["opens_at"])
    before, after = opens.replace(year=opens.year - 1), opens.replace(year=opens.year + 1)
    assert read(capsys, *words, "--at", before.isoformat())["reading"] == "NotYetOpen"
    assert read(capsys, *words, "--at", after.isoformat())["reading"] == "NoSlot"
    naive = after.replace(tzinfo=None).isoformat(timespec="minutes")
    assert read(capsys, *words, "--at", naive)["reading"] == "NoSlot", "legal time of Paris where no offset is given"


def test_the_status_and_headers_count(capsys: pytest.CaptureFixture[str]) -> None:
    words = (NO_SLOT, "--platform", "rdv_prefecture", "--url", CALENDAR)
    assert read(capsys, *words, "--status", "429")["obstacle"] == "rate_limit"
    told = read(capsys, *words, "--status", "403", "--header", "cf-mitigated: challenge", "--header", "x: y:z")
    assert (told["reading"], told["obstacle"], told["seen"]) == ("Obstructed", "waf", "challenge")


def test_a_label_is_words_and_not_a_pattern(capsys: pytest.CaptureFixture[str]) -> None:
    page = PAGES / "rdvsp_no_slot_card.html"
    row = next(r.values[0] for r in rows() if r.values[0]["file"] == page.name)
    words = (page, "--platform", "rdv_service_public", "--url", row["url"])
    assert read(capsys, *words)["reading"] == "NoSlot"
    assert read(capsys, *words, "--label", "(jamais+ [vu")["reading"] == "Unreadable"


@chance(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(BY_NAME)),
    st.integers(100, 599),
    st.binary(max_size=300) | st.sampled_from([p.read_bytes()[:4000] for p in sorted(PAGES.glob("recon_*"))]),
    st.sampled_from(["https://www.ain.gouv.fr/booking/create/1/2", CALENDAR, "https://x.gouv.fr", "nowhere", ""]),
)
def test_exit_0_whenever_the_file_could_be_opened(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, platform: str, status: int, body: bytes, url: str
) -> None:
    page = tmp_path / "page"
    page.write_bytes(body)
    assert read(capsys, page, "--platform", platform, "--url", url, "--status", str(status))["reading"] in CLASSES


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_for_people_it_shows_the_words_it_rests_on(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    assert run(["read", str(NO_SLOT), "--platform", "rdv_prefecture", "--url", CALENDAR, "--lang", lang]) == 0
    out, _err = capsys.readouterr()
    assert ("aucun créneau, selon le site" if lang == "fr" else "no slot, says the site") in out
    assert "«\N{NO-BREAK SPACE}Aucun créneau disponible\N{NO-BREAK SPACE}»" in out
    assert "2026-05-18" in out


def test_a_page_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><head><title>Maintenance \x1b[2J\x9b31m\u202egrave</title></head><body></body></html>")
    assert run(["read", str(page), "--platform", "ez_booking", "--url", "https://www.ain.gouv.fr/"]) == 0
    out, _err = capsys.readouterr()
    assert "Maintenance" in out
    assert not {"\x1b", "\x9b", "\u202e"} & set(out)


# --- what cannot be read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((PAGES / "absent.html", "--platform", "ez_booking", "--url", "https://x.gouv.fr"), "absent.html"),
        ((PAGES, "--platform", "ez_booking", "--url", "https://x.gouv.fr"), str(PAGES)),
        ((NO_SLOT, "--platform", "ez_bookin", "--url", CALENDAR), "ez_booking"),
        ((NO_SLOT, "--url", CALENDAR), "--platform"),
        ((NO_SLOT, "--platform", "rdv_prefecture", "--url", CALENDAR, "--at", "demain"), "demain"),
        ((NO_SLOT, "--platform", "rdv_prefecture", "--url", CALENDAR, "--header", "novalue"), "novalue"),
        ((NO_SLOT, "--platform", "rdv_prefecture", "--url", CALENDAR, "--status", "ok"), "ok"),
        ((NO_SLOT, "--platform", "rdv_prefecture"), "--url"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_it_and_exit_64(tmp_path: Path, words: tuple[Any, ...], told: str) -> None:
    done = Vigie(tmp_path / "data", settings(tmp_path))("read", *words)
    assert done.returncode == 64
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert told in done.stderr.splitlines()[-1]


def test_a_file_without_permission_is_one_sentence(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        page = Path("/proc/self/mem")  # what even root cannot read from its beginning
    else:
        page = tmp_path / "secret.html"
        page.write_bytes(b"")
        page.chmod(0)
    words = ("--platform", "ez_booking", "--url", "https://x.gouv.fr")
    done = Vigie(tmp_path / "data", settings(tmp_path))("read", page, *words)
    assert done.returncode == 64
    assert done.stderr.count("\n") == 1
