"""`vigie export` from a made-up store: what is in the folder, what is left out and said so, and that it verifies."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from monitor.cli import run
from monitor.core.record import digest
from monitor.evidence.sums import SUMS, parse_sums
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_export
from monitor.store.store import reading
from tests.support.exporting import CAPTCHA, DESK, NO_SLOT, OPEN, SKIPPED, TIMEOUT, fill, observe, page, seal
from tests.support.parts import part
from tests.support.records import opened


def export(data: Path, out: Path, *words: str) -> Path:
    """Run the command; it must succeed."""
    assert run(["export", DESK, "--data", str(data), "--out", str(out), "--lang", "en", *words]) == 0
    return out


def table(out: Path) -> list[dict[str, str]]:
    text = (out / "observations.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return [*csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";")]


def pages(out: Path) -> list[str]:
    return [one.extract_text() for one in PdfReader(out / "releve.pdf").pages]


def captures(out: Path) -> set[str]:
    return {path.stem for path in (out / "captures").rglob("*.html")}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A week: no slot, an opening, a captcha, a skipped check, a time-out."""
    fill(tmp_path / "data", [NO_SLOT, NO_SLOT, NO_SLOT, OPEN, OPEN, NO_SLOT, CAPTCHA, SKIPPED, TIMEOUT, NO_SLOT])
    return tmp_path / "data"


