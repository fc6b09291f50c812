"""The pictures of README and docs, made anew: `python -m tests.house.pictures` (`make pictures`).

What the program shows of simulated sweeps at fixed instants, drawn by Chromium, and a relevé's page by pdftoppm: on one
machine the same bytes each time. A picture more is a line in PICTURES. Look at each before it is committed.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import io
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.samples import OFFICES, sample
from monitor.fetch.browser.home import BINARY
from monitor.fetch.clock import SystemClock
from monitor.run import export
from monitor.site.folder import build
from monitor.site.frame import Output
from tests.simulator.demo import TIME_SCALE, national
from tests.site.invented import built, country
from tests.support import parts
from tests.support.commands import ROOT, called, environment, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

INTO: Final = ROOT / "docs" / "pictures"
FIRST: Final = datetime(2026, 11, 2, 8, 14, tzinfo=UTC)
SWEEPS: Final = tuple(
    FIRST + timedelta(days=day, hours=hour) for day, hour in ((0, 0), (3, 2), (8, 5), (15, 1), (21, 0))
)
WATCHED: Final = ("38", "67", "84", "95")
COLUMNS: Final = 80
COLOURS: Final = 48  # of a palette: text and a few marks
MARKS: Final = {"●": "#7fd18b", "◐": "#7fd18b", "■": "#e5bd7a", "△": "#e5bd7a", "✕": "#e08a8a", "▤": "#86c5da"}
TERMINAL: Final = """<!DOCTYPE html><html lang="fr"><meta charset="utf-8"><style>
body {{ display: inline-block; margin: 0; background: #1e2126; color: #e8e6e1; }}
body, pre {{ font: 15px/1.35 "DejaVu Sans Mono", monospace; }}
p {{ margin: 0; padding: 6px 16px; background: #e5bd7a; color: #1e2126; font-weight: bold; }}
pre {{ margin: 0; padding: 12px 16px; width: {columns}ch; }} .typed {{ color: #9aa0a8; }}
</style><p>SIMULATION : sites joués sur cette machine, rien n’a été lu sur le web</p><pre>{text}</pre></html>"""


@dataclass(frozen=True)
class Studio:
    """A monitor that has swept, and a browser. own: the options of its commands."""

    folder: Path
    own: tuple[str, ...]
    browser: Browser

    def terminal(self, *words: str) -> bytes:
        """What a command writes on a terminal."""
        done = called([*words, *self.own], environment(VIGIE_LANG="fr"), columns=COLUMNS)
        shown = html.escape(f"$ vigie {' '.join(words)}\n{done.stdout}".rstrip())
        shown = re.sub(r"^(\$ .*)", r'<span class="typed">\1</span>', shown)
        for mark, colour in MARKS.items():
            shown = re.sub(f"^( *)({mark}.*)$", rf'\1<span style="color:{colour}">\2</span>', shown, flags=re.MULTILINE)
        return self.page(TERMINAL.format(columns=COLUMNS, text=shown), width=1600, part="body")

    def page(self, text: str, *, width: int = 360, part: str = "html", scale: float = 1.5) -> bytes:
        """An HTML page from top to foot. width: of the window. part: what of it is shown."""
        with contextlib.closing(self.browser.new_context(
            viewport={"width": width, "height": 640}, device_scale_factor=scale, offline=True, locale="fr-FR"
        )) as context:  # fmt: skip
            tab = context.new_page()
            tab.set_content(text)
            return tab.locator(part).screenshot(animations="disabled")

    def releve(self, code: str, number: int = 1) -> bytes:
        """A page of the relevé of a préfecture."""
        out = self.folder / f"releve-{code}"
        if not out.exists():
            done = called(["export", code, "--out", str(out), *self.own], environment(VIGIE_LANG="fr"))
            assert done.returncode == 0, done.stderr
        drawn = [
            parts.part("pdftoppm"),
            "-png",
            "-r",
            "96",
            "-f",
            str(number),
            "-l",
            str(number),
            str(out / "releve.pdf"),
        ]
        return subprocess.run(drawn, capture_output=True, check=True).stdout

    def alert(self, kind: Any = "slots_open") -> bytes:
        """An alert on a telephone."""
        to = Subscription(id=0, channel="email", state="active", prefectures=("95",))
        head = Letterhead(operator="Permanence d’exemple", contact="contact@example.org", offices=OFFICES)
        return self.page(compose([sample(kind)], to, head).html)

    def site(self, path: str, *, width: int = 360, height: int = 780) -> bytes:
        """What a person sees first of a page of the site, of invented figures."""
        root = self.folder / "site"
        if not root.exists():
            build(root, (Output(*one) for one in built(country()).items()))
        with contextlib.closing(self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="light", offline=True, locale="fr-FR"
        )) as context:  # fmt: skip
            tab = context.new_page()
            tab.goto((root / path).as_uri())
            return tab.screenshot(animations="disabled")


PICTURES: Final[Mapping[str, Callable[[Studio], bytes]]] = {
    "status.png": lambda studio: studio.terminal("status", "38", "67", "84"),
    "releve.png": lambda studio: studio.releve("95"),
    "alert.png": lambda studio: studio.alert(),
    "site.png": lambda studio: studio.site("index.html", width=1000, height=1420),
    "site-prefecture.png": lambda studio: studio.site("95.html"),
    "site-guide-ar.png": lambda studio: studio.site("ar/guide.html"),
}


@contextlib.contextmanager
def studio() -> Iterator[Studio]:
    """Sweeps of a few préfectures, played, each at its instant."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, national(Path(name)) as simulator:
        folder = Path(name)
        watched = f"[watch]\nprefectures = {list(WATCHED)!r}\n".replace("'", '"')
        config = settings(folder, simulator, scale=TIME_SCALE, more=watched)
        own = ("--config", str(config), "--data", str(folder / "data"))
        for at in SWEEPS:
            with patch.object(SystemClock, "now", lambda _self, at=at: at):
                swept = called(["run", *own], environment(VIGIE_LANG="fr"))
            assert swept.returncode in (0, 3), swept.stderr

        class Then(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return (SWEEPS[-1] + timedelta(hours=1)).astimezone(tz)

        flags = [] if os.geteuid() else ["--no-sandbox"]
        with sync_playwright() as playwright, patch.object(export, "datetime", Then):
            browser = playwright.chromium.launch(executable_path=BINARY, args=flags)
            try:
                yield Studio(folder, own, browser)
            finally:
                browser.close()


def small(png: bytes) -> bytes:
    """The same in a palette, without a word beside its pixels."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as opened:
        opened.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Make those that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.house.pictures", description=__doc__)
    parser.add_argument("names", nargs="*", help="file names; without one, all")
    asked = parser.parse_args().names or [*PICTURES]
    INTO.mkdir(exist_ok=True)
    with studio() as at:
        for name in asked:
            made = small(PICTURES[name](at))
            (INTO / name).write_bytes(made)
            print(f"{INTO.relative_to(ROOT) / name}: {len(made)} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
