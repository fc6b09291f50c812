"""`vigie list`, `vigie history`: what is declared, what was read. No network; also during a sweep."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

from monitor.catalogue.age import to_reopen
from monitor.cli.asked import catalogue, data_folder
from monitor.cli.layout import flow, room, say, table
from monitor.cli.look import picture as national
from monitor.cli.look.declared import age, place_json, provenance_json, say_beside, statement_json
from monitor.cli.show import local, observation_row, place, quoted
from monitor.core.errors import UsageError
from monitor.core.labels import procedure
from monitor.core.prefecture import Desk, Notice, Prefecture, notice_key
from monitor.report.remarks import Unconfirmed, remark_on
from monitor.report.rereadings import unconfirmed
from monitor.run.weekly import FOLDER, last_walk
from monitor.store.records import Records
from monitor.store.rows import Row
from monitor.store.store import reading
from monitor.sweep.plan import NATIONAL


def run(args: argparse.Namespace) -> int:
    """Dispatch the two commands."""
    command = {"list": _list, "history": _history}[args.command]
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
    national.say_list(services, args.lang)
    if not room():
        table([record for one in chosen for record in _records(one, args.lang)])
        return
    if len(chosen) > 1:
        _count(chosen)
    for one in chosen:
        _say(one, args)


def _records(one: Prefecture, lang: str) -> Iterator[Sequence[str]]:
    """A préfecture for a pipe: its desks, or itself where it has none."""
    for desk in one.desks:
        gone, sure = national.retired(desk.retired), national.sourced(desk.provenance, lang)
        what = procedure(desk.procedure, lang)
        yield f"{one.code}/{desk.slug}", one.name, quoted(desk.label), what, desk.platform.url, sure, gone
    if not one.desks:
        yield one.code, one.name, one.office, "", one.site, quoted(one.no_desk or ""), ""


def _count(chosen: Sequence[Prefecture]) -> None:
    desks = sum(len(one.active_desks) for one in chosen)
    offices = ngettext("{n} préfecture", "{n} préfectures", len(chosen)).format(n=len(chosen))
    counted = ngettext("{n} desk that is visited", "{n} desks that are visited", desks).format(n=desks)
    say(f"{offices}, {counted}.")
    print()


def _say(one: Prefecture, args: argparse.Namespace) -> None:
    today = datetime.now(UTC).date()
    flow([f"{place(one.name, one.code)} — {one.office}", one.site], hang=2)
    for desk in one.desks:
        what = "[" + procedure(desk.procedure, args.lang) + "]"
        flow([f"{one.code}/{desk.slug}", quoted(desk.label), what, national.retired(desk.retired)], 2, hang=2)
        flow([desk.platform.url, national.sourced(desk.provenance, args.lang), age(desk, today)], 4, hang=2)
    if one.no_desk:
        say(_("no desk: {why}").format(why=quoted(one.no_desk)), 2, hang=2)
    say_beside(one, today, args.lang)
    if one.nothing_known:
        say(_("no desk and no page is known: `vigie run` walks its site once a week"), 2, hang=2)
    if (found := last_walk(data_folder(args), one.code)) is not None:
        say(_walked(found, one.time_zone), 2, hang=2)


def _walked(found: dict[str, Any], zone: str) -> str:
    """The last weekly walk in one line, in legal time."""
    from monitor.cli.look.walks.walked import titles

    when, code = local(found["started"], zone), found["prefecture"]
    if "found" not in found:
        return _("walked {when}, not to the end").format(when=when)
    kinds = ", ".join(titles()[kind] for kind, addresses in found["found"].items() if addresses) or "-"
    words = _("walked {when}; found: {kinds}; all of it: {file}")
    return words.format(when=when, kinds=kinds, file=f"{FOLDER}/{code}.json")


def _prefecture(prefecture: Prefecture, data: Path) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {
        "code": prefecture.code,
        "name": prefecture.name,
        "office": prefecture.office,
        "site": prefecture.site,
        "time_zone": prefecture.time_zone,
        "no_desk": prefecture.no_desk,
        "nothing_known": prefecture.nothing_known,
        "walked": last_walk(data, prefecture.code),
        "desks": [_desk(prefecture, desk, today) for desk in prefecture.desks],
        "notices": [_notice(notice, today) for notice in prefecture.notices],
        "places": [place_json(one) for one in prefecture.places],
        "statements": [statement_json(told) for told in prefecture.statements],
    }


def _desk(prefecture: Prefecture, desk: Desk, today: date) -> dict[str, Any]:
    return {
        "check": f"{prefecture.code}/{desk.slug}",
        "label": desk.label,
        "procedure": desk.procedure,
        "platform": desk.platform.name,
        "url": desk.platform.url,
        "retired": desk.retired and desk.retired.isoformat(),
        **provenance_json(desk.provenance),
        **_opened(desk, today),
    }


def _notice(notice: Notice, today: date) -> dict[str, Any]:
    return {"kind": notice.kind, "url": notice.url, "slug": notice.slug, **_opened(notice, today)}


def _opened(entry: Desk | Notice, today: date) -> dict[str, Any]:
    """When an address was opened, as declared; of what is retired nothing is to be opened."""
    due = entry.retired is None and to_reopen(entry.provenance, today, entry.verified_on)
    return {"verified_on": entry.verified_on and entry.verified_on.isoformat(), "to_reopen": due}


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
        say(_("Nothing was recorded for {what} yet.").format(what=prefix))
    again = unconfirmed(data_folder(args)) if rows else {}
    if room() and code != NATIONAL:
        one = catalogue(args).find(code)
        say(place(one.name, one.code))
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
        quote = f"{remark.label.mark} {remark.said(lang)}  {quote}"
    return mark, check, when, quote
