"""The rules of `vigie case check` on boundary vectors, and what holds of every case."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case.check.anef import anef_rows
from monitor.case.check.check import Checked, check
from monitor.case.check.report import Told, lines
from monitor.case.check.rules import case_rules
from monitor.case.check.spread import best, by_procedure, grid, shortest_arc, spread_of
from monitor.case.check.windows import add_months
from monitor.case.courts import Court
from monitor.case.law_tables import law
from monitor.case.model import (
    KINDS,
    Attempt,
    CaseDataError,
    Facts,
    FileRef,
    attempt_from_json,
    attempt_to_json,
    attempts_from,
    kind_of,
    moment,
)
from monitor.case.tally import from_json, merged, rows_of, to_json
from monitor.catalogue.declaration import PROCEDURES

PARIS = ZoneInfo("Europe/Paris")
VECTORS = json.loads((Path(__file__).parents[1] / "fixtures" / "cases" / "vectors.json").read_text(encoding="utf-8"))
TODAY = date(2026, 5, 4)
RULES = case_rules()
FILE = FileRef(name="x.png", stored="000001-01.age", sha256="0" * 64, size=1)


def tried(day: str, kind: str = "no_slot", procedure: str = "renewal", **more: Any) -> Attempt:
    legal, at = moment(day, PARIS)
    return Attempt(day=legal, at=at, kind=kind, procedure=procedure, **more)


def codes(events: list[Attempt], facts: Facts | None = None, today: date = TODAY) -> dict[str, Any]:
    """Findings of the one démarche, by code."""
    (one,) = check(events, facts or Facts(procedure="renewal"), today, RULES, anef_rows())
    return {finding.code: finding.values for finding in one.findings}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_boundary_vectors(vector: dict[str, Any]) -> None:
    listed = [{"at": day, "kind": kind, "procedure": "p"} for day, kind in vector["attempts"]]
    spread = spread_of(attempts_from(listed, PARIS), RULES)
    assert (spread.label, spread.span_days, spread.weeks, spread.days) == (
        vector["spread"], vector["span_days"], vector["weeks"], vector["days"],
    )  # fmt: skip


def test_what_the_next_label_lacks_is_said() -> None:
    assert spread_of([tried("2019-09-13"), tried("2019-09-18")], RULES).missing == ("span_days >= 7",)
    assert spread_of([tried("2026-03-02"), tried("2026-04-02")], RULES).missing == (
        "weeks >= 3", "days >= 6", "written_requests >= 1", "capture_span_days >= 21",
    )  # fmt: skip


def test_days_are_legal_days() -> None:
    late = attempts_from([{"at": "2026-03-02T23:30:00Z", "kind": "NO_SLOT", "procedure": "p"}], PARIS)
    assert late[0].day == date(2026, 3, 3)
    overseas = attempts_from(
        [{"at": "2026-03-02T23:30:00Z", "kind": "NoSlot", "procedure": "p"}], ZoneInfo("America/Martinique")
    )
    assert overseas[0].day == date(2026, 3, 2)


def test_a_site_that_does_not_serve_the_person_is_counted_apart() -> None:
    found = codes([tried("2026-03-02"), tried("2026-05-01", site_serves=False)])
    assert found["other_site"] == {"n": 1}
    assert found["spread_insufficient"]["n"] == 1


def test_a_block_on_the_portal_is_an_attempt() -> None:
    spread = spread_of([tried("2026-03-02", "anef_error_code"), tried("2026-03-12", "anef_account")], RULES)
    assert (spread.label, spread.days) == ("IN BETWEEN", 2)


def test_mixed_demarches_are_split() -> None:
    events = [tried("2026-03-02"), tried("2026-05-01", procedure="aes")]
    assert [(one.procedure, one.spread.days) for one in check(events, Facts(), TODAY, RULES)] == [
        ("aes", 1), ("renewal", 1),
    ]  # fmt: skip


days = st.dates(date(2019, 1, 1), date(2027, 12, 31))
events = st.lists(st.tuples(days, st.sampled_from(sorted(KINDS))), max_size=40)


@given(events)
def test_more_attempts_never_lower_the_label(listed: list[tuple[date, str]]) -> None:
    order = ["INSUFFICIENT", *RULES.floors]
    all_ = [Attempt(day=day, at=None, kind=kind, procedure="p") for day, kind in listed]
    ranks = [order.index(spread_of(all_[:n], RULES).label) for n in range(len(all_) + 1)]
    assert all(a <= b for a, b in pairwise(ranks))
    spread = spread_of(all_, RULES)
    if spread.span_days < 7 or spread.weeks < 2:
        assert spread.label == "INSUFFICIENT"
    assert 0 <= spread.days <= spread.span_days + 1
    assert sum(len(some) for some in by_procedure(all_).values()) == len(all_)


@given(
    events,
    st.sampled_from(["anef", "non_anef", "naturalisation", "other", None]),
    st.sampled_from(PROCEDURES),
    days,
    days,
    st.sampled_from(("fr", "en")),
)
def test_every_finding_has_its_sentence(
    listed: list[tuple[date, str]], family: Any, procedure: str, day: date, expires: date, lang: str
) -> None:  # fmt: skip
    facts = Facts(
        prefecture="75", procedure=procedure, family=family, expires=expires, arrived=day, majority=day, release=time(9)
    )
    told = [Attempt(day=on, at=None, kind=kind, procedure=procedure, due=day) for on, kind in listed]
    checked = check(told, facts, day, RULES, anef_rows(), Court("Paris"))
    assert len([*lines(checked, Told(RULES, law(), day, lang))]) > len(checked)


def test_both_languages_say_the_same_values() -> None:
    for code, saying in RULES.sayings.items():
        names = [{name for _t, name, _f, _c in Formatter().parse(text) if name} for text in (saying.fr, saying.en)]
        assert names[0] == names[1], code
        assert bool(saying.next_fr) == bool(saying.next_en), code


# --- hours, freshness -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("second", "code"), [("2026-03-09T11:00", "hours_same"), ("2026-03-09T11:01", "hours_varied")])
def test_two_hours_are_one_band(second: str, code: str) -> None:
    assert code in codes([tried("2026-03-02T09:00"), tried(second)])


def test_hours_are_compared_across_midnight_and_the_change_of_the_clock() -> None:
    assert shortest_arc([23 * 60 + 30, 30]) == 60
    assert "hours_same" in codes([tried("2026-03-28T08:00:00+01:00"), tried("2026-03-30T08:00:00+02:00")])


@pytest.mark.parametrize(("at", "code"), [("09:30", "release_tested"), ("09:31", "release_untested")])
def test_the_hour_of_release(at: str, code: str) -> None:
    assert code in codes([tried(f"2026-03-02T{at}")], Facts(procedure="renewal", release=time(9)))


@pytest.mark.parametrize(("age", "code"), [(0, "fresh"), (7, "fresh"), (8, "stale")])
def test_freshness(age: int, code: str) -> None:
    assert code in codes([tried("2026-05-01")], today=date(2026, 5, 1) + timedelta(days=age))


def test_the_freshest_attempt_counts_in_whatever_order_they_stand() -> None:
    found = codes([tried("2026-05-01"), tried("2026-03-01"), tried("2026-04-01")], today=date(2026, 5, 3))
    assert found["fresh"] == {"day": "2026-05-01", "days": 2, "limit": 7}


def test_attempts_without_an_hour_are_said_and_stand_in_no_cell() -> None:
    events = [tried("2026-03-02"), tried("2026-03-03T09:30:00Z"), tried("2026-03-03T09:45:00Z")]
    assert codes(events)["hours_unknown"] == {"n": 1, "of": 3}
    assert "hours_unknown" not in codes(events[1:])
    cells = grid(events, PARIS)
    assert [len(row) for row in cells] == [24] * 7
    assert {(day, hour): n for day, row in enumerate(cells) for hour, n in enumerate(row) if n} == {(1, 10): 2}


def test_the_best_demarche_has_the_highest_label_then_the_widest_spread() -> None:
    short = spread_of([tried("2026-03-02")], RULES)
    longer = spread_of([tried("2026-03-02"), tried("2026-03-04")], RULES)
    labelled = spread_of([tried("2026-03-02"), tried("2026-03-12")], RULES)
    assert best({"a": short, "b": labelled, "c": longer}, RULES) == "b"
    assert best({"a": short, "c": longer}, RULES) == "c"
    twice = spread_of([tried("2026-03-02"), tried("2026-03-03"), tried("2026-03-04")], RULES)
    assert best({"c": longer, "d": twice}, RULES) == "d"


@given(st.lists(st.integers(0, 1439), min_size=1), st.integers(0, 1439))
def test_the_arc_does_not_depend_on_where_midnight_is(minutes: list[int], turn: int) -> None:
    assert shortest_arc(minutes) == shortest_arc([(m + turn) % 1440 for m in minutes])


# --- ladder, windows, silence, obstacles ------------------------------------------------------------------------------

ANEF = Facts(procedure="renewal", family="anef")


def test_the_anef_ladder_names_the_first_missing_proof() -> None:
    error = tried("2026-04-01", "anef_error_code", files=(FILE,))
    assert codes([error], ANEF)["rung_missing"] == {"rung": "CCC_CONTACTED"}
    ccc = tried("2026-04-02", "ccc_message")
    found = codes([error, ccc], ANEF)
    assert found["rung_told"]["rung"] == "CCC_CONTACTED", "told, without a file"
    assert found["rung_missing"] == {"rung": "CCC_ATTESTATION_OR_PAN"}
    assert "rung_begun" in codes([error, ccc, tried("2026-04-03", "pan_sought")], ANEF)
    mail = tried("2026-04-04", "email")
    assert codes([error, ccc, mail], ANEF)["rung_skipped"]["later"] == "PREFECTURE_ASKED_FOR_SUBSTITUTION"
    whole = [error, ccc, tried("2026-04-03", "pan_refusal"), mail]
    assert codes(whole, ANEF)["rung_silent"]["days"] == 30
    assert "rung_answered" in codes([*whole, tried("2026-04-05", "prefecture_answer")], ANEF)
    asked_again = codes([*whole, tried("2026-04-10", "registered_letter")], ANEF)
    assert asked_again["rung_silent"] == {"asked": "2026-04-10", "days": 24}, "silence counts from the last request"
    answered = codes([*whole, tried("2026-04-04", "prefecture_answer")], ANEF)
    assert answered["rung_answered"] == {"asked": "2026-04-04", "day": "2026-04-04"}, "on the same day"
    twice = codes(
        [*whole, *(tried(day, "prefecture_answer") for day in ("2026-04-06", "2026-04-09", "2026-04-07"))], ANEF
    )
    assert twice["rung_answered"]["day"] == "2026-04-09"
    before = codes([*whole, tried("2026-04-03", "prefecture_answer")], ANEF)
    assert before["rung_silent"]["asked"] == "2026-04-04", "an answer to something else is none to this request"


def test_a_rung_is_dated_by_its_first_file_and_without_one_by_what_was_told() -> None:
    told = [tried("2026-04-01", "anef_error_code"), tried("2026-04-05", "anef_error_code")]
    filed = [
        tried("2026-04-09", "anef_error_code", files=(FILE,)),
        tried("2026-04-07", "anef_error_code", files=(FILE,)),
    ]
    assert codes(told, ANEF)["rung_told"]["day"] == "2026-04-01"
    assert codes([*told, *filed], ANEF)["rung_proven"]["day"] == "2026-04-07"


def test_what_is_found_of_a_ladder_and_of_published_ways_stands_under_its_own_rule() -> None:
    error, ccc, pan = (
        tried("2026-04-01", "anef_error_code"),
        tried("2026-04-02", "ccc_message"),
        tried("2026-04-03", "pan_refusal"),
    )
    asked, answer = tried("2026-04-04", "email"), tried("2026-04-05", "prefecture_answer")
    rules: dict[str, set[str]] = {}
    facts = [
        ANEF,
        Facts(procedure="renewal"),
        Facts(procedure="renewal", family="non_anef", published={"phone": "YES"}),
    ]
    for events in ([error], [error, ccc, tried("2026-04-03", "pan_sought")], [error, asked], [error, ccc, pan, asked]):
        for more in ([], [answer]):
            for known in facts:
                for one in check([*events, *more], known, TODAY, RULES, anef_rows())[0].findings:
                    rules.setdefault(one.code, set()).add(one.rule)
    c5 = ("rung_told", "rung_missing", "rung_begun", "rung_skipped", "rung_silent", "rung_answered", "family_unknown")
    assert {rule for code in c5 for rule in rules[code]} == {"c-5"}
    assert (rules["non_digital_yes"], rules["alternative_unused"]) == ({"c-6"}, {"c-11"})


def test_naturalisation_never_gets_the_residence_ladder() -> None:
    event = tried("2026-04-01", "anef_error_code", "naturalisation")
    found = codes([event], Facts(procedure="naturalisation", family="anef"))
    assert found["rung_missing"] == {"rung": "ACCOMPANIMENT"}


def test_a_family_without_a_sourced_ladder_prints_none() -> None:
    found = codes([tried("2026-04-01")], Facts(procedure="renewal", family="other"))
    assert not [code for code in found if code.startswith(("rung", "non_digital", "family"))]


def test_a_digital_help_desk_is_no_way_outside_the_portal() -> None:
    nothing = dict.fromkeys(("walk_in", "phone", "post"), "NO_ON_LISTED_PAGES")

    def found(published: Any) -> dict[str, Any]:
        return codes([tried("2026-04-01")], Facts(procedure="renewal", family="non_anef", published=published))

    assert "non_digital_no" in found({**nothing, "pan": "YES"})
    assert "non_digital_unknown" in found({"pan": "YES"})
    assert "non_digital_yes" in found({**nothing, "post": "YES"})
    assert found({"email": "YES"})["alternative_unused"] == {"way": "email"}


def test_which_family_is_not_guessed_from_the_table() -> None:
    found = codes([tried("2026-04-01")])
    assert "family_unknown" in found
    assert "portal_row" in found


@pytest.mark.parametrize(
    ("day", "where"),
    [("2026-02-28", "before"), ("2026-03-01", "inside"), ("2026-04-30", "inside"), ("2026-05-01", "after")],
)
def test_the_portal_window(day: str, where: str) -> None:
    found = codes([tried(day)], Facts(procedure="renewal", family="anef", expires=date(2026, 6, 29)))["window_anef"]
    assert (found["first"], found["last"]) == ("2026-03-01", "2026-04-30")
    assert found[where] == 1


def test_the_other_windows() -> None:
    outside = Facts(procedure="renewal", family="non_anef", expires=date(2026, 4, 30))
    assert codes([tried("2026-03-01")], outside)["window_non_anef"]["first"] == "2026-02-28"
    young = Facts(procedure="renewal", majority=date(2026, 1, 31))
    assert codes([tried("2026-03-01")], young)["window_majority"] == {"eve": "2027-01-30", "short": "2026-03-31"}


@given(days, st.integers(-60, 60))
def test_months_are_added_within_the_month_meant(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("silence", "today", "code"),
    [
        ("general", date(2026, 5, 2), "silence_running"),
        ("general", date(2026, 5, 3), "IMPLICIT_REFUSAL_POSSIBLE"),
        ("days_90", date(2026, 4, 2), "silence_running"),
        ("days_90", date(2026, 4, 3), "IMPLICIT_REFUSAL_POSSIBLE"),
    ],
)
def test_silence(silence: str, today: date, code: str) -> None:
    found = codes([tried("2026-01-02", "filed")], Facts(procedure="renewal", silence=silence), today)
    assert code in found
    assert "obstacle_filed" in found


def test_an_obstacle_comes_first_and_sends_to_a_lawyer() -> None:
    (one,) = check([tried("2026-03-02"), tried("2026-03-03", "removal_order")], Facts(), TODAY, RULES)
    said = [*lines((one,), Told(RULES, law(), TODAY, "fr"))]
    assert said[3].startswith("AVOCAT")
    assert any("voir un avocat avant toute autre démarche" in line for line in said)


def test_open_slots_are_told() -> None:
    found = codes([tried("2026-03-02"), tried("2026-03-03", "slot_offered")])
    assert found["slot_offered"] == {"n": 1}
    assert found["share"] == {"n": 1, "of": 2}


def test_nothing_is_predicted() -> None:
    said = " ".join(
        saying.fr + saying.en + saying.next_fr + saying.next_en for saying in RULES.sayings.values()
    ).lower()
    for word in ("sera accueilli", "gagner", "chances", "will succeed", "will win", "suffit"):
        assert word not in said


# --- reading and counting ---------------------------------------------------------------------------------------------

GOOD = {"at": "2026-03-02T09:14:00+01:00", "kind": "no_slot", "procedure": "renewal"}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"at": "yesterday"}, "attempts[1].at"),
        ({"at": 20260302}, "attempts[1].at"),
        ({"at": None}, "attempts[1].at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "attempts[1].at"),
        ({"kind": "no_slut"}, "attempts[1].kind"),
        ({"kind": ["no_slot"]}, "attempts[1].kind"),
        ({"procedure": " "}, "attempts[1].procedure"),
    ],
)
def test_a_bad_attempt_is_named(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(CaseDataError) as caught:
        attempts_from([GOOD, GOOD | wrong], PARIS)
    assert str(caught.value).startswith(where)
    assert "\n" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_whatever_is_listed_is_read_or_refused(data: Any) -> None:
    with suppress(CaseDataError):
        assert attempts_from(data, PARIS) == ()


@pytest.mark.parametrize("word", ["NO_SLOT", "no-slot", "NoSlot", " no slot "])
def test_a_kind_by_any_of_its_names(word: str) -> None:
    assert kind_of(word) == "no_slot"


def test_an_attempt_survives_its_json() -> None:
    one = tried("2026-03-02T09:14", due=date(2026, 9, 1), note="é", files=(FILE,), number=4)
    assert attempt_from_json(json.loads(json.dumps(attempt_to_json(one))), (FILE,), 4) == one


def test_tallies_add_up_and_hide_small_counts() -> None:
    one = rows_of(
        [tried("2026-03-02"), tried("2026-03-03", "email"), tried("2026-05-01", "date_given", due=date(2026, 6, 1))],
        "95",
    )
    five = merged([from_json(json.loads(json.dumps(to_json(one, exact=True, several=False))))] * 5)
    counts = to_json(five, exact=False, several=True)["rows"][0]["counts"]
    assert counts["cases"] == counts["requests"] == counts["days_to_date:91-180"] == 5
    four = to_json(merged([one] * 4), exact=False, several=True)["rows"][0]["counts"]
    assert set(four.values()) == {None}
    with pytest.raises(ValueError, match="suppressed"):
        from_json(to_json(one, exact=False, several=False))


def test_the_report_says_when_the_rules_were_read() -> None:
    checked: tuple[Checked, ...] = check([tried("2026-03-02T09:14")], Facts(), TODAY, RULES)
    assert str(RULES.read_on) in next(iter(lines(checked, Told(RULES, law(), TODAY, "fr"))))
