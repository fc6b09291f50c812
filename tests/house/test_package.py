"""What is published: a wheel that needs no checkout, an sdist of what is committed, each file with its licence."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import ROOT
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
    assert {name.partition("/")[0] for name in names} == {"monitor", "prefectures", info}
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
