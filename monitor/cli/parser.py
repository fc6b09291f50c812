"""What the command line accepts, with help that teaches. Builds fast: imports nothing of the program."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from gettext import gettext as _
from typing import NoReturn

from monitor import __version__


class Parser(argparse.ArgumentParser):
    """argparse with the exit code of usage errors from sysexits.h (64) and examples kept as written."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and one sentence, exit 64."""
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {message}\n")


def _examples(*lines: str) -> str:
    return _("examples:") + "\n" + "\n".join(f"  {line}" for line in lines)


def _common(*, first: bool) -> Parser:
    """Options that stand before the command as well as behind it. first: those before, which give the defaults."""
    common = Parser(add_help=False, argument_default=None if first else argparse.SUPPRESS)
    group = common.add_argument_group(_("everywhere"))
    group.add_argument(
        "--config",
        metavar=_("FILE"),
        help=_("settings file (default: $VIGIE_CONFIG, ./config/monitor.toml, /etc/vigie/monitor.toml)"),
    )
    group.add_argument("--data", metavar=_("FOLDER"), help=_("data folder (default: $VIGIE_DATA, ./data)"))
    group.add_argument(
        "--lang", choices=("fr", "en"), help=_("language of messages (default: the locale, else French)")
    )
    group.add_argument("--json", action="store_true", help=_("one JSON document on standard output, for machines"))
    group.add_argument("-v", "--verbose", action="store_true", help=_("say what is done even when all is well"))
    return common


