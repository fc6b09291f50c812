"""`vigie survey`: the whole country, or some of it, opened and walked once, for a person to review; and what that
person accepts of it put into place.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitor.cli.asked import catalogue, holding, settings
from monitor.cli.layout import say, table
from monitor.core.errors import UsageError
from monitor.core.words import os_words
from monitor.discover.survey.estimate import SurveyEstimate, estimate
from monitor.discover.survey.opened import host_of
from monitor.discover.survey.sources import SourceRow, placed, read_source

if TYPE_CHECKING:
    from monitor.core.prefecture import Prefecture
    from monitor.run.survey.surveying import SurveyRequest, SurveyResult
    from monitor.settings.settings import Settings

UNFINISHED: Final = 3
PAGES_AT_MOST: Final = 400
FAILED: Final = 1


def run(args: argparse.Namespace) -> int:
    """Survey, or accept what was surveyed."""
    if args.accept is not None:
        given = {"--dry-run": args.dry_run, "--within": args.within, "--from": args.sources, "--out": args.out}
        for option in (name for name, value in given.items() if value):
            raise UsageError(_("{option} does not go with --accept, which asks nothing").format(option=option))
        return _accept(args)
    if not 1 <= args.pages <= PAGES_AT_MOST:
        raise UsageError(_("--pages wants a number from 1 to {most}").format(most=PAGES_AT_MOST))
    if args.into is not None:
        raise UsageError(_("--into goes with --accept"))
    chosen, declared = settings(args), catalogue(args)
    prefectures = declared.select(args.codes)
    rows = _rows(args.sources, declared.prefectures)
    request = _request(args, prefectures, declared.files, rows)
    expected = _expected(args, chosen, prefectures, rows)
    if args.dry_run:
        return _dry(args, expected, prefectures)
    _say_before(expected, prefectures)
    return _survey(args, chosen, request, expected)


def _rows(files: Sequence[str], prefectures: Sequence[Prefecture]) -> list[SourceRow]:
    """The rows of the files given, each with its préfecture. Raises UsageError."""
    rows: list[SourceRow] = []
    for name in files:
        path = Path(name)
        try:
            rows += read_source(path.name, path.read_bytes())
        except OSError as error:
            raise UsageError(_("cannot open {path}: {why}").format(path=path, why=os_words(error))) from error
    return placed(rows, prefectures)


def _request(
    args: argparse.Namespace, prefectures: Sequence[Prefecture], files: Mapping[str, str], rows: Sequence[SourceRow]
) -> SurveyRequest:
    from monitor.run.survey.surveying import SurveyRequest

    return SurveyRequest(
        prefectures=prefectures, files=files, rows=rows, within=_duration(args.within), pages=args.pages
    )


def _duration(text: str | None) -> timedelta | None:
    """`2h`, `90min`, `1h30`. Raises UsageError."""
    if text is None:
        return None
    found = re.fullmatch(r"(?:(\d{1,3})h)?(?:(\d{1,3})(?:min|m)?)?", text.strip().lower())
    if not found or not (found[1] or found[2]) or (not found[1] and text.strip().isdigit()):
        raise UsageError(_("--within wants a duration such as 2h, 90min or 1h30, not {text}").format(text=text))
    within = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    if not within:
        raise UsageError(_("--within wants a duration such as 2h, 90min or 1h30, not {text}").format(text=text))
    return within


# --- before it begins -------------------------------------------------------------------------------------------------


def _expected(
    args: argparse.Namespace, chosen: Settings, prefectures: Sequence[Prefecture], rows: Sequence[SourceRow]
) -> SurveyEstimate:
    from monitor.discover.leads import link_rules
    from monitor.run.survey.surveying import kept_by_host

    by_code: dict[str, list[SourceRow]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    spacing = max(chosen.pace.spacing_seconds, 1.0) * (1 if chosen.operator.contact else 2)
    known = kept_by_host(chosen)
    return estimate(prefectures, by_code, link_rules(), pages=args.pages, spacing=spacing, known=known)


def _say_before(expected: SurveyEstimate, prefectures: Sequence[Prefecture]) -> None:
    """On standard error: standard output is the result's."""
    places = ngettext("{n} préfecture", "{n} préfectures", len(prefectures)).format(n=len(prefectures))
    hosts = ngettext("{n} host", "{n} hosts", len(expected.hosts)).format(n=len(expected.hosts))
    words = _("{places}: at most {requests} requests to {hosts}, side by side, {time}.")
    line = words.format(places=places, requests=expected.requests, hosts=hosts, time=_minutes(expected.seconds))
    say(line, out=sys.stderr)
    say(_("It can be stopped at any moment: the same command goes on from there."), out=sys.stderr)


