"""`vigie case`: a person's case, on their side."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from gettext import gettext as _
from pathlib import Path

from monitor.adapters.case_folder import Brought, CaseFolder, erase
from monitor.cli.case_opening import facts_told, opened, passphrase, read_bytes
from monitor.cli.wiring import catalogue
from monitor.domain.case_model import attempt_to_json, facts_from
from monitor.domain.declaration import PROCEDURES, did_you_mean
from monitor.domain.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Do one action. Exit 0; 64 usage; 65 a file is not what it should be; 77 wrong passphrase."""
    own = {"new": _new, "import": _import, "erase": _erase}
    if args.action in own:
        return own[args.action](args)
    module = importlib.import_module(f"monitor.cli.case_{args.action}")
    code: int = module.run(args)
    return code


def _new(args: argparse.Namespace) -> int:
    prefecture = catalogue(args).find(args.prefecture)
    if args.procedure not in PROCEDURES:
        near = did_you_mean(args.procedure, PROCEDURES) or "."
        raise UsageError(_('No procedure is called "{word}"{near}').format(word=args.procedure, near=near))
    facts = facts_told(args.fact) | {
        "prefecture": prefecture.code,
        "zone": prefecture.time_zone,
        "procedure": args.procedure,
    }
    facts_from(facts)
    case = CaseFolder.create(Path(args.case), passphrase(args, new=True))
    case.append("opened", facts)
    print(_("made: {path}. Without the passphrase nobody can open it.").format(path=case.root))
    return 0


def _import(args: argparse.Namespace) -> int:
    """A relevé is layer B, beside the person's attempts and never mixed with them; an assisted attempt is theirs."""
    from monitor.domain.attempt import ATTEMPT

    case, _book = opened(args)
    folder = Path(args.export)
    n = _assisted(case, folder) if (folder / ATTEMPT).is_file() else _releve(case, folder)
    print(_("joined as entry {n}").format(n=n))
    return 0


def _releve(case: CaseFolder, folder: Path) -> int:
    from monitor.adapters.archive import FolderArchive
    from monitor.adapters.verifiers import Verifiers
    from monitor.app.case_import import packed
    from monitor.app.verify import verify_export

    archive = FolderArchive(folder)
    zipped, report = packed(archive, lambda: verify_export(archive, Verifiers()))
    name = folder.resolve().name
    lines = [*report.lines()]
    told = {"name": name, "records": report.records, "reserved": bool(report.findings), "told": lines}
    entry = case.append("import", told, [Brought(f"{name}.zip", zipped, "application/zip")])
    print("\n".join(lines))
    return entry.n


def _assisted(case: CaseFolder, folder: Path) -> int:
    from monitor.adapters.assist_folder import load
    from monitor.adapters.verifiers import Verifiers
    from monitor.app.case_import import as_attempt

    files = load(folder)
    attempt = as_attempt(files, Verifiers(), case.holds)
    brought = [Brought(path.rpartition("/")[2], data) for path, data in sorted(files.items())]
    entry = case.append("attempt", attempt_to_json(attempt), brought)
    print(attempt.note)
    return entry.n


def _erase(args: argparse.Namespace) -> int:
    root = Path(args.case)
    if not args.yes:
        if not sys.stdin.isatty():
            raise UsageError(_("--yes is needed where nobody can be asked"))
        print(_("Type the name of the folder to remove {path} for good: ").format(path=root), end="", flush=True)
        if input().strip() != root.resolve().name:
            raise UsageError(_("nothing was removed"))
    left = erase(root)
    print(_("removed: {path}. Copies and backups made elsewhere are not.").format(path=root))
    for name in left:
        print(_("left, not part of a case: {name}").format(name=name))
    return 0


def json_file(path: str) -> object:
    """A JSON document. Raises UsageError, CaseDataError."""
    from monitor.domain.case_reading import CaseDataError

    try:
        return json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise CaseDataError(_("{path} is not JSON: {why}").format(path=path, why=error)) from error
