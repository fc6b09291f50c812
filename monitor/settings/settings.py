"""What an operator decides: one TOML file, read into frozen dataclasses. Every key has a default; no file is needed.

A key is declared once, with its default and the reader that says what is allowed. An unknown table or key, a wrong type
and a value out of range are a ConfigurationError that names the file, the table, the key and what would do. Secrets
never stand in the file: it names the environment variable or the file that holds them (`readers.secret`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass, replace
from gettext import gettext as _
from pathlib import Path
from typing import Any, Final

from monitor.core.errors import ConfigurationError
from monitor.core.words import os_words
from monitor.settings import readers
from monitor.settings.readers import PinnedAuthority, Reader, nearest
from monitor.settings.tables import (
    AlertsTable,
    BrowserTable,
    CapturesTable,
    InboxTable,
    MailTable,
    OperatorAlertsTable,
    OperatorTable,
    PaceTable,
    PluginsTable,
    ProbesTable,
    ResolverTable,
    RetentionTable,
    SignalTable,
    SignatureTable,
    SimulationTable,
    SiteTable,
    TimestampsTable,
    WatchingTable,
    WatchTable,
    WebTable,
    WitnessTable,
)
from monitor.values import dataclass

CONFIG_FILE: Final = "config/monitor.toml"  # of a checkout
SYSTEM_FILE: Final = Path("/etc/vigie/monitor.toml")
DATA_FOLDER: Final = "data"
EXAMPLE: Final = "monitor.example.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that an operator decides. source: the file it was read from, None when there was none. data: data folder.

    outdated: keys of an older version that stand in the file, each with what is written today. passed_over: a settings
    file of the working folder, which nobody named and which is therefore not read.
    """

    operator: OperatorTable = OperatorTable()
    watch: WatchTable = WatchTable()
    pace: PaceTable = PaceTable()
    probes: ProbesTable = ProbesTable()
    resolver: ResolverTable = ResolverTable()
    simulation: SimulationTable = SimulationTable()
    plugins: PluginsTable = PluginsTable()
    timestamps: TimestampsTable = TimestampsTable()
    witness: WitnessTable = WitnessTable()
    browser: BrowserTable = BrowserTable()
    signature: SignatureTable = SignatureTable()
    retention: RetentionTable = RetentionTable()
    watching: WatchingTable = WatchingTable()
    captures: CapturesTable = CapturesTable()
    mail: MailTable = MailTable()
    signal: SignalTable = SignalTable()
    operator_alerts: OperatorAlertsTable = OperatorAlertsTable()
    alerts: AlertsTable = AlertsTable()
    inbox: InboxTable = InboxTable()
    site: SiteTable = SiteTable()
    web: WebTable = WebTable()
    source: Path | None = None
    data: Path = Path(DATA_FOLDER)
    outdated: Mapping[str, str] = field(default_factory=dict)
    passed_over: Path | None = None


_TABLES: Final[dict[str, type]] = {f.name: type(f.default) for f in fields(Settings) if is_dataclass(f.default)}


def checkout() -> Path | None:
    """The checkout of the project this program runs from; None where it was installed as a package."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else None


def load(config: str | None, data: str | None, environment: Mapping[str, str], here: Path) -> Settings:
    """The settings in force. config, data: `--config`, `--data`. here: the working folder.

    A settings file names folders of plugins, which are run: one that merely stands in the working folder, as in a
    dossier received from somebody else, is not read. Raises ConfigurationError when a named file is absent, cannot be
    read or says something that is not allowed.
    """
    source = _find(config, environment, here)
    folder = here / (data or environment.get("VIGIE_DATA") or DATA_FOLDER)
    settings = Settings(data=folder) if source is None else parse(_read(source), source, folder)
    near = here / CONFIG_FILE
    named = config or environment.get("VIGIE_CONFIG")
    if named or not near.is_file() or (source is not None and source.resolve() == near.resolve()):
        return settings
    return replace(settings, passed_over=near)


def example() -> str:
    """The settings file with every key, commented, as it is published: in the package, or in a checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "data" / EXAMPLE
    return (inside if inside.exists() else package.parent / "config" / EXAMPLE).read_text(encoding="utf-8")


def _find(config: str | None, environment: Mapping[str, str], here: Path) -> Path | None:
    if config:
        return here / config
    if named := environment.get("VIGIE_CONFIG"):
        if not Path(named).is_absolute():  # it would be another file in each folder
            raise ConfigurationError(
                _("VIGIE_CONFIG is {file}: write it from the root of the disk, as {whole}").format(
                    file=named, whole=here / named
                )
            )
        return Path(named)
    own = checkout()
    places = (own / CONFIG_FILE, SYSTEM_FILE) if own else (SYSTEM_FILE,)
    return next((path for path in places if path.is_file()), None)


