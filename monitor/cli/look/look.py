"""`vigie list`, `vigie status`, `vigie history`: what is declared, what was read. No network; also during a sweep."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any

from monitor.cli.asked import catalogue, data_folder
from monitor.cli.look import picture as national
from monitor.cli.look.picture import picture_rows, say_picture
from monitor.cli.show import local, observation_row, table
from monitor.core.errors import UsageError
from monitor.core.prefecture import Desk, Prefecture, notice_key
from monitor.report.remarks import Unconfirmed, remark_on
from monitor.report.rereadings import unconfirmed
from monitor.report.table import DeskRow
from monitor.run.weekly import FOLDER, last_walk
from monitor.store.records import Records
from monitor.store.rows import Row
from monitor.store.store import reading
from monitor.sweep.plan import NATIONAL


def run(args: argparse.Namespace) -> int:
    """Dispatch the three commands."""
    command = {"list": _list, "status": _status, "history": _history}[args.command]
    command(args)
    return 0


# --- list -------------------------------------------------------------------------------------------------------------


def _list(args: argparse.Namespace) -> None:
    chosen, services = national.chosen(catalogue(args), args.codes)
    if args.json:
        data = data_folder(args)
        told = [*(_prefecture(one, data) for one in chosen), *map(national.listed, services)]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    national.say_list(services)
    for prefecture in chosen:
        print(f"{prefecture.code:>3}  {prefecture.name} — {prefecture.office}  {prefecture.site}")
        for desk in prefecture.desks:
            retired = _("  (retired {day}: never visited)").format(day=desk.retired) if desk.retired else ""
            print(f"       {prefecture.code}/{desk.slug}  {desk.label}  [{desk.procedure}]{retired}")
            print(f"         {desk.platform.url}  ({desk.provenance.confidence}: {desk.provenance.source})")
        if prefecture.no_desk:
            print("       " + _("no desk: {why}").format(why=prefecture.no_desk))
        if prefecture.discovered_weekly:
            code = prefecture.code
            print("       " + _("no desk and no page is known: `vigie run` walks its site once a week"))
            if (found := last_walk(data_folder(args), code)) is not None:
                print("       " + _walked(found))


def _walked(found: dict[str, Any]) -> str:
    """The last weekly walk in one line."""
    when, code = local(found["started"], "UTC"), found["prefecture"]
    if "found" not in found:
        return _("walked {when}, not to the end").format(when=when)
    kinds = ", ".join(kind for kind, addresses in found["found"].items() if addresses) or "-"
    words = _("walked {when}; found: {kinds}; all of it: {file}")
    return words.format(when=when, kinds=kinds, file=f"{FOLDER}/{code}.json")


def _prefecture(prefecture: Prefecture, data: Path) -> dict[str, Any]:
    return {
        "code": prefecture.code,
        "name": prefecture.name,
        "office": prefecture.office,
        "site": prefecture.site,
        "time_zone": prefecture.time_zone,
        "no_desk": prefecture.no_desk,
        "discovered_weekly": prefecture.discovered_weekly,
        "walked": last_walk(data, prefecture.code) if prefecture.discovered_weekly else None,
        "desks": [_desk(prefecture, desk) for desk in prefecture.desks],
        "notices": [{"kind": n.kind, "url": n.url, "slug": n.slug} for n in prefecture.notices],
    }


def _desk(prefecture: Prefecture, desk: Desk) -> dict[str, Any]:
    return {
        "check": f"{prefecture.code}/{desk.slug}",
        "label": desk.label,
        "procedure": desk.procedure,
        "platform": desk.platform.name,
        "url": desk.platform.url,
        "retired": desk.retired and desk.retired.isoformat(),
        "source": desk.provenance.source,
        "source_date": desk.provenance.date,
        "confidence": desk.provenance.confidence,
    }


# --- status -----------------------------------------------------------------------------------------------------------


def _status(args: argparse.Namespace) -> None:
    prefectures, services = national.chosen(catalogue(args), args.codes)
    told = national.standings(args, services)
    rows = picture_rows(args, [one.code for one in prefectures]) if prefectures else ()
    if args.json:
        print(json.dumps([*(row.to_json() for row in rows), *told], ensure_ascii=False, indent=1))
        return
    national.say_status(told, args.lang)
    if not rows:
        return
    if not any(desk.record for row in rows for desk in row.desks) and not any(row.picture.examined for row in rows):
        print(_("Nothing was recorded yet. `vigie check CODE` looks now; `vigie run` looks at all that is due."))
        return
    if not args.codes:
        seen = [desk for row in rows for desk in row.desks]
        table([_standing(desk, args.lang) for desk in seen if desk.record])
        never = [desk.check for desk in seen if not desk.record]
        if never:
            print(_("never looked at: {checks}").format(checks=" ".join(never)))
        return
    for row in rows:
        print(f"{row.prefecture.code} {row.prefecture.name} — {row.prefecture.office}")
        table([("  " + words, *rest) for words, *rest in (_standing(d, args.lang) for d in row.desks if d.record)])
        for desk in row.desks:
            if not desk.record:
                print("  " + _("never looked at: {checks}").format(checks=desk.check))
        if row.prefecture.no_desk:
            print("  " + _("no desk: {why}").format(why=row.prefecture.no_desk))
        say_picture(row, args.lang)


def _standing(desk: DeskRow, lang: str) -> tuple[str, str, str, str, str]:
    assert desk.record is not None
    assert desk.since is not None
    mark, check, when, quote = observation_row(desk.record, lang)
    if desk.remark is not None:
        mark, quote = desk.words(lang), desk.remark.en if lang == "en" else desk.remark.fr
    since = _("since {when}").format(when=local(desk.since, desk.record["time_zone"]))
    return mark, check, when, since, quote


# --- history ----------------------------------------------------------------------------------------------------------


def _history(args: argparse.Namespace) -> None:
    code, slash, slug = args.code.partition("/")
    prefix = (NATIONAL if code == NATIONAL else catalogue(args).find(code).code) + slash + slug
    if args.last < 0:
        raise UsageError(_("--last wants a number of observations, 0 for all"))
    with reading(data_folder(args)) as opened:
        rows = _newest_last(opened[0], prefix, args.last) if opened else []
    if args.json:
        for row in rows:
            print(row.line.decode())
        return
    if not rows and slash and code != NATIONAL and prefix not in _declared(catalogue(args).find(code)):
        raise UsageError(_("nothing is declared as {key}; `vigie list` shows what is").format(key=prefix))
    if not rows:
        print(_("Nothing was recorded for {what} yet.").format(what=prefix))
    again = unconfirmed(data_folder(args)) if rows else {}
    table([_observation(row, args.lang, again) for row in rows])


def _declared(one: Prefecture) -> set[str]:
    return {f"{one.code}/{desk.slug}" for desk in one.desks} | {notice_key(one, notice) for notice in one.notices}


def _newest_last(records: Records, prefix: str, last: int) -> list[Row]:
    return list(reversed(records.history(prefix, last or None)))


def _observation(row: Row, lang: str, again: Mapping[int, Unconfirmed]) -> tuple[str, ...]:
    if row.damaged:
        return "!", row.subject, "", _("damaged on disk, never counted (record {seq})").format(seq=row.seq)
    record = json.loads(row.line)
    mark, check, when, quote = observation_row(record, lang)
    remark = remark_on(record["url"], row.seq, row.line, again)
    if remark is not None:
        quote = f"{remark.label.mark} {remark.en if lang == 'en' else remark.fr}  {quote}"
    return mark, check, when, quote
