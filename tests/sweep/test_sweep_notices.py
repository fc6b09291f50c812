"""Notices in a sweep: what is published, what changed since, what was not modified, and how people see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.api import Notice, Prefecture, Provenance
from monitor.cli.show import observation_row
from monitor.core.prefecture import notice_key
from monitor.read.notices.rules import notice_rules
from monitor.report.table import rows
from monitor.store.store import reading
from monitor.sweep.plan import Look, notice_look
from tests.simulator.client import Simulator
from tests.simulator.fixture import simulator, simulator_of_module
from tests.support.sweeps import swept

__all__ = ["simulator", "simulator_of_module"]

HOST = "www.val-doise.gouv.fr"
PAN = "/Demarches/Etrangers/PAN"
SOURCE = Provenance("test", "2026-11-21", "confirmed_1")
NOTICE = Notice(slug="pan", kind="pan", url=f"https://{HOST}{PAN}", provenance=SOURCE)
PREFECTURE = Prefecture(
    code="95",
    slug="val-doise",
    name="Val-d'Oise",
    office="Préfecture du Val-d'Oise",
    site=f"https://{HOST}",
    provenance=SOURCE,
    notices=(NOTICE,),
)
KEY = notice_key(PREFECTURE, NOTICE)


def look(folder: Path) -> Look:
    with reading(folder) as opened:
        row = opened[0].last_facts().get(KEY) if opened else None
    return notice_look(PREFECTURE, NOTICE, notice_rules, json.loads(row.line) if row else None)


def swept_notice(simulator: Simulator, folder: Path) -> dict[str, Any]:
    (record,) = swept(simulator, folder, [look(folder)]).observations
    return record


def test_what_is_published_is_kept_with_its_sentence(simulator: Simulator, tmp_path: Path) -> None:
    record = swept_notice(simulator, tmp_path)
    assert (record["reading"], record["look"], record["check"]) == ("Published", "notice", "95/notices/pan")
    pan = record["facts"]["pan"]
    assert (pan["status"], pan["for_foreigners"], pan["phones"]) == ("published", True, ["01 99 00 95 12"])
    assert pan["seen"] == record["seen"]
    assert record["seen"] in {quote["text"] for quote in record["facts"]["quotes"]}
    assert "changes" not in record


def test_a_page_that_did_not_change_keeps_its_facts_and_names_their_record(
    simulator: Simulator, tmp_path: Path
) -> None:
    first = swept_notice(simulator, tmp_path)
    second = swept_notice(simulator, tmp_path)
    third = swept_notice(simulator, tmp_path)
    assert second["exchanges"][-1]["status"] == 304
    assert "if-none-match" in second["steps"][0]
    assert second["facts"] == first["facts"]
    assert (second["unchanged_since"], third["unchanged_since"]) == (first["seq"], first["seq"])
    told = [rows([PREFECTURE], {}, {KEY: one})[0].picture.pan_fact for one in (first, second)]
    assert [fact and fact.unmodified for fact in told] == [False, True]
    assert ["says the server" in observation_row(one, "en")[0] for one in (first, second)] == [False, True]


def test_a_pan_that_closes_is_told_with_both_sentences(simulator: Simulator, tmp_path: Path) -> None:
    before = swept_notice(simulator, tmp_path)
    simulator.show(HOST, PAN, "file:Demarches/Etrangers/PAN.v2.html")
    after = swept_notice(simulator, tmp_path)
    assert after["facts"]["pan"]["status"] == "closed"
    change = next(one for one in after["changes"] if one["fact"] == "pan")
    assert change["kind"] == "changed"
    assert (change["before"], change["after"]) == (before["facts"]["pan"]["seen"], after["facts"]["pan"]["seen"])


@pytest.mark.parametrize("state", ["503", "maintenance", "cloudflare_challenge", "empty"])
def test_an_error_page_is_no_news_and_the_facts_stay(simulator: Simulator, tmp_path: Path, state: str) -> None:
    first = swept_notice(simulator, tmp_path)
    simulator.show(HOST, PAN, state)
    failed = swept_notice(simulator, tmp_path)
    assert failed["reading"] in ("Unavailable", "Obstructed", "Unreadable")
    assert "changes" not in failed
    with reading(tmp_path) as opened:
        assert opened is not None
        facts = {key: json.loads(row.line) for key, row in opened[0].last_facts().items()}
    (row,) = rows([PREFECTURE], {}, facts)
    assert (row.picture.pan, row.picture.for_foreigners) == ("published", True)
    assert row.picture.pan_fact is not None
    assert row.picture.pan_fact.seen == first["facts"]["pan"]["seen"]


def test_what_three_looks_over_a_day_did_not_find_again_is_told_as_withdrawn(
    simulator: Simulator, tmp_path: Path
) -> None:
    published = swept_notice(simulator, tmp_path)
    simulator.show(HOST, PAN, "file:index.html")
    gone = swept_notice(simulator, tmp_path)
    assert gone["facts"]["pan"]["status"] == "not_found"
    days = ("2026-11-22", "2026-11-23", "2026-11-24")
    looks = [published, *({**gone, "started": f"{day}T08:00:00Z"} for day in days)]
    (row,) = rows([PREFECTURE], {}, {KEY: looks[-1]}, lambda key: looks)
    assert row.withdrawn == (("pan", published["facts"]["pan"]["seen"]),)
    (row,) = rows([PREFECTURE], {}, {KEY: looks[-1]}, lambda key: looks[:3])
    assert row.withdrawn == ()
