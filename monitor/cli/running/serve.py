"""`vigie serve`: the pages where people subscribe, change their choices and leave by themselves."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.cli.asked import begin_log, settings
from monitor.cli.layout import say
from monitor.core.errors import UsageError, VigieError
from monitor.run.accounts import mailbox_address, register

if TYPE_CHECKING:
    from monitor.settings.settings import Settings


def run(args: argparse.Namespace) -> int:
    """Listen until a signal comes; with `--check`, say what is missing. Exit 1: it cannot serve as it is."""
    chosen = settings(args)
    if args.check:
        return _checked(args, chosen)
    begin_log(args)
    for what, _todo, needed in _missing(chosen):
        if needed:
            raise UsageError(_("{what} `vigie serve --check` says all that is missing").format(what=what))
    from monitor.web.serve import serve

    serve(chosen, lambda where: print(_("listening on {where}").format(where=where), file=sys.stderr))
    return 0


def _checked(args: argparse.Namespace, chosen: Settings) -> int:
    found = [*_missing(chosen)]
    if args.json:
        told = [{"what": what, "todo": todo, "needed": needed} for what, todo, needed in found]
        print(json.dumps({"ok": not any(one["needed"] for one in told), "missing": told}, ensure_ascii=False))
    else:
        for what, todo, needed in found:
            say(f"{'✕' if needed else '△'} {what}", hang=2)
            say(f"→ {todo}", 2, hang=2)
        if not found:
            print(_("Nothing is missing: `vigie serve` can listen for {address}.").format(address=chosen.web.address))
    return 1 if any(needed for _what, _todo, needed in found) else 0


def _missing(chosen: Settings) -> Iterator[tuple[str, str, bool]]:
    """What is missing, what to do about it, and whether nothing can be served without it."""
    if any(importlib.util.find_spec(name) is None for name in ("starlette", "uvicorn")):
        yield _('The "web" extra is not installed.'), 'pip install "vigie-prefectures[web]"', True
    if not chosen.web.address:
        todo = _('write [web] address = "https://…" in the settings: messages lead there')
        yield _("No [web] address is set."), todo, True
    try:
        with register(chosen) as (_db, people):
            people.check_key()
    except VigieError as error:
        yield str(error), _("see `vigie doctor`"), True
    folder = chosen.web.socket.absolute().parent
    if not chosen.web.port and "LISTEN_FDS" not in os.environ and not os.access(folder, os.W_OK | os.X_OK):
        words = _("The folder of [web] socket, {folder}, is not there or cannot be written.")
        todo = _("make it, or let systemd do so: sudo vigie install --systemd --web")
        yield words.format(folder=folder), todo, True
    if not mailbox_address(chosen):
        words = _("No [inbox] is set: when many ask, nobody can write first, and answers by mail are not read.")
        yield words, _("set [inbox]"), False
    elif not chosen.inbox.authserv:
        words = _("No [inbox] authserv is set: who writes first is sent the question all the same.")
        yield words, _("write the name under which your mail server checks DKIM and SPF"), False
