"""`vigie health`: whether the monitor is at work, and what still reads. No network; also during a sweep.

Exit code, without a code: 0 the monitor is at work; 3 no good sweep ended lately, a plugin cannot be loaded, or a whole
platform fell. What one site does to one desk never makes the monitor unhealthy: a container's health check calls this.
With codes: 0, or 3 when something of theirs is broken or gone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.catalogue.catalogue import Catalogue
from monitor.catalogue.catalogue import load as load_plugins
from monitor.cli.asked import settings
from monitor.cli.layout import flow, say, table
from monitor.cli.show import PARIS, local, place
from monitor.core.errors import UsageError
from monitor.core.health import LOOK_BACK, NEEDS_A_PERSON, Glance, State
from monitor.core.labels import detail_words, platform
from monitor.ops.drift import Drift, drift
from monitor.ops.health import Health, Part, Plugin, Sightings, health
from monitor.run import wiring
from monitor.run.weekly import last_walk
from monitor.store.store import reading

if TYPE_CHECKING:
    from monitor.settings.settings import Settings
    from monitor.store.records import Records

SICK = 3
SWEEPS = 50  # looked through for a good one: two hours of them, were each ten minutes' tick to find something due
SHOWN = 20  # of desks, and of addresses that drifted, listed; --json gives them all


def run(args: argparse.Namespace) -> int:
    """Judge, then print."""
    chosen = settings(args)
    faulty: dict[str, str] = {}
    declared = load_plugins(wiring.PLUGINS, *chosen.plugins.folders, faulty=faulty)
    with reading(chosen.data) as opened:
        records = opened[0] if opened else None
        if args.report:
            return _report(args, chosen, declared, records, faulty)
        found = _judged(chosen, declared, records, faulty)
        drifted = _drifted(chosen, declared, records, found)
    unusable = _unusable(args.codes, faulty)
    whole, found = found, _narrowed(found, declared, args.codes, unusable)
    if args.codes:
        kept = {part.key for plugin in found.plugins for part in plugin.parts}
        drifted = tuple(one for one in drifted if one.key in kept | {plugin.code for plugin in found.plugins})
    if args.json:
        told = found.to_json() | {"drift": [one.to_json() for one in drifted]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif args.codes:
        _say_unusable(unusable)
        _say_plugins(found.plugins, args.lang)
        _say_drift(drifted)
    else:
        _say(found, args.lang)
        _say_drift(drifted)
    sick = bool(unusable) or any(found.parts(*NEEDS_A_PERSON)) if args.codes else not whole.at_work
    return SICK if sick else 0


def _judged(chosen: Settings, declared: Catalogue, records: Records | None, faulty: Mapping[str, str]) -> Health:
    browser = wiring.browser(chosen).absent() is None
    interval = timedelta(minutes=chosen.pace.calendar_minutes)
    if not declared.desks(chosen.watch.prefectures, chosen.watch.procedures):
        interval = timedelta(hours=chosen.pace.notice_hours)

    def looks(key: str) -> Iterable[Glance]:
        for at, said, detail, simulated in records.back(key) if records else ():
            yield Glance(at=at, reading=said, detail=detail, simulated=simulated)

    sweeps = () if records is None else records.sweep_ends(SWEEPS)
    seen = Sightings(
        now=datetime.now(UTC),
        looks=looks,
        sweeps=[(s.number, s.finished, any((s.report or {}).get("online", {}).values())) for s in sweeps],
        interval=interval,
        browser=browser,
    )
    return health(declared.prefectures, declared.services, seen, faulty)


def _drifted(chosen: Settings, declared: Catalogue, records: Records | None, found: Health) -> tuple[Drift, ...]:
    """Which addresses moved or are gone, from the last looks and the last weekly walks."""
    last = {key: json.loads(one.row.line) for key, one in records.latest().items()} if records else {}
    walked = partial(last_walk, chosen.data)
    return drift(declared.prefectures, found.plugins, last, walked, declared.files)


def _unusable(codes: Iterable[str], faulty: Mapping[str, str]) -> dict[str, str]:
    """The plugins of these codes that do not load."""
    stems = {f"d{code.partition('/')[0].lower()}" for code in codes}
    return {file: why for file, why in faulty.items() if Path(file).stem.partition("_")[0] in stems}


def _narrowed(found: Health, declared: Catalogue, codes: Sequence[str], unusable: Mapping[str, str]) -> Health:
    """Only the plugins and parts named; those of a code that does not load have none. Raises UsageError."""
    wanted: dict[str, set[str]] = {}
    for name in codes:
        head, stroke, rest = name.partition("/")
        if _unusable([head], unusable) and all(one.code != head.upper() for one in declared.prefectures):
            continue
        code = head if head == "national" else declared.find(head).code
        wanted.setdefault(code, set()).add(f"{code}/{rest}" if stroke else "")
    if not codes:
        return found
    kept = []
    for plugin in found.plugins:
        keys = wanted.get(plugin.code)
        if keys is None:
            continue
        for key in sorted(keys - {""} - {part.key for part in plugin.parts}):
            raise UsageError(_("nothing is declared as {key}; `vigie list` shows what is").format(key=key))
        kept.append(replace(plugin, parts=tuple(p for p in plugin.parts if "" in keys or p.key in keys)))
    return replace(found, plugins=tuple(kept))


# --- what is printed --------------------------------------------------------------------------------------------------


def _states() -> dict[State, str]:
    return {
        "well": _("well"),
        "shut_out": _("shut out"),
        "doubtful": _("doubtful"),
        "broken": _("broken"),
        "gone": _("gone"),
        "silent": _("silent"),
        "dormant": _("dormant"),
    }


def _why(why: str, lang: str) -> str:
    words = {"never": _("never looked at"), "retired": _("retired"), "browser": _("no browser"), "stale": _("stale")}
    return words.get(why) or detail_words(why, lang)


def _say(found: Health, lang: str) -> None:
    sweep, states = found.sweep, _states()
    if sweep.ended is None:
        say(_("no sweep has ended well yet"))
    else:
        told = _("sweep {n} ended {when}") if sweep.lately else _("LATE: the last good sweep, {n}, ended {when}")
        say(told.format(n=sweep.number, when=local(sweep.ended, PARIS)))
    _say_unusable(found.unusable)
    counted = [", ".join(f"{states[state]} {n}" for state, n in one.counts.items()) for one in found.platforms]
    table([
        (platform(one.name, lang), states[one.state], counts)
        for one, counts in zip(found.platforms, counted, strict=True)
    ])  # fmt: skip
    for one in found.platforms:
        if one.fell:
            fell = _("FELL: {platform}: {n} of {of} desks whose page came were not read, since {when}")
            since = local(one.fell.since, PARIS)
            of = {"platform": platform(one.name, lang), "n": one.fell.unread, "of": one.fell.of, "when": since}
            say(fell.format(**of), hang=2)
    needing = sorted(found.needing(), key=lambda part: part.judged.state)
    if needing:
        say(_("a person must look at ({n}):").format(n=len(needing)))
    for part in needing[:SHOWN]:
        _say_part(part, lang)
    if len(needing) > SHOWN:
        say(_("and {n} more (--json)").format(n=len(needing) - SHOWN), 2)


def _say_unusable(unusable: Mapping[str, str]) -> None:
    for file, why in unusable.items():
        flow([_("CANNOT BE LOADED: {file}").format(file=Path(file).name), why], hang=2)


def _say_plugins(plugins: Iterable[Plugin], lang: str) -> None:
    for plugin in plugins:
        say(f"{place(plugin.name, plugin.code)} — {_states()[plugin.state]}")
        for part in plugin.parts:
            _say_part(part, lang)


def _say_part(part: Part, lang: str) -> None:
    one = part.judged
    words = _states()[one.state] + (f" ({_why(one.why, lang)})" if one.why else "")
    since = _("{times} since {when}").format(times=_times(one.looks), when=local(one.since, PARIS)) if one.since else ""
    simulated = _("[simulated]") if one.simulated else ""
    flow([part.key, words, since, simulated, part.url], 2, hang=2)


def _times(looks: int) -> str:
    """How many looks in a row said so."""
    if looks > LOOK_BACK:
        return _("more than {n} looks").format(n=LOOK_BACK)
    return ngettext("{n} look", "{n} looks", looks).format(n=looks)


def _say_drift(drifted: Sequence[Drift]) -> None:
    """Each address with where it moved, and the change to its declaration; nothing where none drifted."""
    if not drifted:
        return
    say(
        _("declared addresses that moved or are gone ({n}); open each before you change a declaration:").format(
            n=len(drifted)
        ),
        hang=2,
    )
    for one in drifted[:SHOWN]:
        kind = _("moved") if one.kind == "moved" else _("gone")
        simulated = _("[simulated]") if one.simulated else ""
        flow([one.key, kind, _witness(one), simulated], 2, hang=2)
        flow([one.url], 4, hang=2)
        flow([f"→ {one.to}" if one.to else ""], 4, hang=2)
        change = one.change or _("no change is proposed: the page must be looked for")
        flow([_("{what}: {told}").format(what=one.file, told=change)], 4, hang=2)
    if len(drifted) > SHOWN:
        say(_("and {n} more (--json)").format(n=len(drifted) - SHOWN), 2)


def _witness(one: Drift) -> str:
    words = {
        "sent_on": _("the site redirects there for good, {day}"),
        "looks": _("not there in several looks, {day}"),
        "walk": _("seen by the weekly walk, {day}"),
    }
    return words[one.witness].format(day=one.seen)


def _report(
    args: argparse.Namespace,
    chosen: Settings,
    declared: Catalogue,
    records: Records | None,
    faulty: Mapping[str, str],
) -> int:
    from monitor import __version__
    from monitor.ops.health_report import HISTORY, load_report, report
    from monitor.sweep.plan import NOTICE_RULE, desk_look, service_look

    if len(args.codes) == 1 and (unusable := _unusable(args.codes, faulty)):
        print(load_report(unusable, __version__), end="")
        return 0
    if len(args.codes) != 1 or "/" not in args.codes[0]:
        raise UsageError(_("--report wants one CODE/DESK"))
    (plugin,) = _narrowed(_judged(chosen, declared, records, faulty), declared, args.codes, {}).plugins
    (part,) = plugin.parts
    rows = records.history(part.key, HISTORY) if records else []
    told: list[dict[str, Any]] = [json.loads(row.line) for row in rows if not row.damaged]
    looks = [desk_look(one, desk) for one in declared.prefectures for desk in one.desks]
    rules = {look.subject.key: look.rule for look in (*looks, *map(service_look, declared.services))}
    today = wiring.source_digests(declared).of(rules.get(part.key, NOTICE_RULE), plugin.code)
    print(report(part, told, today, __version__), end="")
    return 0
