"""`vigie read`: a stored page read again, purely."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.cli.look.picture import say_facts
from monitor.cli.show import say_reading
from monitor.core.errors import UsageError
from monitor.core.prefecture import Context, Page
from monitor.core.readings import to_json
from monitor.core.words import os_words


def run(args: argparse.Namespace) -> int:
    """Read FILE with the platform's reader and print the reading."""
    if bool(args.platform) == args.notice:
        raise UsageError(_("say what the page is: --platform P for a booking page, or --notice"))
    if args.notice:
        return _read_notice(args)
    from monitor.read.platforms.registry import platform_for

    platform = platform_for(args.platform, args.url)
    page = Page(url=args.url, status=args.status, headers=tuple(map(_header, args.header)), body=load(args.file))
    label = None if args.label is None else _literal(args.label)
    reading = platform.read(page, Context(zone=ZoneInfo("Europe/Paris"), at=_instant(args.at), label=label))
    if args.json:
        print(json.dumps(to_json(reading), ensure_ascii=False, sort_keys=True))
    else:
        say_reading(reading, args.lang)
    return 0


def _read_notice(args: argparse.Namespace) -> int:
    from monitor.read.notices.facts import read_notice
    from monitor.read.notices.rules import notice_rules
    from monitor.read.notices.visit import reading_of

    content_type = next((v for k, v in map(_header, args.header) if k.lower() == "content-type"), None)
    facts = read_notice(load(args.file), content_type, args.url, notice_rules(), at=_instant(args.at))
    if args.json:
        print(json.dumps(facts.to_json(), ensure_ascii=False, sort_keys=True))
        return 0
    say_reading(reading_of(facts), args.lang)
    say_facts(facts.to_json())
    return 0


def load(path: str) -> bytes:
    """The bytes of a file. Raises UsageError with the reason the system gives."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(_("cannot open {path}: {why}").format(path=path, why=os_words(error))) from error


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise UsageError(_("--header wants NAME:VALUE, not {text!r}").format(text=text))
    return name.strip(), value.strip()


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            _("--at wants an ISO 8601 instant such as 2026-05-04T12:00+02:00, not {text!r}").format(text=text)
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("Europe/Paris"))


def _literal(text: str) -> str:
    import re

    return re.escape(text)
