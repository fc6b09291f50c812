"""Commands for a person's own attempts: assisted checks and the case file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.cli.declare import Add, Parser


def declare(add: Add) -> None:
    """Declare them."""
    _assist(add)
    case = add(
        "case",
        "cases.case",
        _("keep a person's attempts, letters and captures as a case, encrypted on their side"),
        _(
            "A case is a folder encrypted with a passphrase, asked on the terminal or read from the file that\n"
            "--passphrase-file or $VIGIE_CASE_PASSPHRASE_FILE names. Nothing in it is edited, only annotated. Never write\n"
            "an ANEF password into it."
        ),
        (
            "vigie case new dossier --prefecture 95 --procedure renewal",
            "vigie case log dossier --kind no_slot --at 2026-03-02T09:14 --file capture.png",
            "vigie case log --kind list",
            "vigie case log dossier --photos Telephone/ --sheet fiche.pdf",
            "vigie case import dossier releve-95/",
            "vigie case import dossier essais-2026-11-30.zip --own",
            "vigie case check dossier",
            "vigie case check --attempts attempts.json --json",
            "vigie case show dossier --html mon-dossier.html",
            "vigie case guide",
            "vigie case law --check",
            "vigie case export dossier --telerecours --out depot",
            "vigie case draft prefecture dossier --out courriel.docx",
        ),
    )
    everywhere = type(case)(add_help=False, parents=[case])
    actions = case.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)

    def action(
        name: str, summary: str, *, needs_case: bool | None = True, locked: bool = True, letters: Sequence[str] = ()
    ) -> Parser:  # needs_case: None where the action is of no case
        sub: Parser = actions.add_parser(
            name, parents=[everywhere], add_help=False, help=summary, description=summary
        )  # fmt: skip
        if letters:
            sub.add_argument("letter", choices=letters, help=_("which letter"))
        if needs_case is None:
            return sub
        nargs: dict[str, Any] = {} if needs_case else {"nargs": "?"}
        sub.add_argument("case", metavar=_("CASE"), help=_("folder of the case"), **nargs)
        if locked:
            sub.add_argument("--passphrase-file", metavar=_("FILE"), help=_("file whose first line is the passphrase"))
        return sub

    new = action("new", _("make a case"))
    new.add_argument("--prefecture", metavar="CODE", required=True, help=_("préfecture of the place of residence"))
    new.add_argument("--procedure", metavar=_("PROCEDURE"), required=True, help=_("démarche, as `vigie list` names it"))
    _facts(new)

    show = action("show", _("list what the case holds"))
    show.add_argument("--entry", type=int, metavar="N", help=_("one entry whole, with the headers of its messages"))
    show.add_argument(
        "--html", metavar=_("FILE"), help=_("write the case as one page to print or to read on a telephone, in clear")
    )
    show.add_argument(
        "--extract", metavar=_("FOLDER"), help=_("write the files of --entry, in clear, into a new folder")
    )

    _log(action("log", _("add an attempt, a letter, an answer, captures, a fact or a note"), needs_case=False))
    joined = action(
        "import", _("join an export, an assisted attempt, or what an extension or a diary kept, once verified")
    )
    joined.add_argument(
        "export",
        metavar=_("FOLDER|FILE.zip"),
        help=_("folder of an export or of an attempt; ZIP of the extension or the diary"),
    )
    joined.add_argument(
        "--own",
        action=argparse.BooleanOptionalAction,
        help=_("attempts at a desk that is of no one démarche were for the case's own (default: asked on a terminal)"),
    )

    check = action("check", _("what is proven, what is missing, the next useful step: warnings, never a prediction"),
                   needs_case=False)  # fmt: skip
    check.add_argument("--attempts", metavar=_("FILE"), help=_("attempts as JSON, without a case: at, kind, procedure"))
    check.add_argument("--prefecture", metavar="CODE", help=_("with --attempts: whose legal time (default: Paris)"))
    check.add_argument("--sources", action="store_true", help=_("every text it rests on, with what was read of it"))
    _on(check)

    law = action("law", _("list the texts and decisions vigie names: what was read of each, its state, its age"),
                 needs_case=None)  # fmt: skip
    law.add_argument(
        "--check",
        action="store_true",
        help=_("only those over a year old, to be read again: exit 3 where there is one"),
    )
    _on(law)
    guide = action("guide", _("what is known for who finds no appointment, each fact with its source"), needs_case=None)
    _on(guide)

    export = action("export", _("write the case as a court file: exhibits, inventory, originals with their digests"))
    forms = export.add_mutually_exclusive_group()
    forms.add_argument("--telerecours", dest="form", action="store_const", const="telerecours",
                       help=_("for a lawyer: each file's name begins with its number"))  # fmt: skip
    forms.add_argument("--telerecours-citoyens", dest="form", action="store_const", const="citoyens",
                       help=_("for a person without a lawyer: each file's name says what it is"))  # fmt: skip
    export.add_argument("--out", metavar=_("FOLDER"), help=_("folder to write (default: named after now)"))
    export.add_argument("--first", type=int, default=1, metavar="N", help=_("number of the first exhibit (default: 1)"))
    export.add_argument("--part-mb", type=int, default=10, metavar="N", help=_("largest file, in MB (default: 10)"))
    export.add_argument(
        "--statistics", action="append", default=[], metavar=_("FILE"), help=_("PDF of `vigie stats --pdf`: context")
    )
    _applicant(export)

    draft = action(
        "draft",
        _("write a letter in French for the person to edit and send; vigie sends nothing"),
        letters=("ccc", "prefecture", "lrar", "prolongation", "ddd", "refere"),
    )
    draft.add_argument("--first", type=int, default=1, metavar="N", help=_("number of the first exhibit (default: 1)"))
    draft.add_argument("--gloss", action="store_true", help=_("with the English of each line under it, not to be sent"))
    draft.add_argument("--out", metavar=_("FILE"), help=_("write it as .docx or .txt (default: print it)"))
    _applicant(draft)

    tally = action("tally", _("counts only, for associations; counts under 5 are suppressed"), needs_case=False)
    tally.add_argument("--exact", action="store_true", help=_("exact counts, to be merged and not published"))
    tally.add_argument("--merge", nargs="+", metavar=_("FILE"), help=_("add exact tallies up"))

    erase = action("erase", _("remove a case for good"), locked=False)
    erase.add_argument("--yes", action="store_true", help=_("do not ask"))


def _assist(add: Add) -> None:
    assist = add(
        "assist",
        "cases.assist",
        _("open a desk's page in a window: the person does what the site asks, vigie keeps what was shown"),
        _(
            "On the person's own computer (Linux, macOS, Windows). Vigie watches pages load, reads them and keeps pictures;\n"
            "it fills, presses and solves nothing. It stops at an open slot, and before personal data: nothing typed is\n"
            "recorded. Needs a browser and its libraries: where one is missing, it names the command that brings it, on Debian,\n"
            "Windows or macOS. Exit 3: no page could be recorded."
        ),
        (
            "vigie assist 92/titre-de-sejour-boulogne",
            "vigie assist 92/titre-de-sejour-boulogne --helper --out tentative",
            "vigie assist 92/titre-de-sejour-boulogne --reload 10",
        ),
    )
    assist.add_argument("code", metavar=_("CODE/DESK"), help=_("the desk, as `vigie list CODE` names it"))
    assist.add_argument(
        "--helper", action="store_true", help=_("who sits there is an authorised helper, not the person")
    )
    assist.add_argument(
        "--reload",
        type=int,
        nargs="?",
        const=5,
        metavar=_("MINUTES"),
        help=_("load a page that says there is no slot again, every 5 minutes or more (default: never)"),
    )
    assist.add_argument("--out", metavar=_("FOLDER"), help=_("folder to write (default: named after the desk and now)"))
    assist.add_argument("--headless", action="store_true", help=_("without a window: for tests"))


def _on(parser: Parser) -> None:
    parser.add_argument("--on", metavar=_("DAY"), help=_("as of that day (default: today)"))


def _applicant(parser: Parser) -> None:
    parser.add_argument("--applicant", metavar=_("NAME"), help=_("how the person is to be named; kept nowhere"))


def _facts(parser: Parser) -> None:
    parser.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar=_("NAME=VALUE"),
        help=_(
            "family=anef|non_anef|naturalisation|other, expires=DAY, arrived=DAY, majority=DAY, release=HH:MM, "
            "silence=general|days_90|days_60|naturalisation_10_years|blue_card, published.WAY=YES|NO_ON_LISTED_PAGES|UNKNOWN, "
            "ready.PAPER=YES|NO"
        ),
    )


def _log(log: Parser) -> None:
    log.add_argument(
        "--kind",
        metavar=_("KIND"),
        help=_("what happened: no_slot, email, lrar, ccc_message ...; `--kind list` explains them all"),
    )
    log.add_argument("--at", metavar=_("INSTANT"), help=_("day or instant, legal time unless it bears an offset"))
    log.add_argument("--procedure", metavar=_("PROCEDURE"), help=_("démarche (default: the case's)"))
    log.add_argument("--prefecture", metavar="CODE", help=_("préfecture (default: the case's)"))
    log.add_argument("--address", default="", metavar="URL", help=_("address of the page"))
    log.add_argument("--sentence", default="", metavar=_("WORDS"), help=_("what the site said, word for word"))
    log.add_argument("--reference", default="", metavar=_("NUMBER"), help=_("ticket or registered letter number"))
    log.add_argument("--due", metavar=_("DAY"), help=_("the day an answer gave"))
    log.add_argument("--helper", action="store_true", help=_("done by an authorised helper, not by the person"))
    log.add_argument("--other-site", action="store_true", help=_("the site does not serve the commune of residence"))
    log.add_argument(
        "--file", action="append", default=[], metavar=_("FILE"), help=_("picture, PDF or .eml; repeatable")
    )
    log.add_argument("--note", default="", metavar=_("WORDS"), help=_("a note; alone it needs --about"))
    log.add_argument("--about", type=int, metavar="N", help=_("entry the note is about"))
    log.add_argument("--withdraw", action="store_true", help=_("with --about: that entry no longer counts, and stays"))
    log.add_argument(
        "--confirm",
        action="store_true",
        help=_("log what looks like a slip: an old date, a picture used before or that bears another date"),
    )
    log.add_argument("--photos", metavar=_("FOLDER"), help=_("captures of a telephone, dated one by one"))
    log.add_argument("--sheet", metavar=_("FILE"), help=_("with --photos: a sheet to fill by hand, as PDF"))
    _facts(log)
