"""`vigie new CODE`: the declaration of a préfecture to start from. No network."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from monitor.app.skeleton import skeleton, undeclared
from monitor.catalogue import Catalogue, load, module_name, slug_of
from monitor.cli import wiring
from monitor.domain.errors import UsageError
from monitor.domain.model import Prefecture


def run(args: argparse.Namespace) -> int:
    """Write the file, then say what is to be done next."""
    declared = wiring.catalogue(args)
    one = _identity(args, declared)
    text = skeleton(one, _proposed(Path(args.found), one) if args.found else "")
    folder = _folder(args.into)
    file = folder / f"{module_name(one)}.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise UsageError(_("{file} is there already; --into writes into another folder").format(file=file)) from None
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=file, why=error.strerror)) from error
    faulty: dict[str, str] = {}
    load(folder, faulty=faulty)
    _say(args, file, one, faulty.get(str(file)))
    return 0


def _identity(args: argparse.Namespace, declared: Catalogue) -> Prefecture:
    """What is declared, else what the arguments say. Raises UsageError."""
    try:
        return declared.find(args.code)
    except UsageError as error:
        if not (args.name and args.site):
            raise UsageError(
                _("{error} One that is not declared needs --name and --site.").format(error=error)
            ) from None
    return undeclared(args.code.upper(), slug_of(args.name), args.name, args.site, datetime.now(UTC).date())


def _proposed(path: Path, one: Prefecture) -> str:
    """The declaration in a file of `vigie discover --json`. Raises UsageError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        code, text = document["prefecture"], document["declaration"]
    except OSError as error:
        raise UsageError(_("cannot open {path}: {why}").format(path=path, why=error.strerror)) from error
    except (ValueError, KeyError, TypeError):
        raise UsageError(_("{path} is not what `vigie discover CODE --json` prints").format(path=path)) from None
    if code != one.code:
        raise UsageError(_("{path} is about {code}, not about {other}").format(path=path, code=code, other=one.code))
    if not text:
        raise UsageError(_("{path}: the home page could not be read, so nothing was proposed").format(path=path))
    return str(text)


def _folder(into: str | None) -> Path:
    if into:
        return Path(into)
    if (Path(wiring.PLUGINS) / "__init__.py").is_file():
        return Path(wiring.PLUGINS)
    raise UsageError(_("this is no checkout of the project: name a folder with --into"))


def _say(args: argparse.Namespace, file: Path, one: Prefecture, fault: str | None) -> None:
    if args.json:
        print(json.dumps({"file": str(file), "code": one.code, "fault": fault}, ensure_ascii=False))
        return
    print(_("written: {path}").format(path=file))
    if fault:
        print(_("It does not load yet: {why}").format(why=fault))
    if args.into:
        print(_("To use it, in the settings:") + f'\n[plugins]\nfolders = ["{file.parent.resolve()}"]')
    print(_("Then: `vigie list {code}`, and `vigie capture {code}/DESK` for each desk.").format(code=one.code))
