"""What `vigie doctor` examines, one thing after the other. None can end another: what fails of itself is a finding."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.catalogue.ownership import changeable
from monitor.cli.show import quoted
from monitor.core.errors import ConfigurationError, NewerStoreError, StoreError, VigieError
from monitor.core.labels import label
from monitor.core.words import os_words
from monitor.evidence.folder import SweepFolders
from monitor.evidence.key import LogSigner
from monitor.evidence.seal import KEYS, key_trouble
from monitor.evidence.sums import Stamp
from monitor.evidence.witness.daily import cosignatures
from monitor.fetch.browser.home import BrowserError
from monitor.fetch.browser.needs import command, missing
from monitor.fetch.clock import SystemClock, clock_state
from monitor.fetch.http.probes import Probed
from monitor.fetch.http.robots import ShortMemory
from monitor.ops import doctor, selfcheck, webcheck
from monitor.ops.doctor import Diagnosis
from monitor.run import wiring
from monitor.store.mend import examine
from monitor.store.schema import UnfitDatabaseError
from monitor.store.sealed import EVIDENCE
from monitor.store.store import reading

if TYPE_CHECKING:
    from monitor.evidence.stamps.authority import Timestamper
    from monitor.settings.readers import PinnedAuthority
    from monitor.settings.settings import Settings

Examination = Callable[["Settings"], Iterator[Diagnosis]]


def examined(chosen: Settings, lang: str) -> Iterator[Diagnosis]:
    """Everything, in the order in which it is best mended. lang: of the words for what failed on the network."""
    examinations: tuple[tuple[str, Examination], ...] = (
        ("settings", _settings),
        ("plugins", _plugins),
        ("contact", _contact),
        ("data", _data),
        ("database", _kept),
        ("keys", _keys),
        ("witness", _witness),
        ("clock", _clock),
        ("schedule", _schedule),
        ("dns", partial(_network, lang)),
        ("browser", _browser),
        ("mail", _channels),
        ("web", _web),
        ("timestamps", _authorities),
    )
    for about, look in examinations:
        yield from _whole(about, partial(look, chosen))


def examined_without_settings(error: ConfigurationError) -> Iterator[Diagnosis]:
    """What can be told where the settings cannot be used."""
    todo = _("mend that line: `vigie config check` says when all is well; the rest is examined then")
    yield Diagnosis("settings", "FAIL", str(error), todo)
    yield from _whole("clock", _clock)
    yield from _whole("schedule", _schedule)


def _whole(about: str, look: Callable[[], Iterator[Diagnosis]]) -> Iterator[Diagnosis]:
    try:
        yield from look()
    except ConfigurationError as error:
        yield Diagnosis(about, "FAIL", str(error), _("mend the settings: `vigie config check` says when all is well"))
    except VigieError as error:
        yield doctor.unexamined(about, str(error))
    except OSError as error:
        yield doctor.unexamined(about, f"{error.filename}: {os_words(error)}" if error.filename else os_words(error))
    except Exception as error:  # noqa: BLE001 - whatever an examination meets, the others are made
        yield doctor.unexamined(about, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")


def _settings(chosen: Settings) -> Iterator[Diagnosis]:
    """The file, and the folders of plugins: what decides which code and which programs are run."""
    if chosen.source is None:
        yield Diagnosis("settings", "OK", _("no file: every key at its default"))
    for about, path in (("settings", chosen.source), *(("plugins", folder) for folder in chosen.plugins.folders)):
        if path is None:
            continue
        files = sorted((*path.glob("*.py"), *path.glob("__pycache__/*"))) if path.is_dir() else []
        by = next(filter(None, map(changeable, (path, *files))), None)
        yield doctor.loose(about, str(path), str(by) if by else None)


def _plugins(chosen: Settings) -> Iterator[Diagnosis]:
    found = len(wiring.catalogue(chosen).prefectures)
    yield Diagnosis("plugins", "OK", _("{n} préfectures are declared").format(n=found))


def _contact(chosen: Settings) -> Iterator[Diagnosis]:
    yield doctor.contact(chosen.operator.contact)


def _data(chosen: Settings) -> Iterator[Diagnosis]:
    facts = selfcheck.folder(chosen.data)
    yield doctor.folder(str(chosen.data), there=facts.there, writable=facts.writable, mode=facts.mode, free=facts.free)


def _kept(chosen: Settings) -> Iterator[Diagnosis]:
    """What was recorded and sealed, as far as a few seconds tell."""
    data = chosen.data
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
    except NewerStoreError as error:
        yield Diagnosis("data", "FAIL", str(error))
        return
    except StoreError as error:
        yield Diagnosis("data", "FAIL", str(error), _("give the data folder to who runs vigie, or restore a backup"))
        return
    log = selfcheck.log(data)
    unsealed = newest.number - log.newest if newest else 0
    yield doctor.log(newest=log.newest, unsealed=unsealed, lost=log.lost, hashes=log.hashes)


def _keys(chosen: Settings) -> Iterator[Diagnosis]:
    held = selfcheck.keys(chosen.data)
    yield doctor.keys(
        there=held.there,
        private=held.private,
        wrong=key_trouble(chosen.data),
        copied=held.copied,
        changed=held.changed,
    )


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


def _clock(_chosen: Settings | None = None) -> Iterator[Diagnosis]:
    kept = clock_state()
    yield doctor.clock(synchronised=kept.synchronised if kept else None, max_error_us=kept.max_error_us if kept else 0)


def _schedule(_chosen: Settings | None = None) -> Iterator[Diagnosis]:
    yield doctor.schedule(selfcheck.schedule())


def _network(lang: str, chosen: Settings) -> Iterator[Diagnosis]:
    """Control probes and a name, asked once."""

    async def asked() -> Probed:
        visitor = wiring.visitor(chosen, ShortMemory())
        try:
            return await visitor.probed() or Probed(answered=(), resolved=False)
        finally:
            await visitor.aclose()

    probed = asyncio.run(asked())
    yield from doctor.network(
        resolved=probed.resolved,
        answered=len(probed.answered),
        asked=len(chosen.probes.hosts),
        failures=tuple(_told(one, lang) for one in probed.failures),
    )


def _told(failure: str, lang: str) -> str:
    """`WHAT: CAUSE` with the cause's words."""
    what, _colon, cause = failure.rpartition(": ")
    found = label("Unreached", cause)
    return _("{what}: {told}").format(what=what, told=found.said(lang))