def test_a_sealed_export_verifies_with_the_program_and_in_the_shell(data: Path, tmp_path: Path) -> None:
    seal(data)
    out = export(data, tmp_path / "out")
    report = verify_export(FolderArchive(out), Verifiers())
    assert {finding.code for finding in report.findings} == {"unstamped", "bounds"}  # no authority was asked
    assert (report.failed, report.records, len(report.sweeps)) == (False, 9, 10)
    part("openssl")  # the script asks for it
    done = subprocess.run(["sh", "verify.sh"], cwd=out, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stdout
    assert "10 passages, 9 observations" in done.stdout


@pytest.mark.parametrize("words", [(), ("--attachable",)])
def test_what_does_not_verify_is_not_left_behind(
    data: Path, tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    seal(data)
    plan = max(data.rglob("plan.jsonl"))
    plan.write_bytes(plan.read_bytes().replace(b"cergy", b"creil"))
    capsys.readouterr()
    assert run(["export", DESK, "--data", str(data), "--out", str(tmp_path / "out"), "--lang", "en", *words]) == 70
    told = capsys.readouterr().err
    assert "does not verify, and was not left behind" in told
    assert len(told.splitlines()) == 1
    assert not [*tmp_path.glob("out*")]


def test_a_changed_page_of_an_export_is_found(data: Path, tmp_path: Path) -> None:
    seal(data)
    out = export(data, tmp_path / "out")
    next((out / "captures").rglob("*.html")).write_bytes(b"<html>Des rendez-vous sont disponibles</html>")
    codes = {finding.code for finding in verify_export(FolderArchive(out), Verifiers()).findings}
    assert {"file", "capture"} <= codes


def test_the_records_are_the_store_s_own_lines(data: Path, tmp_path: Path) -> None:
    out = export(data, tmp_path / "out")
    with reading(data) as store:
        assert store is not None
        lines = [line for _seq, line in store[0].lines()]
    assert (out / "records.jsonl").read_bytes().splitlines() == lines
    assert [row["SHA-256 de l'observation"] for row in table(out)] == [*map(digest, lines)]


def test_sums_cover_every_file(data: Path, tmp_path: Path) -> None:
    out = export(data, tmp_path / "out")
    found = {p.relative_to(out).as_posix(): digest(p.read_bytes()) for p in out.rglob("*") if p.is_file()}
    assert parse_sums((out / SUMS).read_bytes()) == {name: sha for name, sha in found.items() if name != SUMS}


def test_the_table_has_the_sites_words_and_both_clocks(data: Path, tmp_path: Path) -> None:
    rows = table(export(data, tmp_path / "out"))
    assert rows[0]["Démarche"] == "Première demande ; « salarié »"
    assert rows[0]["Phrase du site"] == NO_SLOT["seen"]
    assert (rows[0]["Date (heure légale)"], rows[0]["Heure légale"], rows[0]["Décalage"]) == (
        "2026-03-01", "23:30:00", "UTC+01:00",
    )  # fmt: skip
    assert rows[0]["Date et heure UTC"] == "2026-03-01 22:30:00.000"
    assert (rows[0]["Semaine ISO"], rows[1]["Semaine ISO"]) == ("2026-S09", "2026-S10")
    assert [row["Classe"] for row in rows].count("SlotsOpen") == 2


def test_a_cell_no_spreadsheet_may_compute(tmp_path: Path) -> None:
    fill(tmp_path / "data", [NO_SLOT | {"seen": '=HYPERLINK("https://example.org")'}])
    assert table(export(tmp_path / "data", tmp_path / "out"))[0]["Phrase du site"].startswith("'=")


def test_the_pages_enclosed_show_every_change_and_every_opening(tmp_path: Path) -> None:
    """One a day; both sides of a change; every opening; the first and the last. --all: all."""
    said = [NO_SLOT] * 30 + [OPEN] * 3 + [NO_SLOT] * 30
    fill(tmp_path / "data", said)
    out = export(tmp_path / "data", tmp_path / "out")
    # From Sunday 23:30 on, hourly: Monday begins at 1, Tuesday at 25, Wednesday at 49.
    assert captures(out) == {digest(page(seq)) for seq in (0, 1, 25, 29, 30, 31, 32, 33, 49, 62)}
    assert len(captures(export(tmp_path / "data", tmp_path / "all", "--all"))) == 63
    for path in (out / "captures").rglob("*.html"):
        assert digest(path.read_bytes()) == path.stem


def test_what_is_damaged_is_listed_and_never_counted(data: Path, tmp_path: Path) -> None:
    with sqlite3.connect(data / "vigie.db") as db:
        db.execute("INSERT INTO declared_damage VALUES (1, 1772400000000000, 'line')")
    db.close()
    out = export(data, tmp_path / "out")
    rows = table(out)
    assert [row["Lecture"] for row in rows if row["Numéro"] == "1"] == ["endommagée, non comptée"]
    assert len(rows) == 9
    text = "\n".join(pages(out))
    assert "Observations endommagées, non comptées" in text
    assert "8 comptées" in text


def test_days_are_those_of_legal_time_and_the_last_is_included(data: Path, tmp_path: Path) -> None:
    rows = table(export(data, tmp_path / "one", "--from", "2026-03-01", "--to", "2026-03-01"))
    assert [row["Numéro"] for row in rows] == ["0"]
    rows = table(export(data, tmp_path / "two", "--from", "2026-03-02"))
    assert rows[0]["Numéro"] == "1"


def test_what_is_not_sealed_yet_is_left_out_and_counted(data: Path, tmp_path: Path, capsys: Any) -> None:
    seal(data)
    at = datetime(2026, 3, 5, tzinfo=UTC)
    with opened(data, at) as store:
        sweep = store.begin_sweep(at, {"due": [DESK]})
        observe(store, sweep, at, NO_SLOT)
        store.end_sweep(sweep, at + timedelta(minutes=1), {"skipped": []})
    capsys.readouterr()
    out = export(data, tmp_path / "out", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["observations"], told["not_sealed"], told["sealed"]) == (9, 1, True)
    assert "pas encore scellées, et absentes de ce relevé : 1" in " ".join("\n".join(pages(out)).split())
    assert not verify_export(FolderArchive(out), Verifiers()).failed


def test_nothing_sealed_is_said_and_no_proof_is_promised(data: Path, tmp_path: Path) -> None:
    out = export(data, tmp_path / "out")
    assert "NE SONT PAS SCELLÉES" in (out / "LISEZ-MOI.txt").read_text(encoding="utf-8")
    assert not (out / "verify.sh").exists()
    assert "ne sont pas scellées" in " ".join(pages(out)[0].split())


def test_a_simulation_is_marked_everywhere_and_verifies(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, [NO_SLOT, OPEN, NO_SLOT], simulated=True)
    seal(data)
    out = export(data, tmp_path / "out")
    assert all("SIMULATION" in text for text in pages(out))
    assert {row["SIMULATION"] for row in table(out)} == {"SIMULATION"}
    for name in ("LISEZ-MOI.txt", "SIMULATION.txt"):
        assert "SIMULATION" in (out / name).read_text(encoding="utf-8")
    assert all(json.loads(line)["simulated"] for line in (out / "records.jsonl").read_bytes().splitlines())
    assert all(path.name.startswith("SIMULATION-") for path in (out / "captures").rglob("*.*"))
    assert not verify_export(FolderArchive(out), Verifiers()).failed


def test_the_real_thing_is_never_marked_as_a_simulation(data: Path, tmp_path: Path) -> None:
    seal(data)
    out = export(data, tmp_path / "out")
    assert not [name for name in out.rglob("*") if "SIMULATION" in name.name]
    assert "SIMULATION" not in "".join(pages(out)) + (out / "LISEZ-MOI.txt").read_text(encoding="utf-8")


def test_the_small_set_is_under_one_megabyte_and_its_proof_verifies(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(
        data, [NO_SLOT | {"seen": f"Réponse {digest(b'%d' % i)} {digest(b'-%d' % i)}"} for i in range(3000)], batch=100
    )
    seal(data)
    out = export(data, tmp_path / "out", "--attachable")
    assert {path.name for path in out.iterdir()} == {"releve.pdf", "observations.csv", "preuve.zip", SUMS}
    assert sum(path.stat().st_size for path in out.iterdir()) < 1_000_000
    shown = len(table(out))
    assert 0 < shown < 3000
    assert "dernières observations sur 3 000" in " ".join("\n".join(pages(out)).replace("\xa0", " ").split())
    with zipfile.ZipFile(out / "preuve.zip") as packed:
        packed.extractall(tmp_path / "proof")
    report = verify_export(FolderArchive(tmp_path / "proof"), Verifiers())
    assert (report.failed, report.records, len(report.sweeps)) == (False, 100, 1)


@pytest.mark.parametrize(
    "words",
    [
        ["export", "95/no-such-desk"],
        ["export", "95", "--from", "2020-01-01", "--to", "2020-12-31"],
        ["export", "95", "--from", "2026-03-02", "--to", "2026-03-01"],
        ["export", "95", "--from", "yesterday"],
        ["export", "33"],
    ],
)
def test_what_cannot_be_exported_is_one_sentence_and_no_folder(data: Path, tmp_path: Path, words: list[str]) -> None:
    assert run([*words, "--data", str(data), "--out", str(tmp_path / "out")]) == 64
    assert not (tmp_path / "out").exists()


def test_an_export_is_never_written_over_another(data: Path, tmp_path: Path) -> None:
    out = export(data, tmp_path / "out")
    before = (out / SUMS).read_bytes()
    assert run(["export", DESK, "--data", str(data), "--out", str(out)]) == 64
    assert (out / SUMS).read_bytes() == before
