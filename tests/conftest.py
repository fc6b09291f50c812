"""What every test leaves behind as it found it."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A command run inside a test chooses the language of the process; the next test begins without one."""
    spoken, domain, named = gettext.dgettext, gettext.textdomain(), os.environ.get("LANGUAGE")
    yield
    gettext.dgettext = spoken
    gettext.textdomain(domain)
    if named is None:
        os.environ.pop("LANGUAGE", None)
    else:
        os.environ["LANGUAGE"] = named
