"""The nouns of the field: a prefecture, its desks, its notices (pages read for facts) and its doors for foreigners,
where each declared fact comes from; the pages that came back, and the steps a visitor takes.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from monitor.core.readings import Reading
from monitor.values import dataclass

Confidence = Literal[
    "confirmed_2", "confirmed_1", "confirmed_1_stale", "derived", "listed", "unverified", "contradicted", "guess"
]
NoticeKind = Literal["home", "foreigners", "pan", "appointment", "substitution", "contact", "naturalisation", "forms"]
PlaceKind = Literal["foreigners", "pan", "naturalisation"]
Way = Literal["online", "phone", "email", "form", "walk_in", "post"]
Receives = Literal["yes", "partial", "no"]
StatementKind = Literal["filing", "appointment", "reception"]


# ISO 3166-1 codes of the territories whose telephone numbers have a plan of their own (ARCEP).
TERRITORIES = {"971": "GP", "972": "MQ", "973": "GF", "974": "RE", "975": "PM", "976": "YT", "977": "BL", "978": "MF"}


def territory(code: str) -> str:
    """ISO 3166-1 code of a département's territory: `FR` on the mainland and in Corsica."""
    return TERRITORIES.get(code, "FR")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from.

    source: a few neutral words, never a person's name. date: ISO year, year-month or day as the source gives it, None
    when undated. confidence: `confirmed_2` two origins, `confirmed_1` one, `confirmed_1_stale` once on an official list
    and removed since, `derived` the parent of a page seen, `listed` named by a list nobody opened, `unverified` told
    and not read, `contradicted` a desk whose démarche several sources name differently (visited; its label says so),
    `guess` a claim without ground, or an address whose sources contradict each other (never visited).
    """

    source: str
    date: str | None
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A published page that is read for facts (PAN, filing channels)."""

    slug: str
    kind: NoticeKind
    url: str
    provenance: Provenance
    label: str | None = None
    retired: date | None = None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A door of the office, as its source gives it: nothing here was read on a live page.

    kind: the foreigners' service, a point d'accueil numérique, or the naturalisation platform the office holds.
    access: the ways to reach it that the source names. emails: service mailboxes on official hosts, never a person's.
    hours: as the source writes them, in French. receives_foreigners: of a PAN, whether its source says that foreigners
    are helped there (`partial`: for some matters); None where it does not say. what: for which matters, or on which
    conditions, in French. page: where the source says it; cited, and visited only where a notice declares it too.
    """

    kind: PlaceKind
    provenance: Provenance
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    emails: tuple[str, ...] = ()
    access: tuple[Way, ...] = ()
    hours: str | None = None
    receives_foreigners: Receives | None = None
    what: str | None = None
    page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubPrefecture:
    """A sous-préfecture of which something is known about foreigners.

    receives_foreigners: `partial` where one service only is open to them. what: for which matters, in French.
    """

    name: str
    receives_foreigners: Receives
    provenance: Provenance
    what: str | None = None
    address: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a source says of how an office receives foreigners, where no page of today's site says it.

    kind: how a request is filed, how an appointment is had, or how the counter is open. what: in French. ways: the
    channels it names. page: where it was said, cited and never visited: press, an association, a page of a former site.
    """

    kind: StatementKind
    what: str
    page: str
    provenance: Provenance
    ways: tuple[Way, ...] = ()


# --- what came back ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One whole answer, as a reader gets it.

    url: final address. headers: names and values in the order received. body: decoded bytes (after content-encoding).
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """First value of a header, name compared without case."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


# --- the steps of a visit: what cannot be expressed cannot be done ----------------------------------------------------
# There is no step that types text, runs script, uploads, solves a challenge or follows the link that reserves a slot.


@dataclass(frozen=True, slots=True)
class Open:
    """Open an address.

    link: words of the link it came from, None for a visit's first address. unless: conditional headers of an earlier
    answer (`If-None-Match`, `If-Modified-Since`), so that a page that did not change is not sent again.
    answer: regular expression for the path of the request the page's own script makes, where the answer to that is the
    page to read; only a browser can wait for it.
    """

    url: str
    link: str | None = None
    unless: tuple[tuple[str, str], ...] = ()
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Tick a check-box of the page, named by its `name` attribute. label: its words, recorded."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Choose:
    """Choose a radio button or option: `name`, `value`; label: its words, recorded."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press the submit button `name` whose words are `value`, in the form `form` (its id or name)."""

    form: str
    name: str
    value: str


Step = Open | Tick | Choose | Press


