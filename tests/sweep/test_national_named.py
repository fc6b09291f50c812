"""`national` where a préfecture's code may stand: only when asked, and its front page says nothing more."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from monitor.catalogue.catalogue import Catalogue, load
from monitor.cli import run
from monitor.core.errors import UsageError
from monitor.run.choose import RunRequest, choose
from monitor.settings.settings import Settings
from tests.support.exporting import NO_SLOT, fill, seal
from tests.support.parts import part
from tests.support.records import keep, sweeping

SENTENCE = "La page d'accueil s'affichait. Cela ne dit rien de la connexion, du dépôt ni des pièces jointes."
SHOWN: dict[str, Any] = {
    "reading": "FrontPageShown",
    "seen": "Administration numérique pour les étrangers",
    "selector": "h1",
}
ANEF: dict[str, Any] = {
    "check": "national/anef", "label": "Administration numérique pour les étrangers en France (ANEF)",
    "look": "service", "url": "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/",
}  # fmt: skip


@pytest.fixture(scope="module")
def declared() -> Catalogue:
    return load("prefectures")


EVERY = ["national/anef", "national/anef-usagers", "national/ccc"]


def chosen(declared: Catalogue, *codes: str, last: dict[str, datetime] | None = None) -> tuple[list[str], list[str]]:
    """Keys of the looks `vigie check` takes, and of those it holds back."""
    looks, skipped = choose(RunRequest(codes=codes), Settings(), declared, last or {})
    return [look.subject.key for look in looks], [one.key for one in skipped]


def test_a_service_is_looked_at_where_it_is_named(declared: Catalogue) -> None:
    assert chosen(declared, "national/anef") == (["national/anef"], [])
    assert chosen(declared, "national") == (EVERY, [])
    assert chosen(declared, "national/anef", "national", "national/ccc")[0] == EVERY
    known = [key for key in chosen(declared, "35")[0] if key.startswith("national/")]
    assert known == [], "a préfecture's file holds no national service"
    both = chosen(declared, "95", "national/ccc")[0]
    assert both[0] == "national/ccc"
    assert both[1:] == chosen(declared, "95")[0]
    with pytest.raises(UsageError, match=" ".join(EVERY)):
        chosen(declared, "national/nowhere")


def test_a_service_keeps_to_the_floor(declared: Catalogue) -> None:
    last = {"national/anef": datetime.now(UTC) - timedelta(minutes=9)}
    assert chosen(declared, "national", last=last) == (EVERY[1:], EVERY[:1])


def said(capsys: pytest.CaptureFixture[str], data: Path, *words: str, lang: str = "fr") -> str:
    capsys.readouterr()
    assert run([*words, "--data", str(data), "--lang", lang]) == 0
    return capsys.readouterr().out


def test_list_and_status_tell_the_services(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    assert "national/anef" in said(capsys, data, "list", "national")
    assert "national/" not in said(capsys, data, "list", "95")
    assert [one["check"] for one in json.loads(said(capsys, data, "list", "national", "--json"))] == EVERY
    assert "national/anef" in said(capsys, data, "status", "national"), "never looked at"
    with sweeping(data) as (store, number):
        keep(store, sweep=number, time_zone="Europe/Paris", **SHOWN, check="national/anef")
    for command in ("status", "history"):
        told = said(capsys, data, command, "national" if command == "status" else "national/anef")
        assert SENTENCE in told
    assert "national/" not in said(capsys, data, "status", "95")
    first, *others = json.loads(said(capsys, data, "status", "national", "--json"))
    assert (first["check"], first["last"]["reading"]) == ("national/anef", "FrontPageShown")
    assert [(one["check"], one["last"]) for one in others] == [(key, None) for key in EVERY[1:]]
    mixed = json.loads(said(capsys, data, "status", "95", "national", "--json"))
    assert [one.get("code") or one["check"] for one in mixed] == ["95", *EVERY]


def test_a_service_is_exported_where_it_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    fill(data, [SHOWN, SHOWN], **ANEF)
    seal(data)
    said(capsys, data, "export", "national/anef", "--out", str(out))
    text = " ".join("".join(page.extract_text() for page in PdfReader(out / "releve.pdf").pages).split())
    assert SENTENCE in text
    assert "Service national" in text
    assert "aucun créneau" not in (out / "observations.csv").read_text(encoding="utf-8")
    assert SENTENCE in (out / "observations.csv").read_text(encoding="utf-8")
    assert (out / "records.jsonl").read_text(encoding="utf-8").count("FrontPageShown") == 2
    part("openssl")  # the script asks for it
    done = subprocess.run(["sh", "verify.sh"], cwd=out, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stdout
    assert "2 passages, 2 observations" in done.stdout


def test_a_prefecture_s_file_holds_no_service(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    fill(data, [NO_SLOT])
    fill(data, [SHOWN], **ANEF)
    said(capsys, data, "export", "95", "--out", str(out))
    assert "national/anef" not in (out / "records.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", ["national", "national/nowhere"])
def test_a_service_nobody_declared_is_told_with_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    assert run(["export", code, "--data", str(tmp_path / "data"), "--lang", "en"]) == 64
    assert " ".join(EVERY) in capsys.readouterr().err
