"""The machine and the software on it, as files and the standard library tell.

root: where `/etc`, `/proc`, `/sys` and `/var` stand. Nothing here names a person: no host name, no user, no serial
number, no path below a home.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from monitor.core.record import instant
from monitor.values import pattern

ROOT: Final = Path("/")
_DMI: Final = ("sys_vendor", "product_name")
_DISTRIBUTION: Final = pattern(r"([^-]+)-([^-]+)(?:\.dist-info|(?:-py[\d.]+)?\.egg-info)")
_LOCALE: Final = ("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_TIME")


def text(root: Path, name: str) -> str:
    """A small file below `root`, stripped. Raises OSError, UnicodeDecodeError."""
    return (root / name).read_text(encoding="utf-8").strip()


def processor(root: Path = ROOT) -> dict[str, Any]:
    """Architecture, model and number of processors, memory in kB. Raises OSError."""
    cpu = [line.partition(":")[2].strip() for line in text(root, "proc/cpuinfo").splitlines() if "model name" in line]
    memory = text(root, "proc/meminfo").split()
    return {
        "architecture": platform.machine(),
        "model": cpu[0] if cpu else platform.processor() or "unknown",
        "count": os.cpu_count() or 0,
        "memory_kb": int(memory[1]),
    }


def firmware(root: Path = ROOT) -> dict[str, str]:
    """Maker and product of the machine, which is how most virtual machines say that they are. Raises OSError."""
    return {name: text(root, f"sys/class/dmi/id/{name}") for name in _DMI}


def machine_id(root: Path = ROOT) -> str:
    """SHA-256 of `vigie-prefectures:` and `/etc/machine-id`: machine-id(5) asks not to publish the number itself."""
    return hashlib.sha256(f"vigie-prefectures:{text(root, 'etc/machine-id')}".encode()).hexdigest()


def system(root: Path = ROOT) -> dict[str, str]:
    """Kernel, and the distribution's own name and version. Raises OSError."""
    told = dict(line.split("=", 1) for line in text(root, "etc/os-release").splitlines() if "=" in line)
    release = {name.lower(): told[name].strip("\"'") for name in ("ID", "VERSION_ID", "PRETTY_NAME") if name in told}
    return {"kernel": f"{platform.system()} {platform.release()}", **release}


def debian(root: Path = ROOT) -> dict[str, str]:
    """Debian's version, and when its packages last changed (UTC). Raises OSError elsewhere."""
    changed = (root / "var/lib/dpkg/status").stat().st_mtime
    return {
        "version": text(root, "etc/debian_version"),
        "packages_changed": instant(datetime.fromtimestamp(int(changed), UTC)),
    }


def python() -> dict[str, str]:
    """The interpreter and the libraries that speak TLS and keep the ledger."""
    import sqlite3
    import ssl

    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "openssl": ssl.OPENSSL_VERSION,
        "sqlite": sqlite3.sqlite_version,
    }


def packages() -> dict[str, str]:
    """Every installed Python distribution with its version, as the name of its `.dist-info` folder says, or of the
    `.egg-info` that pip leaves of an old source package where there is no `wheel` (Debian's python3-venv).

    Reading what is in them as `importlib.metadata` does takes 70 to 100 ms and 5 MB for ninety (measured 2026-11).
    """
    folders = [name for entry in reversed(sys.path) if os.path.isdir(entry or ".") for name in os.listdir(entry or ".")]
    named = filter(None, map(_DISTRIBUTION.fullmatch, folders))
    return {one[1].lower().replace("_", "-").replace(".", "-"): one[2] for one in named}


def process(command: str, words: Sequence[str] | None = None, root: Path = ROOT) -> dict[str, Any]:
    """How this process was started: program, command and names of options; `…` for every value, which may be secret.

    words: the command line; by default the real one, as the kernel has it. parent: name of the program that started it
    (`cron`, `sh`, `systemd`). Raises OSError.
    """
    if words is None:
        words = (root / "proc/self/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    known = {command, "-m", "monitor"}
    line = [os.path.basename(words[0])]
    for at, word in enumerate(words[1:], 1):
        if word in known or (at == 1 and word.endswith("/vigie")):
            line.append(os.path.basename(word))
        else:
            line.append(word.partition("=")[0] if word.startswith("--") else "…")
    return {"command_line": line, "parent": text(root, f"proc/{os.getppid()}/comm"), "terminal": sys.stderr.isatty()}


def place(environ: Mapping[str, str], root: Path = ROOT) -> dict[str, Any]:
    """Language settings and the machine's time zone; records are in UTC whatever it is."""
    try:
        zone = os.readlink(root / "etc/localtime").partition("zoneinfo/")[2]
    except OSError:
        zone = ""
    return {
        "locale": {name: environ[name] for name in _LOCALE if environ.get(name)},
        "time_zone": zone or time.tzname[0],
    }
