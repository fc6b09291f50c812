"""`vigie install`: write the schedule that calls `vigie run`, or take it away. With `--dry-run` nothing is changed."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import secrets
import socket
import sys
import zlib
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path

from monitor.cli.layout import say
from monitor.core.errors import UsageError
from monitor.core.words import os_words
from monitor.ops.schedules import (
    ADDRESS_KEY,
    CONFIG,
    ENABLED,
    ENABLED_SOCKET,
    SECRETS,
    File,
    Machine,
    cron,
    systemd,
    web,
)

TEMPLATES = ("vigie.service", "vigie.timer", "vigie-web.service", "vigie-web.socket", "vigie-by-hand", "crontab")
DATA = "/var/lib/vigie"


def run(args: argparse.Namespace) -> int:
    """Choose the files, then print, write or remove them, and say what to do next."""
    if not (args.systemd or args.cron or args.remove):
        raise UsageError(_("say which schedule: --systemd or --cron; --remove takes both away"))
    folder = files("monitor") / "templates" / "units"
    templates = {name: (folder / name).read_text("utf-8") for name in TEMPLATES}
    data = os.path.abspath(args.data or DATA)  # cron starts elsewhere
    machine = Machine(vigie=_command(), data=data, user=args.user or getpass.getuser(), minute=_minute())
    root = Path(args.root)
    if args.remove:
        every = (*systemd(machine, templates), *web(machine, templates), *cron(machine, templates))
        return _remove(args, root, every, data)
    if args.web and not args.systemd:
        raise UsageError(_("--web goes with --systemd; elsewhere start `vigie serve` as your system starts services"))
    served = web(machine, templates) if args.web else ()
    wanted = (*systemd(machine, templates), *served) if args.systemd else cron(machine, templates)
    if args.dry_run:
        _show(args, root, wanted)
        return 0
    written = [_write(root, one) for one in wanted]
    if args.systemd:
        written.append(_key(root))
    _say(args, written)
    return 0


def _command() -> str:
    """The `vigie` command beside this interpreter. Raises UsageError where there is none."""
    found = Path(sys.executable).parent / "vigie"
    if not found.is_file():
        raise UsageError(_("no vigie command beside {python}: install the program first").format(python=sys.executable))
    return str(found)


def _minute() -> int:
    """An offset that is the machine's own and stays: installing again changes nothing, removing knows its own files."""
    try:
        return int(Path("/etc/machine-id").read_text("ascii").strip()[-4:], 16) % 10
    except (OSError, ValueError):  # a container, a chroot: the name is all that stays
        return zlib.crc32(socket.gethostname().encode()) % 10


def _at(root: Path, path: object) -> Path:
    return root / str(path).lstrip("/")


def _write(root: Path, file: File) -> tuple[Path, str]:
    """Write one file; one that differs is put aside as NAME.before. Returns its path and what was done."""
    path = _at(root, file.path)
    try:
        before = path.read_text("utf-8") if path.exists() else None
        if before is not None and (file.keep or before == file.text):
            return path, "kept"
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if file.path.parent == SECRETS else 0o755)
        if before is not None:
            path.with_name(path.name + ".before").write_text(before, "utf-8")
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(file.text, "utf-8")
        fresh.chmod(file.mode)
        fresh.replace(path)
    except OSError as error:
        raise UsageError(
            _("{path} cannot be written ({why}): run it as root, or look with --dry-run").format(
                path=path, why=os_words(error)
            )
        ) from error
    return path, "written" if before is None else "replaced"


def _remove(args: argparse.Namespace, root: Path, wanted: tuple[File, ...], data: str) -> int:
    """Take the schedule away. Settings, keys and data stay: they are the operator's, and the proof is in them."""
    there = [(_at(root, one.path), one.text) for one in wanted if not one.keep and _at(root, one.path).exists()]
    links = (_at(root, one) for one in (ENABLED, ENABLED_SOCKET))
    there += [(link, "") for link in links if link.is_symlink()]  # `systemctl enable` made them: they would dangle
    if args.dry_run:
        done = [(path, "to remove") for path, _text in there]
    else:
        done = [_take_away(path, text) for path, text in there]
    stay = [path for path in (_at(root, CONFIG.parent), _at(root, data)) if path.exists()]
    if args.json:
        files = [{"path": str(path), "done": what} for path, what in done]
        print(json.dumps({"files": files, "kept": [str(path) for path in stay]}))
        return 0
    words = {
        "to remove": _("would be removed"),
        "removed": _("removed"),
        "put aside": _("removed; it had been changed, and stays beside as .before"),
    }
    for path, what in done:
        say(f"{path}: {words[what]}")
    if not done:
        say(_("No schedule of vigie was found under {root}.").format(root=root))
    for path in stay:
        say(_("{path}: left as it was; what is proven is in the data folder").format(path=path))
    if any(path.suffix == ".timer" for path, _what in done):
        units = "vigie.timer vigie-web.socket vigie-web.service" if _served(done) else "vigie.timer"
        say(f"systemctl stop {units}; systemctl daemon-reload")
    return 0


def _served(done: list[tuple[Path, str]]) -> bool:
    return any(path.name == "vigie-web.socket" for path, _what in done)


def _take_away(path: Path, text: str) -> tuple[Path, str]:
    """Remove one file; one that somebody changed is put aside as NAME.before. Returns its path and what was done."""
    try:
        if path.is_symlink() or path.read_text("utf-8") == text:
            path.unlink()
            return path, "removed"
        path.replace(path.with_name(path.name + ".before"))
    except OSError as error:
        raise UsageError(
            _("{path} cannot be removed ({why}): run it as root, or look with --dry-run").format(
                path=path, why=os_words(error)
            )
        ) from error
    return path, "put aside"


def _key(root: Path) -> tuple[Path, str]:
    """The key under which subscribers' addresses are encrypted: made once, never replaced, read by root alone."""
    path = _at(root, SECRETS / ADDRESS_KEY)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return path, "kept"
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path, "written"


def _show(args: argparse.Namespace, root: Path, wanted: tuple[File, ...]) -> None:
    if args.json:
        print(json.dumps({"files": [{"path": str(_at(root, f.path)), "text": f.text} for f in wanted]}))
        return
    for file in wanted:
        print(f"# ---- {_at(root, file.path)}\n{file.text}")


def _say(args: argparse.Namespace, written: list[tuple[Path, str]]) -> None:
    if args.json:
        print(json.dumps({"files": [{"path": str(path), "done": done} for path, done in written]}))
        return
    words = {
        "written": _("written"),
        "kept": _("left as it was"),
        "replaced": _("replaced; the earlier one is beside it as .before"),
    }
    for path, done in written:
        say(f"{path}: {words[done]}")
    say(_("Next: set [operator] contact in the settings, then `vigie doctor`."))
    if args.systemd:
        say("systemctl daemon-reload && systemctl enable --now vigie.timer")
    if args.web:
        say(
            _("Then set [web] address and the proxy (config/caddy, config/nginx), and look with `vigie serve --check`.")
        )
        say("systemctl enable --now vigie-web.socket vigie-web.service")
