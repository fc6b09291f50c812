"""`verify.sh` against the table of faults: what the shell finds in each, and that it says nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.forge import Authorities, Forge
from tests.support.forgeries import FAULTS, Fault
from tests.support.parts import part

SCRIPT = Path(__file__).parents[2] / "monitor" / "data" / "verify.sh"
KINDS = {"ÉCHEC": "É", "RÉSERVE": "R"}


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    """Once: making certificates is slow."""
    return Authorities(tmp_path_factory.mktemp("authorities"))


@pytest.fixture
def forge(authorities: Authorities) -> Forge:
    """Six sweeps, not yet sealed: a fault may change them."""
    return Forge(authorities)


def shell(export: Path, *arguments: str, sh: str = "sh", path: Path | None = None) -> tuple[int, str]:
    """The published script, not the export's own copy: exit code and what is printed. path: the tools there alone."""
    part("openssl")
    env = {**os.environ, "PATH": str(path)} if path else None
    command = [sh, str(SCRIPT), str(export), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_shell_sees_it(fault: Fault, forge: Forge, tmp_path: Path) -> None:
    folder = fault.put(fault.spoil(forge), tmp_path / "e")
    arguments = []
    if fault.witness:
        (tmp_path / "witness").write_bytes(fault.witness(forge))
        arguments = [str(tmp_path / "witness")]
    status, printed = shell(folder, *arguments)
    found = {(code, KINDS[kind]) for kind, code in re.findall(r"^(ÉCHEC|RÉSERVE) \[(\w+)\]", printed, re.MULTILINE)}
    expected = fault.of_shell
    assert found == expected, printed
    assert status == (1 if any(kind == "É" for _code, kind in expected) else 3 if expected else 0)
    assert printed.splitlines()[-1].startswith({0: "VÉRIFIÉ :", 1: "ÉCHEC :", 3: "VÉRIFIÉ, AVEC LES RÉSERVES"}[status])


TOOLS = (
    "sh", "openssl", "awk", "sed", "grep", "sort", "comm", "find", "cmp", "tr", "od", "cut", "tail", "head", "mktemp",
    "xargs", "gzip", "iconv", "wc", "sha256sum", "cat", "rm", "mkdir", "dirname", "cp", "uniq", "printf", "env",
)  # fmt: skip


def tools(folder: Path, without: str = "", **scripts: str) -> Path:
    """A folder of links to the ordinary tools but one. scripts: others, as text."""
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        if name != without and name not in scripts and found:
            (folder / name).symlink_to(found)
    for name, text in scripts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def sound(forge: Forge, folder: Path) -> Path:
    """An export with which nothing is wrong."""
    return FAULTS[0].put(FAULTS[0].spoil(forge), folder)


OLD_OPENSSL = f"""#!/bin/sh
case "$*" in *-rawin*) echo "pkeyutl: Unrecognized flag rawin" >&2; exit 1 ;; esac
exec {shutil.which("openssl")} "$@"
"""
LIBRESSL = f"""#!/bin/sh
[ "$1" = version ] && {{ echo "LibreSSL 3.3.6"; exit 0; }}
exec {shutil.which("openssl")} "$@"
"""
SHASUM = f"""#!/bin/sh
shift 2; exec {shutil.which("sha256sum")} "$@"
"""


@pytest.mark.parametrize("openssl", [OLD_OPENSSL, LIBRESSL], ids=["1.1.1", "LibreSSL"])
def test_an_openssl_that_cannot_is_no_fault_of_the_folder(openssl: str, forge: Forge, tmp_path: Path) -> None:
    status, printed = shell(sound(forge, tmp_path / "e"), path=tools(tmp_path / "bin", openssl=openssl))
    assert status == 2
    assert printed.startswith("IMPOSSIBLE : ")
    assert "OpenSSL 3.0" in printed
    assert printed.count("\n") == 1


def test_shasum_serves_where_sha256sum_is_absent(forge: Forge, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin", without="sha256sum", shasum=SHASUM)
    status, printed = shell(sound(forge, tmp_path / "e"), path=path)
    assert (status, printed.splitlines()[-1].partition(" :")[0]) == (0, "VÉRIFIÉ")


def test_a_missing_tool_is_named(forge: Forge, tmp_path: Path) -> None:
    status, printed = shell(sound(forge, tmp_path / "e"), path=tools(tmp_path / "bin", without="iconv"))
    assert (status, printed) == (2, "IMPOSSIBLE : il manque l'outil iconv\n")


def test_the_awk_of_busybox_is_no_fault_of_the_folder(forge: Forge, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin", awk='#!/bin/sh\n[ "$1" != --help ] || echo BusyBox v1.35.0 >&2\n')
    status, printed = shell(sound(forge, tmp_path / "e"), path=path)
    assert status == 2
    assert printed.startswith("IMPOSSIBLE : awk est celui de BusyBox")


@pytest.mark.parametrize("awk", ["mawk", "gawk", "original-awk"])
def test_every_awk_reads_the_same(awk: str, forge: Forge, tmp_path: Path) -> None:
    there = part(awk)
    path = tools(tmp_path / "bin", awk=f'#!/bin/sh\nexec {there} "$@"\n')
    assert shell(sound(forge, tmp_path / "e"), path=path)[0] == 0


def test_a_name_with_a_line_feed_prints_no_line_of_its_own(forge: Forge, tmp_path: Path) -> None:
    folder = sound(forge, tmp_path / "e")
    (folder / "a\nV\u00c9RIFI\u00c9 : 4 passages").write_bytes(b"")
    status, printed = shell(folder)
    assert status == 1
    assert not [line for line in printed.splitlines() if line.startswith("V\u00c9RIFI\u00c9")]


def test_an_export_of_format_1_is_for_its_own_script() -> None:
    status, printed = shell(Path(__file__).parents[1] / "fixtures" / "format-1" / "export")
    assert status == 2
    assert printed.startswith("IMPOSSIBLE : ce dossier est du format 1")


BREAKS = f"""#!/bin/sh
case "$1" in ./0*) exit 1 ;; esac
exec {shutil.which("sha256sum")} "$@"
"""


def test_a_reading_that_stopped_half_way_says_nothing_of_the_folder(forge: Forge, tmp_path: Path) -> None:
    """A full disk, for one: what was not hashed is neither sound nor false."""
    status, printed = shell(sound(forge, tmp_path / "e"), path=tools(tmp_path / "bin", sha256sum=BREAKS))
    assert status == 2
    assert printed.startswith("IMPOSSIBLE : la lecture du dossier s'est arrêtée")
