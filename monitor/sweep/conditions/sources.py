"""Digests of the sources a sweep runs on, each computed once: the program, the rule that reads a page, the plugin."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from monitor.core.record import Sources
from monitor.values import pattern

RULE_FLOORS: Final = ("monitor.read.",)  # what decides how a page is read
_IMPORT: Final = pattern(r"(?m)^\s*(?:from|import)\s+(monitor\.[\w.]+)(?:\s+import\s+(\([^)]*\)|[^\n]*))?")


def listing(files: Mapping[str, Path] | Mapping[str, str]) -> str:
    """Lines `SHA-256, two spaces, name`, sorted by name: what `sha256sum` prints. Raises OSError."""
    return "".join(f"{_digest(files[name])}  {name}\n" for name in sorted(files, key=str.encode))


def _digest(path: Path | str) -> str:
    with open(path, "rb", buffering=0) as file:
        return hashlib.sha256(file.read()).hexdigest()


def tree_digest(packages: Iterable[Path]) -> str:
    """One digest over package folders; anyone can compute it again beside them:

    `find monitor prefectures -type f ! -path '*/__pycache__/*' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum`
    """
    files: dict[str, str] = {}
    for package in packages:
        for folder, inner, names in os.walk(package):
            inner[:] = [name for name in inner if name != "__pycache__"]
            within = f"{package.name}{folder[len(str(package)) :]}"
            files |= {f"{within}/{name}": f"{folder}/{name}" for name in names if os.path.isfile(f"{folder}/{name}")}
    return hashlib.sha256(listing(files).encode()).hexdigest()


def commit(package: Path) -> str | None:
    """The git commit of the sources: of the checkout the package stands in, or that pip was told to install from.

    None where neither says, as in a package of a distribution. Changes that were not committed show in `tree_digest`.
    """
    git = package.parent / ".git"
    try:
        if git.is_file():  # a work tree names the folder that has its HEAD
            git = Path(git.read_text(encoding="utf-8").removeprefix("gitdir:").strip())
        if git.is_dir():
            return _head(git)
        for told in package.parent.glob("vigie_prefectures-*.dist-info/direct_url.json"):  # PEP 610
            return _sha(json.loads(told.read_bytes())["vcs_info"]["commit_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def _head(git: Path) -> str | None:
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    if not head.startswith("ref: "):
        return _sha(head)
    name, common = head.removeprefix("ref: "), git / "commondir"
    folders = [git, git / common.read_text(encoding="utf-8").strip()] if common.is_file() else [git]
    for folder in folders:
        if (folder / name).is_file():
            return _sha((folder / name).read_text(encoding="utf-8").strip())
    packed = (folders[-1] / "packed-refs").read_text(encoding="utf-8").splitlines()
    return next((_sha(line.split()[0]) for line in packed if line.endswith(f" {name}")), None)


def _sha(text: str) -> str | None:
    return text if re.fullmatch("[0-9a-f]{40}(?:[0-9a-f]{24})?", text) else None


def rule_files(module: str) -> dict[str, Path]:
    """The module that reads a page and all it imports of RULE_FLOORS, by dotted name. Raises OSError, LookupError."""
    found: dict[str, Path] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = path = _file(name)
        waiting += [other for other in _imports(path) if other.startswith(RULE_FLOORS) and other not in found]
    return found


def _imports(path: Path) -> Iterable[str]:
    for match in _IMPORT.finditer(path.read_text(encoding="utf-8")):
        yield match[1]
        for name in re.findall(r"\w+", match[2] or ""):  # `from monitor.read.pages import text` names a module
            if _is_module(f"{match[1]}.{name}"):
                yield f"{match[1]}.{name}"


def _is_module(name: str) -> bool:
    if not name.startswith(RULE_FLOORS):
        return False
    parent = find_spec(name.rpartition(".")[0])  # a name imported from a module that is no package is not a module
    return parent is not None and parent.submodule_search_locations is not None and find_spec(name) is not None


def _file(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(module)
    return Path(spec.origin)


class SourceDigests:
    """Digests of what reads a look.

    plugins: file of each préfecture's declaration by code; data: rule tables by module.

    Each digest is computed when it is first asked for, and kept; None where the files cannot be read.
    """

    def __init__(
        self, packages: Sequence[Path], plugins: Mapping[str, str], data: Mapping[str, Mapping[str, Path]] | None = None
    ) -> None:
        self._packages, self._plugins, self._data = packages, plugins, data or {}
        self._kept: dict[tuple[str, str], str | None] = {}

    @property
    def program(self) -> str | None:
        """`tree_digest` of the packages."""
        return self._once("program", "", lambda: tree_digest(self._packages))

    def of(self, module: str, prefecture: str) -> Sources:
        """The digests behind one observation: its reader's module, and the préfecture that declares the desk."""
        file = self._plugins.get(prefecture)
        return Sources(
            program=self.program,
            rule=self._once("rule", module, lambda: self._rule(module)),
            plugin=self._once("plugin", file, lambda: hashlib.sha256(Path(file).read_bytes()).hexdigest())
            if file
            else None,
        )

    def _rule(self, module: str) -> str:
        return hashlib.sha256(listing({**rule_files(module), **self._data.get(module, {})}).encode()).hexdigest()

    def _once(self, kind: str, name: str, make: Callable[[], str]) -> str | None:
        key = kind, name
        if key not in self._kept:
            try:
                self._kept[key] = make()
            except (OSError, LookupError, ValueError, ImportError):
                self._kept[key] = None
        return self._kept[key]
