"""What a declaration starts from and is tested by: `vigie new CODE` writes one, without network, and
`vigie capture CODE/DESK` keeps a desk's page as a fixture, its tokens scrubbed, with the reading to be reviewed.

The look of a capture is that of `vigie check`: same transport, pace, floor and lock, and kept like any other. The page
is then taken from what was kept.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.catalogue.catalogue import Catalogue, load, module_name, refuse_changeable, slug_of
from monitor.catalogue.golden import golden, names
from monitor.cli.asked import catalogue, settings
from monitor.cli.running import run as telling
from monitor.cli.show import say_reading, words
from monitor.core.errors import UsageError
from monitor.core.ports import ElsewhereError
from monitor.core.prefecture import Desk, Page, Prefecture
from monitor.core.readings import Reading, from_json
from monitor.core.record import RecordLine
from monitor.core.words import os_words
from monitor.discover.declare import misplaced, skeleton, undeclared
from monitor.run import wiring
from monitor.run.choose import RunRequest
from monitor.settings.settings import checkout
from monitor.store import files as durable
from monitor.store.store import reading
from monitor.sweep.plan import desk_look
from monitor.sweep.replay import BytesMissingError, kept_in, pages_of

if TYPE_CHECKING:
    from monitor.store.blobs import Blobs


def run(args: argparse.Namespace) -> int:
    """Write the file, then say what is to be done next."""
    declared = catalogue(args)
    one = _identity(args, declared)
    proposed = _proposed(Path(args.found), one) if args.found else ""
    for wrong in misplaced(proposed):
        raise UsageError(
            _("{path}: {url} is no desk for foreigners but: {what} (noted on {day}); nothing was written").format(
                path=args.found, url=wrong.url, what=wrong.what, day=wrong.noted
            )
        )
    text = skeleton(one, proposed)
    folder = _folder(args.into)
    if args.into:
        refuse_changeable(folder)
    file = folder / f"{module_name(one)}.py"
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        durable.create(file, text.encode(), 0o644)  # whatever the umask: nobody else's to change
    except FileExistsError:
        raise UsageError(_("{file} is there already; --into writes into another folder").format(file=file)) from None
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=file, why=os_words(error))) from error
    faulty: dict[str, str] = {}
    load(folder if args.into else wiring.PLUGINS, faulty=faulty)
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
        raise UsageError(_("cannot open {path}: {why}").format(path=path, why=os_words(error))) from error
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
    if own := checkout():
        return own / wiring.PLUGINS
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


NOTHING = 3
FIXTURES = Path("tests/fixtures/pages")  # of a checkout


def run_capture(args: argparse.Namespace) -> int:
    """Look, take the last page of the visit, write it with its golden file."""
    one, desk = _named(args)
    folder = _folder_capture(args.out)
    key = f"{one.code}/{desk.slug}"
    _look(args, key)
    with reading(settings(args).data) as opened:
        rows = opened[0].history(key, 1) if opened else []
        if not rows or opened is None:
            raise UsageError(_("{key} was not looked at: there is no page to keep").format(key=key))
        record = json.loads(rows[0].line)
        page = _page(record, one, desk, opened[1])
    if page is None:
        print(_("no page came: {reading}").format(reading=words(from_json(record), args.lang)), file=sys.stderr)
        return NOTHING
    made = golden(one, desk, page, record)
    if made is None:
        print(_("the page says something else once its tokens are scrubbed: it is not kept"), file=sys.stderr)
        return NOTHING
    _write(args, folder, *made)
    return 0


def _named(args: argparse.Namespace) -> tuple[Prefecture, Desk]:
    name, _stroke, slug = args.code.partition("/")
    one = catalogue(args).find(name)
    for desk in one.active_desks:
        if desk.slug == slug:
            return one, desk
    key = f"{one.code}/{slug}"
    raise UsageError(_("no desk {key} can be visited; `vigie list` shows them").format(key=key))


def _look(args: argparse.Namespace, key: str) -> None:
    """`vigie check` of this desk; what it prints is for people, and never on standard output."""
    asked = argparse.Namespace(**{**vars(args), "command": "check", "json": False})
    with contextlib.redirect_stdout(sys.stderr):
        chosen = settings(args)
        telling.say(asked, chosen, *telling.followed(asked, chosen, RunRequest(codes=(key,))))


def _page(record: RecordLine, one: Prefecture, desk: Desk, blobs: Blobs) -> Page | None:
    """The last page the visit was given; None when none came."""
    try:
        _reading, pages = asyncio.run(pages_of(record, desk_look(one, desk), kept_in(blobs)))
    except (BytesMissingError, ElsewhereError) as error:
        raise UsageError(_("the last look at {key} cannot be gone through again: {why}").format(
            key=record["check"], why=error)) from error  # fmt: skip
    return pages[-1] if pages else None


def _folder_capture(out: str | None) -> Path:
    if out:
        return Path(out)
    own = checkout()
    if own and (own / FIXTURES).is_dir():
        return own / FIXTURES / "captured"
    raise UsageError(_("this is no checkout of the project: name a folder with --out"))


def _write(args: argparse.Namespace, folder: Path, body: bytes, document: dict[str, Any]) -> None:
    page, told = (folder / name for name in names(document))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_bytes(body)
        told.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=folder, why=os_words(error))) from error
    if args.json:
        print(json.dumps({"page": str(page), "golden": str(told), **document}, ensure_ascii=False, indent=1))
        return
    found: Reading = from_json(document["reading"])
    say_reading(found, args.lang)
    print(_("written: {path}").format(path=page))
    print(_("written: {path}").format(path=told))
    if document["simulated"]:
        print(_("This page was played by the simulator: it proves nothing of the real site."))
    print(_('Read the page, compare, then write "reviewed": true in the second file.'))
