"""The words people read for each reading, with a mark before them, and for what records name in one word.

Records keep the names of the code. A label says what was read and no more: "no slot, says the site" is what the page
showed, not what the préfecture has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from monitor.core.prefecture import Confidence, Way
from monitor.core.words import N_, spoken


class Label(NamedTuple):
    """Words for one reading, a message of the catalogues, and a mark that does not rely on colour."""

    mark: str
    words: str

    def said(self, lang: str) -> str:
        """The words in a language such as `fr`."""
        return spoken(lang).gettext(self.words)


LABELS: dict[tuple[str, str | None], Label] = {
    ("SlotsOpen", None): Label("●", N_("slot shown")),
    ("SlotsOpen", "weak"): Label("◐", N_("way open, no slot seen yet")),
    ("NoSlot", None): Label("○", N_("no slot, says the site")),
    ("NoSlot", "by_data"): Label("○", N_("no slot in the site's data")),
    ("NoSlot", "no_calendar"): Label("○", N_("no calendar, says the site")),
    ("NotYetOpen", None): Label("◌", N_("opening announced")),
    ("RequestForm", None): Label("▤", N_("request form open (no calendar)")),
    ("Obstructed", None): Label("■", N_("obstacle, not read")),
    ("Obstructed", "captcha"): Label("■", N_("behind a captcha, not read")),
    ("Obstructed", "login"): Label("■", N_("behind a login, not read")),
    ("Obstructed", "waf"): Label("■", N_("access refused to the monitor")),
    ("Obstructed", "rate_limit"): Label("■", N_("the site asks to slow down")),
    ("Obstructed", "queue"): Label("■", N_("waiting room, not read")),
    ("Obstructed", "robots"): Label("■", N_("disallowed to robots, not visited")),
    ("Unavailable", None): Label("△", N_("unavailable, says the site")),
    ("Unavailable", "overloaded"): Label("△", N_("overloaded, says the site")),
    ("Unavailable", "maintenance"): Label("△", N_("maintenance, says the site")),
    ("Unavailable", "server_error"): Label("△", N_("server error")),
    ("Closed", None): Label("✕", N_("procedure closed, says the site")),
    ("Published", None): Label("▤", N_("published on the page")),
    ("NotFound", None): Label("·", N_("none found on the pages read")),
    ("Contradictory", None): Label("?", N_("contradictory sentences")),
    ("FrontPageShown", None): Label(
        "▫", N_("The front page was shown. That says nothing of signing in, filing or attachments.")
    ),
    ("PublishedFigures", None): Label("#", N_("figures the State itself publishes")),
    ("Unreadable", None): Label("?", N_("page not read")),
    ("Unreadable", "layout_changed"): Label("?", N_("page not recognised")),
    ("Unreadable", "contradictory"): Label("?", N_("contradictory page")),
    ("Unreadable", "mid_visit"): Label("?", N_("visit ended half-way")),
    ("Unreadable", "session_lost"): Label("?", N_("session lost")),
    ("Unreadable", "not_found"): Label("?", N_("page not found")),
    ("Unreadable", "empty"): Label("?", N_("empty answer")),
    ("Unreadable", "not_text"): Label("?", N_("answer is not text")),
    ("Unreadable", "too_big"): Label("?", N_("page too big to be read")),
    ("Unreadable", "too_many"): Label("?", N_("too many calendars, not all read")),
    ("Unreadable", "replaced"): Label("?", N_("form replaced by another")),
    ("Unreadable", "draft"): Label("?", N_("form being tested, not open yet")),
    ("Unreadable", "looks_like_a_wall"): Label("?", N_("page that looks like a wall, not read")),
    ("Unreached", None): Label("–", N_("site not reached")),
    ("Unreached", "dns"): Label("–", N_("name not found")),
    ("Unreached", "tls"): Label("–", N_("certificate refused")),
    ("Unreached", "connect"): Label("–", N_("could not connect")),
    ("Unreached", "timeout"): Label("–", N_("no answer in time")),
    ("Unreached", "reset"): Label("–", N_("connection cut")),
    ("Unreached", "truncated"): Label("–", N_("incomplete answer")),
    ("Unreached", "too_large"): Label("–", N_("answer too large")),
    ("Unreached", "redirects"): Label("–", N_("redirect not followed")),
    ("Unreached", "forbidden_address"): Label("–", N_("forbidden address")),
    ("Unreached", "vantage_offline"): Label("–", N_("our own network was down")),
}


def label(reading: str, detail: str | None = None) -> Label:
    """The label of a class name and its detail; a detail without words of its own takes those of its class."""
    return LABELS.get((reading, detail)) or LABELS[(reading, None)]


def detail_words(detail: str, lang: str) -> str:
    """The words of a detail alone (`captcha`, `layout_changed`), whatever class it stands in; itself where none has."""
    found = next((one for (_reading, said), one in LABELS.items() if said == detail), None)
    return found.said(lang) if found else detail


# --- what records and declarations name in one word -------------------------------------------------------------------

PROCEDURES: Final[Mapping[str, str]] = {
    "first_request": N_("first residence permit"),
    "renewal": N_("residence permit renewal"),
    "change_of_status": N_("change of status"),
    "duplicate": N_("duplicate"),
    "change_of_address": N_("change of address"),
    "receipt_renewal": N_("renewal of a receipt"),
    "aes": N_("exceptional admission to residence"),
    "student": N_("student permit"),
    "talent": N_("talent permit"),
    "family_reunification": N_("family reunification"),
    "international_protection": N_("international protection"),
    "eu_citizen": N_("permit of a citizen of the European Union"),
    "ukraine": N_("temporary protection"),
    "travel_document": N_("travel document"),
    "naturalisation": N_("naturalisation"),
    "collection": N_("handing over of a permit"),
    "pan": N_("appointment at the point d'accueil numérique"),
    "other": N_("other démarche"),
}
CONFIDENCES: Final[Mapping[Confidence, str]] = {
    "confirmed_2": N_("two sources"),
    "confirmed_1": N_("one source"),
    "confirmed_1_stale": N_("once on an official list, removed since"),
    "derived": N_("parent of a page that was seen"),
    "listed": N_("named by a list, opened by nobody"),
    "unverified": N_("told, read by nobody"),
    "contradicted": N_("its sources name the démarche differently"),
    "guess": N_("a guess, never visited"),
}
WAYS: Final[Mapping[Way, str]] = {
    "online": N_("online"),
    "phone": N_("by telephone"),
    "email": N_("by e-mail"),
    "form": N_("by a form"),
    "walk_in": N_("without an appointment"),
    "post": N_("by post"),
}
PLATFORMS: Final[Mapping[str, str]] = {
    "ez_booking": N_("booking module of préfecture sites"),
    "rdv_prefecture": "RDV-Préfecture",
    "rdv_service_public": "RDV Service Public",
    "demarche_numerique": N_("forms of demarche.numerique.gouv.fr"),
    "orion": "Orion",
    "eappointment": "eAppointment",
    "front_page": N_("front pages of the State's portals"),
    "form_figures": N_("figures published of the forms"),
    "notice": N_("published pages"),
}


def platform(name: str, lang: str) -> str:
    """A booking product, or a kind of page, in a language such as `fr`."""
    return spoken(lang).gettext(PLATFORMS.get(name, name))


def procedure(code: str, lang: str) -> str:
    """A démarche in a language such as `fr`; a code of nobody's as it was written, and words where there is none."""
    return spoken(lang).gettext(PROCEDURES.get(code, code) if code else N_("démarche not stated"))


def way(name: Way, lang: str) -> str:
    """A way to reach an office or to file, in a language such as `fr`."""
    return spoken(lang).gettext(WAYS[name])


def confidence(code: Confidence, lang: str) -> str:
    """How sure a source is, in a language such as `fr`."""
    return spoken(lang).gettext(CONFIDENCES[code])
