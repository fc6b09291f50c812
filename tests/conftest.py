"""What every test leaves behind as it found it, and what it needs of the system."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.fenced import sitecustomize as _fence  # noqa: F401 - holds from here on, in every worker
from tests.support.parts import missed, part

# No example has a time: on a busy machine any of them takes long, and what is slow shows in `make bench`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A command run inside a test chooses the language of the process; the next test begins without one."""
    domain, named = gettext.textdomain(), os.environ.get("LANGUAGE")
    yield
    gettext.textdomain(domain)
    if named is None:
        os.environ.pop("LANGUAGE", None)
    else:
        os.environ["LANGUAGE"] = named


# What brings a real part into a test: a site, a browser, a server, a process, a whole command.
_HELPERS = ("authority", "browsers", "commands", "imap", "ledger", "loopback", "sweeps", "walks")
REAL_PARTS = (
    *("tests.simulator", "tests.mail", "tests.faults", "tests.container", "subprocess"),
    *(f"tests.support.{name}" for name in _HELPERS),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m unit`: pure, in milliseconds. `-m integration`: what starts a real part, by what its module imports."""
    kinds: dict[Path, pytest.MarkDecorator] = {}
    for item in items:
        if item.path not in kinds:
            code = item.path.read_text(encoding="utf-8")
            real = any(re.search(rf"(?m)^\s*(?:from|import) {re.escape(name)}\b", code) for name in REAL_PARTS)
            kinds[item.path] = pytest.mark.integration if real else pytest.mark.unit
        item.add_marker(kinds[item.path])


def pytest_configure(config: pytest.Config) -> None:
    """The marks that this file and `tests.support.parts.needs` make."""
    config.addinivalue_line("markers", "unit: pure, in milliseconds")
    config.addinivalue_line("markers", "integration: starts a real part: a site, a browser, a server, a process")
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
