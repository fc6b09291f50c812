"""Where a declared fact comes from; the pages of a State office read for facts, and its doors for foreigners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Confidence = Literal["confirmed_2", "confirmed_1", "confirmed_1_stale", "derived", "listed", "unverified", "guess"]
NoticeKind = Literal["home", "foreigners", "pan", "appointment", "substitution", "contact", "naturalisation", "forms"]
PlaceKind = Literal["foreigners", "pan", "naturalisation"]
Way = Literal["online", "phone", "email", "form", "walk_in", "post"]
Receives = Literal["yes", "partial", "no"]


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
    and not read, `guess` a claim without ground or a contradiction (never visited).
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
    """A door of the office for foreigners, as its source gives it: nothing here was read on a live page.

    kind: the foreigners' service, a point d'accueil numérique, or the naturalisation platform the office holds.
    access: the ways to reach it that the source names. emails: service mailboxes on official hosts, never a person's.
    """

    kind: PlaceKind
    provenance: Provenance
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    emails: tuple[str, ...] = ()
    access: tuple[Way, ...] = ()


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
