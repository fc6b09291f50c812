"""What the readers of one page share: the document, the rules, whose page it is, and the words of each sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from urllib.parse import unquote, urlsplit

from monitor.core.hosts import is_official
from monitor.read.notices.prose.document import Prose, Unit
from monitor.read.notices.prose.enclosures import without_enclosures
from monitor.read.notices.prose.places import Address, addresses, hours, streets
from monitor.read.notices.prose.tokens import Token, emails, phones
from monitor.read.notices.prose.typography import folded
from monitor.read.notices.rules import Departement, Matter, Rules, names_another, requested
from monitor.values import dataclass, pattern

_URL = pattern(r"(?:https?://|www\.)[^\s<>()\"]+")
_CODE_PREFIX = pattern(r"97\d|98\d|\d\d")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words a fact rests on. text: verbatim. start, end: offsets in the document's visible text."""

    text: str
    start: int
    end: int


def _end(address: Address) -> int:
    return address.end


@dataclass(frozen=True)
class NoticeContext:
    """One page being read. territory: ISO 3166-1 code of the local telephone numbers. at: day of the look, if known."""

    document: Prose
    rules: Rules
    url: str
    territory: str = "FR"
    at: date | None = None

    @cached_property
    def host(self) -> str:
        """Host name, lower case."""
        return (urlsplit(self.url).hostname or "").lower() if "//" in self.url else ""

    @cached_property
    def official(self) -> bool:
        """True on the State's own hosts: .gouv.fr and nothing else, whatever hosts it may send people to."""
        return bool(self.host) and is_official(self.host) and self.host.rstrip(".").endswith("gouv.fr")

    @cached_property
    def of_a_prefecture(self) -> bool:
        """True on a préfecture's own site: what a national one says holds for préfectures in general."""
        if not self.official:
            return False
        host = f".{self.host}"
        return self.departement is not None or any(host.endswith(f".{end}") for end in self.rules.prefecture_hosts)

    @cached_property
    def departement(self) -> Departement | None:
        """The département the host name names, None for national and metropolitan police hosts."""
        for part in self.host.split("."):
            row = self.rules.by_slug.get(re.sub(r"[^a-z]", "", part))
            if row is not None:
                return row
        return None

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Regions to try telephone numbers in: the territory given, the host's, then FR."""
        own = (self.departement.region,) if self.departement else ()
        return tuple(dict.fromkeys((self.territory.upper(), *own, "FR")))

    @cached_property
    def path_words(self) -> tuple[str, ...]:
        """Segments of the address as words, last first."""
        path = unquote(urlsplit(self.url).path) if "//" in self.url else ""
        return tuple(folded(re.sub(r"[-_.]+", " ", segment)) for segment in reversed(path.split("/")) if segment)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """For each unit its folded words; an e-mail address is `___`, a link `~~~`, letter for letter."""
        return tuple(self._words(unit) for unit in self.document.units)

    @cached_property
    def core(self) -> tuple[str, ...]:
        """The same, what only goes with the file blanked: "muni de", "accompagnée d'une enveloppe"."""
        return tuple(map(without_enclosures, self.words))

    def _words(self, unit: Unit) -> str:
        low = _URL.sub(lambda found: "~" * len(found.group()), unit.low)
        for token in self.emails[unit.index]:
            value = folded(token.value)
            low = low.replace(value, "_" * len(value))
        return low if "@" not in low else re.sub(r"[^\s;]+@[^\s;]*", lambda found: "_" * len(found.group()), low)

    @cached_property
    def matters(self) -> set[Matter]:
        """Every matter the page names a request in, collection aside."""
        return {m for words in self.words if (m := requested(self.rules, words)) is not None and m != "collection"}

    @cached_property
    def _led(self) -> dict[int, list[Unit]]:
        led: dict[int, list[Unit]] = {}
        for unit in self.document.units:
            if unit.lead is not None:
                led.setdefault(unit.lead, []).append(unit)
        return led

    @cached_property
    def emails(self) -> tuple[list[Token], ...]:
        """For each unit its usable e-mail addresses."""
        return tuple(emails(unit, self.rules.email_endings) for unit in self.document.units)

    @cached_property
    def phones(self) -> tuple[list[Token], ...]:
        """For each unit its telephone numbers."""
        says = self.rules.says
        return tuple(phones(unit, self.regions, short=says("telephone", unit.low)) for unit in self.document.units)

    @cached_property
    def hours(self) -> tuple[list[Token], ...]:
        """For each unit its opening hours."""
        return tuple(hours(unit) for unit in self.document.units)

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        """Every postal address of the page."""
        return tuple(addresses(self.document, list(self.document.units)))

    def addresses_in(self, units: Sequence[Unit]) -> list[Address]:
        """Postal addresses whose town stands in one of these units, in page order."""
        found: dict[int, Address] = {}
        for unit in units if self.addresses else ():
            first, last = (bisect_right(self.addresses, place, key=_end) for place in (unit.start, unit.end))
            found.update((a.end, a) for a in self.addresses[first:last])
        return [found[end] for end in sorted(found)]

    def doors_in(self, units: Sequence[Unit]) -> list[Address]:
        """Addresses of these units, those without a postcode included, in page order."""
        kept: list[Address] = []
        bare = (a for unit in units for a in self._streets[unit.index])
        for door in sorted([*self.addresses_in(units), *bare], key=lambda a: (a.start, not a.postcode)):
            if not kept or door.start >= kept[-1].end:
                kept.append(door)
            elif door.postcode and not kept[-1].postcode:
                kept[-1] = door
        return kept

    @cached_property
    def _streets(self) -> tuple[list[Address], ...]:
        return tuple(streets(self.document, unit) for unit in self.document.units)

    def quote(self, unit: Unit) -> Quote:
        """A whole unit, quoted."""
        return Quote(self.document.quote(unit.start, unit.end), unit.start, unit.end)

    def quote_span(self, start: int, end: int) -> Quote:
        """A part of the visible text, quoted."""
        return Quote(self.document.quote(start, end), start, end)

    def before(self, unit: Unit, count: int) -> Iterator[Unit]:
        """Units just before this one under the same heading, nearest first."""
        for other in reversed(self.document.units[max(0, unit.index - count) : unit.index]):
            if other.is_heading:
                return
            yield other

    def after(self, unit: Unit, count: int) -> Iterator[Unit]:
        """Units just after this one, up to the next heading."""
        for other in self.document.units[unit.index + 1 : unit.index + 1 + count]:
            if other.is_heading:
                return
            yield other

    def introduced(self, unit: Unit) -> list[Unit]:
        """What a unit introduces: the units that have it as lead, or the list that follows it in its own group."""
        led = self._led.get(unit.index)
        if led:
            return list(led)
        follow = []
        for other in self.after(unit, 12):
            if other.kind != "item" or (unit.kind == "item" and other.level <= unit.level) or other.group != unit.group:
                break
            follow.append(other)
        return follow

    def is_elsewhere(self, postcode: str) -> bool:
        """True when a postcode belongs to another département than the host's."""
        if self.departement is None:
            return False
        own = {"2A": "20", "2B": "20"}.get(self.departement.code, self.departement.code)
        found = _CODE_PREFIX.match(postcode)
        prefix = found.group() if found else ""
        return bool(prefix) and prefix != own and not (own in ("977", "978") and prefix == "971")

    def names_another(self, low: str) -> bool:
        """True when the words name the préfecture of another département."""
        if self.departement is None:
            return False
        return names_another(self.rules, self.departement.code, low)
