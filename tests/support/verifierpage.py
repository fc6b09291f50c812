"""The page that verifies a folder, opened from the disk in a real Chromium, as a person opens it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.parts import part

PAGE = Path(str(files("monitor") / "data" / "verifier.html"))
SECONDS = 120.0  # a busy machine; an export of four sweeps takes about one


@dataclass
class Opened:
    """One opened page. asked: every address it asked for; troubles: errors and refusals, as the console has them."""

    page: Page
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def verify(self, folder: Path | Sequence[Path], *, field: str = "folder", witness: bytes | None = None) -> None:
        """Give a folder (or, in the field `archive`, a .zip) by its chooser, and wait for the result."""
        if witness is not None:
            self.page.set_input_files("#witness", {"name": "temoin", "mimeType": "text/plain", "buffer": witness})
        self.page.set_input_files(f"#{field}", cast(Any, folder))
        self.wait()

    def wait(self) -> None:
        self.page.wait_for_selector("#result:not([hidden]) #last-line", timeout=SECONDS * 1000)

    @property
    def found(self) -> set[tuple[str, str]]:
        """The set of (code, É or R) that is shown."""
        marks = self.page.eval_on_selector_all("[data-finding]", "all => all.map(one => one.dataset.finding)")
        return {(code, level) for level, code in (mark.split(":") for mark in marks)}

    @property
    def last_line(self) -> str:
        return str(self.page.text_content("#last-line"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with no network and no profile."""
    binary = part("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=binary, chromium_sandbox=os.geteuid() != 0, args=["--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, *, before: str = "", page: Path = PAGE, options: Mapping[str, Any] | None = None
) -> Iterator[Opened]:
    """The page in a tab of its own. before: a script run first. options: of Playwright's new_context."""
    context = browser.new_context(**(options or {}))
    try:
        if before:
            context.add_init_script(before)
        tab = context.new_page()
        out = Opened(tab)
        tab.on("request", lambda request: out.asked.append(request.url))
        tab.on("pageerror", lambda error: out.troubles.append(str(error)))
        tab.on("console", lambda told: out.troubles.append(told.text) if told.type == "error" else None)
        tab.goto(page.as_uri())
        yield out
    finally:
        context.close()
