"""What the browser is and how it really runs: the part of the conditions of capture that is about Chromium."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from monitor.fetch.browser.home import command_line
from monitor.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserConditions:
    """product, revision, protocol, js, user_agent: as the browser itself says (`Browser.getVersion`).

    package: Debian's version of `chromium`, None elsewhere. binary_sha256: of the file that runs. command_line: read
    back from the process, not what we asked for. sandbox: False where `--no-sandbox` stands there. home_before,
    storage_before: what stood in HOME before the start, and in a fresh context before its first request; every context
    is proven empty like it, or is not used.
    """

    product: str
    revision: str
    protocol: str
    js: str
    user_agent: str
    package: str | None
    binary: str
    binary_sha256: str
    command_line: tuple[str, ...]
    sandbox: bool
    home_before: tuple[str, ...]
    storage_before: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Product, version and revision in one line."""
        return f"{self.product} {self.revision}"

    def to_json(self) -> dict[str, Any]:
        """For `env.json`."""
        return asdict(self) | {"command_line": list(self.command_line), "home_before": list(self.home_before)}


def observed(
    version: Mapping[str, str],
    pid: int,
    *,
    cache: Path | None,
    home_before: tuple[str, ...],
    storage: Mapping[str, Any],
) -> BrowserConditions:
    """The conditions of the running process `pid`. version: `Browser.getVersion`. Raises OSError when it is gone."""
    words, binary = command_line(pid), Path(os.readlink(f"/proc/{pid}/exe"))
    return BrowserConditions(
        product=version["product"],
        revision=version["revision"],
        protocol=version["protocolVersion"],
        js=version["jsVersion"],
        user_agent=version["userAgent"],
        package=package_version(),
        binary=str(binary),
        binary_sha256=binary_digest(binary, cache),
        command_line=words,
        sandbox="--no-sandbox" not in words,
        home_before=home_before,
        storage_before=storage,
    )


def package_version() -> str | None:
    """Version of Debian's package, None where there is no dpkg or no such package."""
    dpkg = shutil.which("dpkg-query")
    if dpkg is None:
        return None
    done = subprocess.run(  # noqa: S603 - no shell, constant arguments
        [dpkg, "-W", "-f=${Version}", "chromium"], capture_output=True, text=True, timeout=10, check=False
    )
    return done.stdout.strip() or None if done.returncode == 0 else None


def binary_digest(binary: Path, cache: Path | None) -> str:
    """SHA-256 of the executable (0.6 s for 250 MB), kept in `cache` while the file's size and dates stay the same."""
    found = binary.stat()
    mark = [str(binary), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
    if cache is not None and (known := _kept(cache, mark)):
        return known
    with binary.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if cache is not None:
        fresh = cache.with_name(f"{cache.name}.{os.getpid()}")
        fresh.touch(0o600)
        fresh.write_text(json.dumps({"file": mark, "sha256": digest}), encoding="utf-8")
        fresh.replace(cache)
    return digest


def _kept(cache: Path, mark: list[Any]) -> str | None:
    try:
        kept = json.loads(cache.read_text(encoding="utf-8"))
        return str(kept["sha256"]) if kept["file"] == mark else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
