"""Dates and pictures that are doubted: asked before they are written, told by the check, stated as fact by nothing."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from monitor.case.book import Book, read
from monitor.case.check.check import check
from monitor.case.check.doubts import doubts
from monitor.case.check.rules import case_rules
from monitor.case.folder import CaseFolder, Entry
from monitor.case.model import Attempt, Facts, FileRef, attempt_to_json, moment
from tests.support.commands import ROOT, Vigie
from tests.support.courtcase import SECRET, command, new_case, png

ZONE = ZoneInfo("Europe/Paris")
RULES = case_rules()
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
BEGUN = date(2026, 9, 1)


def tried(text: str, *names: str, number: int = 0, kind: str = "no_slot", **more: Any) -> Attempt:
    """names: of pictures; one name is one file, byte for byte."""
    day, at = moment(text, ZONE)
    refs = tuple(FileRef(name=f"{n}.png", stored="000001-01.age", sha256=n.ljust(64, "0"), size=1) for n in names)
    return Attempt(day=day, at=at, kind=kind, procedure="renewal", files=refs, number=number, **more)


def codes(*events: Attempt, **facts: Any) -> list[tuple[str, str]]:
    found = doubts(events, Facts(procedure="renewal", **facts), NOW, RULES, BEGUN)
    return [(one.code, one.event.day.isoformat()) for one in found]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (tried("2026-11-30"), None),
        (tried("2026-11-30T09:59"), None),
        (tried("2026-11-30T10:01"), "future_date"),
        (tried("2026-12-01"), "future_date"),
        (tried("2026-12-01", kind="email"), "future_date"),
        (tried("2025-09-01"), None),
        (tried("2025-08-31"), "before_case"),
        (tried("2025-08-31", kind="email"), "before_case"),
        (tried("2025-08-31", confirmed=True), None),
        (tried("2016-08-31", kind="removal_order"), None),
        (tried("2026-09-02", pictured="2026-09-02"), None),
        (tried("2026-09-02T09:14", pictured="2026-09-02"), None),
        (tried("2026-09-02T09:14", pictured="2026-09-02T10:10:00+02:00"), None),
        (tried("2026-09-02T09:14", pictured="2026-09-02T10:15:00+02:00"), "picture_date"),
        (tried("2026-09-02", pictured="2026-09-03"), "picture_date"),
        (tried("2026-09-02", pictured="2026-09-03", confirmed=True), "picture_date"),
        (tried("2026-09-02", pictured="2026-09-03", date_source="assist"), None),
    ],
)
def test_what_is_doubted_of_one_attempt(event: Attempt, code: str | None) -> None:
    assert codes(event) == ([(code, event.day.isoformat())] if code else [])


def test_nothing_is_tried_before_the_stated_entry_in_france() -> None:
    assert codes(tried("2026-03-01"), arrived=date(2026, 3, 2)) == [("before_case", "2026-03-01")]
    assert codes(tried("2021-03-01"), arrived=date(2020, 3, 2)) == [], "who came long ago tried long ago"


def test_a_picture_stands_for_its_first_moment_only() -> None:
    again = codes(tried("2026-10-09", "a"), tried("2026-09-02", "a"), tried("2026-09-03", "b"))
    assert again == [("same_file", "2026-10-09")]
    assert codes(tried("2026-09-02", "a", kind="email"), tried("2026-09-03", "a", kind="letter")) == []


def test_the_check_counts_no_doubted_date_and_names_its_entry() -> None:
    events = [tried("2026-09-02", number=2), tried("2026-09-12", number=3), tried("2027-03-02", number=4)]
    (checked,) = check(events, Facts(procedure="renewal"), date(2026, 11, 30), RULES, begun=BEGUN)
    assert (checked.spread.attempts, checked.spread.span_days) == (2, 10)
    (found,) = [one for one in checked.findings if one.code == "future_date"]
    assert found.values == {"n": 1, "of": 3, "which": "2027-03-02 (#4)"}


def test_a_demarche_of_which_all_is_doubted_is_still_told() -> None:
    (checked,) = check([tried("2027-03-02")], Facts(procedure="renewal"), date(2026, 11, 30), RULES)
    assert "future_date" in {one.code for one in checked.findings}


def book(*written: tuple[str, dict[str, Any]], minutes: int = 5) -> Book:
    """What entries written so many minutes apart add up to."""
    start = datetime(2026, 9, 2, 9, tzinfo=UTC)
    told = [("opened", {"prefecture": "95"}), *written]
    return read(
        [
            Entry(n=n, recorded=start + timedelta(minutes=minutes * n), what=what, data=data, files=(), digest="")
            for n, (what, data) in enumerate(told, 1)
        ]
    )


WROTE = ("attempt", attempt_to_json(tried("2026-09-02T09:14")))
TOOK_BACK = ("note", {"about": 2, "text": "faute de frappe", "withdrawn": True})
LEFT = ("left", {"as": "telerecours"})


def test_a_slip_taken_back_within_the_hour_is_printed_nowhere_and_kept() -> None:
    made = book(WROTE, TOOK_BACK, LEFT)
    assert (made.slips, [one.number for one in made.withdrawn]) == ({2}, [2])
    assert book(WROTE, TOOK_BACK, minutes=60).slips == {2}


@pytest.mark.parametrize("made", [book(WROTE, LEFT, TOOK_BACK), book(WROTE, TOOK_BACK, minutes=61)])
def test_what_left_the_case_or_is_taken_back_later_is_printed_as_withdrawn(made: Book) -> None:
    assert (made.slips, [one.number for one in made.withdrawn]) == (frozenset(), [2])


# --- at the keyboard --------------------------------------------------------------------------------------------------


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return command(tmp_path)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new_case(tmp_path / "dossier").root


def days_ago(n: int) -> str:
    return (datetime.now(ZONE).date() - timedelta(days=n)).isoformat()


def entries(case: Path) -> int:
    return len(CaseFolder.open(case, SECRET).entries)


def test_a_future_attempt_is_refused_in_one_sentence_whatever_is_confirmed(case: Path, vigie: Vigie) -> None:
    for more in ((), ("--confirm",)):
        done = vigie("case", "log", case, "--kind", "no_slot", "--at", days_ago(-90), *more)
        assert (done.returncode, done.stderr.count("\n"), entries(case)) == (64, 1, 1)
        assert "is in the future" in done.stderr


def test_what_looks_like_a_slip_is_refused_until_it_is_confirmed(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    shot = tmp_path / "capture.png"
    shot.write_bytes(png("Aucun créneau"))
    named = tmp_path / f"Screenshot_{days_ago(5).replace('-', '')}-091400.png"
    named.write_bytes(png("Aucun"))
    assert vigie.json("case", "log", case, "--kind", "no_slot", "--at", days_ago(20), "--file", shot) == {"entry": 2}
    for n, (words, said) in enumerate(
        [
            (("--at", "2016-03-02"), "more than a year before this case was opened"),
            (("--at", days_ago(9), "--file", shot), "capture.png is, byte for byte, the picture of entry 2"),
            (("--at", days_ago(8), "--file", named), f"the picture says {days_ago(5)} 09:14:00"),
        ],
        3,
    ):
        done = vigie("case", "log", case, "--kind", "no_slot", *words)
        assert (done.returncode, done.stderr.count("\n"), entries(case)) == (64, 1, n - 1)
        assert said in done.stderr
        assert "--confirm" in done.stderr
        assert vigie.json("case", "log", case, "--kind", "no_slot", *words, "--confirm") == {"entry": n}
    told = vigie.json("case", "check", case)
    codes = {one["code"] for one in told["findings"]["renewal"]}
    assert {"same_file", "picture_date", "old_confirmed"} <= codes
    assert "before_case" not in codes, "the person said it is right, and nothing contradicts them"


def test_one_file_is_not_given_twice_to_one_attempt(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    shot = tmp_path / "capture.png"
    shot.write_bytes(png("Aucun"))
    done = vigie("case", "log", case, "--kind", "no_slot", "--at", days_ago(2), "--file", shot, "--file", shot)
    assert (done.returncode, entries(case)) == (64, 1)


@pytest.mark.parametrize(("answer", "code", "count"), [("o\n", 0, 2), ("n\n", 64, 1), ("\n", 64, 1)])
def test_on_a_terminal_it_is_asked(case: Path, tmp_path: Path, answer: str, code: int, count: int) -> None:
    (tmp_path / "phrase").write_text(SECRET, encoding="utf-8")
    ours, theirs = pty.openpty()
    os.write(ours, answer.encode())
    words = ["case", "log", str(case), "--kind", "no_slot", "--at", "2016-03-02"]
    env = {**os.environ, "VIGIE_CASE_PASSPHRASE_FILE": str(tmp_path / "phrase"), "VIGIE_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *words], cwd=ROOT, env=env, stdin=theirs, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert "Log it all the same?" in done.stderr
    assert (done.returncode, entries(case)) == (code, count)


def test_photos_of_the_future_are_left_out_and_said(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for days in (3, -40):
        (folder / f"Screenshot_{days_ago(days)}.png").write_bytes(png(str(days)))
    (past, future) = vigie.json("case", "log", case, "--photos", folder)["photos"]
    assert (past["entry"], past["doubt"]) == (2, "")
    assert future["entry"] is None
    assert "is in the future" in future["doubt"]
    assert "not logged" in vigie("case", "log", case, "--photos", folder).stdout


@pytest.fixture(scope="module")
def doubted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Vigie]:
    """A case filled before these questions were asked: a future date, one picture at two days, and a slip."""
    folder = tmp_path_factory.mktemp("doubted")
    case = new_case(folder / "dossier")
    case.append("attempt", attempt_to_json(tried("2026-09-02T09:14")), _brought("a"))
    case.append("attempt", attempt_to_json(tried("2026-09-12T10:20")), _brought("b"))
    case.append("attempt", attempt_to_json(tried("2026-10-09T11:30")), _brought("a"))
    case.append("attempt", attempt_to_json(tried("2056-03-02T12:40")), _brought("c"))
    slip = case.append("attempt", attempt_to_json(tried("2026-10-10T13:50")), _brought("slip")).n
    case.append("note", {"about": slip, "text": "faute de frappe", "withdrawn": True})
    return case.root, command(folder)


def _brought(name: str) -> list[Any]:
    from monitor.case.folder import Brought

    return [Brought(f"{name}.png", png(name))]


@pytest.mark.parametrize("letter", ["prefecture", "lrar", "ddd", "refere"])
def test_no_draft_states_as_fact_what_the_check_doubts(doubted: tuple[Path, Vigie], letter: str) -> None:
    case, vigie = doubted
    text = vigie("case", "draft", letter, case).stdout
    counted, _mark, apart = text.partition("[À vérifier avant d'envoyer")
    assert "Entre le 2 septembre 2026 et le 12 septembre 2026" in counted
    assert "2 fois, sur 2 jours distincts" in counted.replace("\N{NO-BREAK SPACE}", " ")
    assert "2056" not in counted
    assert "date future]" in apart
    assert "octet pour octet" in apart
    assert "faute de frappe" not in text
    assert "10/10/2026" not in text


def test_the_court_file_names_what_is_doubted_and_has_no_line_of_a_slip(
    doubted: tuple[Path, Vigie], tmp_path: Path
) -> None:
    case, vigie = doubted
    out = tmp_path / "out"
    told = vigie.json("case", "export", case, "--telerecours", "--out", out)
    assert sum("is doubted" in one for one in told["warnings"]) == 2
    text = {path.name: _text(path) for path in (out / "a-deposer").glob("*.pdf")}
    whole = " ".join(text.values())
    assert "date future" in text["1_Chronologie_des_tentatives_et_demarches.pdf"]
    assert "image identique, octet pour octet" in whole
    assert "du 2 septembre 2026 au 12 septembre 2026" in whole, "the series is not said to run into the future"
    assert "2 jours distincts" in whole.replace("\N{NO-BREAK SPACE}", " ")
    assert "13h50" not in whole
    assert not list(out.rglob("*slip*"))
    assert "a draft or an export was made" in vigie("case", "show", case).stdout
    assert json.loads(vigie("case", "show", case, "--json").stdout)["withdrawn"] == [6], "the vault keeps it"


def _text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)
