"""The command as a user starts it: a process of its own, with its settings file and data folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.simulator.client import Simulator

ROOT = Path(__file__).resolve().parents[2]
CONTACT = "ops@example.org"


def settings(
    folder: Path,
    simulator: Simulator | None = None,
    *,
    scale: float = 0.02,
    more: str = "",
    browser: str = "second_look = false\n",
) -> Path:
    """Write a settings file into `folder`; with a simulator, one that says so. browser: the lines of its table."""
    text = f'[operator]\ncontact = "{CONTACT}"\n[browser]\n{browser}'
    if simulator is not None:
        text += (
            f'[simulation]\naddress = "{simulator.address}:{simulator.https}"\nca_file = "{simulator.ca_file}"\n'
            f"time_scale = {scale}\n"
        )
    if "[captures]" not in more:
        text += "[captures]\nscreenshots = false\n"  # a browser a sweep, only where it is what is tried
    file = folder / "monitor.toml"
    file.write_text(text + more, encoding="utf-8")
    return file


def environment(**more: str) -> dict[str, str]:
    """An environment in which nothing of the tester's own settings or language speaks."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR", "VIRTUAL_ENV")}
    return {**kept, "LANG": "fr_FR.UTF-8", "PYTHONUTF8": "1", **more}


class Vigie:
    """A data folder and a settings file, and the command over them. module: what is run with `python -m`."""

    def __init__(self, data: Path, config: Path, module: str = "monitor", env: Mapping[str, str] | None = None) -> None:
        self.data, self.config, self.module = data, config, module
        self.env = environment(**(env or {}))

    def command(self, *words: str | Path) -> list[str]:
        """The command line."""
        own = ("--config", self.config, "--data", self.data)
        return [sys.executable, "-m", self.module, *map(str, (*words, *own))]

    def __call__(
        self, *words: str | Path, env: Mapping[str, str] | None = None, limit: Callable[[], None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run to its end. limit: called in the child before it starts."""
        return subprocess.run(
            self.command(*words),
            cwd=ROOT,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            preexec_fn=limit,
        )

    def json(self, *words: str | Path, codes: tuple[int, ...] = (0,)) -> Any:
        """The JSON document it prints, its exit code being one of `codes`."""
        done = self(*words, "--json")
        assert done.returncode in codes, done.stderr
        return json.loads(done.stdout)

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start it and return at once."""
        return subprocess.Popen(
            self.command(*words), cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
