"""Three cases checked whole, in both languages: a renewal blocked on ANEF, a regularisation, a naturalisation.

The golden files were read by eye: UPDATE_GOLDEN=1 writes them again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.case.check.anef import anef_rows
from monitor.case.check.check import check
from monitor.case.check.report import Told, lines
from monitor.case.check.rules import case_rules
from monitor.case.courts import Court
from monitor.case.law_tables import courts, law
from monitor.case.model import Attempt, Facts, FileRef, State, moment

GOLDEN = Path(__file__).parents[1] / "fixtures" / "cases" / "checks"
PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 30)
NOWHERE: dict[str, State] = dict.fromkeys(("post", "phone", "walk_in"), "NO_ON_LISTED_PAGES")


def told(procedure: str, *events: tuple[str, str]) -> list[Attempt]:
    out = []
    for n, (kind, text) in enumerate(events):
        file = FileRef(name="x.png", stored="000001-01.age", sha256=f"{n:064x}", size=1)
        day, at = moment(text, PARIS)
        sentence = "Votre titre n'a pas été remis" if kind.startswith("anef_") else ""
        one = Attempt(day=day, at=at, kind=kind, procedure=procedure, sentence=sentence, files=(file,))
        out.append(one)
    return out


CASES: dict[str, tuple[Facts, Sequence[Attempt]]] = {
    "renewal": (
        Facts(prefecture="95", procedure="renewal", family="anef", expires=date(2026, 11, 15)),
        told(
            "renewal",
            ("anef_previous_card", "2026-08-03T09:14"), ("anef_previous_card", "2026-08-12T14:30"),
            ("ccc_message", "2026-08-13T10:00"), ("anef_previous_card", "2026-09-02T20:05"),
            ("pan_unavailable", "2026-09-03T10:00"), ("email", "2026-09-04T10:00"),
            ("anef_previous_card", "2026-11-26T18:10"),
        ),
    ),
    "regularisation": (
        Facts(prefecture="75", procedure="aes", family="non_anef", published={**NOWHERE, "email": "YES"}),
        told(
            "aes",
            ("no_slot", "2026-09-07T09:00"), ("no_slot", "2026-09-14T00:05"), ("registered_letter", "2026-09-15"),
            ("no_slot", "2026-09-23T18:00"), ("no_slot", "2026-10-05T09:00"), ("no_slot", "2026-10-12T12:00"),
            ("slot_offered", "2026-10-20T12:00"), ("no_slot", "2026-11-27T09:10"), ("urgency_proof", "2026-11-27"),
        ),
    ),
    "naturalisation": (
        Facts(prefecture="92", procedure="naturalisation"),
        told(
            "naturalisation",
            ("anef_error_code", "2026-02-03T10:00"), ("anef_error_code", "2026-02-12T21:00"),
            ("ccc_message", "2026-02-13T10:00"), ("ccc_attestation", "2026-03-02"), ("filed", "2026-03-10"),
            ("prefecture_answer", "2026-07-01"),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_case_checked_whole_is_the_one_that_was_read_over(name: str, lang: str) -> None:
    facts, events = CASES[name]
    court: Court = courts()[facts.prefecture]
    checked = check(events, facts, TODAY, case_rules(), anef_rows(), court)
    said = "\n".join(lines(checked, Told(case_rules(), law(), TODAY, lang), whole=True)) + "\n"
    golden = GOLDEN / f"{name}.{lang}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")
