"""What is published: a wheel that needs no checkout, an sdist of what is committed, each file with its licence."""

from __future__ import annotations

import email
import json
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from monitor import __version__
from tests.simulator.fixture import in_process
from tests.support.commands import FENCED, ROOT, settings
from tests.support.parts import needs


def git(*words: str) -> str:
    done = subprocess.run(["git", "-C", ROOT, *words], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("not a checkout")
    return done.stdout


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files git knows, as they stand in the working tree, and nothing else."""
    folder = tmp_path_factory.mktemp("committed")
    for name in filter(None, git("ls-files", "-z").split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def built(committed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with both, as `make dist` makes them."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, check=True, cwd=committed, capture_output=True)
    return folder


@needs("git")
def test_the_sdist_is_what_is_committed(built: Path, committed: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    known = {path.relative_to(committed).as_posix() for path in committed.rglob("*") if path.is_file()}
    assert names - known == {"PKG-INFO"}
    assert known - names == set()


@needs("git")
def test_the_wheel_holds_the_program_the_example_and_its_licences_alone(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        example = wheel.read("monitor/data/monitor.example.toml")
        metadata = email.message_from_bytes(wheel.read(next(name for name in names if name.endswith("/METADATA"))))
    (info,) = {name.partition("/")[0] for name in names if ".dist-info/" in name}
    shared = info.replace(".dist-info", ".data")
    assert {name.partition("/")[0] for name in names} == {"monitor", "prefectures", info, shared}
    assert {name.partition("/share/")[2] for name in names if name.startswith(f"{shared}/data/share/")} == {
        "bash-completion/completions/vigie",
        "fish/vendor_completions.d/vigie.fish",
        "man/fr/man1/vigie.1",
        "man/man1/vigie.1",
        "zsh/site-functions/_vigie",
    }
    assert example == (ROOT / "config" / "monitor.example.toml").read_bytes()
    licences = {path.name for path in (ROOT / "LICENSES").iterdir()}
    assert {name.rpartition("/")[2] for name in names if name.startswith(f"{info}/licenses/LICENSES/")} == licences
    assert {one.partition(",")[0] for one in metadata.get_all("Project-URL", [])} >= {"Source", "Changelog", "Issues"}


@pytest.mark.parametrize("name", ["README.md", "README.fr.md"])
def test_the_pictures_of_a_readme_show_wherever_it_is_read(name: str) -> None:
    """PyPI shows the README away from its folder."""
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert pictures
    for address in pictures:
        base, _, path = address.partition("/main/")
        assert base == "https://raw.githubusercontent.com/vigie-prefectures/vigie"
        assert (ROOT / path).is_file()


@needs("git")
def test_every_file_says_whose_it_is_and_under_which_licence(committed: Path) -> None:
    """REUSE 3.3, checked by the tool of those who wrote it."""
    done = subprocess.run(
        [sys.executable, "-m", "reuse", "--root", committed, "lint"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `vigie` command of an environment that has the wheel, and its dependencies, and knows of no checkout."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    wheel = next(built.glob("*.whl"))
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", folder / "bin" / "python"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", wheel], check=True, capture_output=True)
    # The dependencies are those of this environment: a folder that a .pth names has its own .pth files left unread, so
    # the checkout that is installed there stays unknown.
    packages = next((folder / "lib").glob("python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin" / "vigie"


def said(vigie: Path, cwd: Path, *words: str | Path, code: int = 0) -> str:
    """What it prints, away from the checkout, in French."""
    env = {"PATH": "/usr/bin:/bin", "LANG": "fr_FR.UTF-8", "PYTHONUTF8": "1", "PYTHONPATH": str(FENCED)}
    done = subprocess.run([vigie, *words], check=False, capture_output=True, text=True, cwd=cwd, env=env)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@needs("git")
def test_the_wheel_works_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    assert __version__ in said(installed, tmp_path, "--version")
    assert len(json.loads(said(installed, tmp_path, "list", "--json"))) == 104
    assert "usage\N{NO-BREAK SPACE}: vigie" in said(installed, tmp_path, "--help")  # so did the French
    page = ROOT / "tests" / "fixtures" / "pages" / "ez_booking_val-doise_11343_2_no_slot_2022-09.html"
    address = "https://www.val-doise.gouv.fr/booking/create/11343/2"
    asked = ["read", page, "--platform", "ez_booking", "--json", "--url", address, "--status", "200"]
    assert json.loads(said(installed, tmp_path, *asked))["reading"] == "NoSlot"
    assert (tmp_path / "data").exists() is False


@needs("git", "openssl")
def test_the_wheel_sweeps_seals_exports_and_verifies(installed: Path, tmp_path: Path) -> None:
    """Fonts, the profile of colours, the verifiers and the templates came along."""
    with in_process(tmp_path / "ca", "--time-scale", "0.02") as simulator:
        asked = ["--config", settings(tmp_path, simulator), "--data", tmp_path / "data"]
        said(installed, tmp_path, "check", "95/renouvellement-vpf-sarcelles", *asked)
    folder = tmp_path / "releve-95"
    said(installed, tmp_path, "export", "95", "--out", folder, *asked)
    for name in ("releve.pdf", "verify.sh", "verifier.html", "LISEZ-MOI.txt"):
        assert (folder / name).stat().st_size > 1_000
    assert "VÉRIFIÉ" in said(installed, tmp_path, "verify", folder, code=3).splitlines()[-1]


@needs("git")
def test_pypi_would_take_both_and_show_the_readme(built: Path) -> None:
    command = [sys.executable, "-m", "twine", "check", "--strict", *sorted(built.iterdir())]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_bill_of_materials_names_what_is_locked(tmp_path: Path) -> None:
    """As `make sbom` writes it; the tool validates what it writes."""
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", "requirements.lock"]
    command += [
        "--pyproject",
        "pyproject.toml",
        "--output-reproducible",
        "--validate",
        "-o",
        str(tmp_path / "sbom.json"),
    ]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    bill = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    locked = dict(
        re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert {one["name"]: one["version"] for one in bill["components"]} == locked
    assert bill["metadata"]["component"]["name"] == "vigie-prefectures"


def test_what_the_forge_reads_is_well_formed_and_runs_what_everybody_runs() -> None:
    forge = ROOT / ".github"
    read = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in forge.rglob("*.yml")}
    steps = read["ci.yml"]["jobs"]["ci"]["steps"]
    assert any(step.get("run", "").startswith("bash .ci/run") for step in steps)
    assert {one["package-ecosystem"] for one in read["dependabot.yml"]["updates"]} == {"pip", "npm", "github-actions"}
    for form in ("page-read-wrongly.yml", "address-moved.yml"):
        fields = [one for one in read[form]["body"] if one["type"] != "markdown"]
        assert len({one["id"] for one in fields}) == len(fields)
        assert all(" · " in one["attributes"]["label"] for one in fields), "both languages"
        assert any(one.get("validations", {}).get("required") for one in fields)
