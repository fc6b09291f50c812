"""Pictures through real sweeps: real Chromium, the simulator, the seal, the export, both verifiers, retention."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.record import digest
from monitor.evidence.folder import SweepFolders, picture_files
from monitor.evidence.sums import SUMS, parse_sums
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_export, verify_ledger
from monitor.store.files import hold
from monitor.store.policy import collect
from monitor.store.retention import removable_bytes
from monitor.store.store import reading
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.browsers import needs_chromium
from tests.support.commands import Vigie, settings
from tests.support.ledger import reseal
from tests.support.parts import part

pytestmark = needs_chromium
HOST, MODULE = "www.val-doise.gouv.fr", "/booking/create/13860"
CHECK = "95/renouvellement-cergy"
SCALE = 0.001  # ten minutes are 0.6 s: the start of the next command
ONE = '[watch]\nprefectures = ["95"]\nprocedures = ["renewal"]\n'
SANDBOX = "false" if os.geteuid() == 0 else "true"  # Chromium refuses its sandbox to root
BROWSER = f"sandbox = {SANDBOX}\nsecond_look = false\n"
PROBES = '[probes]\necho = "https://echo.example.org/"\nprovider = "Hébergeur"\n'
PICTURES = "[captures]\nscreenshots = true\nsample = 0\n"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running


@pytest.fixture(scope="module")
def vigie(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Vigie:
    """After four sweeps of one desk: no slot twice, slots twice."""
    folder = tmp_path_factory.mktemp("shots")
    vigie = Vigie(
        folder / "data", settings(folder, simulator, scale=SCALE, more=ONE + PICTURES + PROBES, browser=BROWSER)
    )
    for state in ("none", "none", "slots", "slots"):
        if state != "none":
            simulator.show(HOST, MODULE, state)
        looked_at(vigie)
    assert simulator.violations() == []
    return vigie


def looked_at(vigie: Vigie) -> None:
    """One more observation: asked again until the floor between two visits is over."""
    until = time.monotonic() + 120
    while not vigie.json("check", CHECK)["done"]:
        assert time.monotonic() < until, "never due"


@pytest.fixture
def out(vigie: Vigie, tmp_path: Path) -> Path:
    done = vigie("export", "95", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    return tmp_path / "out"


def lines(vigie: Vigie) -> list[dict[str, Any]]:
    with reading(vigie.data) as opened:
        assert opened is not None
        return [json.loads(line) for line in opened[0].shots()]


def blob(vigie: Vigie, body: str) -> bytes:
    with reading(vigie.data) as opened:
        assert opened is not None
        return opened[1].get(body)


OPEN = {"unstamped", "bounds", "simulated"}  # nobody was asked for a stamp, and a simulator played the sites


def codes(out: Path) -> tuple[set[str], int]:
    """What both verifiers say: codes of the one, exit code of the other."""
    found: set[str] = {finding.code for finding in verify_export(FolderArchive(out), Verifiers()).findings}
    part("openssl")  # the script asks for it
    done = subprocess.run(["sh", "verify.sh"], cwd=out, capture_output=True, text=True, check=False)
    assert {c for c in found if f"[{c}]" in done.stdout} == found, done.stdout
    return found, done.returncode


def test_the_first_of_the_day_the_change_and_every_opening(vigie: Vigie) -> None:
    told = [(line["seq"], line["why"], line["full_page"]) for line in lines(vigie)]
    assert told == [(0, "first", False), (2, "opening", True), (3, "opening", True)]


def test_a_picture_is_of_the_bytes_that_were_read(vigie: Vigie) -> None:
    from PIL import Image

    with reading(vigie.data) as opened:
        assert opened is not None
        records = [json.loads(line) for _seq, line in opened[0].lines()]
    for line in lines(vigie):
        record = records[line["seq"]]
        assert line["page_sha256"] == record["exchanges"][-1]["decoded_body_sha256"]
        assert (line["javascript"], line["network"], line["how"]) == (False, False, "rendered")
        png = blob(vigie, line["png_sha256"])
        assert digest(png) == line["png_sha256"]
        with Image.open(io.BytesIO(png)) as image:
            assert image.size == (line["width"], line["height"]) == (1280, 900)
            assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 10  # something is written there


def test_the_picture_of_an_opening_is_of_the_element_that_was_read(vigie: Vigie, out: Path) -> None:
    """In a red line, near the middle; and that picture, not the small whole page, is the one that is printed."""
    from PIL import Image
    from pypdf import PdfReader

    told = lines(vigie)
    assert [line["boxed"] for line in told] == [True, True, True]
    printed = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(out / "releve.pdf").pages)
    assert printed.count("Page défilée jusqu'à l'élément lu, que le programme a entouré d'un trait rouge") == 3
    images = [image.image.size for page in PdfReader(out / "releve.pdf").pages for image in page.images if image.image]
    assert images == [(1280, 900)] * 3
    with Image.open(io.BytesIO(blob(vigie, told[1]["png_sha256"]))) as image:
        flat = image.convert("RGB")
        at = [(x, y) for x in range(flat.width) for y in range(flat.height) if flat.getpixel((x, y)) == (200, 0, 0)]
    assert at
    assert 0.2 * 900 < sum(y for _x, y in at) / len(at) < 0.8 * 900


def test_the_sealed_conditions_say_with_which_settings_and_from_where(vigie: Vigie, out: Path) -> None:
    """And nobody outside is asked for our address while a simulator plays the sites."""
    env = json.loads(SweepFolders(vigie.data / "evidence").sealed()[-1].read("env.json"))
    assert len(env["settings_sha256"]) == 64
    assert env["public_address"] == {"provider": "Hébergeur"}
    done = subprocess.run([part("pdftotext"), out / "releve.pdf", "-"], capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.split())
    assert "fournisseur, selon l'exploitant : Hébergeur" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "empreinte de la configuration" in text
    assert "Titres affichés par le site" in text


def test_no_page_is_asked_for_again_and_no_style_twice_a_day(vigie: Vigie, simulator: Simulator) -> None:
    asked = [entry["target"] for entry in simulator.log() if entry["host"] == HOST]
    styles = [target for target in asked if target.endswith((".css", ".png", ".jpg"))]
    assert styles
    assert len(styles) == len(set(styles))
    with reading(vigie.data) as opened:
        assert opened is not None
        recorded = [e["url"] for _s, line in opened[0].lines() for e in json.loads(line)["exchanges"]]
    pages = [target for target in asked if target not in styles]
    assert len(pages) == len([url for url in recorded if HOST in url])


def test_they_are_sealed_with_their_sweep(vigie: Vigie) -> None:
    evidence = vigie.data / "evidence"
    report = verify_ledger(FolderArchive(evidence, packed=True), Verifiers())
    assert {finding.code for finding in report.findings} == {"unstamped", "bounds", "simulated"}
    sealed = [path for path in evidence.rglob(SUMS) if "shots.jsonl" in parse_sums(path.read_bytes())]
    assert len(sealed) == 3  # of four: the second sweep had nothing to show


def test_an_export_encloses_them_and_verifies(vigie: Vigie, out: Path) -> None:
    assert codes(out) == (OPEN, 3)
    there = {digest(path.read_bytes()) for path in (out / "captures").rglob("*") if path.is_file()}
    assert {body for line in lines(vigie) for body in picture_files(line)} <= there


def test_a_flipped_bit_of_a_picture_is_found_by_both(out: Path) -> None:
    picture = next((out / "captures").rglob("*.png"))
    data = bytearray(picture.read_bytes())
    data[len(data) // 2] ^= 1
    picture.write_bytes(bytes(data))
    assert codes(out) == ({*OPEN, "file", "capture"}, 1)
    reseal(out)  # who makes the list of sums again is still found
    assert codes(out) == ({*OPEN, "capture", "signed"}, 1)


def test_a_changed_line_of_a_picture_is_found_by_both(vigie: Vigie, out: Path) -> None:
    told = next(path for path in out.rglob("shots.jsonl"))
    line = json.loads(told.read_text().splitlines()[0])["shot"]
    told.write_text(told.read_text().replace(line["page_sha256"], digest(b"another page")))
    reseal(out)
    found, code = codes(out)
    assert "inclusion" in found
    assert code == 1


def test_the_document_says_what_the_pictures_are(out: Path, vigie: Vigie) -> None:
    done = subprocess.run(
        [part("pdftotext"), "-layout", out / "releve.pdf", "-"], capture_output=True, text=True, check=True
    )
    text = " ".join(done.stdout.split())
    assert "Captures d'écran" in text
    assert "Rendu des octets reçus, sans réseau, sans JavaScript" in text
    for line in lines(vigie):
        for told in (line["png_sha256"], line["page_sha256"], line["id"]):
            assert told in text
    assert "Capture n° 3/3" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_page_no_browser_shows_is_declared_and_fails_nothing(simulator: Simulator, tmp_path: Path) -> None:
    simulator.reset()
    vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, scale=SCALE, more=ONE + PICTURES, browser=BROWSER))
    simulator.show(HOST, MODULE, "slots")
    done = vigie.apart("check", CHECK, env={"PYTHONPATH": str(without_pillow(tmp_path))})
    assert done.returncode == 0, done.stderr
    (line,) = lines(vigie)
    assert "not installed" in line["not_shown"]
    assert vigie("export", "95", "--out", tmp_path / "out").returncode == 0
    assert codes(tmp_path / "out") == (OPEN, 3)


def without_pillow(folder: Path) -> Path:
    """A folder whose `sitecustomize` hides Pillow, as where the extra was not installed."""
    path = folder / "hidden"
    path.mkdir()
    (path / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'PIL' else find(name, *more)\n"
    )
    return path


def test_retention_drops_them_and_the_export_says_so(vigie: Vigie, tmp_path: Path) -> None:
    shutil.copytree(vigie.data, tmp_path / "data")
    copy = Vigie(tmp_path / "data", vigie.config)
    with hold(copy.data) as lock, removable_bytes(lock) as old:
        done = collect(old, datetime.now(UTC) + timedelta(days=900), 24, apply=True)
    assert done.freed > 10_000
    assert copy("export", "95", "--out", tmp_path / "out").returncode == 0
    assert not list((tmp_path / "out").glob("captures/**/*.png"))
    text = subprocess.run(
        [part("pdftotext"), tmp_path / "out" / "releve.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "ne sont plus conservés ou sont endommagés : 3" in " ".join(text.split()).replace("\N{NO-BREAK SPACE}", " ")
    assert codes(tmp_path / "out") == (OPEN, 3)


def test_the_data_folder_s_own_pictures_are_verified(vigie: Vigie, tmp_path: Path) -> None:
    shutil.copytree(vigie.data, tmp_path / "data")
    copy = Vigie(tmp_path / "data", vigie.config)
    assert "0 supprimées" in pictures_told(copy, 3)
    png = blob(vigie, lines(vigie)[0]["png_sha256"])
    pack = next(path for path in copy.data.rglob("*.pack") if png[1000:1200] in path.read_bytes())
    data = bytearray(pack.read_bytes())
    data[data.index(png[1000:1200])] ^= 1
    pack.write_bytes(bytes(data))
    copy_said = copy("verify", "--all", "--replay")
    assert copy_said.returncode == 1, copy_said.stdout
    assert f"image {digest(png)}" in copy_said.stdout


def test_pictures_retention_dropped_are_said_to_be(vigie: Vigie, tmp_path: Path) -> None:
    shutil.copytree(vigie.data, tmp_path / "data")
    copy = Vigie(tmp_path / "data", vigie.config)
    with hold(copy.data) as lock, removable_bytes(lock) as old:
        collect(old, datetime.now(UTC) + timedelta(days=900), 24, apply=True)
    assert "0 conformes" in pictures_told(copy, 3)


def pictures_told(vigie: Vigie, code: int) -> str:
    done = vigie("verify", "--all", "--replay")
    assert done.returncode == code, done.stdout + done.stderr
    return next(line for line in done.stdout.splitlines() if "images :" in line)
