"""What a survey found, in words: of the terminal and of the review page."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from monitor.core.prefecture import PlaceKind, Receives
from monitor.discover.survey.opened import Fate


def fates() -> dict[Fate, str]:
    """What came of an address."""
    return {
        "alive": _("answers"),
        "moved": _("moved"),
        "gone": _("gone"),
        "closed": _("closed, says the site"),
        "captcha": _("behind a captcha"),
        "login": _("behind a login"),
        "refused": _("refused to the monitor"),
        "unavailable": _("unavailable, says the site"),
        "unreached": _("no answer"),
        "changed": _("page not recognised"),
        "not_opened": _("not opened"),
    }


def subjects() -> dict[str, str]:
    """What an address is declared as."""
    return {
        "site": _("home page"),
        "notice": _("page"),
        "desk": _("desk"),
        "candidate": _("named by a source"),
    }


def doors() -> dict[PlaceKind, str]:
    """What a place is the door of."""
    return {
        "foreigners": _("Foreigners' service"),
        "pan": _("Door of a point d'accueil numérique"),
        "naturalisation": _("Naturalisation platform"),
    }


def receives() -> dict[Receives | None, str]:
    """Whom a place is said to be for."""
    return {
        "yes": _("for foreigners"),
        "partial": _("for some of foreigners' matters"),
        "no": _("not for foreigners"),
        None: _("for whom is not said"),
    }


def pan_states() -> dict[str, str]:
    """What a page says of a PAN, where it is not that it is there."""
    return {"closed": _("closed, says the page"), "contradictory": _("the page contradicts itself")}


def doubt(told: Mapping[str, str]) -> str:
    """One sentence about what a person has to settle; its quotation and address stand beside it."""
    words = told["words"]
    known = {
        "home_unread": _("The home page could not be read: nothing is said of the site."),
        "not_verified": _("“{slug}” is not verified: {fate}.").format(
            slug=told["slug"],
            fate={**fates()}.get(words, words),  # type: ignore[call-overload]
        ),
        "leads_elsewhere": _("“{slug}” leads elsewhere.").format(slug=told["slug"]),
        "label_differs": _("The page of “{slug}” calls itself something else.").format(slug=told["slug"]),
        "walk_stopped": _("The walk ended before every promising page was opened: {why}.").format(why=_stop(words)),
        "not_examined": _("Promising pages left unopened: {n}.").format(n=words),
        "aside": _("Looks like a point d'accueil numérique for foreigners, and is not taken for one."),
        "whose_not_said": _("A booking link, and for whom is not said."),
        "list_only": _("Named by a source, and not linked on the pages read."),
        "not_for_foreigners": _("Known to serve somebody else than foreigners."),
        "another_prefecture": _("A booking link of another préfecture, and not taken for one of this."),
        "no_such_product": _("A booking link for foreigners, of a product that cannot be declared yet."),
        "place_whose": _("A point d'accueil numérique of the source's, and for whom is not said."),
    }
    return known[told["kind"]]


def _stop(why: str) -> str:
    """Why a walk ended."""
    known = {
        "limit": _("the number of pages (--pages)"),
        "offline": _("our own network no longer answers"),
        "left_alone": _("the host asks to be left alone"),
        "the time given to this survey is over": _("the time given (--within) was over"),
        "this survey was stopped": _("the survey was stopped"),
    }
    return known.get(why, why)


def stands_beside(told: Mapping[str, str]) -> bool:
    """Whether the words of a doubt are a quotation or an address, and not part of its sentence."""
    return told["kind"] not in ("not_verified", "walk_stopped", "not_examined") and bool(told["words"])


def count(one: Mapping[str, Any], *fates_of: str) -> int:
    """How many declared addresses had one of these fates."""
    return sum(address["fate"] in fates_of and address["subject"] != "candidate" for address in one["opened"])
