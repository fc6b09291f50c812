"""What a browser of ours needs beside the program, and the command that brings it here, as the program was installed.

Which command is true depends on the system (`sys.platform`), on the Python that runs, and on whether it runs from a
checkout: there the versions and digests of requirements-browser.lock hold.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from monitor.settings.settings import checkout

Need = Literal["libraries", "chromium"]

LOCK: Final = "requirements-browser.lock"


def missing(binary: Path | None = None) -> Need | None:
    """What is not there, None when a browser can be had. binary: the executable wanted; None: any the system knows."""
    if find_spec("playwright") is None or find_spec("PIL") is None:
        return "libraries"
    return "chromium" if binary is not None and not binary.is_file() else None


def command(need: Need, platform: str = sys.platform, root: Path | None = None) -> str:
    """What to type. root: the checkout the program runs from, found where it is not given."""
    root = root or checkout()
    if need == "chromium" and platform == "linux":
        return "sudo apt-get install chromium"  # Debian's own: the distribution keeps it up to date
    if need == "chromium":
        return _words(platform, sys.executable, "-m", "playwright", "install", "chromium")
    if root is not None:
        return _words(platform, sys.executable, "-m", "pip", "install", "--require-hashes", "-r", str(root / LOCK))
    return _words(platform, sys.executable, "-m", "pip", "install", "playwright")


def _words(platform: str, *words: str) -> str:
    """As the shell of that system takes them."""
    return subprocess.list2cmdline(words) if platform == "win32" else shlex.join(words)
