"""What every test leaves behind as it found it, and what it needs of the system."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.parts import missed, part

# No example has a time: on a busy machine any of them takes long, and what is slow shows in `make bench`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


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


def pytest_configure(config: pytest.Config) -> None:
    """The mark that `tests.support.parts.needs` makes."""
    config.addinivalue_line("markers", "needs(*parts): parts of the system, of tests.support.parts.PACKAGES")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: what the test needs is there, or the test is skipped."""
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            part(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last line, printed where the reports of all workers come together."""
    skipped = (report.longrepr for report in terminalreporter.stats.get("skipped", ()))
    if line := missed(told[2] for told in skipped if isinstance(told, tuple)):
        terminalreporter.write_line(line)