def _read(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            _("the settings file {file} cannot be read: {why}").format(file=source, why=os_words(error))
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(_("the settings file {file} is not UTF-8").format(file=source)) from error


def parse(toml: str, source: Path, data: Path) -> Settings:
    """Settings from the text of a file. Paths in it are relative to its folder. Raises ConfigurationError."""
    import tomllib

    try:
        raw = tomllib.loads(toml)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, which gives the line, or an absurd number or depth
        raise ConfigurationError(_("{file} is not TOML: {why}").format(file=source, why=f"`{error}`")) from error
    tables: dict[str, Any] = {}
    for name, values in raw.items():
        if name not in _TABLES:
            raise ConfigurationError(
                _("{file}: unknown table [{table}]; the nearest known is [{near}]").format(
                    file=source, table=name, near=nearest(name, _TABLES)
                )
            )
        tables[name] = _table(name, values, source)
    settings = _joined(Settings(**tables, source=source, data=data, outdated=_outdated(raw)))
    settings = _stamped(settings, chosen="presets" in raw.get("timestamps", {}))
    _agree(settings, source)
    return settings


def _outdated(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"[{table}] {one.name}": one.metadata["instead"]
        for table, values in raw.items()
        for one in fields(_TABLES[table])
        if one.name in values and one.metadata["instead"]
    }


def _joined(settings: Settings) -> Settings:
    """What an older spelling says, under today's name."""
    stamps = settings.timestamps
    both = tuple(dict.fromkeys((*stamps.authority, *stamps.authorities)))
    return replace(settings, timestamps=replace(stamps, authority=both, authorities=()))


def _stamped(settings: Settings, *, chosen: bool) -> Settings:
    """Which presets are in force. chosen: the file says which.

    Who named an authority chose: none is added. What a simulator plays goes to nobody.
    """
    stamps = settings.timestamps
    if settings.simulation.address or (stamps.authority and not chosen):
        return replace(settings, timestamps=replace(stamps, presets=()))
    return settings


def _table(name: str, values: object, source: Path) -> object:
    if not isinstance(values, dict):
        raise ConfigurationError(
            _('{file}: "{table}" is a table: write [{table}] on a line of its own').format(file=source, table=name)
        )
    known: dict[str, Reader[Any]] = {f.name: f.metadata["read"] for f in fields(_TABLES[name])}
    found = {}
    for key, value in values.items():
        if key not in known:
            raise ConfigurationError(
                _("{file}: [{table}] has no key {key}; the nearest known is {near}").format(
                    file=source, table=name, key=key, near=nearest(key, known)
                )
            )
        try:
            found[key] = known[key](value, source.parent)
        except ValueError as allowed:
            raise ConfigurationError(
                _("{file}: [{table}] {key} = {value} is not allowed; allowed: {allowed}").format(
                    file=source, table=name, key=key, value=_shown(value, known[key]), allowed=allowed
                )
            ) from None
    made: object = _TABLES[name](**found)
    return made


def _shown(value: object, read: Reader[Any]) -> str:
    if read is readers.secret:
        return readers.MASK
    return repr(value) if len(repr(value)) <= 80 else f"{repr(value)[:79]}…"


def _agree(settings: Settings, source: Path) -> None:
    """What one key cannot say by itself."""
    mail = settings.mail
    if bool(mail.server) != bool(mail.sender):
        raise ConfigurationError(_("{file}: [mail] needs both server and sender").format(file=source))
    if mail.security == "none" and mail.server not in ("", "localhost", "127.0.0.1"):
        raise ConfigurationError(
            _('{file}: [mail] security = "none" is for a server on this machine only').format(file=source)
        )
    if bool(mail.user) != bool(mail.password):
        raise ConfigurationError(_("{file}: [mail] needs both user and password, or neither").format(file=source))
    if bool(settings.signal.gateway) != bool(settings.signal.account):
        raise ConfigurationError(_("{file}: [signal] needs both gateway and account").format(file=source))
    if bool(settings.witness.url) != bool(settings.witness.key):
        raise ConfigurationError(_("{file}: [witness] needs both url and key").format(file=source))
    inbox = settings.inbox
    if inbox.server and not (inbox.user and inbox.password and "@" in (inbox.address or inbox.user)):
        raise ConfigurationError(
            _("{file}: [inbox] needs user and password, and an e-mail address as address or user").format(file=source)
        )
    if settings.web.address and not settings.mail.server:
        raise ConfigurationError(
            _("{file}: [web] address needs [mail]: whoever subscribes is sent a question").format(file=source)
        )
    if settings.web.signal and not settings.signal.gateway:
        raise ConfigurationError(_("{file}: [web] signal needs [signal] gateway and account").format(file=source))
    simulation = settings.simulation
    if bool(simulation.address) != bool(simulation.ca_file):
        raise ConfigurationError(_("{file}: [simulation] needs both address and ca_file").format(file=source))
    if simulation.time_scale != 1 and not simulation.address:
        raise ConfigurationError(
            _("{file}: [simulation] time_scale shortens waits in a simulation only: give its address").format(
                file=source
            )
        )


def effective(settings: Settings) -> dict[str, dict[str, Any]]:
    """Every key with the value in force, as plain JSON values; secrets masked."""
    return {
        table: {
            f.name: _plain(getattr(getattr(settings, table), f.name)) for f in fields(kind) if not f.metadata["instead"]
        }
        for table, kind in _TABLES.items()
    }


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, PinnedAuthority):
        return {f.name: _plain(told) for f in fields(value) if (told := getattr(value, f.name)) is not None}
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)
