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
from typing import Final

import pytest

PACKAGES: Final[Mapping[str, str]] = {
    "age": "age",
    "bash": "bash",
    "buildah": "buildah",
    "chromium": "chromium",
    "dash": "dash",
    "mmdebstrap": "mmdebstrap",
    "git": "git",
    "openssl": "openssl",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "soffice": "libreoffice-writer-nogui",
    "systemd-analyze": "systemd",
}
NO_SKIP: Final = "VIGIE_TESTS_NO_SKIP"
_REASON: Final = re.compile(r"Skipped: needs ([\w-]+): apt-get install ([\w-]+)$")


def needs(*names: str) -> pytest.MarkDecorator:
    """A mark, for a test or a module: these parts of PACKAGES must be there."""
    assert set(names) <= set(PACKAGES), names
    return pytest.mark.needs(*names)


def part(name: str) -> str:
    """Where a part of PACKAGES is. Missing: the test that asks is skipped, or fails where nothing may be skipped."""
    found = _chromium() if name == "chromium" else shutil.which(name)
    if found is not None:
        return found
    reason = f"needs {name}: apt-get install {PACKAGES[name]}"
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
    packages = " ".join(sorted({match[2] for match in found}))
    return f"skipped, as parts of the system are missing: {names}. To have them: apt-get install {packages}"


def _chromium() -> str | None:
    """Where the monitor itself looks for its browser."""
    from monitor.fetch.browser.browser import Browser
    from monitor.fetch.browser.home import BINARY

    return str(BINARY) if Browser().absent() is None else None
