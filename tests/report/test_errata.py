"""Observations made of a desk that was never the foreigners': printed with the correction, counted nowhere, kept."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from monitor.report.rereadings import Uncounted, uncounted
from monitor.store.store import reading
from tests.support.commands import Vigie, settings
from tests.support.exporting import DESK, FIRST, NO_SLOT, OPEN, aside, fill, observe, seal
from tests.support.records import opened

BOARD = "https://www.rdv.ain.gouv.fr/booking/create/804"
WRONG = "01/module-804"


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    """Three sweeps that looked at the board of driving licences as at a desk, as the catalogue once had it."""
    data = tmp_path / "data"
    with opened(data, FIRST) as store:
        for i, said in enumerate((NO_SLOT, OPEN, NO_SLOT)):
            at = FIRST.replace(day=2 + i)
            sweep = store.begin_sweep(at, {"due": [WRONG], "skipped": []})
            anchor = aside(data).anchor()
            of = {"check": WRONG, "prefecture": "01", "url": BOARD, "label": "[module 804]"}
            observe(store, sweep, at, said, anchor=anchor, **of)
            store.end_sweep(sweep, at + timedelta(minutes=1), {"skipped": []})
            store.barrier(FIRST)
            aside(data).seal(store.records, at)
        store.barrier(FIRST)
    return Vigie(data, settings(tmp_path))


def printed(out: Path) -> str:
    pages = PdfReader(out / "releve.pdf").pages
    return " ".join(" ".join(page.extract_text().replace("\xa0", " ").split()) for page in pages)


@pytest.mark.parametrize("code", ["01", WRONG])
def test_an_export_says_that_this_desk_is_not_that_of_foreigners(vigie: Vigie, tmp_path: Path, code: str) -> None:
    seal(vigie.data)
    out = tmp_path / "out"
    done = vigie("export", code, "--out", out)
    assert done.returncode == 0, done.stderr
    text = printed(out)
    assert "0 comptée ; 3 imprimées et non comptées" in text
    assert "Ce guichet n'est pas celui des étrangers" in text
    assert "commission médicale du permis de conduire" in text
    assert "2026-11-29" in text
    assert "Aucune observation de ce contrôle n'est comptée" in text
    assert text.count("Non comptée : ce guichet n'est pas celui des étrangers") == 3
    assert "Part des observations comptées" not in text
    rows = [*csv.DictReader(io.StringIO((out / "observations.csv").read_text(encoding="utf-8-sig")), delimiter=";")]
    assert len(rows) == 3
    assert all("ce guichet n'est pas celui des étrangers" in row["Correction"] for row in rows)
    readme = (out / "LISEZ-MOI.txt").read_text(encoding="utf-8")
    assert "\nCORRECTION - " in readme
    assert "qui ne sont comptées nulle part : 3\n" in readme
    assert "ce guichet n'est pas celui des étrangers" in readme
    assert len((out / "records.jsonl").read_bytes().splitlines()) == 3, "nothing is deleted"
    assert vigie("verify", out).returncode == 3, "nothing false; no authority was asked"


def test_an_unsealed_and_a_small_export_say_it_too(vigie: Vigie, tmp_path: Path) -> None:
    assert vigie("export", "01", "--out", tmp_path / "whole").returncode == 0
    assert "comptées nulle part : 3" in (tmp_path / "whole" / "LISEZ-MOI.txt").read_text(encoding="utf-8")
    assert vigie("export", "01", "--attachable", "--out", tmp_path / "small").returncode == 0
    assert "Ce guichet n'est pas celui des étrangers" in printed(tmp_path / "small")


def test_figures_and_the_table_do_not_count_it_and_the_history_still_shows_it(vigie: Vigie) -> None:
    assert vigie.json("stats", "01")["rows"] == []
    (row,) = vigie.json("table", "01")
    assert row["desks"] == []
    assert len(vigie("history", WRONG, "--json").stdout.splitlines()) == 3
    assert "not that of foreigners" in vigie("history", WRONG, "--lang", "en").stdout
    assert vigie.json("reread")["asked"] == 0, "what counts nowhere is not read again"


def test_a_slug_whose_address_was_put_right_loses_the_wrong_observations_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT, NO_SLOT], url=BOARD)
    with opened(data, FIRST) as store:
        at = FIRST.replace(day=9)
        sweep = store.begin_sweep(at, {"due": [DESK], "skipped": []})
        observe(store, sweep, at, NO_SLOT)
        store.end_sweep(sweep, at, {"skipped": []})
        store.barrier(at)
    with reading(data) as found:
        assert found is not None
        assert uncounted(found[0], {}) == Uncounted(frozenset(), frozenset({0, 1}), frozenset({DESK}))
    vigie = Vigie(data, settings(tmp_path))
    rows = vigie.json("stats", "95")["rows"]
    assert sum(row["done"] for row in rows) == 3
    assert sum(one["count"] for row in rows for one in row["readings"]) == 1
    assert sum(row["corrected"] for row in rows) == 2
    assert vigie("export", DESK, "--out", tmp_path / "out").returncode == 0
    assert "1 comptée ; 2 imprimées et non comptées" in printed(tmp_path / "out")
    assert vigie("history", DESK, "--lang", "en").stdout.count("not that of foreigners") == 2
    assert json.loads(vigie("history", DESK, "--json").stdout.splitlines()[0])["url"] == BOARD


def test_a_desk_whose_address_was_put_right_and_not_looked_at_since_was_never_seen(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT, NO_SLOT], url=BOARD)
    desks = {one["check"]: one for row in Vigie(data, settings(tmp_path)).json("table", "95") for one in row["desks"]}
    assert desks[DESK]["remark"].startswith("not counted: this desk is not that of foreigners")
    assert desks[DESK]["last_good"] is None