def _dry(args: argparse.Namespace, expected: SurveyEstimate, prefectures: Sequence[Prefecture]) -> int:
    if args.json:
        told = {
            "prefectures": [one.code for one in prefectures],
            "requests": expected.requests,
            "seconds": round(expected.seconds),
            "hosts": dict(expected.hosts),
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    _say_before(expected, prefectures)
    busiest = Counter(expected.hosts).most_common(5)
    table([(host, str(n)) for host, n in busiest], (_("host"), _("requests")))
    print(_("Nothing was asked."))
    return 0


def _minutes(seconds: float) -> str:
    if seconds < 50:
        return _("less than a minute")
    minutes = round(seconds / 60) or 1
    return ngettext("about {n} minute", "about {n} minutes", minutes).format(n=minutes)


class _SurveyProgress:
    """One line on a terminal: préfectures gone through, requests, time left; nothing anywhere else."""

    def __init__(self, args: argparse.Namespace, expected: SurveyEstimate, prefectures: Sequence[Prefecture]) -> None:
        self._shown = sys.stderr.isatty() and not args.json
        self._left = Counter(expected.hosts)
        self._sites = {one.code: host_of(one.site) for one in prefectures}
        self._over, self._asked, self._told = 0, 0, 0.0
        self._one = expected.seconds / max(expected.hosts.values(), default=1)

    def asks(self, code: str, url: str) -> None:
        """See `SurveyFollower`."""
        self._asked += 1
        self._left[host_of(url)] -= 1
        self._show(f"{code} {url}")

    def done(self, code: str) -> None:
        """See `SurveyFollower`."""
        self._over += 1
        self._left[self._sites[code]] = 0
        self._show(code, now=True)

    def end(self) -> None:
        """Leave an empty line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _show(self, what: str, *, now: bool = False) -> None:
        at = time.monotonic()
        if not self._shown or (at - self._told < 0.2 and not now):
            return
        self._told = at
        left = _minutes(max(0, *self._left.values(), 0) * self._one)
        line = _("préfectures {over}/{all} · addresses {asked} · {time} left · {what}").format(
            over=self._over, all=len(self._sites), asked=self._asked, time=left, what=what
        )
        room = shutil.get_terminal_size((80, 24)).columns - 1
        shown = line if len(line) <= room else line[: room - 1] + "…"
        print(f"\r\x1b[K{shown}", end="", file=sys.stderr, flush=True)


# --- the survey -------------------------------------------------------------------------------------------------------


def _survey(args: argparse.Namespace, chosen: Settings, request: SurveyRequest, expected: SurveyEstimate) -> int:
    from monitor.cli.look.walks.survey_page import page
    from monitor.run.survey.folder import ReviewFolder, record
    from monitor.run.survey.surveying import survey

    folder = ReviewFolder(Path(args.out or f"vigie-survey-{datetime.now(UTC):%Y-%m-%d}"))
    folder.begin()
    progress = _SurveyProgress(args, expected, request.prefectures)
    with holding(chosen.data) as lock:
        try:
            result = survey(request, chosen, lock, progress)
        finally:
            progress.end()
    found = folder.merged(result)
    edited = folder.write(result, found, page(found, args.lang))
    if args.json:
        told = record(result) | {"folder": str(folder.path), "edited": [str(file) for file in edited]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _say_after(args, folder.path, result, edited)
    if result.number:
        return 128 + result.number
    return UNFINISHED if result.over or any(one["walk"]["home"] for one in result.prefectures) else 0


def _say_after(args: argparse.Namespace, folder: Path, result: SurveyResult, edited: Sequence[Path]) -> None:
    from monitor.cli.look.walks.survey_page import filters, marks

    if result.simulated:
        print(_("[simulated]"))
    counts = Counter(mark for one in result.prefectures for mark in marks(one))
    n = len(result.prefectures)
    rows = [(words, f"{counts[name]}/{n}") for name, words in filters().items()]
    table(rows, (_("of the préfectures surveyed"), ""))
    asked = ngettext("{n} request left in this run.", "{n} requests left in this run.", result.asked)
    say(asked.format(n=result.asked))
    if result.over:
        say(_("Not finished: the same command goes on from here, and within a day asks nothing twice."))
    for file in edited:
        say(_("{file} was edited: it is left as it is, and the new proposal stands beside it").format(file=file))
    print(_("To be reviewed: {path}").format(path=folder / "index.html"))
    code = result.prefectures[0]["code"] if result.prefectures else "33"
    print(_("Then: `vigie survey --accept {folder} {code} ...`").format(folder=folder, code=code))


# --- what is accepted -------------------------------------------------------------------------------------------------


def _accept(args: argparse.Namespace) -> int:
    from monitor.run.survey.accepting import accept
    from monitor.run.survey.folder import ReviewFolder

    if not args.codes:
        raise UsageError(_("name the préfectures whose proposals are accepted: none is by itself"))
    into = Path(args.into).absolute() if args.into else None
    done = accept(ReviewFolder(Path(args.accept)), args.codes, settings(args), into)
    steps: list[dict[str, Any]] = [{"command": list(s.command), "exit": s.done, "said": s.said} for s in done.steps]
    if args.json:
        told = {"files": [str(file) for file in done.files], "steps": steps, "put_back": done.back}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return FAILED if done.back else 0
    for file in done.files:
        print(_("in place: {path}").format(path=file))
    for step in steps:
        command = " ".join(step["command"])
        if step["exit"] is None:
            print(_("next: {command}").format(command=command))
        elif step["exit"]:
            print(_("failed: {command}").format(command=command) + "\n" + step["said"])
        else:
            print(_("done: {command}").format(command=command))
    if done.back:
        print(_("All was put back as it was."))
        return FAILED
    if into and into not in settings(args).plugins.folders:
        print(_("To use it, in the settings:") + f'\n[plugins]\nfolders = ["{into}"]')
    return 0
