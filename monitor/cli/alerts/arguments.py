"""Commands about subscribers and what is sent to them."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.cli.declare import Add, Parser


_KINDS = (
    "slots_open", "slots_gone", "no_slot_digest", "procedure_closed", "obstacle_appeared", "obstacle_lifted",
    "pan_published", "pan_withdrawn", "pan_changed", "channel_published", "channel_withdrawn", "channel_reworded",
    "unreachable",
)  # fmt: skip
_LANGUAGES = ("fr", "en", "es", "pt", "ar")


def declare(add: Add) -> None:
    """Declare them."""
    _subscribers(add)
    queued = add(
        "outbox",
        "alerts.deliver",
        _("what is still to be told, and what became of the rest"),
        _("Recipients are shown by number. `vigie run` sends by itself. Exit 3: a channel did not take something."),
        ("vigie outbox", "vigie outbox --send", "vigie outbox --json"),
    )
    queued.add_argument("--send", action="store_true", help=_("send what is due now"))
    add(
        "inbox",
        "alerts.deliver:run_inbox",
        _("read the operator's mailbox for who says yes or stop"),
        _(
            "By IMAP over TLS, as [inbox] says: a plain OUI or STOP in answer to a message, or OUI-CODE and STOP-CODE in a\n"
            "subject. Only what may be such an answer is read; what was acted on is marked as seen. `vigie run` does it by itself."
        ),
        ("vigie inbox", "vigie inbox --json"),
    )
    tell = add(
        "notify",
        "alerts.deliver:run_notify",
        _("send a trial message, to see that alerts arrive"),
        _(
            "To one subscriber by number, or, without one, to the operator's own address and apprise URLs. The message says\n"
            "that it is a trial, and nothing of any préfecture. Exit 3: a channel did not take it."
        ),
        ("vigie notify --test", "vigie notify --test 12"),
    )
    tell.add_argument("--test", action="store_true", required=True, help=_("the only thing this command does by hand"))
    tell.add_argument("subscriber", nargs="?", type=int, metavar=_("SUBSCRIBER"), help=_("number of a subscriber"))

    seen = add(
        "preview",
        "alerts.deliver:run_preview",
        _("print the message of one kind of event, on made-up facts"),
        _("Nothing is sent. EVENT is a kind of event; `vigie preview list` names them all."),
        (
            "vigie preview slots_open",
            "vigie preview no_slot_digest --lang en",
            "vigie preview pan_changed --discreet",
            "vigie preview slots_open --language ar",
        ),
    )
    seen.add_argument("event", metavar=_("EVENT"))
    seen.add_argument("--html", action="store_true", help=_("the HTML instead of the text"))
    seen.add_argument("--discreet", action="store_true", help=_("the discreet form"))
    seen.add_argument("--language", choices=_LANGUAGES, help=_("language of the message (default: that of --lang)"))


def _subscribers(add: Add) -> None:
    people = add(
        "subscribers",
        "alerts.subscribers",
        _("who is told what, by e-mail or Signal"),
        _(
            "An address is asked for on the terminal, or read from standard input; never give it on the command line, which\n"
            "other users of the machine can see. Nothing but one question is sent until its holder has said yes."
        ),
        (
            "vigie subscribers add --prefecture 95 --procedure renewal",
            "vigie subscribers add --channel signal --prefecture 93 --prefecture 95 --quiet 22:00-07:00 < address.txt",
            "vigie subscribers add --prefecture 95 --sooner-than 2027-02-15 --language ar",
            "vigie subscribers list",
            "vigie subscribers nudge 12 < ntfy.txt",
            "vigie subscribers test 12",
            "vigie subscribers export 12 > personne-12.json",
        ),
    )
    everywhere = type(people)(add_help=False, parents=[people])
    actions = people.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)

    def action(name: str, summary: str, *, number: str = "") -> Parser:
        sub: Parser = actions.add_parser(
            name, parents=[everywhere], add_help=False, help=summary, description=summary
        )  # fmt: skip
        if number:
            nargs: dict[str, Any] = {} if number == "needed" else {"nargs": "?"}
            sub.add_argument("number", type=int, metavar=_("NUMBER"), help=_("number of a subscriber"), **nargs)
        return sub

    _wishes(action("add", _("take in an address, and ask its holder")))
    action("confirm", _("the holder said yes: by the code they sent, asked for or read, or by number"), number="or not")
    action("list", _("every subscriber, without addresses"))
    action("show", _("one of them, without the address; without a number, by the address, asked for"), number="or not")
    beside = action(
        "nudge",
        _("« look at your e-mail », on ntfy, Matrix or Telegram, beside it; its address is asked for or read"),
        number="needed",
    )
    beside.add_argument("--remove", action="store_true", help=_("no nudge any more; its address goes"))
    pause = action("pause", _("tell nothing for a while; what waits is dropped"), number="needed")
    pause.add_argument("--resume", action="store_true", help=_("tell again, also after an address was suspended"))
    action("remove", _("end a subscription: address and wishes go, the proof of consent stays"), number="needed")
    action("export", _("all that is held, the address in clear: right of access, or a move"), number="or not")
    action(
        "erase",
        _("remove all that is held, but for a keyed digest so that nobody is written to again"),
        number="needed",
    )
    trial = action("test", _("send a trial message, to one subscriber or, without a number, to the operator"))
    trial.add_argument("subscriber", nargs="?", type=int, metavar=_("NUMBER"), help=_("number of a subscriber"))
    trial.set_defaults(module="alerts.deliver:run_notify")
    desk = action(
        "invite", _("a code for a help desk that subscribes people face to face; it is shown counts, and nobody")
    )
    desk.add_argument("name", nargs="?", metavar=_("NAME"), help=_("its name, such as that of the association"))
    desk.add_argument(
        "--days", type=int, default=180, metavar="N", help=_("days for which the code works (default: 180)")
    )
    desk.add_argument("--end", type=int, metavar=_("DESK"), help=_("the code of this desk no longer works"))
    desk.set_defaults(module="alerts.invite")
    action("import", _("take in what `export` printed, from standard input"))


def _wishes(parser: Parser) -> None:
    parser.add_argument(
        "--prefecture", action="append", required=True, metavar="CODE", help=_("préfecture to follow; repeatable")
    )
    parser.add_argument(
        "--procedure", action="append", default=[], metavar=_("PROCEDURE"), help=_("only this one; repeatable")
    )
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        choices=_KINDS,
        metavar=_("EVENT"),
        help=_("only this kind; repeatable, as `vigie preview list` names them"),
    )
    parser.add_argument("--channel", choices=("email", "signal"), default="email")
    parser.add_argument(
        "--cadence",
        choices=("at_once", "daily", "weekly"),
        default="at_once",
        help=_("opened slots leave at once in any case"),
    )
    parser.add_argument(
        "--quiet", metavar="22:00-07:00", help=_("no message in these hours, legal time, but an opened slot")
    )
    parser.add_argument("--quiet-slots", action="store_true", help=_("in these hours no opened slot either"))
    parser.add_argument("--before", metavar=_("DATE"), help=_("slots on an earlier day only, or of no known day"))
    parser.add_argument("--sooner-than", metavar=_("DATE"), help=_("the day of the appointment they have: only sooner"))
    parser.add_argument(
        "--language", choices=_LANGUAGES, help=_("language of the messages (default: that of --lang)")
    )  # fmt: skip
    parser.add_argument("--no-log", action="store_true", help=_("without the log attached"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--discreet",
        action="store_true",
        default=None,
        help=_("no place or procedure on the outside (default on Signal)"),
    )
    form.add_argument(
        "--plain",
        action="store_false",
        dest="discreet",
        help=_("place and procedure in the subject (default by e-mail)"),
    )
    parser.add_argument("--again", action="store_true", help=_("the holder had left, and asks for messages again"))
