"""Every command that a page shows in a block to be typed runs, page by page, over simulated data.

What needs root, another machine's package manager, a server or a person is no command of ours, or is named in ELSEWHERE
with the reason. The French pages show the same commands (`tests/house/test_readmes.py`).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

from tests.cli.test_examples import Desk, desk, simulator
from tests.house.test_readmes import blocks
from tests.support.commands import called
from tests.support.parts import needs

__all__ = ["desk", "simulator"]

PAGES = (
    "README.md", "docs/INSTALL.md", "docs/DAILY.md", "docs/SUBSCRIBERS.md", "docs/PROOF.md", "docs/CASE.md",
    "docs/DUTIES.md", "CONTRIBUTING.md",
)  # fmt: skip
ELSEWHERE = {
    r"(?:sudo )?(?:apt-get|git|adduser|install|systemctl|podman|pipx|make)\b": "the system's own, or builds one",
    r"(?:cd|mv|printf) ": "a shell's own",
    r"vigie .*/DESK\b": "a desk that the reader is about to declare; its walk is in tests/catalogue",
    r"\S*ruff ": "checks a checkout",
    r"(?:sudo )?\S*python -m pip ": "asks a package registry",
    r"sudo -u vigie ": "a user of the system that nobody made here; the command itself stands in DAILY",
}


def shown() -> Iterator[tuple[str, str]]:
    """Page and line of each command to be typed, as a shell gets it."""
    for page in PAGES:
        for kind, lines in blocks(page):
            yield from ((page, line) for line in lines if kind == "sh")


def ours(line: str) -> str:
    """The command of ours in a line of shell; empty for none."""
    line = line.strip()
    if any(re.match(one, line) for one in ELSEWHERE):
        return ""
    return re.sub(r"^(?:sudo )?(?:\.venv/bin/)?(?=vigie)", "", line)


def test_each_line_is_ours_or_has_a_reason() -> None:
    lines = [ours(line) for _page, line in shown()]
    known = [line for line in lines if line]
    assert [line for line in known if not re.match(r"vigie\b|sh releve-95/verify\.sh$", line)] == []
    assert len(known) > 60


@needs("openssl")
def test_every_command_shown_runs(desk: Desk) -> None:
    swept = called(["run"], desk.env, within=desk.folder)
    assert swept.returncode in (0, 3), swept.stderr
    wrong = [f"{page}: {told}" for page, line in shown() if (told := tried(desk, ours(line)))]
    assert wrong == [], "\n".join(wrong)


def tried(desk: Desk, line: str) -> str | None:
    """None, or what went wrong. 3: verified with a reserve, no authority having stamped what was simulated."""
    if line.startswith("sh "):
        done = subprocess.run(line.split(), cwd=desk.folder, capture_output=True, text=True, check=False, timeout=120)
    elif line == "vigie":
        done = called([], desk.env, within=desk.folder)
    else:
        return desk.try_out(line) if line else None
    return None if done.returncode in (0, 3) else f"{line}\n  exit {done.returncode}: {done.stdout[-300:]}{done.stderr}"
