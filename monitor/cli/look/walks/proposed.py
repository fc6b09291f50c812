"""What a walk proposes to declare, for people: doors of a PAN, and what differs from today's declaration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import gettext as _

from monitor.cli.show import machine, quoted
from monitor.core.prefecture import Place
from monitor.discover.proposal import Proposal, ProposedChange


def doors(proposal: Proposal) -> Iterator[str]:
    """The doors of a PAN the walk told apart, each with the words of its page; those of today alone are left out."""
    met = [one for one in proposal.places if one.page is not None]
    if met:
        yield _("Doors of a point d'accueil numérique")
    for one in met:
        yield "  " + "  ".join(_told(one.entry))
        assert one.page is not None
        yield "    " + _("{words} on {page}").format(words=quoted(one.seen or ""), page=one.page.url)


def _told(place: Place) -> Iterator[str]:
    given = (place.name, place.address, place.phone, *place.emails, place.hours)
    return (quoted(words) for words in given if words)


def difference(changes: Sequence[ProposedChange]) -> Iterator[str]:
    """What differs from today's declaration, a line each."""
    names = {
        "new": _("new"), "moved": _("moved"), "missing": _("missing"), "same": _("same"),
        "not_examined": _("not examined"),
    }  # fmt: skip
    if changes:
        yield _("Difference from today's declaration")
    for status, name in names.items():
        for one in changes:
            if one.status == status:
                to = f" -> {one.to}" if one.to else ""
                why = f"  ({machine(one.why)})" if one.why else ""
                yield f"  {name:<12} {machine(one.what + ' ' + one.slug)}  {one.url}{to}{why}"
