"""`vigie case log --photos`: captures of a telephone, dated one by one, the rest asked or left to a sheet of paper."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.adapters.case_folder import CaseFolder
from monitor.adapters.case_photos import Photo, photos
from monitor.app.case_book import Book
from monitor.domain.case_model import Attempt, attempt_to_json
from monitor.domain.case_reading import moment
from monitor.domain.errors import UsageError


def log_photos(args: argparse.Namespace, case: CaseFolder, common: Attempt, book: Book) -> int:
    """Log every capture whose day is known; say what each lacks. An undated one is not logged."""
    zone = ZoneInfo(book.facts.zone)
    try:
        found = [*photos(Path(args.photos), zone)]
    except OSError as error:
        raise UsageError(_("{path} cannot be read: {why}").format(path=args.photos, why=error.strerror)) from error
    told = [_one(case, photo, common, zone) for photo in found]
    if args.json:
        print(json.dumps({"photos": told}, ensure_ascii=False, indent=1))
    else:
        for one in told:
            date_ = one["at"] or one["day"] or _("no date")
            entry = one["entry"] or _("already in the case") if one["day"] else _("not logged")
            lacks = ", ".join(one["missing"]) or "-"
            print(_("{name}: {date} (from: {source}); entry: {entry}; missing: {lacks}").format(
                name=one["name"], date=date_, source=one["source"] or "-", entry=entry, lacks=lacks))  # fmt: skip
    if args.sheet:
        _sheet(Path(args.sheet), told)
    return 0


def _one(case: CaseFolder, photo: Photo, common: Attempt, zone: ZoneInfo) -> dict[str, Any]:
    held = case.holds(hashlib.sha256(photo.file.data).hexdigest())
    day, at, source = photo.day, photo.at, photo.source
    one = common
    if not held and sys.stdin.isatty():
        if day is None:
            day, at = _asked_date(photo.file.name, zone)
            source = "stated" if day else None
        address = one.address or _asked(_("{name}: address of the page? "), photo.file.name)
        sentence = one.sentence or _asked(_("{name}: the site's sentence, word for word? "), photo.file.name)
        one = replace(one, address=address, sentence=sentence)
    missing = [
        name for name, value in (("address", one.address), ("date", day), ("sentence", one.sentence)) if not value
    ]
    entry = None
    if day is not None and source is not None and not held:
        brought = [photo.file] + ([photo.carrier] if photo.carrier else [])
        entry = case.append(
            "attempt", attempt_to_json(replace(one, day=day, at=at, date_source=source)), brought
        ).n  # fmt: skip
    return {
        "name": photo.file.name,
        "day": day and day.isoformat(),
        "at": at and at.astimezone(zone).isoformat(),
        "source": source,
        "entry": entry,
        "missing": missing,
    }


def _asked(question: str, name: str) -> str:
    print(question.format(name=name), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _asked_date(name: str, zone: ZoneInfo) -> tuple[date | None, datetime | None]:
    """Asked until it is a date, or left empty."""
    while text := _asked(_("{name}: day, or day and hour, as 2026-03-02T09:14? "), name):
        try:
            return moment(text, zone)
        except ValueError:
            continue
    return None, None


def _sheet(path: Path, told: list[dict[str, Any]]) -> None:
    from monitor.adapters.case_sheet import sheet

    try:
        path.write_bytes(sheet(told, made=datetime.now(UTC)))
    except OSError as error:
        raise UsageError(_("cannot write {path}: {why}").format(path=path, why=error.strerror)) from error
    print(_("written: {path}").format(path=path), file=sys.stderr)