class NoPageError(Exception):
    """Thrown into a visit whose move brought no page. A visit that already read an opening may keep it."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(type(reading).__name__)
        self.reading = reading


Move = tuple[Step, ...]  # ends with Open or Press, the two that bring a page
Visit = Generator[Move, Page, Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader may know besides the page: never read from the outside inside pure code.

    at: aware instant of the look; None when unknown (an announced opening then counts as future).
    zone: the préfecture's legal time zone, for the hours its pages print.
    label: regular expression for the démarche's verbatim label, where the desk gives one.
    opening: words recorded in the plugin that announce a future opening, with its instant (aware), where it has any.
    """

    zone: ZoneInfo
    at: datetime | None = None
    label: str | None = None
    opening: tuple[str, datetime] | None = None


class Platform(Protocol):
    """A booking product, with the arguments of one desk. Frozen; compares by value."""

    @property
    def name(self) -> str:
        """Product name: `ez_booking`, `rdv_prefecture` ..."""
        ...

    @property
    def url(self) -> str:
        """The public address a visitor starts from."""
        ...

    @property
    def needs_browser(self) -> bool:
        """True where the page needs JavaScript to say anything."""
        ...

    def visit(self, context: Context) -> Visit:
        """The walk of an ordinary visitor: yields moves, is sent pages, returns the reading."""
        ...

    def read(self, page: Page, context: Context) -> Reading:
        """What one page says, whatever brought it."""
        ...


# --- what we know about a State office --------------------------------------------------------------------------------

Procedure = Literal[
    "first_request", "renewal", "change_of_status", "duplicate", "change_of_address", "receipt_renewal", "aes",
    "student", "talent", "family_reunification", "international_protection", "eu_citizen", "ukraine",
    "travel_document", "naturalisation", "collection", "pan", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One calendar of one prefecture for one procedure: the unit of "are slots open?".

    slug: unique in the prefecture. label: the démarche's words, verbatim from the source its provenance names; what
    stands in [square brackets] is ours (a word the source cut, or a démarche it does not name). also: other procedures
    the same calendar serves. pattern: regular expression that recognises the label on the page (default: none, any
    calendar of the page is the desk's). opening: words that announce a future opening, with its aware instant.
    retired: day since which the address is known to be dead or off the official list; a retired desk is never visited.
    verified_on: day the address was last opened and found to be the desk.
    """

    slug: str
    label: str
    procedure: Procedure
    platform: Platform
    provenance: Provenance
    also: tuple[Procedure, ...] = ()
    pattern: str | None = None
    opening: tuple[str, datetime] | None = None
    retired: date | None = None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefecture:
    """One plugin: what is known about one State office.

    code: `01` ... `2A` ... `976`. slug: the name in a-z and hyphens; the module is `dCODE_SLUG`. name: the
    département's. site: home page. provenance: of the identity and the site. address, phone, emails: the office's own,
    with contact_provenance. time_zone: IANA name of its legal time. naturalisation_platform: code of the prefecture
    that holds it. serves: whom it serves, where published. statements: what sources say of it that no page to read
    does. no_desk: why no desk can be visited, required when none can; searched_on: the day desks were last looked for.
    """

    code: str
    slug: str
    name: str
    office: str
    site: str
    provenance: Provenance
    address: str | None = None
    phone: str | None = None
    emails: tuple[str, ...] = ()
    contact_provenance: Provenance | None = None
    time_zone: str = "Europe/Paris"
    desks: tuple[Desk, ...] = ()
    notices: tuple[Notice, ...] = ()
    places: tuple[Place, ...] = ()
    sub_prefectures: tuple[SubPrefecture, ...] = ()
    statements: tuple[Statement, ...] = ()
    naturalisation_platform: str | None = None
    serves: str | None = None
    no_desk: str | None = None
    searched_on: date | None = None
    verified_on: date | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Its legal time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def active_desks(self) -> tuple[Desk, ...]:
        """The desks that may be visited."""
        return tuple(desk for desk in self.desks if desk.retired is None)

    @property
    def nothing_known(self) -> bool:
        """True where neither a desk nor a page to read is declared."""
        return not self.active_desks and all(notice.retired is not None for notice in self.notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the State for the whole country, declared once: it belongs to no préfecture.

    slug: unique among services; its checks are `national/SLUG`. name: as the State calls it.
    """

    slug: str
    name: str
    platform: Platform
    provenance: Provenance
    retired: date | None = None
    verified_on: date | None = None


def desk_key(prefecture: Prefecture, desk: Desk) -> str:
    """`95/slug`."""
    return f"{prefecture.code}/{desk.slug}"


def notice_key(prefecture: Prefecture, notice: Notice) -> str:
    """`95/notices/slug`: apart from the desks, whose slugs hold no stroke."""
    return f"{prefecture.code}/notices/{notice.slug}"