def _browser(chosen: Settings) -> Iterator[Diagnosis]:
    """Chromium started once, as a sweep would."""
    binary = chosen.browser.binary
    if need := missing(binary):
        yield doctor.no_browser(str(binary) if need == "chromium" else None, command(need))
        return
    browser = wiring.browser(chosen)

    async def started() -> tuple[str, bool]:
        try:
            told = await browser.conditions()
            return told.product, told.sandbox
        finally:
            await browser.aclose()

    version, sandbox, failure = "", True, None
    try:
        version, sandbox = asyncio.run(started())
    except BrowserError as error:
        failure = quoted(str(error))
    yield doctor.browser(version=version, sandbox=sandbox, failure=failure)


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


def _web(chosen: Settings) -> Iterator[Diagnosis]:
    """Nothing where nobody serves themselves."""
    if not chosen.web.address:
        return
    yield webcheck.pages(chosen.web.address)
    yield from webcheck.proxy_logs(Path("/"), chosen.web.socket)
    if (signed := webcheck.signatures(Path("/"))) is not None:
        yield signed


def _authorities(chosen: Settings) -> Iterator[Diagnosis]:
    """Each asked for a stamp; one that cannot be used does not hide the others."""
    stamps, clock = chosen.timestamps, SystemClock()
    if not stamps.authority and not stamps.presets:
        yield doctor.no_authority()
    for named in stamps.authority:
        yield from _whole(f"timestamps:{named.name}", partial(_named_authority, named, clock, chosen))
    for public in wiring.public_authorities(chosen, clock):
        yield from _whole(f"timestamps:{public.name}", partial(_authority, public, chosen))


def _named_authority(one: PinnedAuthority, clock: SystemClock, chosen: Settings) -> Iterator[Diagnosis]:
    yield from _authority(wiring.named_authority(one, clock), chosen)


def _authority(one: Timestamper, chosen: Settings) -> Iterator[Diagnosis]:
    got = asyncio.run(one.stamp(b"vigie doctor", SweepFolders(chosen.data / EVIDENCE).certificates(one.name)))
    yield doctor.authority(
        one.name,
        stamped=got.gen_time if isinstance(got, Stamp) else None,
        why="" if isinstance(got, Stamp) else f"{doctor.stamp_trouble(got.trouble)} ({got.detail})",
        roots_until=selfcheck.roots_until(one.roots),
        now=datetime.now(UTC),
        size=len(got.query) + len(got.reply) if isinstance(got, Stamp) else 0,
        each_day=24 * 3600 // max(int(one.every.total_seconds()), doctor.TICK),
    )
