"""A whole invented case, from a block on the portal to the court file, opened page by page."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from monitor.case.court.dossier import LAYERS
from tests.support.courtcase import NONE_LEFT, SITE, WORD, Filling, command, fill, new_case, noise, pdf
from tests.support.exporting import NO_SLOT, seal
from tests.support.exporting import fill as observe
from tests.support.parts import part


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Any]]:
    """The court file and what the command told of it: with a relevé (B) and statistics (C)."""
    folder = tmp_path_factory.mktemp("court")
    vigie = command(folder)
    case = folder / "dossier"
    fill(new_case(case))
    observe(vigie.data, [NO_SLOT] * 3)
    seal(vigie.data)
    when = ("--from", "2026-03-01", "--to", "2026-03-02")
    assert vigie("export", "95/cergy-11343", *when, "--out", folder / "releve").returncode == 0
    assert vigie("case", "import", case, folder / "releve").returncode == 0
    (folder / "stats.pdf").write_bytes(pdf(["Statistiques par semaine"]))
    words = ("--telerecours", "--out", folder / "out", "--applicant", "Mme X.", "--statistics", folder / "stats.pdf")
    return folder / "out", vigie.json("case", "export", case, *words)


def texts(path: Path) -> list[str]:
    """The words of each page, on one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def one(out: Path, number: int) -> Path:
    (path,) = (out / "a-deposer").glob(f"{number}_*.pdf")
    return path


def number_of(told: Mapping[str, Any], words: str) -> int:
    (exhibit,) = (e for e in told["exhibits"] if words in e["title"])
    return int(exhibit["number"])


