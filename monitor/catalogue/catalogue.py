"""The catalogue: plugins found in packages and folders the caller names, loaded, validated, indexed by code.

There is no list to edit: a module `dCODE_name.py` is a plugin. A plugin that may not be used stops the load with one
sentence that names its file.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, fields, is_dataclass
from gettext import gettext as _
from importlib.machinery import FileFinder, ModuleSpec
from pathlib import Path
from types import ModuleType

from monitor import api
from monitor.catalogue.declaration import PROCEDURES, did_you_mean, faults, nearest_or_all, service_faults
from monitor.catalogue.ownership import changeable
from monitor.core.errors import ConfigurationError, UsageError
from monitor.core.prefecture import Desk, Prefecture, Service
from monitor.core.words import os_words
from monitor.values import dataclass, pattern

_NATIONAL = "national"  # the module that declares the services of the whole country, one a package at most
_PLUGIN = pattern(r"d\d")  # d01_ain, d2a_corse_du_sud: any other module is the package's own business
_UNKNOWN_FIELD = pattern(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
_MISSING_FIELD = pattern(r"(\w+)\.__init__\(\) missing \d+ required .*?arguments?: (.+)")
_UNKNOWN_NAME = pattern(r"cannot import name '(\w+)' from 'monitor\.api'|name '(\w+)' is not defined")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every declared prefecture, in the order of the codes (2A and 2B between 29 and 30).

    files: where each stands, by code; `national` for the services of the whole country.
    """

    prefectures: tuple[Prefecture, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    services: tuple[Service, ...] = ()

    def find(self, name: str) -> Prefecture:
        """The prefecture a person names by code, slug, module or name, without regard to case.

        Raises UsageError with the nearest known name.
        """
        wanted = slug_of(name)
        known = {word: one for one in self.prefectures for word in _names(one)}
        if "/" in name:
            code, _stroke, _desk = name.partition("/")
            words = _("a whole préfecture is named here, as {code}; `vigie history {name}` shows one desk alone")
            raise UsageError(words.format(code=code, name=name))
        if wanted not in known:
            near = did_you_mean(wanted, tuple(one.slug for one in self.prefectures))
            near = near or _("; `vigie list` shows them all.")
            raise UsageError(_('No préfecture is called "{name}"{near}').format(name=name, near=near))
        return known[wanted]

    def select(self, names: Iterable[str] = ()) -> tuple[Prefecture, ...]:
        """The prefectures named, in catalogue order, each once; all of them when none is named. Raises UsageError."""
        wanted = {self.find(name).code for name in names}
        return tuple(one for one in self.prefectures if not wanted or one.code in wanted)

    def desks(self, names: Iterable[str] = (), procedures: Iterable[str] = ()) -> tuple[tuple[Prefecture, Desk], ...]:
        """The desks that may be visited, of the prefectures named, for the procedures named (all when none is).

        Raises UsageError for a name or a procedure nobody knows.
        """
        wanted = set(procedures)
        for word in sorted(wanted - set(PROCEDURES)):
            near = nearest_or_all(word, PROCEDURES)
            raise UsageError(_('No procedure is called "{word}"{near}').format(word=word, near=near))
        return tuple(
            (one, desk)
            for one in self.select(names)
            for desk in one.active_desks
            if not wanted or wanted & {desk.procedure, *desk.also}
        )


def load(*sources: str | Path, faulty: dict[str, str] | None = None) -> Catalogue:
    """Load every plugin of the packages (dotted names) and folders (paths) given.

    A folder's plugin takes the place of a package's of the same code: an address is put right before the next release.
    faulty: where given, plugins that may not be used are left out and told there (file: sentence).
    Raises ConfigurationError: no plugin there, a plugin that does not load or may not be used, one code declared twice,
    a folder or a plugin in it that another user can change.
    """
    found: dict[str, tuple[Prefecture, str]] = {}
    packaged: set[str] = set()
    services: dict[str, Service] = {}
    national: dict[str, str] = {}
    for source in sources:
        outside = isinstance(source, Path)
        for spec in _specs(source):
            file = spec.origin or spec.name
            try:
                if outside:
                    compiled = Path(spec.cached or file)  # which Python runs instead while it is as new
                    for path in (Path(file), compiled.parent, compiled):
                        refuse_changeable(path)
                if spec.name.endswith(f".{_NATIONAL}"):
                    services |= {one.slug: one for one in _services(spec, file)}
                    national[_NATIONAL] = file
                    continue
                prefecture = _checked(_declared(spec, file), spec, file)
            except ConfigurationError as error:
                if faulty is None:
                    raise
                faulty[file] = str(error)
                continue
            if prefecture.code in found and not (outside and prefecture.code in packaged):
                raise ConfigurationError(
                    _('{file}: code "{code}" is already declared in {other}.').format(
                        file=file, code=prefecture.code, other=found[prefecture.code][1]
                    )
                )
            found[prefecture.code] = prefecture, file
            (packaged.discard if outside else packaged.add)(prefecture.code)
    files = {code: file for code, (_prefecture, file) in found.items()}
    in_order = tuple(found[code][0] for code in sorted(found, key=_order))
    return Catalogue(in_order, files | national, tuple(services.values()))


def refuse_code(text: str, where: Path) -> None:
    """Raise ConfigurationError for a plugin of somebody's that is more than a declaration: it would be run. What is no
    Python at all is left to the load, which says so without running it."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return
    for statement in body:
        if not all(map(_is_literal, ast.walk(_value_of(statement)))):
            words = _("{file}, line {line}: more than a declaration stands here, and nothing of it is run")
            raise ConfigurationError(words.format(file=where, line=statement.lineno))


def _value_of(statement: ast.stmt) -> ast.AST:
    """What a statement works out, where it is one of the three a plugin is made of; else itself."""
    match statement:
        case ast.Expr(value=ast.Constant() as words):
            return words
        case ast.ImportFrom(module="monitor.api", level=0):
            return ast.Constant(None)
        case ast.Assign(targets=[ast.Name(id="PREFECTURE")], value=value):
            return value
    return statement


def _is_literal(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in api.__all__
    return isinstance(node, ast.Constant | ast.Tuple | ast.keyword | ast.Name | ast.Load)


def refuse_changeable(path: Path) -> None:
    """Raise ConfigurationError where a user other than us and root could change what stands at `path`."""
    try:
        loose = changeable(path) if path.exists() else None
    except OSError as error:
        raise ConfigurationError(_("{where}: {sentence}").format(where=path, sentence=os_words(error))) from error
    if loose:
        words = _(
            "{path}: another user can change {loose}, so nothing of it is run; make it yours alone (chown, chmod go-w)"
        )
        raise ConfigurationError(words.format(path=path, loose=loose))


def _specs(source: str | Path) -> Iterator[ModuleSpec]:
    """The plugin modules of a package or folder, by name. A folder is read where it is, never added to sys.path."""
    if isinstance(source, Path):
        refuse_changeable(source)
        package, folders = f"plugins_of_{source.name}", [str(source)]
    else:
        package, folders = source, list(importlib.import_module(source).__path__)
    empty = True
    for module in pkgutil.iter_modules(folders):
        if (_PLUGIN.match(module.name) or module.name == _NATIONAL) and isinstance(module.module_finder, FileFinder):
            spec = module.module_finder.find_spec(f"{package}.{module.name}")
            if spec is not None:
                empty &= module.name == _NATIONAL
                yield spec
    if empty and not (isinstance(source, Path) and _awaits(source)):
        raise ConfigurationError(
            _("{source}: no plugin here; a plugin is a file such as d95_val_doise.py.").format(source=source)
        )


def _awaits(folder: Path) -> bool:
    """Whether nothing at all is in a folder: its first plugin is still to be accepted into it."""
    return folder.is_dir() and not any(folder.iterdir())


def _declared(spec: ModuleSpec, file: str) -> Prefecture:
    """Run one plugin's body and take its PREFECTURE."""
    prefecture = getattr(_run(spec, file), "PREFECTURE", None)
    if not isinstance(prefecture, Prefecture):
        raise ConfigurationError(
            _("{file}: the module's body must be one PREFECTURE = Prefecture(...).").format(file=file)
        )
    return prefecture


def _services(spec: ModuleSpec, file: str) -> tuple[Service, ...]:
    """The services a package declares for the whole country. Raises ConfigurationError."""
    services = getattr(_run(spec, file), "SERVICES", None)
    if not isinstance(services, tuple) or not all(isinstance(one, Service) for one in services):
        raise ConfigurationError(
            _("{file}: the module's body must be one SERVICES = (Service(...), ...).").format(file=file)
        )
    wrong = [fault for one in services for fault in service_faults(one)]
    if wrong:
        raise ConfigurationError(_("{where}: {sentence}").format(where=file, sentence="; ".join(wrong) + "."))
    return services


def _run(spec: ModuleSpec, file: str) -> ModuleType:
    """The module, its body run."""
    module = importlib.util.module_from_spec(spec)
    try:
        assert spec.loader is not None
        spec.loader.exec_module(module)
    except (TypeError, ValueError, ImportError, NameError, SyntaxError, AttributeError) as error:
        raise ConfigurationError(_sentence(error, file)) from error
    return module


def _checked(prefecture: Prefecture, spec: ModuleSpec, file: str) -> Prefecture:
    wrong = faults(prefecture)
    name, module = module_name(prefecture), spec.name.rpartition(".")[2]
    if not wrong and name != module:
        wrong = [_("the file must be called {name}.py, after its code and slug").format(name=name)]
    if wrong:
        sentence = "; ".join(wrong)
        stop = "" if sentence.endswith("?") else "."
        raise ConfigurationError(_("{where}: {sentence}").format(where=file, sentence=sentence + stop))
    return prefecture


def _sentence(error: Exception, file: str) -> str:
    """What is wrong in a plugin that does not load: file, line, field, and the nearest known name."""
    if isinstance(error, SyntaxError):
        where = _("{file}, line {line}").format(file=file, line=error.lineno)
        return _("{where}: {sentence}").format(where=where, sentence=f"{error.msg}.")
    line = _line(error, file)
    where = _("{file}, line {line}").format(file=file, line=line) if line else file
    text = str(error)
    if found := _UNKNOWN_FIELD.search(text):
        near = did_you_mean(found[2], _fields(found[1])) or "."
        return _('{where}: {noun} has no field "{name}"{near}').format(
            where=where, noun=found[1], name=found[2], near=near
        )
    if found := _MISSING_FIELD.search(text):
        return _("{where}: {noun} needs {names}.").format(where=where, noun=found[1], names=found[2])
    if found := _UNKNOWN_NAME.search(text):
        name = found[1] or found[2]
        near = did_you_mean(name, tuple(api.__all__)) or "."
        return _('{where}: monitor.api has no "{name}"{near}').format(where=where, name=name, near=near)
    return _("{where}: {sentence}").format(where=where, sentence=f"{text}.")


def _line(error: Exception, file: str) -> int | None:
    """The line of the plugin at which it failed: the call that holds the wrong argument."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _fields(cls: str) -> tuple[str, ...]:
    noun = getattr(api, cls, None)
    return tuple(field.name for field in fields(noun)) if is_dataclass(noun) else ()


def module_name(prefecture: Prefecture) -> str:
    """The name its file must have, without `.py`."""
    return f"d{prefecture.code.lower()}_{prefecture.slug.replace('-', '_')}"


def _names(prefecture: Prefecture) -> tuple[str, ...]:
    code = prefecture.code.lower()
    slugs = slug_of(module_name(prefecture)), slug_of(prefecture.name)
    return code, f"d{code}", code.lstrip("0"), prefecture.slug, *slugs


def slug_of(text: str) -> str:
    """Words in a-z joined by hyphens, as a slug has them: `Val-d'Oise` is `val-doise`, `Puy de Dôme` `puy-de-dome`."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode().replace("'", "")
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _order(code: str) -> tuple[int, str]:
    """As INSEE lists them: `2A` after `29`, overseas (three characters) last."""
    return len(code), code
