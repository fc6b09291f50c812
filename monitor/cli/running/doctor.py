"""`vigie doctor` examines this machine and says what to do; `vigie config` shows the settings in force, secrets masked.

The doctor asks the control probes and the time-stamp authorities; it sends no message.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from monitor.catalogue.ownership import changeable
from monitor.cli.asked import settings
from monitor.cli.layout import table
from monitor.core.errors import NewerStoreError, StoreError
from monitor.evidence.folder import SweepFolders
from monitor.evidence.key import LogSigner
from monitor.evidence.seal import KEYS, key_trouble
from monitor.evidence.sums import Stamp
from monitor.evidence.witness.daily import cosignatures
from monitor.fetch.browser.home import BrowserError
from monitor.fetch.clock import SystemClock, clock_state
from monitor.fetch.http.probes import Probed
from monitor.fetch.http.robots import ShortMemory
from monitor.ops import doctor, selfcheck
from monitor.ops.doctor import Diagnosis
from monitor.run import wiring
from monitor.settings.settings import Settings
from monitor.store.mend import examine
from monitor.store.schema import UnfitDatabaseError
from monitor.store.sealed import EVIDENCE
from monitor.store.store import reading

MARKS = {"OK": "●", "WARN": "△", "FAIL": "✕"}


def run(args: argparse.Namespace) -> int:
    """Examine everything, even when something fails. Exit 0: nothing failed; 1: something did; 78: the settings."""
    chosen = settings(args)
    findings = [*_run(chosen), *_here(chosen)]
    findings += asyncio.run(_there(chosen))
    failed = any(one.state == "FAIL" for one in findings)
    if args.json:
        print(json.dumps({"ok": not failed, "findings": [one.to_json() for one in findings]}, ensure_ascii=False))
    else:
        states = {"OK": "OK", "WARN": _("WARN"), "FAIL": _("FAIL")}
        named = [(one, _named(one.about)) for one in findings]
        table([(f"{MARKS[one.state]} {states[one.state]}", name, one.says) for one, name in named])
        for one, name in named:
            if one.todo:
                print("→ " + _("{what}: {told}").format(what=name, told=one.todo))
    return 1 if failed else 0


def _named(about: str) -> str:
    """What is examined, in words; JSON keeps the names of the code."""
    about, _colon, authority = about.partition(":")
    words = {
        "settings": _("settings"),
        "plugins": _("plugins"),
        "contact": _("contact"),
        "data": _("data"),
        "sweep": _("sweep"),
        "database": _("database"),
        "packs": _("packs"),
        "log": _("log"),
        "keys": _("keys"),
        "clock": _("clock"),
        "schedule": _("schedule"),
        "dns": _("names"),
        "probes": _("probes"),
        "browser": _("browser"),
        "mail": _("mail"),
        "signal": "Signal",
        "timestamps": _("time-stamps"),
        "witness": _("witness"),
    }
    return f"{words[about]} {authority}".rstrip()


def _run(chosen: Settings) -> Iterator[Diagnosis]:
    """What decides which code and which programs are run."""
    if chosen.source is None:
        yield Diagnosis("settings", "OK", _("no file: every key at its default"))
    for about, path in (("settings", chosen.source), *(("plugins", folder) for folder in chosen.plugins.folders)):
        if path is None:
            continue
        files = sorted((*path.glob("*.py"), *path.glob("__pycache__/*"))) if path.is_dir() else []
        by = next(filter(None, map(changeable, (path, *files))), None)
        yield doctor.loose(about, str(path), str(by) if by else None)


def _here(chosen: Settings) -> Iterator[Diagnosis]:
    """What the machine itself tells."""
    yield doctor.contact(chosen.operator.contact)
    try:
        facts = selfcheck.folder(chosen.data)
        yield doctor.folder(
            str(chosen.data), there=facts.there, writable=facts.writable, mode=facts.mode, free=facts.free
        )
        yield from _kept(chosen.data)
        held = selfcheck.keys(chosen.data)
        yield doctor.keys(
            there=held.there,
            private=held.private,
            wrong=key_trouble(chosen.data),
            copied=held.copied,
            changed=held.changed,
        )
        yield from _witness(chosen)
    except NewerStoreError as error:
        yield Diagnosis("data", "FAIL", str(error))
    except (StoreError, OSError) as error:
        yield Diagnosis("data", "FAIL", str(error), _("give the data folder to who runs vigie, or restore a backup"))
    kept = clock_state()
    yield doctor.clock(synchronised=kept.synchronised if kept else None, max_error_us=kept.max_error_us if kept else 0)
    yield doctor.schedule(selfcheck.schedule())


def _kept(data: Path) -> Iterator[Diagnosis]:
    """What was recorded and sealed, as far as a few seconds tell."""
    try:
        with reading(data) as opened:
            newest = next(opened[0].sweep_ends(1), None) if opened else None
            ended = next((one.finished for one in opened[0].sweep_ends() if one.finished), None) if opened else None
        yield doctor.last_sweep(ended, datetime.now(UTC))
        if opened is None:
            return
        found = examine.database(data)
        yield doctor.database(wrong=found.wrong, whole=found.whole)
        found = examine.packs(data)
        yield doctor.packs(wrong=found.wrong, whole=found.whole)
    except UnfitDatabaseError as error:
        yield doctor.database(wrong=str(error), whole=True)
        return
    log = selfcheck.log(data)
    unsealed = newest.number - log.newest if newest else 0
    yield doctor.log(newest=log.newest, unsealed=unsealed, lost=log.lost, hashes=log.hashes)


async def _there(chosen: Settings) -> list[Diagnosis]:
    """What others answer: control probes, time-stamp authorities."""
    visitor = wiring.visitor(chosen, ShortMemory())
    try:
        probed = await visitor.probed() or Probed(answered=(), resolved=False)
    finally:
        await visitor.aclose()
    found = [
        *doctor.network(
            resolved=probed.resolved,
            answered=len(probed.answered),
            asked=len(chosen.probes.hosts),
            failures=probed.failures,
        )
    ]
    found += [await _browser(chosen), *_channels(chosen)]
    authorities = wiring.authorities(chosen, SystemClock())
    if not authorities:
        found.append(doctor.no_authority())
    now = datetime.now(UTC)
    for one in authorities:
        got = await one.stamp(b"vigie doctor", SweepFolders(chosen.data / EVIDENCE).certificates(one.name))
        found.append(
            doctor.authority(
                one.name,
                stamped=got.gen_time if isinstance(got, Stamp) else None,
                why="" if isinstance(got, Stamp) else f"{got.trouble}: {got.detail}",
                roots_until=selfcheck.roots_until(one.roots),
                now=now,
                size=len(got.query) + len(got.reply) if isinstance(got, Stamp) else 0,
                each_day=24 * 3600 // max(int(one.every.total_seconds()), doctor.TICK),
            )
        )
    return found


def _witness(chosen: Settings) -> Iterator[Diagnosis]:
    """What it cosigned last, as the disk tells: the witness itself is asked by the sweeps alone."""
    witness = wiring.witness(chosen)
    if witness is None:
        return
    key_id = witness.key.id.hex()
    days = [one.day for one in cosignatures(chosen.data / EVIDENCE) if one.key_id == key_id]
    there = selfcheck.keys(chosen.data).there
    key = str(LogSigner(chosen.data / KEYS).key) if there else None
    today = datetime.now(UTC).date()
    yield doctor.witness(witness.key.name, last=max(days, default=None), key=key, today=today)


async def _browser(chosen: Settings) -> Diagnosis:
    """Chromium started once, as a sweep would."""
    browser = wiring.browser(chosen)
    absent = browser.absent()
    version, sandbox, failure = "", True, None
    if absent is None:
        try:
            told = await browser.conditions()
            version, sandbox = told.product, told.sandbox
        except BrowserError as error:
            failure = str(error)
        finally:
            await browser.aclose()
    return doctor.browser(absent=absent, version=version, sandbox=sandbox, failure=failure)


def _channels(chosen: Settings) -> Iterator[Diagnosis]:
    mail, signal = chosen.mail, chosen.signal
    why = None
    if mail.server:
        password = mail.password.reveal() if mail.password else ""
        why = selfcheck.mail_server(
            server=mail.server, port=mail.port, security=mail.security, user=mail.user, password=password
        )
    yield doctor.channel("mail", configured=bool(mail.server), why=why)
    why = selfcheck.signal_gateway(signal.gateway, signal.account) if signal.gateway else None
    yield doctor.channel("signal", configured=bool(signal.gateway), why=why)
