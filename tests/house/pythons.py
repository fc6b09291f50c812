"""`python -m tests.house.pythons`: the unit tests on every CPython of this machine that the project may run on.

Looked for where Debian, a build from source, pyenv and uv put them. Each has an environment of its own under
`build/pythons`, from the lock files. Exit 1: a test fails on one of them, or none is newer than the oldest supported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "pythons"
LOCKS = ("requirements.lock", "requirements-dev.lock")
TESTS = "unit and not long and not fuzz and not mail and not container"
_ASKED = "import json, sys; print(json.dumps([sys.implementation.name, *sys.version_info[:3]]))"


class Interpreter(NamedTuple):
    """A CPython of this machine. version: of its language, (3, 13); release: of itself, `3.13.2`."""

    version: tuple[int, int]
    release: str
    path: Path


def places() -> list[Path]:
    """The folders where interpreters are installed, those of PATH first."""
    home = Path.home()
    managed = (
        Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR", home / ".local/share/uv/python")),
        Path("/opt"),
    )
    on_path = [Path(one) for one in os.environ.get("PATH", "").split(os.pathsep) if one]
    return [
        *on_path,
        Path("/usr/local/bin"),
        Path("/usr/bin"),
        *(bin_ for one in managed for bin_ in one.glob("*/bin")),
    ]


def found(folders: Iterable[Path], oldest: tuple[int, int]) -> list[Interpreter]:
    """One interpreter for each version from `oldest` on, the first met in `folders`; oldest version first."""
    kept: dict[tuple[int, int], Interpreter] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("python3.[0-9]*"))):
        if path.name.removeprefix("python3.").isdigit() and (one := _asked(path)) and one.version >= oldest:
            kept.setdefault(one.version, one)
    return [kept[version] for version in sorted(kept)]


def _asked(path: Path) -> Interpreter | None:
    """What a file called as an interpreter says of itself; None where it is none, or a shim that leads nowhere."""
    try:
        done = subprocess.run([path, "-c", _ASKED], check=False, capture_output=True, text=True, timeout=60)
        name, major, minor, micro = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return Interpreter((major, minor), f"{major}.{minor}.{micro}", path) if name == "cpython" else None


def oldest() -> tuple[int, int]:
    """The first version that `requires-python` allows."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    major, minor = told.removeprefix(">=").split(".")
    return int(major), int(minor)


def tried(one: Interpreter) -> bool:
    """Whether the unit tests pass on it; what they print is shown."""
    print(f"Python {one.release} ({one.path})", flush=True)
    home = HOME / f"{one.version[0]}.{one.version[1]}"
    python, stamp = home / "bin" / "python", home / "locks"
    wanted = sha256(one.release.encode() + b"".join((ROOT / lock).read_bytes() for lock in LOCKS)).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([one.path, "-m", "venv", "--clear", home], check=True)
        subprocess.run(
            [*pip, "--require-hashes", *(word for lock in LOCKS for word in ("-r", ROOT / lock))], check=True
        )
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
        stamp.write_text(wanted, encoding="ascii")
    words = [python, "-m", "pytest", "-m", TESTS, "-n", "auto", "--dist", "worksteal", "-p", "no:cacheprovider"]
    return subprocess.run(words, check=False, cwd=ROOT).returncode == 0


def main() -> int:
    """See above."""
    first = oldest()
    interpreters = found(places(), first)
    failed = [one.release for one in interpreters if not tried(one)]
    newer = [one for one in interpreters if one.version > first]
    print(f"unit tests on CPython {', '.join(one.release for one in interpreters) or 'none'}; failed on: {len(failed)}")
    if failed:
        print(f"failed on {', '.join(failed)}", file=sys.stderr)
    if not newer:
        print(f"no CPython newer than {first[0]}.{first[1]} found: uv python install 3.13", file=sys.stderr)
    return 1 if failed or not newer else 0


if __name__ == "__main__":
    sys.exit(main())
