"""What a wheel brings beside the program: manual pages and shell completion, made from the parsers when it is built."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACES = {
    "bash": "share/bash-completion/completions/vigie",
    "zsh": "share/zsh/site-functions/_vigie",
    "fish": "share/fish/vendor_completions.d/vigie.fish",
}
PAGES = {"fr": "share/man/fr/man1/vigie.1", "en": "share/man/man1/vigie.1"}


class SharedPages(BuildHookInterface[Any]):
    """Named in pyproject.toml. An editable install, which no shell and no `man` looks into, makes none."""

    PLUGIN_NAME = "custom"
    made: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make them in a folder of their own, and name them as data of the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from monitor.cli import speak
        from monitor.cli.completion import manual, script

        self.made = Path(tempfile.mkdtemp())
        for lang, place in PAGES.items():
            speak(lang)
            self._keep(place, manual(), build_data)
        speak("fr")
        for shell, place in PLACES.items():
            self._keep(place, script(shell), build_data)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        if self.made is not None:
            shutil.rmtree(self.made)

    def _keep(self, place: str, text: str, build_data: dict[str, Any]) -> None:
        assert self.made is not None
        path = self.made / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        build_data["shared_data"][str(path)] = place
