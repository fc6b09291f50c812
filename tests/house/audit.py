"""`python -m tests.house.audit`: known vulnerabilities and licences of what the lock files name. Exit 1: a fault.

Vulnerabilities are asked of PyPI by pip-audit, in an environment of its own under `build/audit`. Where it cannot be
installed or PyPI's advisories cannot be reached, that is said, and fails nothing: nothing was found out. Licences are
read from the metadata of what is installed here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "audit"
LOCKS = ("requirements.lock", "requirements-browser.lock", "requirements-dev.lock")
USED_BY_THE_PROGRAM = "requirements.lock"
_NAME = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
# What the EUPL-1.2 may be distributed with as a library used unchanged; weak copyleft included.
_ALLOWED = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|LGPL|Lesser General|Unlicense|Public Domain|CC0|"
    r"HPND|Zope|ZPL|EUPL",
    re.IGNORECASE,
)


def main() -> int:
    """See above."""
    bad, tool = 0, _tool()
    for lock in filter(lambda name: (ROOT / name).exists(), LOCKS):
        found, says = (
            _vulnerabilities(tool, ROOT / lock) if tool else (0, "not audited: pip-audit could not be installed")
        )
        print(f"{lock}: {says}")
        bad += found
    named = sorted(set(_NAME.findall((ROOT / USED_BY_THE_PROGRAM).read_text(encoding="utf-8"))))
    licences = {name: _licence(name) for name in named}
    for name, licence in licences.items():
        if licence is not None and not _ALLOWED.search(licence):
            print(f"licence to be looked at: {name}: {licence or 'none stated'}")
            bad += 1
    print(f"licences: {sum(one is not None for one in licences.values())} of {len(named)} packages read")
    return 1 if bad else 0


def _tool() -> Path | None:
    """pip-audit, installed if need be; None where the registry has it not."""
    tool = HOME / "bin" / "pip-audit"
    if not tool.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pip-audit>=2.9"]
        if subprocess.run([HOME / "bin" / "python", *words], check=False, capture_output=True).returncode:
            return None
    return tool


def _vulnerabilities(tool: Path, lock: Path) -> tuple[int, str]:
    """How many are known of what a lock file names, and a sentence with each."""
    words = [tool, "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off", "-r", lock]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return 0, f"not audited: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}"
    asked = [row for row in rows if "skip_reason" not in row]
    if not asked:
        return 0, f"not audited: no advisory could be had for any of {len(rows)} packages"
    found = [(row["name"], row["version"], one["id"]) for row in asked for one in row["vulns"]]
    told = "".join(f"\n  {name} {version}: {known}" for name, version, known in found)
    return len(found), f"{len(asked)} of {len(rows)} packages audited, {len(found)} known vulnerabilities{told}"


def _licence(name: str) -> str | None:
    """What an installed package says of its licence; None where it is not installed (another platform's)."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return None
    told = package.metadata
    classifiers = [one for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    field = (told.get("License") or "").strip().partition("\n")[0]
    texts = [package.read_text(f"licenses/{file}") or "" for file in told.get_all("License-File", [])]
    title = texts[0].strip().partition("\n")[0] if texts else ""
    return told.get("License-Expression") or " ".join((*classifiers, field)).strip() or title


if __name__ == "__main__":
    sys.exit(main())
