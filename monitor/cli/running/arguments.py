"""Commands for who runs a monitor: settings."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.cli.declare import Add


def declare(add: Add) -> None:
    """Declare them."""
    config = add(
        "config",
        "running.config",
        _(
            "check the settings and print what is in force, secrets masked; print an example; bring an older file up to date"
        ),
        _(
            "`example` prints a settings file with every key, commented, to begin with.\n"
            "`migrate` rewrites the settings file in today's keys, comments kept; what it said before is in NAME.before."
        ),
        (
            "vigie config example > config/monitor.toml",
            "vigie config check",
            "vigie config check --json",
            "vigie config migrate --dry-run",
        ),
    )
    config.add_argument("action", choices=("check", "example", "migrate"), help=_("what to do"))
    config.add_argument("--dry-run", action="store_true", help=_("with `migrate`: print the difference, write nothing"))

    install = add(
        "install",
        "running.install",
        _("write the schedule that calls `vigie run` every ten minutes"),
        _(
            "For systemd a hardened service and its timer, under an account of their own; for cron one file in /etc/cron.d.\n"
            "A settings file is made where there is none. What differs is put aside as NAME.before.\n"
            "--remove takes the schedule away and leaves settings, keys and data."
        ),
        (
            "vigie install --systemd --dry-run      " + _("# look first"),
            "sudo vigie install --systemd",
            "sudo vigie install --remove",
        ),
    )
    kind = install.add_mutually_exclusive_group()
    kind.add_argument("--systemd", action="store_true", help=_("service and timer in /etc/systemd/system"))
    kind.add_argument("--cron", action="store_true", help=_("one file in /etc/cron.d"))
    kind.add_argument("--remove", action="store_true", help=_("take away whichever schedule was written"))
    install.add_argument(
        "--web", action="store_true", help=_("with --systemd: also the service and socket of `vigie serve`")
    )
    install.add_argument("--dry-run", action="store_true", help=_("print the files and write nothing"))
    install.add_argument("--user", metavar=_("USER"), help=_("whom cron runs it as (default: you)"))
    install.add_argument("--root", metavar=_("FOLDER"), default="/", help=_("write under this folder (for packages)"))

    serve = add(
        "serve",
        "running.serve",
        _("the pages where people subscribe, change their choices and leave by themselves"),
        _(
            "Listens on the UNIX socket of [web], or on a port of loopback, behind a proxy that has the certificate (samples in\n"
            'config/caddy and config/nginx). Needs the "web" extra. Logs no address, no path and no code.'
        ),
        (
            "vigie serve --check      " + _("# what is missing, if anything"),
            "vigie serve",
            "sudo vigie install --systemd --web",
        ),
    )
    serve.add_argument("--check", action="store_true", help=_("say what is missing, and listen to nobody"))

    backup = add(
        "backup",
        "running.backup",
        _("copy the data folder, keys apart, and verify the copy"),
        _(
            "Waits for a sweep to end. Keys are copied only into a folder named for them: who steals the backup must not be\n"
            "able to sign in this log's name, nor to read subscribers' addresses."
        ),
        (
            "vigie backup /mnt/backup/vigie-2026-11-24",
            "vigie backup /mnt/backup/vigie-2026-11-24 --keys /mnt/usb/vigie-keys",
        ),
    )
    backup.add_argument("to", metavar=_("FOLDER"), help=_("new folder to write"))
    backup.add_argument("--keys", metavar=_("FOLDER"), help=_("new folder for the keys"))

    restore = add(
        "restore",
        "running.backup",
        _("put a backup into an empty data folder, and verify it"),
        "",
        ("vigie restore /mnt/backup/vigie-2026-11-24 --keys /mnt/usb/vigie-keys --data /srv/vigie/data",),
    )
    restore.add_argument("source", metavar=_("FOLDER"), help=_("folder of a backup"))
    restore.add_argument("--keys", metavar=_("FOLDER"), help=_("folder of its keys"))

    upgrade = add(
        "upgrade",
        "running.upgrade",
        _("bring a data folder of an older program to this one, a backup first; or say what that takes"),
        _(
            "Small steps are taken whenever the folder is opened for writing; what goes through a large database waits for\n"
            "`--apply`. Backup whole or absent, steps all or none: after a crash or a kill, call it again. Sealed sweeps are\n"
            "never rewritten. A folder of a newer program is refused by every command (exit 76): there is no way back but\n"
            "the backup.\n"
            "Exit 0: nothing is due, or it is done; 3: `--check` found something due; 74: no room, or the folder cannot be used."
        ),
        (
            "vigie upgrade                          " + _("# what is due, what it takes; changes nothing"),
            "vigie upgrade --apply --backup /mnt/backup/vigie-before",
            "vigie upgrade --check --json",
        ),
    )
    kind = upgrade.add_mutually_exclusive_group()
    kind.add_argument("--check", action="store_true", help=_("only say what is due (the default)"))
    kind.add_argument("--apply", action="store_true", help=_("make the backup, then take the steps"))
    upgrade.add_argument(
        "--backup",
        metavar=_("FOLDER"),
        help=_("new folder for the backup (default: beside the data folder, NAME.schema-N)"),
    )

    add(
        "rebuild",
        "running.rebuild",
        _("make the database again from the sealed log, where it was lost, emptied, or is not that of the log"),
        _(
            "Also the hashes of the log, where they were cut. What fits is left alone; the database that was there is put\n"
            "aside. Subscribers are in no log: a backup that is not too old is better (`vigie restore`)."
        ),
        ("vigie rebuild --data /srv/vigie/data", "vigie rebuild --json"),
    )

    add(
        "doctor",
        "running.doctor",
        _("examine this machine: network, clock, disk, authorities, schedule; say what to do"),
        _(
            "Asks the control probes and the time-stamp authorities; sends no message. Under each finding stands what to do.\n"
            "Exit 0: nothing to mend (✕), whatever is to be looked at (△); 1: something is, the settings included."
        ),
        ("vigie doctor", "vigie doctor --json"),
    )

    health = add(
        "health",
        "running.health",
        _("whether sweeps end, and what still reads: desk, plugin, platform"),
        _(
            "No network. A desk is well, shut out (captcha, firewall, robots.txt), doubtful, broken (not recognised three\n"
            "times over 24 hours), gone (404 or closed, as long), silent, or dormant.\n"
            "Exit 0: the monitor is at work; 3: no good sweep ended in two hours (or in twice the interval of the settings),\n"
            "a plugin cannot be loaded, or more than half of a platform's desks are no longer read.\n"
            "With CODE: 3 when something of theirs is broken or gone."
        ),
        ("vigie health", "vigie health 95 --json", "vigie health 95/renouvellement-cergy --report > issue.md"),
    )
    health.add_argument("codes", nargs="*", metavar=_("CODE[/DESK]"))
    health.add_argument(
        "--report", action="store_true", help=_("a report about one CODE/DESK, ready to file (Markdown)")
    )

    new = add(
        "new",
        "running.plugins",
        _("write the declaration of a préfecture, to be completed"),
        _(
            "What is declared today is taken over; with --from, desks and notices are those a walk proposed.\n"
            "A file in a folder of [plugins] takes the place of the one that comes with the program."
        ),
        (
            "vigie discover 33 --json > 33.json",
            "vigie new 33 --from 33.json --into plugins",
            "vigie new 33 --name Gironde --site https://www.gironde.gouv.fr --into plugins-2   "
            + _("# where it is not declared"),
        ),
    )
    new.add_argument("code", metavar="CODE", help=_("département code or name"))
    new.add_argument(
        "--from", dest="found", metavar=_("FILE") + ".json", help=_("what `vigie discover CODE --json` printed")
    )
    new.add_argument(
        "--into", metavar=_("FOLDER"), help=_("folder to write into (default: ./prefectures of a checkout)")
    )
    new.add_argument("--name", metavar=_("NAME"), help=_("name of the département, where it is not declared"))
    new.add_argument("--site", metavar="URL", help=_("home page of the préfecture, where it is not declared"))

    capture = add(
        "capture",
        "running.plugins:run_capture",
        _("keep a desk's page as a fixture, its tokens scrubbed, with the reading to be reviewed"),
        _(
            "Looks once, as `vigie check` does; a desk seen less than ten minutes ago is not visited again, its last page is\n"
            "taken. Exit 3: no page came, or what it says rests on what must not be kept."
        ),
        (
            "vigie capture 95/renouvellement-cergy",
            "vigie capture 95/renouvellement-cergy --out tests/fixtures/pages/captured",
        ),
    )
    capture.add_argument("code", metavar=_("CODE/DESK"))
    capture.add_argument(
        "--out",
        metavar=_("FOLDER"),
        help=_("folder to write into (default: tests/fixtures/pages/captured of a checkout)"),
    )

    completion = add(
        "completion",
        "completion",
        _("print what makes a shell complete the words of vigie"),
        _(
            "Commands, options and file names, in bash, zsh and fish. Put it where the shell looks, and open a new one. A\n"
            "package brings it, with the manual page, under share/ of where it is installed."
        ),
        (
            "vigie completion bash > ~/.local/share/bash-completion/completions/vigie",
            "vigie completion zsh > ~/.zfunc/_vigie",
            "vigie completion fish > ~/.config/fish/completions/vigie.fish",
        ),
    )
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help=_("which shell"))
