"""`make demo`: the main job against the simulator, offline, under the sites' real names over https.

Starts the simulator as a process of its own, runs `vigie run` and `vigie status 95` with a settings file that says so,
prints how politely the simulator was treated, and what may be tried next. Opens nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from monitor.cli import language
from tests.simulator import declared_sites
from tests.simulator.client import Simulator
from tests.simulator.fixture import ROOT, in_process
from tests.support.commands import FENCED

WORDS = {
    "fr": (
        "Démonstration hors ligne : un simulateur de cette machine joue chaque site. Rien ici n'est lu sur le web.",
        "Comment le simulateur a été traité (attentes divisées par l'échelle de temps ; dernière ligne : la somme) :",
        "Et maintenant, sur ce qui vient d'être enregistré :",
        "et sur le web :",
    ),
    "en": (
        "Offline demonstration: a simulator on this machine plays every site. Nothing here is read on the web.",
        "How the simulator was treated (waits divided by the time scale; the last row is the sum):",
        "Next, on what was just recorded:",
        "and on the web:",
    ),
}
NEXT = """
{on_this}
  .venv/bin/vigie --data {data}
  .venv/bin/vigie status --data {data}
  .venv/bin/vigie site public --data {data}
  .venv/bin/vigie verify --all --data {data}
{on_the_web}
  make run"""
TIME_SCALE = 0.02  # a second of waiting takes 20 ms; instants and everything else stay true


def main() -> int:
    """Exit code of `vigie run`, 3 ("some checks could not be read") counting as done: the demo plays such sites."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.demo", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "demo", help="data folder, kept between demos")
    options = parser.parse_args()
    about, treated, on_this, on_the_web = WORDS[language([], os.environ)]
    print(about)
    with (
        tempfile.TemporaryDirectory() as folder,
        national(Path(folder)) as simulator,
    ):
        config = played_settings(Path(folder), simulator)
        print("\n$ vigie run", flush=True)
        code = vigie("run", "--summary", config=config, data=options.data)
        print("\n$ vigie status 95", flush=True)
        vigie("status", "95", config=config, data=options.data)
        print(f"\n{treated}")
        table = simulator.report().splitlines()
        print("\n".join((table[0], *table[-3:])))
    print(NEXT.format(data=options.data, on_this=on_this, on_the_web=on_the_web))
    return 0 if code in (0, 3) else code


@contextlib.contextmanager
def national(folder: Path) -> Iterator[Simulator]:
    """Every declared desk, notice and service of the country, played by a process of its own."""
    declared_sites.write(folder / "sites")
    options = ("--scenario", "demo", "--time-scale", str(TIME_SCALE), "--sites", folder / "sites")
    with in_process(folder, *options) as simulator:
        yield simulator


def played_settings(folder: Path, simulator: Simulator) -> Path:
    """A settings file that says that the simulator plays."""
    file = folder / "monitor.toml"
    file.write_text(
        f"""[operator]
contact = "https://demo.invalid/vigie"
[simulation]
address = "{simulator.address}:{simulator.https}"
ca_file = "{simulator.ca_file}"
time_scale = {TIME_SCALE}
[browser]
sandbox = {"false" if os.geteuid() == 0 else "true"}
""",
        encoding="utf-8",
    )
    return file


def vigie(*words: str, config: Path, data: Path) -> int:
    """The command, its output where ours goes; its exit code."""
    command = [sys.executable, "-m", "monitor", *words, "--config", str(config), "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(FENCED)}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
