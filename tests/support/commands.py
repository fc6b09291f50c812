"""The command as a user starts it, with its settings file and data folder: in this process, or in one of its own.

A new interpreter costs 0.2 s of processor a call; most tests ask what a command says, not how it starts. What needs a
process (a signal, a limit, two at once, another module) asks for one with `apart` or `start`.
"""

from __future__ import annotations

import contextlib
import gettext
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.simulator.client import Simulator

ROOT = Path(__file__).resolve().parents[2]
FENCED = ROOT / "tests" / "support" / "fenced"  # what its sitecustomize forbids
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
    elif "[timestamps]" not in more:
        text += "[timestamps]\npresets = []\n"  # a public authority is asked by no test
    if "[captures]" not in more:
        text += "[captures]\nscreenshots = false\n"  # a browser a sweep, only where it is what is tried
    file = folder / "monitor.toml"
    file.write_text(text + more, encoding="utf-8")
    return file


def environment(**more: str) -> dict[str, str]:
    """An environment in which nothing of the tester's own settings or language speaks."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR", "VIRTUAL_ENV")}
    return {**kept, "LANG": "fr_FR.UTF-8", "PYTHONUTF8": "1", "PYTHONPATH": str(FENCED), **more}


@contextlib.contextmanager
def _as_a_new_process(env: Mapping[str, str], within: Path) -> Iterator[None]:
    """The environment, folder, language and log of a process that just began; all as before at the end."""
    domain, folder, kept = gettext.textdomain(), Path.cwd(), dict(os.environ)
    log = logging.getLogger("vigie")
    handlers, level, propagate = log.handlers[:], log.level, log.propagate
    os.environ.clear()
    os.environ.update(env)
    os.chdir(within)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
        os.chdir(folder)
        gettext.textdomain(domain)
        log.handlers[:], log.level, log.propagate = handlers, level, propagate


class _Terminal(io.TextIOWrapper):
    """What is written where somebody looks on."""

    def isatty(self) -> bool:
        return True


def called(
    words: Sequence[str], env: Mapping[str, str], typed: str = "", within: Path = ROOT, *, columns: int = 0
) -> subprocess.CompletedProcess[str]:
    """`vigie WORDS` in this process, as `python -m monitor` would run it. typed: what stands on its standard input.

    within: the working folder. columns: of a terminal it writes on; 0 for a pipe.
    """
    from monitor.cli import run

    kind = _Terminal if columns else io.TextIOWrapper
    env = {**env, "COLUMNS": str(columns), "NO_COLOR": "1"} if columns else env
    out, err = (kind(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with _as_a_new_process(env, within), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        kept, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8")
        try:
            code = run(words)
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        finally:
            sys.stdin = kept
    said, told = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess([*words], code, said, told)


class Vigie:
    """A data folder and a settings file, and the command over them. module: what is run with `python -m`."""

    def __init__(self, data: Path, config: Path, module: str = "monitor", env: Mapping[str, str] | None = None) -> None:
        self.data, self.config, self.module = data, config, module
        self.env = environment(**(env or {}))

    def command(self, *words: str | Path) -> list[str]:
        """The command line."""
        own = ("--config", self.config, "--data", self.data)
        return [sys.executable, "-m", self.module, *map(str, (*words, *own))]

    def __call__(self, *words: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run to its end, in this process where it is the command itself."""
        if self.module != "monitor":
            return self.apart(*words, env=env)
        own = ("--config", self.config, "--data", self.data)
        return called([*map(str, (*words, *own))], {**self.env, **(env or {})})

    def apart(
        self, *words: str | Path, env: Mapping[str, str] | None = None, limit: Callable[[], None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run to its end in a process of its own. limit: called in the child before it starts."""
        return subprocess.run(
            self.command(*words),
            cwd=ROOT,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
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
