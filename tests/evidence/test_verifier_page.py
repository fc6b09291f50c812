"""verifier.html in a real Chromium, from the disk: what it says of every planted fault, and how it takes a folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browsers import ears, needs_chromium
from tests.support.forge import Authorities, Forge, write
from tests.support.forgeries import FAULTS, Fault
from tests.support.verifierpage import Opened, chromium, opened

pytestmark = needs_chromium
ROOT = Path(__file__).resolve().parents[2]
UNSEEN = {"a link", "a pipe"}  # a browser's chooser shows neither: the page says so


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    return Authorities(tmp_path_factory.mktemp("authorities"))


@pytest.mark.parametrize("fault", [one for one in FAULTS if one.name not in UNSEEN], ids=str)
def test_a_planted_fault_is_said_as_by_the_other_verifiers(
    fault: Fault, browser: Browser, authorities: Authorities, tmp_path: Path
) -> None:
    forge = Forge(authorities)
    folder = fault.put(fault.spoil(forge), tmp_path / "e")
    with opened(browser) as page:
        page.verify(folder, witness=fault.witness and fault.witness(forge))
        assert page.found == set(fault.expected)
        assert page.troubles == []
        kinds = {kind for _code, kind in fault.expected}
        verdict = (
            "ÉCHEC : ce dossier n'est pas fiable en l'état"
            if "É" in kinds
            else "VÉRIFIÉ, AVEC LES RÉSERVES CI-DESSUS"
            if kinds
            else "VÉRIFIÉ"
        )
        assert page.last_line.startswith(f"{verdict} : ")


@pytest.fixture(scope="module")
def sound(authorities: Authorities, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing is wrong."""
    return write(Forge(authorities).export(), tmp_path_factory.mktemp("sound") / "dossier")


def drop(page: Opened, *given: Path) -> None:
    """As from a window of files onto the page: real files, through the browser's own drag and drop."""
    box = page.page.locator("#drop").bounding_box()
    assert box
    session = page.page.context.new_cdp_session(page.page)
    data = {"items": [], "files": [str(one) for one in given], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": box["x"] + 9, "y": box["y"] + 9, "data": data})
    page.wait()


SOUND = "VÉRIFIÉ : 4 passages, 8 observations"


def test_a_folder_is_dropped_or_its_contents_are(browser: Browser, sound: Path) -> None:
    with opened(browser) as page:
        drop(page, sound)
        assert (page.last_line, page.found, page.troubles) == (SOUND, set(), [])
    with opened(browser) as page:
        drop(page, *sound.iterdir())
        assert (page.last_line, page.troubles) == (SOUND, [])


def test_an_archive_is_opened(browser: Browser, sound: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "preuve"), "zip", sound.parent, sound.name)
    with opened(browser) as page:
        page.verify(Path(archive), field="archive")
        assert page.last_line == SOUND
    with opened(browser) as page:
        drop(page, Path(archive))
        assert page.last_line == SOUND
    (tmp_path / "faux.zip").write_bytes(b"PK\3\4 non")
    with opened(browser) as page:
        page.verify(tmp_path / "faux.zip", field="archive")
        assert page.last_line.startswith("IMPOSSIBLE : l'archive .zip ne peut être ouverte")


def test_two_files_of_one_name_are_not_verified(browser: Browser, sound: Path, tmp_path: Path) -> None:
    """One reader of an archive takes the first, another the last: so neither is read."""
    archive = tmp_path / "deux.zip"
    with zipfile.ZipFile(archive, "w") as out, warnings.catch_warnings(action="ignore"):
        for one in filter(Path.is_file, sound.rglob("*")):
            out.write(one, one.relative_to(sound))
        out.writestr("records.jsonl", b"")
    with opened(browser) as page:
        page.verify(archive, field="archive")
        assert page.last_line == "IMPOSSIBLE : deux fichiers portent le même nom : records.jsonl"


def test_it_works_in_a_worker_and_without_one(browser: Browser, sound: Path) -> None:
    for before, where in (("", "worker"), ("delete window.Worker", "page")):
        with opened(browser, before=before) as page:
            page.verify(sound)
            assert (page.last_line, page.found) == (SOUND, set())
            assert page.page.get_attribute("#working", "data-where") == where


def test_nothing_is_asked_for_and_nothing_could_be(browser: Browser, sound: Path) -> None:
    """Not by the page, nor by what somebody might put into it: the policy allows its own script and style alone."""
    with ears() as network, opened(browser) as page:
        page.verify(sound)
        assert [one for one in page.asked if not one.startswith(("file:", "blob:"))] == []
        told = page.page.evaluate(
            """async address => {
                const tried = [];
                await fetch(address).then(() => tried.push("fetch"), () => {});
                for (const name of ["img", "script"]) {
                    const one = document.createElement(name);
                    one.src = address;
                    const end = new Promise(resolve => { one.onload = one.onerror = resolve; });
                    document.body.append(one);
                    await Promise.race([end, new Promise(resolve => setTimeout(resolve, 500))]);
                }
                try { new WebSocket(address.replace("http", "ws")); } catch { }
                navigator.sendBeacon(address, "x");
                return tried;
            }""",
            f"http://127.0.0.1:{network.port}/",
        )
        assert (told, network.heard()) == ([], 0)
        assert page.troubles != []


def test_both_languages(browser: Browser, sound: Path) -> None:
    with opened(browser) as page:
        assert page.page.get_attribute("html", "lang") == "fr"
        page.verify(sound)
        page.page.click("[data-language=en]")
        assert page.last_line == "VERIFIED: 4 sweeps, 8 observations"
        assert page.page.get_attribute("html", "lang") == "en"
        page.page.click("[data-language=fr]")
        assert page.last_line == SOUND


