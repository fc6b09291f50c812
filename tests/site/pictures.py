"""The three pictures of the site in docs/pictures: the country, a préfecture on a telephone, the guide in Arabic.

`python -m tests.site.pictures FOLDER` makes them of invented figures, marked as such on every page.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.site.invented import built, data
from tests.support.verifierpage import chromium

SHOWN: Final = (  # name of the picture, page, width, height in CSS pixels
    ("site.png", "index.html", 1280, 900),
    ("site-prefecture.png", "95.html", 360, 780),
    ("site-guide-ar.png", "ar/guide.html", 360, 780),
)


def pictures(site: Path, folder: Path) -> None:
    """Of a site that was built: its pages as a person opens them. Needs Chromium."""
    with chromium() as browser:
        for name, path, width, height in SHOWN:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto((site / path).as_uri())
            page.screenshot(path=folder / name)
            page.close()


def main() -> None:
    """See above."""
    with tempfile.TemporaryDirectory() as made:
        for path, content in built(data(simulated=True)).items():
            (Path(made) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(made) / path).write_bytes(content)
        pictures(Path(made), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
