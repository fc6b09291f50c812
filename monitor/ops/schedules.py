"""What runs `vigie run` on a machine: the files of a schedule, as texts. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from monitor.values import dataclass

CONFIG: Final = PurePosixPath("/etc/vigie/monitor.toml")
SECRETS: Final = PurePosixPath("/etc/vigie/secrets")
ENABLED: Final = PurePosixPath("/etc/systemd/system/timers.target.wants/vigie.timer")
ENABLED_SOCKET: Final = PurePosixPath("/etc/systemd/system/sockets.target.wants/vigie-web.socket")
ADDRESS_KEY: Final = "vigie-address-key"
MINIMAL_CONFIG: Final = """\
# Vigie Préfectures : réglages. `vigie config check` montre tout ce qui s'applique.
# Vigie Préfectures: settings. `vigie config check` shows all that is in force.

[operator]
# Une adresse de courriel ou une page https où les sites visités peuvent vous joindre ; sans elle, demi-allure.
# An e-mail address or https page where the sites visited can reach you; without it, half the pace.
#contact = ""
"""
NAMED_VALUES: Final = "# NAME=VALUE, read by the service and by /usr/local/bin/vigie; for root alone.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where things are. vigie: the command. data: the data folder of a cron schedule (systemd keeps its own).

    user: whom cron runs it as. minute: 0 to 9, this machine's own offset, so that monitors do not knock together.
    """

    vigie: str
    data: str
    user: str
    minute: int


@dataclass(frozen=True, slots=True)
class File:
    """One file to write. keep: what stands there already is left as it is."""

    path: PurePosixPath
    text: str
    mode: int = 0o644
    keep: bool = False


def systemd(machine: Machine, templates: Mapping[str, str]) -> tuple[File, ...]:
    """The service and its timer, their settings and secrets, and the same command by hand. templates: by file name."""
    return (
        File(CONFIG, MINIMAL_CONFIG, 0o644, keep=True),
        File(SECRETS / "environment", NAMED_VALUES, 0o600, keep=True),
        File(PurePosixPath("/usr/local/bin/vigie"), filled(templates["vigie-by-hand"], machine), 0o755),
        *_units(machine, templates, "vigie.service", "vigie.timer"),
    )


def web(machine: Machine, templates: Mapping[str, str]) -> tuple[File, ...]:
    """The service and socket of `vigie serve`, beside the files of `systemd`."""
    return _units(machine, templates, "vigie-web.service", "vigie-web.socket")


def _units(machine: Machine, templates: Mapping[str, str], *names: str) -> tuple[File, ...]:
    units = PurePosixPath("/etc/systemd/system")
    return tuple(File(units / name, filled(templates[name], machine)) for name in names)


def cron(machine: Machine, templates: Mapping[str, str]) -> tuple[File, ...]:
    """One file for /etc/cron.d, and the settings it names."""
    return (
        File(CONFIG, MINIMAL_CONFIG, 0o644, keep=True),
        File(PurePosixPath("/etc/cron.d/vigie"), filled(templates["crontab"], machine)),
    )


def filled(template: str, machine: Machine) -> str:
    """A template with the paths of the machine."""
    minutes = ",".join(str(machine.minute + ten) for ten in range(0, 60, 10))
    for name, value in (
        ("@VIGIE@", machine.vigie),
        ("@CONFIG@", str(CONFIG)),
        ("@SECRETS@", str(SECRETS)),
        ("@DATA@", machine.data),
        ("@USER@", machine.user),
        ("@MINUTES@", minutes),
    ):
        template = template.replace(name, value)
    return template
