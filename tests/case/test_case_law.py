"""What `vigie case check` says of the law, rule by rule, each held against the text it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case.check.anef import anef_rows
from monitor.case.check.check import check
from monitor.case.check.report import Told, changes_for, lines
from monitor.case.check.rules import Finding, case_rules, rules_from
from monitor.case.check.spread import spread_of
from monitor.case.courts import defendant
from monitor.case.law_tables import courts, law
from monitor.case.model import Attempt, Facts, FileRef, moment
from monitor.catalogue.declaration import PROCEDURES

RULES, LAW = case_rules(), law()
TODAY = date(2026, 11, 30)
CAPTURE = FileRef(name="x.png", stored="000001-01.age", sha256="0" * 64, size=1)
NO_RULE = set(PROCEDURES) - RULES.permits - {"naturalisation", "family_reunification"}


def capture(n: int) -> FileRef:
    return replace(CAPTURE, sha256=f"{n:064x}")


def tried(day: str | date, kind: str = "no_slot", procedure: str = "renewal", **more: Any) -> Attempt:
    legal, at = moment(str(day), ZoneInfo("Europe/Paris"))
    return Attempt(day=legal, at=at, kind=kind, procedure=procedure, **more)


def found(events: Sequence[Attempt], today: date = TODAY, **facts: Any) -> dict[str, Finding]:
    """Findings of the one démarche, by code."""
    facts = {"procedure": events[0].procedure} | facts
    (one,) = check(events, Facts(**facts), today, RULES, anef_rows(), courts().get(facts.get("prefecture", "")))
    return {finding.code: finding for finding in one.findings}


def text(events: Sequence[Attempt], lang: str = "fr", today: date = TODAY, **facts: Any) -> str:
    """The report."""
    facts = {"procedure": events[0].procedure} | facts
    checked = check(events, Facts(**facts), today, RULES, anef_rows())
    return "\n".join(lines(checked, Told(RULES, LAW, today, lang)))


def keys(finding: Finding) -> set[str]:
    return set(finding.sources or RULES.sayings[finding.code].sources)


# --- silence: by démarche, what removes it, how long to sue -----------------------------------------------------------


@pytest.mark.parametrize("procedure", sorted(RULES.permits))
def test_four_months_are_of_permits(procedure: str) -> None:
    one = found([tried("2026-06-01", "filed", procedure)], procedure=procedure)["IMPLICIT_REFUSAL_POSSIBLE"]
    assert one.values["end"] == "2026-10-01"
    assert "ceseda_r432_2" in keys(one)


@pytest.mark.parametrize("procedure", sorted(NO_RULE))
def test_a_demarche_whose_delay_was_not_read_prints_none(procedure: str) -> None:
    events = [tried("2020-01-02", "filed", procedure), tried("2020-01-01", "no_slot", procedure)]
    codes = found(events)
    assert codes["silence_no_rule"].values == {"filed": "2020-01-02"}
    assert "IMPLICIT_REFUSAL_POSSIBLE" not in codes
    assert "432-" not in text(events)


def test_naturalisation_is_answered_in_eighteen_months_or_twelve_and_three_more() -> None:
    filed = [tried("2026-06-01", "filed", "naturalisation")]
    usual = found(filed)["naturalisation_running"]
    assert (usual.values["end"], usual.values["longer"]) == ("2027-12-01", "2028-03-01")
    short = found(filed, silence="naturalisation_10_years")["naturalisation_running"]
    assert (short.values["end"], short.values["longer"]) == ("2027-06-01", "2027-09-01")
    assert "naturalisation_late" in found(filed, today=date(2027, 12, 2))
    assert "naturalisation_running" in found(filed, silence="days_60"), "a permit's delay is of no naturalisation"


def test_family_reunification_runs_six_months_from_the_attestation_of_a_complete_file() -> None:
    filed = tried("2026-03-01", "filed", "family_reunification")
    one = found([filed])["IMPLICIT_REFUSAL_POSSIBLE"]
    assert one.values["end"] == "2026-09-01"
    assert keys(one) == {"ceseda_r434_26", "ceseda_r434_12"}
    attested = [filed, tried("2026-06-15", "ofii_attestation", "family_reunification")]
    assert found(attested)["silence_running"].values["end"] == "2026-12-15"


@pytest.mark.parametrize(
    ("silence", "end"),
    [("days_90", "2026-04-02"), ("days_60", "2026-03-03"), ("blue_card", "2026-04-02"),
     ("blue_card_moved", "2026-02-01"), ("blue_card_family_moved", "2026-02-01")],
)  # fmt: skip
def test_the_delays_that_are_not_four_months(silence: str, end: str) -> None:
    one = found([tried("2026-01-02", "filed", "talent")], silence=silence)["IMPLICIT_REFUSAL_POSSIBLE"]
    assert one.values["end"] == end
    assert RULES.silence[silence].source in keys(one)


@pytest.mark.parametrize("kind", ["receipt", "prefecture_answer", "application_reclassified", "prefecture_attestation"])
def test_a_receipt_or_a_holding_answer_never_removes_the_implicit_refusal(kind: str) -> None:
    events = [tried("2026-05-01", "filed"), tried("2026-05-02", kind)]
    codes = found(events)
    assert codes["IMPLICIT_REFUSAL_POSSIBLE"].values["end"] == "2026-09-01"
    if kind == "receipt":
        assert keys(codes["silence_receipt"]) == {"ce_499904"}


@pytest.mark.parametrize("kind", ["application_refused", "application_granted", "application_closed"])
def test_an_express_decision_does(kind: str) -> None:
    codes = found([tried("2026-05-01", "filed"), tried("2026-05-20", kind)])
    assert "IMPLICIT_REFUSAL_POSSIBLE" not in codes
    assert codes["silence_decided"].values["day"] == "2026-05-20"


def test_that_some_permits_have_a_shorter_delay_is_said_until_it_is_stated() -> None:
    filed = [tried("2026-11-01", "filed", "talent")]
    assert "R. 421-43" in text(filed)
    assert "silence_shorter" in found(filed)
    assert not {"silence_shorter"} & (found(filed, silence="general").keys() | found(filed, silence="days_90").keys())


def test_a_request_for_documents_suspends_for_the_time_it_sets() -> None:
    filed = tried("2026-05-01", "filed")
    asked = tried("2026-06-01", "documents_requested", due=date(2026, 7, 1))
    assert found([filed, asked])["IMPLICIT_REFUSAL_POSSIBLE"].values["end"] == "2026-10-01"
    sent = tried("2026-06-11", "documents_sent")
    assert found([filed, asked, sent])["IMPLICIT_REFUSAL_POSSIBLE"].values["end"] == "2026-09-11"
    without = found([filed, tried("2026-06-01", "documents_requested")])
    assert without["IMPLICIT_REFUSAL_POSSIBLE"].values["end"] == "2026-09-01"
    assert "documents_no_limit" in without


def test_a_request_for_documents_after_the_delay_changes_nothing() -> None:
    late = [tried("2026-05-01", "filed"), tried("2026-09-02", "documents_requested", due=date(2026, 12, 1))]
    assert found(late)["IMPLICIT_REFUSAL_POSSIBLE"].values["end"] == "2026-09-01"


@pytest.mark.parametrize(("today", "code"), [(date(2026, 11, 1), "sue_limit"), (date(2026, 11, 2), "sue_over")])
def test_two_months_to_sue_with_their_conditions_and_the_reasons_in_a_month(today: date, code: str) -> None:
    one = found([tried("2026-05-01", "filed")], today)[code]
    assert one.values == {"end": "2026-09-01", "sue": "2026-11-01"}
    assert keys(one) == {"cja_r421_2", "crpa_l112_6", "crpa_l112_12", "crpa_l232_4"}
    said = text([tried("2026-05-01", "filed")], today=today)
    assert "n'est pas opposable" in said
    assert ("dus dans le mois" in said) is (code == "sue_limit")


def test_a_request_left_unanswered_two_months_is_told_with_what_it_may_close() -> None:
    events = [tried("2026-03-02"), tried("2026-03-10", "email")]
    assert found(events, date(2026, 5, 10))["request_silence"].values["end"] == "2026-05-10"
    over = found(events, date(2026, 5, 11))["request_silence_over"]
    assert keys(over) == {"crpa_l231_4", "ce_420343"}
    answered = [*events, tried("2026-04-01", "prefecture_answer")]
    assert not {"request_silence", "request_silence_over"} & found(answered).keys()


@given(st.sampled_from(PROCEDURES), st.dates(date(2024, 1, 1), date(2026, 11, 30)))
def test_no_refusal_is_spoken_of_before_its_delay(procedure: str, today: date) -> None:
    codes = found([tried(date(2026, 1, 31), "filed", procedure)], today)
    if today < date(2026, 5, 31):
        assert not {"IMPLICIT_REFUSAL_POSSIBLE", "naturalisation_late", "sue_limit", "sue_over"} & codes.keys()


# --- labels -----------------------------------------------------------------------------------------------------------


def series(months: int, per_month: int, files: tuple[FileRef, ...]) -> list[Attempt]:
    new = count()
    return [
        tried(date(2026, 6 + month, 1) + timedelta(days=day % 28), files=tuple(capture(next(new)) for _ in files))
        for month in range(months)
        for day in range(per_month)
    ]


def test_no_label_bears_the_name_of_a_decision_whose_captures_the_file_lacks() -> None:
    bare = [tried(day) for day in ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-04-06", "2026-05-07")]
    mails = [tried("2026-03-10", "email"), tried("2026-04-10", "email")]
    assert spread_of([*bare, *mails], RULES).label == "IN BETWEEN"
    assert spread_of(series(4, 30, ()) + mails, RULES).label == "IN BETWEEN"


def test_the_label_of_the_long_series_asks_for_captures_and_for_no_letter() -> None:
    spread = spread_of(series(4, 30, (CAPTURE,)), RULES)
    assert (spread.label, spread.captures, spread.written_requests) == ("LIKE CE 448178", 120, 0)
    assert spread_of(series(3, 40, (CAPTURE,)), RULES).label != "LIKE CE 448178"
    assert "120 avec capture" in text(series(4, 30, (CAPTURE,)))
    assert "228 captures" in text(series(4, 30, (CAPTURE,)))


def test_one_file_joined_to_many_attempts_counts_once_and_is_told() -> None:
    """An opponent sees the same digest under five dates."""
    events = [tried(f"2026-0{month}-02", files=(CAPTURE,)) for month in range(3, 8)]
    assert spread_of(events, RULES).captures == 1
    assert found(events)["same_file"].values == {
        "n": 4, "of": 5, "which": "2026-04-02, 2026-05-02, 2026-06-02, 2026-07-02"
    }  # fmt: skip
    assert "aux octets identiques" in text(events)
    assert "same_file" not in found([tried("2026-03-02", files=(CAPTURE,)), tried("2026-03-09", files=(capture(1),))])


def test_a_written_request_without_a_file_is_told() -> None:
    events = [tried("2026-03-02"), tried("2026-03-10", "email"), tried("2026-03-11", "letter", files=(CAPTURE,))]
    assert found(events)["requests_no_file"].values == {"n": 1, "of": 2}
    assert "requests_no_file" not in found([events[0], events[2]])


def test_documents_asked_for_and_never_sent_are_told() -> None:
    asked = [tried("2026-05-01", "filed"), tried("2026-06-01", "documents_requested", due=date(2026, 6, 20))]
    assert found(asked)["documents_not_sent"].values == {"day": "2026-06-01", "due": "2026-06-20"}
    assert "documents_not_sent" not in found([*asked, tried("2026-06-10", "documents_sent")])


def test_a_delay_of_another_demarche_does_not_hide_that_some_permits_have_a_shorter_one() -> None:
    filed = [tried("2026-10-01", "filed")]
    assert "silence_shorter" in found(filed, silence="naturalisation_10_years")
    assert "silence_shorter" not in found(filed, silence="general")


def test_a_refusal_of_silence_is_never_told_as_born() -> None:
    for today in (date(2026, 10, 1), date(2026, 12, 1)):
        assert "Si ce refus est né le" in text([tried("2026-05-01", "filed")], today=today)


def test_the_steps_of_another_demarche_bear_no_text_of_permits() -> None:
    events = [tried("2026-04-01", "anef_attachment", "travel_document")]
    codes = found(events, family="anef")
    assert keys(codes["rung_missing"]) == {"choice"}
    assert "ladder_no_condition" not in codes


def test_what_is_only_a_guess_is_said_to_be_one() -> None:
    said = text(series(1, 10, (CAPTURE,)))
    assert "choisis par le projet" in said or "choisi par le projet" in said
    for code in ("fresh", "stale", "hours_same", "share", "gap", "alternative_unused"):
        assert RULES.sayings[code].confidence == "guess", code
    floors = {name: value for least in RULES.floors.values() for name, value in least.items()}
    assert not {60, 2} & {floors["span_days"], floors["written_requests"]}


def test_the_year_after_majority_is_of_issue_and_the_visa_again_spares_long_term_residents() -> None:
    young = text([tried("2026-11-02", procedure="first_request")], majority=date(2026, 10, 10))
    assert "parle de la délivrance" in young
    late = text([tried("2026-11-02")], family="non_anef", expires=date(2026, 3, 15))
    assert "résidents de longue durée-UE exceptés). Que la préfecture dise" in late
    soon = text([tried("2026-11-02")], family="non_anef", expires=date(2026, 10, 15))
    assert "en demande un (résidents de longue durée-UE exceptés)" in soon


# --- after filing -----------------------------------------------------------------------------------------------------

RENEWAL = {"procedure": "renewal", "family": "anef", "expires": date(2026, 9, 30)}  # window: 2 June to 1 August


def test_no_attestation_after_filing_is_no_impossibility_to_file() -> None:
    events = [tried("2026-06-15", "filed"), tried("2026-10-05", "anef_no_attestation")]
    codes = found(events, date(2026, 10, 6), **RENEWAL)
    assert not {"rung_missing", "spread_insufficient", "requests_none"} & codes.keys(), (
        "there is no filing left to prove"
    )
    assert spread_of(events, RULES).attempts == 0
    again = [*events, tried("2026-10-05", "anef_error_code")]
    assert "CCC_CONTACTED" in str(found(again, date(2026, 10, 6), **RENEWAL)["rung_missing"].values)
    assert keys(codes["prolongation_due"]) == {"ceseda_r431_15_1"}


@pytest.mark.parametrize(
    ("filed", "today", "code"),
    [
        ("2026-06-02", date(2026, 10, 1), "prolongation_due"),
        ("2026-08-01", date(2026, 9, 30), "prolongation_soon"),
        ("2026-08-02", date(2026, 10, 1), "prolongation_late"),
    ],
)
def test_the_attestation_is_owed_in_the_window_once_the_permit_expired(filed: str, today: date, code: str) -> None:
    assert code in found([tried(filed, "filed"), tried("2026-09-01", "anef_no_attestation")], today, **RENEWAL)


def test_the_attestation_supposes_a_filing_and_a_known_window() -> None:
    alone = [tried("2026-10-05", "anef_no_attestation")]
    assert "prolongation_not_filed" in found(alone, **RENEWAL)
    filed = [*alone, tried("2026-06-15", "filed")]
    assert "prolongation_unknown" in found(filed, procedure="renewal", expires=date(2026, 9, 30))
    assert "confirmation_missing" in found([tried("2026-06-15", "anef_no_confirmation")], **RENEWAL)


# --- naturalisation ---------------------------------------------------------------------------------------------------


def test_naturalisation_rests_on_its_own_order_and_never_on_a_permit_s() -> None:
    kinds = (
        "anef_error_code",
        "ccc_message",
        "no_slot",
        "email",
        "receipt",
        "removal_order",
        "refusal_of_registration",
    )
    events = [tried("2026-04-01", kind, "naturalisation", site_serves=False) for kind in (*kinds, "late_date")]
    filed = [tried(day, "filed", "naturalisation") for day in ("2025-01-01", "2026-09-01")]
    facts = {"family": "anef", "expires": date(2026, 1, 1), "published": {"post": "YES"}, "prefecture": "95"}
    codes = found([*events, *filed], **facts)
    assert keys(codes["rung_missing"]) == {"arrete_2023_02_03"}
    rows = {key for one in codes.values() for key in keys(one)}
    assert {key for key in rows if not key.startswith(("cja_", "crpa_", "civil_"))} <= {
        "arrete_2023_02_03", "ce_420343", "choice", "practice",
    }  # fmt: skip
    assert "court" not in codes, "its court is another, which was not read"
    said = text(events)
    assert "arrêté du 3 février 2023" in said
    assert "435594" not in said


# --- majority, expired permits ----------------------------------------------------------------------------------------


def test_a_young_person_in_care_has_the_whole_year_and_the_list_is_printed() -> None:
    events = [tried("2026-04-01", procedure="first_request")]
    facts = {"majority": date(2026, 1, 31), "family": "non_anef"}
    care = found(events, **facts)["window_majority_care"]
    assert care.values == {"eve": "2027-01-30"}
    assert {"ceseda_l435_3", "ta_cergy_2314819"} <= keys(care)
    for lang in ("fr", "en"):
        said = text(events, lang, **facts)
        for number in ("421-22", "421-23", "421-26", "421-33", "423-14", "423-15", "423-21", "423-22", "424-1", "424-3",
                       "424-24", "426-1", "435-3"):  # fmt: skip
            assert number in said


def test_the_last_day_of_majority_is_within_the_year_on_a_leap_day_too() -> None:
    events = [tried("2026-04-01", procedure="first_request")]
    care = found(events, majority=date(2024, 2, 29))["window_majority_care"]
    assert care.values["eve"] == "2025-02-27"


@pytest.mark.parametrize(("today", "code"), [(date(2026, 9, 30), "entry_soon"), (date(2026, 10, 1), "entry_again")])
def test_six_months_after_expiry_the_visa_may_be_asked_again(today: date, code: str) -> None:
    one = found([tried("2026-04-01")], today, family="anef", expires=date(2026, 3, 30))
    assert code in one
    assert one[code].values == {"day": "2026-09-30"}
    filed = [tried("2026-04-01"), tried("2026-09-29", "filed")]
    assert not {"entry_soon", "entry_again"} & found(filed, today, family="anef", expires=date(2026, 3, 30)).keys()


def test_a_late_renewal_costs_the_fee_and_has_no_attestation_of_right() -> None:
    late = found([tried("2026-10-02")], date(2026, 10, 2), **RENEWAL)
    assert keys(late["late_fee"]) == {"ceseda_l436_5"}
    assert "no_attestation_of_right" in late
    in_time = found([tried("2026-06-03"), tried("2026-06-04", "filed")], date(2026, 10, 2), **RENEWAL)
    assert not {"late_fee", "no_attestation_of_right"} & in_time.keys()
    other = found([tried("2026-10-02", procedure="student")], **RENEWAL | {"procedure": "student"})
    assert "late_fee" not in other, "the article speaks of a renewal"


def test_for_whom_the_expired_card_still_proves_the_stay_is_said() -> None:
    one = found([tried("2026-10-02")], date(2026, 10, 2), **RENEWAL)["expired_card"]
    assert one.values["until"] == "2026-12-30"
    said = text([tried("2026-10-02")], today=date(2026, 10, 2), **RENEWAL)
    for words in ("quatre ans", "carte de résident", "accord international", "180 €"):
        assert words in said
    assert "à vérifier" not in said


def test_no_amount_but_the_fee_is_said() -> None:
    for saying in RULES.sayings.values():
        assert "€" not in saying.fr.replace("180 €", "")


# --- urgency, complete file -------------------------------------------------------------------------------------------


def test_urgency_is_presumed_for_a_renewal_and_to_be_shown_otherwise() -> None:
    assert "urgency_presumed" in found([tried("2026-11-01")])
    first = [tried("2026-11-01", procedure="aes")]
    assert "ce_435594" in keys(found(first)["urgency_to_show"])
    assert "urgency_to_show_other" in found([tried("2026-11-01", procedure="travel_document")])
    told = [*first, tried("2026-11-02", "urgency_proof", "aes")]
    assert {"urgency_to_show", "urgency_told"} <= found(told).keys()
    shown = [*first, tried("2026-11-02", "urgency_proof", "aes", files=(CAPTURE,))]
    codes = found(shown)
    assert codes["urgency_shown"].values == {"n": 1}
    assert "urgency_to_show" not in codes
    assert "urgency_removal_order" in found([*shown, tried("2026-11-03", "removal_order", "aes")])


def test_a_complete_file_is_the_premise_of_registration() -> None:
    one = found([tried("2026-11-01")])["complete_unknown"]
    assert keys(one) == {"ceseda_r431_10", "ceseda_r431_11", "ceseda_annexe_10"}
    assert "complete_told" in found([tried("2026-11-01")], ready={"complete": "YES"})
    assert keys(found([tried("2026-11-01", procedure="naturalisation")])["complete_unknown"]) == {"civil_21_25_1"}


# --- sources ----------------------------------------------------------------------------------------------------------


def test_a_refusal_to_register_rests_on_the_opinions_on_registration() -> None:
    one = found([tried("2026-11-01", "refusal_of_registration")])["obstacle_refusal_of_registration"]
    assert keys(one) == {"ce_472831", "ce_494718"}


def test_who_serves_the_person_rests_on_the_article_on_residence() -> None:
    assert keys(found([tried("2026-11-01", site_serves=False)])["other_site"]) == {"ceseda_r431_20"}


def test_outside_the_portal_the_desk_and_the_receipt_are_said() -> None:
    one = found([tried("2026-11-01", procedure="aes")], family="non_anef")["outside_portal"]
    assert keys(one) == {"ceseda_r431_3", "ceseda_r431_12", "ce_473349"}


@pytest.mark.parametrize("procedure", sorted(NO_RULE | {"family_reunification"}))
def test_no_decision_on_permits_is_named_for_another_demarche(procedure: str) -> None:
    kinds = ("no_slot", "email", "filed", "receipt", "prefecture_answer", "removal_order", "date_given", "late_date",
             "refusal_of_date", "refusal_of_registration", "application_refused")  # fmt: skip
    events = [tried("2026-04-01", kind, procedure) for kind in kinds]
    rows = {key for one in found(events, expires=date(2026, 1, 1), prefecture="95").values() for key in keys(one)}
    of_permits = {"ce_435594", "ce_453391", "ce_436288", "ce_472831", "ce_494718", "ce_499904", "ce_448178"}
    assert not of_permits & rows
    assert not {key for key in rows if key.startswith("ta_")}


def test_what_each_file_that_succeeded_had_is_said() -> None:
    said = text([tried("2026-11-01")])
    assert "Quatre dossiers" not in said
    assert "deux courriels et une lettre, sans capture" in said


def test_the_ladder_is_of_the_substitution_and_no_condition_of_the_judge() -> None:
    events = [tried("2026-11-01", "anef_error_code", files=(CAPTURE,))]
    assert RULES.sayings["rung_missing"].confidence == "likely"
    said = text(events, family="anef")
    assert "la condition de la solution de substitution, et non du référé" in said
    assert keys(found(events, family="anef")["ladder_no_condition"]) == {"ceseda_r431_2", "ta_92_2025_07"}
    assert "Pour la voie de substitution" in said
    for code in ("non_digital_yes", "alternative_unused"):
        assert "supposition du projet" in RULES.sayings[code].fr
        assert RULES.sayings[code].confidence != "certain"


def test_the_article_on_exhibits_says_what_it_says() -> None:
    row, interim = LAW.sources["cja_r414_5"], LAW.sources["cja_r522_2"]
    for words in (
        "à peine d'irrecevabilité",
        "commençant par le numéro",
        "décrit la pièce",
        "invitation à régulariser",
    ):
        assert words in row.says
    assert "R. 612-1 ne s'applique pas" in interim.says
    assert "n'est pas visée" in interim.says


def test_a_request_by_post_is_a_registered_letter_and_no_more() -> None:
    row = LAW.sources["cja_r522_3"]
    assert "lettre recommandée" in row.says
    assert "avis de réception" not in row.says
    assert "acknowledgement" not in row.says_en


def test_e_mails_have_their_own_article_on_acknowledgement() -> None:
    row = LAW.sources["crpa_l112_11"]
    assert "L. 112-3 et L. 112-6 ne s'y appliquent pas" in row.says


def test_the_article_on_the_desk_is_the_present_one() -> None:
    row = LAW.sources["ceseda_r431_3"]
    assert row.state == date(2026, 4, 3)
    assert "comparution" not in row.says


def test_in_paris_it_is_the_prefet_de_police() -> None:
    assert defendant("75") == "le préfet de police"
    assert defendant("95") == "le préfet"
    codes = found([tried("2026-11-01")], prefecture="75")
    assert "authority_paris" in codes
    assert codes["court"].values == {"court": "tribunal administratif de Paris"}
    assert "authority" in found([tried("2026-11-01")], prefecture="95")


def test_a_claim_is_no_surer_than_its_surest_source() -> None:
    told = Told(RULES, LAW, TODAY, "fr")
    nat = found([tried("2026-04-01", "anef_error_code", "naturalisation")])["rung_missing"]
    assert told.sure(nat) == "likely"
    for code, saying in RULES.sayings.items():
        assert told.sure(Finding("c", code, {})) == saying.confidence


def test_a_saying_that_claims_more_than_its_sources_is_refused() -> None:
    row = {"weight": "told", "confidence": "certain", "sources": ["ce_453391"], "fr": "x", "en": "x"}
    table = {"spread": [], "permits": [], "finding": {"x": row}}
    with pytest.raises(ValueError, match="more than its sources"):
        rules_from(table, LAW)


# --- cases begun before -----------------------------------------------------------------------------------------------


def test_what_changed_is_said_once_and_only_where_it_bears_on_the_case() -> None:
    events = [tried("2026-06-01", "filed", "naturalisation")]
    checked = check(events, Facts(procedure="naturalisation"), TODAY, RULES)
    before = changes_for(checked, RULES, date(2026, 11, 24), None)
    assert any("n'est plus appliqué aux autres démarches" in one.fr for one in before)
    assert not any("aide sociale" in one.fr for one in before)
    assert changes_for(checked, RULES, date(2026, 11, 24), RULES.read_on) == ()
    assert changes_for(checked, RULES, RULES.read_on, None) == ()
    said = [*lines(checked, Told(RULES, LAW, TODAY, "fr"), before)]
    assert said[1].startswith("Ce dossier a été commencé avant")
