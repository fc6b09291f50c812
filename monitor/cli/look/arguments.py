"""Commands that look at préfectures and show what was read."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.cli.declare import Add


def declare(add: Add) -> None:
    """Declare them."""
    run = add(
        "run",
        "running.run",
        _("look at every desk that is due; what cron calls"),
        _(
            "On a terminal it ends with a summary; --verbose prints each reading. From cron it is silent when all is well.\n"
            "Exit 0: done; 3: at least one check could not be read or reached; 75: another sweep is running; 78:\n"
            "configuration."
        ),
        ("vigie run", "vigie run --verbose", "vigie run --json"),
    )
    run.add_argument("--summary", action="store_true", help=_("end with the summary where it is piped, too"))
    check = add(
        "check",
        "running.run",
        _("look now at the desks named"),
        _("A desk seen less than ten minutes ago is not visited again: its last reading is shown."),
        ("vigie check 95", "vigie check 95 92 --procedure renewal", "vigie check 95/renouvellement-cergy --json"),
    )
    check.add_argument(
        "codes",
        nargs="*",
        metavar="CODE",
        help=_("département code or name, CODE/DESK, or national/SERVICE (default: all watched)"),
    )
    check.add_argument("--procedure", metavar="P", help=_("only desks of this procedure (renewal, first_request ...)"))

    listing = add(
        "list",
        "look.look",
        _("the préfectures and desks that are declared"),
        "",
        ("vigie list", "vigie list 95 --json"),
    )
    listing.add_argument("codes", nargs="*", metavar="CODE")

    status = add(
        "status",
        "look.status",
        _("last reading of each desk, since when, with the words seen"),
        "",
        ("vigie status", "vigie status 95", "vigie status --json"),
    )
    status.add_argument("codes", nargs="*", metavar="CODE")

    history = add(
        "history",
        "look.look",
        _("every observation of a préfecture or a desk, newest last"),
        "",
        ("vigie history 95", "vigie history 95/renouvellement-cergy --last 20"),
    )
    history.add_argument("code", metavar=_("CODE[/DESK]"))
    history.add_argument("--last", type=int, default=50, metavar="N", help=_("how many (default 50; 0 = all)"))

    read = add(
        "read",
        "look.read",
        _("read a stored page again, without any network"),
        _("The same reader the sweep uses, on a file. Exit 0 whenever the file could be opened."),
        (
            "vigie read page.html --platform ez_booking --url https://www.val-doise.gouv.fr/booking/create/11343/2 --status 200",
            "vigie read notice.pdf --notice --url https://www.ain.gouv.fr/notice.pdf --json",
        ),
    )
    read.add_argument("file", metavar=_("FILE"))
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
    read.add_argument("--label", metavar=_("TEXT"), help=_("the démarche's words, where the page must show them"))
    read.add_argument(
        "--at",
        metavar="INSTANT",
        help=_("ISO 8601 instant of the look; without it an announced opening counts as future"),
    )

    find = add(
        "discover",
        "look.walks.discover",
        _("find a préfecture's pages: foreigners' section, PAN, appointments, substitution, contact"),
        _(
            "A polite walk over its site, from the home page and the sitemap. Booking links are noted, never followed.\n"
            "Prints a declaration to paste, with the evidence for each line, and what differs from today's.\n"
            "Exit 0: done; 3: the home page could not be read or reached; 75: a sweep is running."
        ),
        (
            "vigie discover 33",
            "vigie discover 33 --pages 80 --json",
            "vigie discover 33 --from addresses.csv      " + _("# columns url[,label[,source,date,confidence]]"),
        ),
    )
    find.add_argument("code", metavar="CODE", help=_("département code or name"))
    find.add_argument("--pages", type=int, default=40, metavar="N", help=_("pages opened at most (default 40)"))
    find.add_argument(
        "--from",
        dest="listed",
        metavar=_("FILE") + ".csv",
        help=_("addresses to look at too: columns url[,label[,source,date,confidence]]"),
    )

    whole = add(
        "survey",
        "look.walks.survey",
        _("survey the country: what is declared opened once, each site walked, a review folder written"),
        _(
            "Hosts are asked side by side, each at its pace; what it will take is shown before it begins. It can be stopped\n"
            "at any moment: the same command goes on from there, and within a day asks nothing twice. It writes a page to\n"
            "read, a proposed declaration for each préfecture and its change; nothing is accepted by itself.\n"
            "--from takes guichetlibre's couverture-rdv-prefecture.csv and the annuaire of DILA (JSON): each row is a\n"
            "candidate under its source's name. Once it was read: --accept FOLDER CODE ...\n"
            "Exit 0: done; 3: not finished, or a home page could not be read; 75: a sweep is running."
        ),
        (
            "vigie survey 33 92 --dry-run",
            "vigie survey 33 92 --within 2h --out review",
            "vigie survey 33 --from annuaire.json --out review",
            "vigie survey --accept review 92 --into plugins",
        ),
    )
    whole.add_argument("codes", nargs="*", metavar="CODE", help=_("département code or name (default: all)"))
    whole.add_argument("--dry-run", action="store_true", help=_("say what it will take, and ask nothing"))
    whole.add_argument("--within", metavar=_("TIME"), help=_("ask nothing more after that long: 2h, 90min"))
    whole.add_argument(
        "--pages", type=int, default=40, metavar="N", help=_("pages opened at most on each site (default 40)")
    )
    whole.add_argument(
        "--from", dest="sources", action="append", default=[], metavar=_("FILE"), help=_("a list others publish")
    )
    whole.add_argument("--out", metavar=_("FOLDER"), help=_("the review folder (default: vigie-survey-DAY)"))
    whole.add_argument("--accept", metavar=_("FOLDER"), help=_("put the proposals of the préfectures named in place"))
    whole.add_argument(
        "--into", metavar=_("FOLDER"), help=_("with --accept: where to (default: the checkout, or [plugins])")
    )

    national = add(
        "table",
        "look.table",
        _("the national picture: calendars, PAN, filing channels"),
        _(
            "From what was recorded; no network. --csv may be published: of a desk it shows no reading younger than 24 hours.\n"
            "What the terminal and --json show is complete, and not for publication. `vigie site` makes pages of it."
        ),
        ("vigie table", "vigie table --csv > prefectures.csv", "vigie table --coverage"),
    )
    national.add_argument("codes", nargs="*", metavar="CODE")
    national.add_argument(
        "--coverage",
        action="store_true",
        help=_("how much of the country is known, what is not, and the command that would find it"),
    )
    national.add_argument("--csv", action="store_true", help=_("comma-separated values on standard output"))

    site = add(
        "site",
        "look.site",
        _("the public site: pages without script, from what is sealed and a day old"),
        _(
            "Built beside OUT and put in its place as a whole; the same data gives the same files. It works from any web\n"
            "server, any folder and a USB stick. OUT is a link to a folder beside it. Nothing younger than 24 hours stands\n"
            "there. Exit 74: the data folder or OUT cannot be used; 78: [site] of the settings file lacks a contact."
        ),
        (
            "vigie site public",
            "vigie site public --codes 93 95 --languages fr,facile",
            "vigie site public --base-url https://vigie.example.org",
            "vigie site public --remove",
        ),
    )
    site.add_argument(
        "out", metavar="OUT", help=_("where it will stand: nothing, an empty folder or a site made before")
    )
    site.add_argument("--codes", nargs="+", default=[], metavar="CODE", help=_("only these préfectures"))
    site.add_argument(
        "--languages",
        default="fr,en,facile",
        metavar="L,L",
        help=_("languages, the first at the root (default: fr,en,facile, which is easy French)"),
    )
    site.add_argument(
        "--base-url", default="", metavar="URL", help=_("where it will be served, for feeds (default: [site] base_url)")
    )
    site.add_argument("--remove", action="store_true", help=_("take down what was built there"))