def build() -> Parser:
    """The whole parser."""
    parser = Parser(
        prog="vigie",
        description=_(
            "Watches the public appointment pages of French préfectures, claims only what was read, and keeps the proof."
        ),
        epilog=_examples(
            "vigie check 95                     " + _("# look now at the Val-d'Oise"),
            "vigie status                       " + _("# last reading of each desk, with the site's own words"),
            "vigie run                          " + _("# what cron calls: look at whatever is due"),
            "vigie COMMAND --help               " + _("# more about one command"),
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common(first=True)],
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"vigie {__version__}",
        help=_("show program's version number and exit"),  # argparse translates its own words for it from 3.13 on
    )
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), dest="command", required=True)
    common = _common(first=False)

    def add(name: str, module: str, summary: str, more: str = "", examples: Sequence[str] = ()) -> Parser:
        sub: Parser = commands.add_parser(
            name,
            parents=[common],
            help=summary,
            description=summary + ("\n\n" + more if more else ""),
            epilog=_examples(*examples) if examples else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.set_defaults(module=module)
        return sub

    add(
        "run",
        "sweep",
        _("look at every desk that is due; what cron calls"),
        _(
            "Silent when all is well. Exit 0: done; 3: at least one check could not be read or reached; 75: another sweep\n"
            "is running; 78: configuration."
        ),
        ("*/10 * * * *  cd /srv/vigie && .venv/bin/vigie run", "vigie run --verbose", "vigie run --json"),
    )
    check = add(
        "check",
        "sweep",
        _("look now at the desks named"),
        _("A desk seen less than ten minutes ago is not visited again: its last reading is shown."),
        ("vigie check 95", "vigie check 95 92 --procedure renewal", "vigie check 95/titre-de-sejour --json"),
    )
    check.add_argument(
        "codes", nargs="*", metavar="CODE", help=_("département code or name, or CODE/DESK (default: all watched)")
    )
    check.add_argument("--procedure", metavar="P", help=_("only desks of this procedure (renewal, first_request ...)"))

    listing = add(
        "list", "look", _("the préfectures and desks that are declared"), "", ("vigie list", "vigie list 95 --json")
    )
    listing.add_argument("codes", nargs="*", metavar="CODE")

    status = add(
        "status",
        "look",
        _("last reading of each desk, since when, with the words seen"),
        "",
        ("vigie status", "vigie status 95", "vigie status --json"),
    )
    status.add_argument("codes", nargs="*", metavar="CODE")

    history = add(
        "history",
        "look",
        _("every observation of a préfecture or a desk, newest last"),
        "",
        ("vigie history 95", "vigie history 95/titre-de-sejour --last 20"),
    )
    history.add_argument("code", metavar="CODE[/DESK]")
    history.add_argument("--last", type=int, default=50, metavar="N", help=_("how many (default 50; 0 = all)"))

    read = add(
        "read",
        "read",
        _("read a stored page again, without any network"),
        _("The same reader the sweep uses, on a file. Exit 0 whenever the file could be opened."),
        (
            "vigie read page.html --platform ez_booking --url https://www.val-doise.gouv.fr/booking/create/11343/2 --status 200",
            "vigie read notice.pdf --notice --url https://www.ain.gouv.fr/notice.pdf --json",
        ),
    )
    read.add_argument("file", metavar="FILE")
    read.add_argument("--notice", action="store_true", help=_("read it for what it publishes: PAN, filing channels"))
    read.add_argument(
        "--platform",
        metavar="P",
        help=_("ez_booking, rdv_prefecture, demarche_numerique, rdv_service_public, orion, eappointment"),
    )
    read.add_argument("--url", required=True, metavar="URL", help=_("address the page was read at"))
    read.add_argument("--status", type=int, default=200, metavar="N", help=_("HTTP status (default 200)"))
    read.add_argument(
        "--header", action="append", default=[], metavar="K:V", help=_("a header of the answer; may be repeated")
    )
    read.add_argument("--label", metavar="TEXT", help=_("the démarche's words, where the page must show them"))
    read.add_argument(
        "--at",
        metavar="INSTANT",
        help=_("ISO 8601 instant of the look; without it an announced opening counts as future"),
    )

    find = add(
        "discover",
        "discover",
        _("find a préfecture's pages: foreigners' section, PAN, appointments, substitution, contact"),
        _(
            "A polite walk over its site, from the home page and the sitemap. Booking links are noted, never followed.\n"
            "Prints a declaration to paste, with the evidence for each line, and what differs from today's.\n"
            "Exit 0: done; 3: the home page could not be read or reached; 75: a sweep is running."
        ),
        (
            "vigie discover 33",
            "vigie discover 33 --pages 80 --json",
            "vigie discover 33 --from addresses.csv      " + _("# columns url[,label]"),
        ),
    )
    find.add_argument("code", metavar="CODE", help=_("département code or name"))
    find.add_argument("--pages", type=int, default=40, metavar="N", help=_("pages opened at most (default 40)"))
    find.add_argument(
        "--from", dest="listed", metavar="FILE.csv", help=_("addresses to look at too: columns url[,label]")
    )

    national = add(
        "table",
        "table",
        _("the national picture: calendars, PAN, filing channels"),
        _("From what was recorded; no network. --html writes one self-contained page."),
        ("vigie table", "vigie table --csv > prefectures.csv", "vigie table --html prefectures.html"),
    )
    national.add_argument("codes", nargs="*", metavar="CODE")
    form = national.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help=_("comma-separated values on standard output"))
    form.add_argument("--html", metavar=_("FILE"), help=_("write an accessible page without script"))

    verify = add(
        "verify",
        "verify",
        _("check that the evidence is what was sealed"),
        _(
            "The same checks as the verify.sh of every export. Exit 0: verified; 1: something is false; 3: something is open."
        ),
        ("vigie verify --all", "vigie verify releve-95/"),
    )
    verify.add_argument("export", nargs="?", metavar="EXPORT", help=_("folder of an export"))
    verify.add_argument("--all", action="store_true", help=_("the whole evidence of the data folder"))
    verify.add_argument("--witness", metavar=_("FILE"), help=_("a checkpoint kept elsewhere: a cut-off end shows"))

    stats = add(
        "stats",
        "stats",
        _("how often each desk said what, by week, with denominators and gaps"),
        _(
            "From what was recorded; no network. Sweeps of the last 24 hours are left out: public figures are at least that\n"
            "old. What a simulator played is never added to what a site said."
        ),
        ("vigie stats 95", "vigie stats --csv > weeks.csv", "vigie stats 95 92 --pdf stats.pdf"),
    )
    stats.add_argument("codes", nargs="*", metavar="CODE")
    taken = stats.add_mutually_exclusive_group()
    taken.add_argument("--csv", action="store_true", help=_("comma-separated values on standard output"))
    taken.add_argument("--pdf", metavar=_("FILE"), help=_("write one page with charts"))
    stats.add_argument("--recent", action="store_true", help=_("count the last 24 hours too (not for publication)"))

    tidy = add(
        "gc",
        "gc",
        _("say what is older than [retention] months, and with --apply remove it"),
        _(
            "Pages and headers that were seen go; records, seals and stamps stay for ever, so that the log is never broken.\n"
            "Bytes that a younger record needs stay. Exit 75: a sweep is running."
        ),
        ("vigie gc", "vigie gc --apply"),
    )
    tidy.add_argument("--apply", action="store_true", help=_("remove it (without this nothing is touched)"))

    court = add(
        "export",
        "export",
        _("write the court file of a préfecture or a desk: PDF, CSV, records, pages, proof"),
        _(
            "Counted observations of whole sweeps begun in the days named (legal time), with what verifies them. Once\n"
            "sweeps are sealed, those not sealed yet are left out and counted. The folder must not exist. No network."
        ),
        (
            "vigie export 95",
            "vigie export 95/titre-de-sejour --from 2026-09-01 --to 2026-11-30 --out dossier",
            "vigie export 95 --attachable      " + _("# under 1 MB, for a mail"),
        ),
    )
    court.add_argument("code", metavar="CODE[/DESK]")
    court.add_argument("--from", dest="first", metavar=_("DAY"), help=_("first day, as 2026-11-21"))
    court.add_argument("--to", dest="last", metavar=_("DAY"), help=_("last day, included"))
    court.add_argument("--out", metavar=_("FOLDER"), help=_("folder to write (default: named after CODE and now)"))
    court.add_argument("--attachable", action="store_true", help=_("the small set: PDF, CSV and the last seal as ZIP"))
    court.add_argument("--all", action="store_true", help=_("every page received, not a selection"))

    config = add(
        "config",
        "config",
        _("check the settings and print what is in force, secrets masked"),
        "",
        ("vigie config check", "vigie config check --json"),
    )
    config.add_argument("action", choices=("check",), help=_("what to do"))
    return parser
