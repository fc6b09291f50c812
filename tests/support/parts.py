"""Parts of the system that some tests need beside Python: what each is called, and the Debian package that brings it.

A test that needs one says `@needs("pdfsig")`, a helper that starts one asks `part("openssl")`. Where it is missing the
test is skipped by that name, and the run ends with one line on how to have it; with VIGIE_TESTS_NO_SKIP=1 it fails.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pytest

PACKAGES: Final[Mapping[str, str]] = {
    "age": "age",
    "bash": "bash",
    "buildah": "buildah",
    "caddy": "caddy",
    "chromium": "chromium",
    "dash": "dash",
    "fish": "fish",
    "mmdebstrap": "mmdebstrap",
    "gawk": "gawk",
    "git": "git",
    "mandoc": "mandoc",
    "mawk": "mawk",
    "nginx": "nginx",
    "openssl": "openssl",
    "original-awk": "original-awk",
    "patch": "patch",
    "pdfsig": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "promtool": "prometheus",
    "qpdf": "qpdf",
    "rspamd": "rspamd",
    "soffice": "libreoffice-writer-nogui",
    "spamassassin": "spamassassin",
    "systemd-analyze": "systemd",
    "unshare": "util-linux",
    "zsh": "zsh",
}
# What Debian does not have, and the command that brings it.
COMMANDS: Final[Mapping[str, str]] = {
    "axe": "npm ci --prefix tests/site/axe --ignore-scripts",
    "prism": "npm install --prefix build/prism @stoplight/prism-cli@5.14.2",
}
AXE: Final = Path(__file__).resolve().parents[1] / "site/axe/node_modules/axe-core/axe.min.js"
PRISM: Final = Path(__file__).resolve().parents[2] / "build/prism/node_modules/.bin/prism"
NO_SKIP: Final = "VIGIE_TESTS_NO_SKIP"
_APT: Final = "apt-get install "
_REASON: Final = re.compile(r"Skipped: needs ([\w-]+): (.+)$")


def needs(*names: str) -> pytest.MarkDecorator:
    """A mark, for a test or a module: these parts of PACKAGES or COMMANDS must be there."""
    assert set(names) <= {*PACKAGES, *COMMANDS}, names
    return pytest.mark.needs(*names)


def part(name: str) -> str:
    """Where a part is. Missing: the test that asks is skipped, or fails where nothing may be skipped."""
    look = {"axe": _axe, "chromium": _chromium, "prism": _prism}.get(name)
    found = look() if look is not None else shutil.which(name)
    if found is not None:
        return found
    reason = f"needs {name}: {COMMANDS.get(name) or _APT + PACKAGES[name]}"
    if os.environ.get(NO_SKIP) == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def missed(reasons: Iterable[str]) -> str | None:
    """One line on what was skipped for want of a part, and how to have it. reasons: of every skipped test."""
    found = [match for reason in reasons if (match := _REASON.match(reason))]
    if not found:
        return None
    counts = Counter(match[1] for match in found)
    names = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
    how = {match[2] for match in found}
    packages = sorted(one.removeprefix(_APT) for one in how if one.startswith(_APT))
    ways = [_APT + " ".join(packages)] if packages else []
    ways += sorted(one for one in how if not one.startswith(_APT))
    return f"skipped, as parts of the system are missing: {names}. To have them: {'; '.join(ways)}"


def _axe() -> str | None:
    return str(AXE) if AXE.exists() else None


def _prism() -> str | None:
    return str(PRISM) if PRISM.exists() else None


def _chromium() -> str | None:
    """Where the monitor itself looks for its browser."""
    from monitor.fetch.browser.browser import Browser
    from monitor.fetch.browser.home import BINARY

    return str(BINARY) if Browser().absent() is None else None