def test_every_page_bears_its_number_and_its_layer(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, told = made
    assert [e["number"] for e in told["exhibits"]] == list(range(1, len(told["exhibits"]) + 1))
    assert [*dict.fromkeys(e["layer"] for e in told["exhibits"])] == [*LAYERS], "apart, in this order"
    for exhibit in told["exhibits"]:
        (file,) = exhibit["files"]
        pages = texts(out / file)
        assert len(pages) == exhibit["pages"]
        for i, text in enumerate(pages, 1):
            assert f"Pièce n° {exhibit['number']} — {LAYERS[exhibit['layer']]}" in text
            assert f"page {i}/{len(pages)}" in text
            others = {name for layer, name in LAYERS.items() if layer != exhibit["layer"]}
            assert not any(f"— {name}" in text for name in others)
            assert "COUCHE" not in text.upper(), "no word of ours"
            assert "ne prouve rien" not in text


def test_a_series_is_one_exhibit_with_every_capture_listed_bookmarked_and_captioned(
    made: tuple[Path, Mapping[str, Any]],
) -> None:
    out, told = made
    number = number_of(told, "site de rendez-vous, renouvellement")
    reader = PdfReader(one(out, number))
    marks = [str(mark.title) for mark in reader.outline if not isinstance(mark, list)]
    captures = [mark for mark in marks if mark[0].isdigit()]
    assert len(captures) == 10
    assert captures[0] == "1 - 02/03/2026 09h10 - aucun créneau disponible, selon le site"
    assert any("un créneau était proposé" in mark for mark in captures), "an open slot is filed too"
    pages = texts(one(out, number))
    assert "Série homogène de 10 captures d'écran" in pages[0]
    assert all(mark in pages[0] for mark in captures), "the numbered list of the cover"
    first = next(text for text in pages if "Capture n° 1/10" in text)
    for words in ("lundi 2 mars 2026 à 09:10", "heure de Paris", SITE, NONE_LEFT, "la personne elle-même"):
        assert words in first
    helped = next(text for text in pages if "29 mars 2026, heure non connue" in text)
    assert "un aidant autorisé" in helped
    assert "nom du fichier" in helped
    listed = " ".join(texts(out / "a-deposer" / "Bordereau_des_pieces.pdf"))
    assert all(f"{number}.{rank} Capture {rank} :" in listed for rank in range(1, 11)), "each in the inventory"
    assert number_of(told, "duplicata") != number, "another démarche is another series"


def test_the_inventory_names_every_exhibit_and_file(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, told = made
    from docx import Document

    word = Document(str(out / "a-deposer" / "Bordereau_des_pieces.docx"))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    for exhibit in told["exhibits"]:
        (file,) = exhibit["files"]
        assert Path(file).name in cells
        assert str(exhibit["number"]) in cells
    assert any("Mme X." in paragraph.text for paragraph in word.paragraphs)
    filed = {path.name for path in (out / "a-deposer").iterdir()}
    inventory = {"Bordereau_des_pieces.pdf", "Bordereau_des_pieces.docx"}
    assert filed - inventory == {Path(f).name for e in told["exhibits"] for f in e["files"]}, "one file an exhibit"


def test_the_chronology_has_every_event_and_hides_no_withdrawal(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, _told = made
    whole = " ".join(texts(one(out, 1)))
    for words in ("Erreur 503-B", "T-2026-77", "1A 000 000 0000 0", "un créneau était proposé", "non connue"):
        assert words in whole
    assert "enregistrée deux fois" in whole
    assert "Capture" not in whole.partition("retirées")[2]


def test_messages_letters_and_what_cannot_be_shown(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, told = made
    message = texts(one(out, number_of(told, "Courriel : demande écrite")))
    whole = " ".join(message)
    for words in (WORD, "personne@example.org", "X-Odd", "=?utf-8?q?gard=C3=A9", "capture.png", "Titre joint"):
        assert words in whole
    answer = " ".join(texts(one(out, number_of(told, "Préfecture : réponse"))))
    assert "réessayer" in answer
    assert "Objet Réponse" in answer, "decoded"
    slip = texts(one(out, number_of(told, "(recepisse)")))
    assert "n'a pas pu être reproduit" in slip[0]
    assert [w for w in told["warnings"] if "recepisse.heic" in w]
    assert "suite" in texts(one(out, number_of(told, "attestation de l'impossibilité")))[1], "a paper turned sideways"


def test_the_releve_and_the_statistics_stand_apart(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, told = made
    releve = one(out, number_of(told, "Relevé automatique"))
    assert "plage horaire libre" in " ".join(texts(releve))
    assert not PdfReader(releve).attachments
    assert "Statistiques par semaine" in texts(one(out, number_of(told, "Statistiques de la veille")))[0]
    notice = " ".join(texts(one(out, len(told["exhibits"]))))
    assert "Export « releve »" in notice


def test_originals_are_untouched_and_verify(made: tuple[Path, Mapping[str, Any]], tmp_path: Path) -> None:
    import shutil

    out, _told = made
    folder = shutil.copytree(out / "verification", tmp_path / "v")

    def verify() -> subprocess.CompletedProcess[str]:
        part("openssl")  # the script asks for it
        return subprocess.run(["sh", str(folder / "verify.sh")], capture_output=True, text=True, check=False, cwd="/")

    done = verify()
    assert done.returncode == 3, done.stdout + done.stderr  # the relevé bears no time-stamp: that is told
    assert "RÉSERVES" in done.stdout.splitlines()[-1]
    (letter,) = (folder / "originaux").glob("*_lettre.pdf")
    assert hashlib.sha256(letter.read_bytes()).hexdigest() in " ".join(
        "".join(text.split()) for text in texts(one(out, len(_told["exhibits"])))
    )
    (folder / "originaux" / "more.txt").write_text("x", encoding="utf-8")
    assert (verify().returncode, "more.txt" in verify().stdout) == (1, True)
    (folder / "originaux" / "more.txt").unlink()
    letter.write_bytes(letter.read_bytes() + b" ")
    assert verify().returncode == 1
    letter.write_bytes(letter.read_bytes()[:-1])
    (records,) = folder.rglob("records.jsonl")
    records.write_bytes(records.read_bytes() + b" ")
    assert verify().returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_what_is_written_in_clear_is_for_its_owner(made: tuple[Path, Mapping[str, Any]]) -> None:
    out, _told = made
    assert all(path.stat().st_mode & 0o077 == 0 for path in (out, *out.rglob("*")))


def test_a_person_without_a_lawyer_gets_names_that_say_what_a_piece_is(tmp_path: Path) -> None:
    case = new_case(tmp_path / "dossier")
    fill(case)
    vigie = command(tmp_path)
    words = ("--telerecours-citoyens", "--first", "5", "--out", tmp_path / "out")
    told = vigie.json("case", "export", case.root, *words)
    names = [Path(file).stem for exhibit in told["exhibits"] for file in exhibit["files"]]
    assert names[0] == "Chronologie_des_tentatives_et_demarches_piece_5"
    assert not any(name[0].isdigit() for name in names), "the number comes first in the lawyers' application only"
    assert all(name.endswith(f"_piece_{number}") for number, name in enumerate(names, 5))
    assert vigie("case", "export", case.root, "--telerecours", *words).returncode == 64, "one form at a time"


def test_the_inventory_leaves_room_for_the_persons_own_papers(tmp_path: Path) -> None:
    from docx import Document

    case = new_case(tmp_path / "dossier")
    case.append("facts", {"ready": {"identity": "YES"}})
    vigie = command(tmp_path)
    vigie.json("case", "export", case.root, "--telerecours", "--first", "5", "--out", tmp_path / "out")
    word = Document(str(tmp_path / "out" / "a-deposer" / "Bordereau_des_pieces.docx"))
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert ["[n°]", "pièce d'identité ou passeport", "[date]", "[fichier]"] in rows
    assert ["[n°]", "justificatif de domicile", "[date]", "[à réunir]"] in rows
    assert any(row[1].startswith("urgence : date d'expiration du titre") for row in rows), "a renewal"
    whole = " ".join(texts(tmp_path / "out" / "a-deposer" / "Bordereau_des_pieces.pdf"))
    assert "[Numéros réservés : 1 à 4]" in whole
    assert "Défendeur : le préfet du Val-d'Oise" in whole


def test_a_large_exhibit_is_filed_in_parts(tmp_path: Path) -> None:
    case = new_case(tmp_path / "dossier")
    to = Filling(case)
    large = pdf([f"page {n}" for n in range(24)], image=b"noise")
    assert len(large) > 10_000_000
    to.add("registered_letter", "2026-03-25T17:00", ("lettre.pdf", large))
    for n in range(5):
        to.add("no_slot", f"2026-03-0{n + 1}T09:00", (f"{n}.jpg", noise((1654, 2300), n)))
    vigie = command(tmp_path)
    told = vigie.json("case", "export", case.root, "--telerecours", "--out", tmp_path / "out", "--first", "4")
    assert told["exhibits"][0]["number"] == 4
    inventory = " ".join(texts(tmp_path / "out" / "a-deposer" / "Bordereau_des_pieces.pdf"))
    for words in ("Lettre recommandée", "Captures"):
        (exhibit,) = (e for e in told["exhibits"] if words in e["title"])
        parts = [tmp_path / "out" / file for file in exhibit["files"]]
        assert len(parts) > 1
        assert all(path.stat().st_size <= 10_000_000 for path in parts)
        assert [path.stem[-len("partie_1_sur_2") :] for path in parts] == [
            f"partie_{n}_sur_{len(parts)}" for n in range(1, len(parts) + 1)
        ]
        assert sum(len(texts(path)) for path in parts) == exhibit["pages"]
        assert f"partie 1/{len(parts)}" in inventory
    second = list(told["exhibits"][1]["files"])[1]
    assert [m for m in PdfReader(tmp_path / "out" / second).outline if not isinstance(m, list)], "bookmarks of its own"


def test_an_empty_case_says_so(tmp_path: Path) -> None:
    case = new_case(tmp_path / "dossier")
    told = command(tmp_path).json("case", "export", case.root, "--telerecours", "--out", tmp_path / "out")
    assert [e["title"][:12] for e in told["exhibits"]] == ["Chronologie ", "Notice de vé"]
    assert "Aucune tentative" in texts(one(tmp_path / "out", 1))[0]


def test_an_export_is_never_written_over_another(tmp_path: Path) -> None:
    case = new_case(tmp_path / "dossier")
    vigie = command(tmp_path)
    assert vigie("case", "export", case.root, "--out", tmp_path / "out").returncode == 64
    (tmp_path / "out").mkdir()
    assert vigie("case", "export", case.root, "--telerecours", "--out", tmp_path / "out").returncode == 64
    assert vigie("case", "export", case.root, "--telerecours", "--part-mb", "99").returncode == 64
