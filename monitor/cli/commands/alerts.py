"""Commands about subscribers and what is sent to them."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.cli.parser import Add


def declare(add: Add) -> None:
    """Declare them."""
    tell = add(
        "notify",
        "notify",
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
        "preview",
        _("print the message of one kind of event, on made-up facts"),
        _("Nothing is sent. EVENT is a kind of event; `vigie preview list` names them all."),
        ("vigie preview slots_open", "vigie preview no_slot_digest --lang en", "vigie preview pan_changed --discreet"),
    )
    seen.add_argument("event", metavar=_("EVENT"))
    seen.add_argument("--html", action="store_true", help=_("the HTML instead of the text"))
    seen.add_argument("--discreet", action="store_true", help=_("the discreet form"))