def test_one_is_singular_in_page_and_shell(browser: Browser, authorities: Authorities, tmp_path: Path) -> None:
    forge = Forge(authorities)
    forge.first = forge.last = 3
    forge.drafts = [forge.draft(number, checks=["95/titres"]) for number in range(1, 7)]
    folder = write(forge.export(), tmp_path / "dossier")
    done = subprocess.run(["sh", folder / "verify.sh"], capture_output=True, text=True, check=False)
    with opened(browser) as page:
        page.verify(folder)
        assert {done.stdout.splitlines()[-1], page.last_line} == {"VÉRIFIÉ : 1 passage, 1 observation"}


def test_a_sweep_is_named_in_the_language_shown(browser: Browser, authorities: Authorities, tmp_path: Path) -> None:
    forge = Forge(authorities)
    forge.last, forge.drafts[5].stamps = 6, {}
    folder = write(forge.export(), tmp_path / "dossier")
    with opened(browser) as page:
        page.verify(folder)
        assert "passage 000000006" in str(page.page.text_content("#result"))
        page.page.click("[data-language=en]")
        told = str(page.page.text_content("#result"))
        assert "sweep 000000006" in told
        assert "passage 0" not in told


def test_every_word_has_both_languages() -> None:
    words = (ROOT / "monitor" / "browser" / "verifier" / "page" / "words.js").read_text(encoding="utf-8")
    told = set(re.findall(r"^  (\w+): w\(", words, re.MULTILINE))
    assert {code for fault in FAULTS for code, _kind in fault.expected} <= told
    empty = re.findall(r'^  (\w+): w\("[^"]*",\s*""\)', words, re.MULTILINE)
    assert empty == []


def test_what_windows_and_macos_leave_behind_is_explained(
    browser: Browser, authorities: Authorities, tmp_path: Path
) -> None:
    folder = write(Forge(authorities).export() | {".DS_Store": b"\0\0\0\1Bud1"}, tmp_path / "e")
    with opened(browser) as page:
        drop(page, folder)
        assert page.found == set()
        assert "posé là par un système d'exploitation" in str(page.page.text_content("#result"))


def test_what_is_no_folder_of_this_format(browser: Browser, tmp_path: Path) -> None:
    old = write({"records.jsonl": b"", "proofs.txt": b"", "SHA256SUMS": b""}, tmp_path / "old")
    other = write({"photo.png": b"x"}, tmp_path / "other")
    for folder, words in ((old, "ce dossier est d'un format antérieur"), (other, "ce n'est pas un dossier de preuve")):
        with opened(browser) as page:
            page.verify(folder)
            assert page.last_line.startswith(f"IMPOSSIBLE : {words}")


def test_a_name_is_shown_as_text(browser: Browser, authorities: Authorities, tmp_path: Path) -> None:
    name = "<img src=x onerror=alert(1)>\n\u202eVÉRIFIÉ"
    folder = write(Forge(authorities).export() | {name: b"x"}, tmp_path / "e")
    with opened(browser) as page:
        page.verify(folder)
        assert page.page.query_selector("#result img") is None
        assert "onerror=alert(1)>\\u000a\\u202eVÉRIFIÉ" in str(page.page.text_content(".findings"))


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_can_be_read(
    browser: Browser, authorities: Authorities, tmp_path: Path, width: int, scheme: str
) -> None:
    forge = Forge(authorities)
    forge.first = 1
    folder = write(forge.export() | {"un-nom-tres-long-" * 9: b"x"}, tmp_path / "e")
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with opened(browser, options=options) as page:
        for step in ("ask", "result"):
            if step == "result":
                page.verify(folder)
                page.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            assert page.page.evaluate("document.documentElement.scrollWidth") <= width, step
            assert page.page.evaluate(CONTRAST) == [], step


# WCAG 2.2, 1.4.3: 4.5 to 1 between words and what is behind them.
CONTRAST = """() => {
  const light = text => { const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map(one => {
      const c = one / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = one => { for (; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor; if (!/, 0\\)$|transparent/.test(color)) return color; }
    return "rgb(255, 255, 255)"; };
  const words = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll("body *")].filter(one => one.checkVisibility() && words(one)).filter(one => {
    const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5; }).map(one => one.outerHTML.slice(0, 80));
}"""


def test_the_keyboard_reaches_everything_and_is_heard(browser: Browser, sound: Path) -> None:
    with opened(browser) as page:
        reached = []
        for _ in range(5):
            page.page.keyboard.press("Tab")
            reached.append(page.page.evaluate("(one => one.id || one.lang || one.tagName)(document.activeElement)"))
        assert reached == ["fr", "en", "folder", "archive", "SUMMARY"]
        unnamed = "all => all.filter(one => !one.labels?.length && !one.textContent.trim()).map(one => one.outerHTML)"
        assert page.page.eval_on_selector_all("button, input", unnamed) == []
        page.verify(sound)
        assert page.page.text_content("[aria-live=polite]") == SOUND
        assert page.page.evaluate("document.activeElement.id") == "result"


def test_it_prints_the_result_alone(browser: Browser, sound: Path) -> None:
    with opened(browser) as page:
        page.verify(sound)
        page.page.emulate_media(media="print")
        page.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        seen = page.page.evaluate("document.body.innerText")
        assert "SHA-256" in seen
        assert SOUND in seen
        assert "Imprimer" not in seen
        assert "English" not in seen
        assert page.page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
