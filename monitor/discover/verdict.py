"""Which of the pages sought a page is, once it was read: its own words first, its name and its place after."""

from __future__ import annotations

from typing import Literal

from monitor.discover.leads import LinkRules, Sought
from monitor.read.notices.facts import PublishedFacts
from monitor.read.notices.prose.concepts import ConceptName
from monitor.read.notices.prose.typography import folded
from monitor.read.notices.rules import headed
from monitor.values import dataclass

Why = Literal[
    "page_says", "audience_not_said", "name_only", "channel_on_failure", "vectors_on_failure", "title_and_text",
    "named_with_links", "named", "links", "vectors", "asks_here", "service_contact", "prefecture_contact", "channels",
    "drop_box", "pages_beneath", "named_alone", "named_with_files", "doors_under_its_name",
]  # fmt: skip
Aside = Literal["pan_not_for_foreigners", "pan_audience_not_said", "news"]


@dataclass(frozen=True, slots=True)
class PageFinding:
    """One kind a page is, with what it rests on. score: 0 to 100, to order by. seen: the page's own words, None where
    only its name or its place speaks. why: the rule that says so; detail: what it counted or named."""

    kind: Sought
    score: int
    why: Why
    seen: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """findings: what the page is, the surest first. aside: what it looks like and is not taken for, with its words."""

    findings: tuple[PageFinding, ...] = ()
    aside: tuple[Aside, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStanding:
    """Where a page stands. name: its own. called: words of the link to it. crumbs: words of its breadcrumb, itself left
    out. path: segments of its address as words. desks: platforms of the booking links for foreigners on it. files:
    documents it links. attached: linked from a page of the foreigners' section, and without a place of its own: a file,
    or a page with neither breadcrumb nor folder (SPIP). linked: such a page leads to it, wherever it stands."""

    name: str
    called: str = ""
    crumbs: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    files: int = 0
    attached: bool = False
    linked: bool = False

    def named(self) -> tuple[str, ...]:
        """Its name, what it is called by, the last segment of its address."""
        return tuple(filter(None, (self.name, self.called, *self.path[-1:])))


def is_inside(rules: LinkRules, standing: PageStanding) -> bool:
    """Whether the page belongs to the foreigners' section: its breadcrumb, address or name says so."""
    return standing.attached or any(map(rules.about_foreigners, (*standing.crumbs, *standing.path, standing.name)))


def is_news(rules: LinkRules, standing: PageStanding) -> bool:
    """Whether it stands among news and publications, by its breadcrumb or address."""
    above = (*standing.crumbs, *(standing.path[:-1] if not standing.crumbs else ()))
    return any(rules.says("news", words) for words in above)


def judge(rules: LinkRules, standing: PageStanding, facts: PublishedFacts) -> Verdict:
    """What a page is. The foreigners' section is not judged here: it takes the other pages to know it."""
    news = is_news(rules, standing)
    pan, aside = _pan(rules, standing, facts)
    findings = [found for found in (pan, _substitution(rules, standing, facts)) if found is not None]
    if not findings:
        findings += filter(None, (_appointment(rules, standing, facts) or _contact(rules, standing),))
    if all(found.kind in ("pan", "substitution") for found in findings):
        findings += filter(None, (_filing(rules, standing, facts, alone=not findings),))
    findings += filter(None, (_forms(rules, standing, facts),))
    if news and (findings or aside):
        words = (findings[0].seen or standing.name) if findings else aside[1] if aside else ""
        return Verdict(aside=("news", words))
    return Verdict(tuple(sorted(findings, key=lambda found: -found.score)), aside)


def _pan(
    rules: LinkRules, standing: PageStanding, facts: PublishedFacts
) -> tuple[PageFinding | None, tuple[Aside, str] | None]:
    """A point d'accueil numérique for foreigners. The reader's word is not enough where neither the sentence nor the
    page's place names foreigners: a licence desk's page may mention them once."""
    inside = is_inside(rules, standing)
    matter = headed(rules.notices, folded(standing.name)) if standing.name else None
    if facts.pan.status != "not_found":
        words = facts.pan.seen.text if facts.pan.seen else standing.name
        if facts.pan.for_foreigners is False:
            return None, ("pan_not_for_foreigners", words)
        if matter in ("naturalisation", "asylum", "licences", "other_matters"):
            return None, ("pan_audience_not_said", words)
        vouched = facts.pan.for_foreigners is True and standing.linked  # the section itself sends foreigners there
        if not inside and not vouched and not rules.about_foreigners(words):
            said = facts.pan.for_foreigners and _sentence(rules, facts, "pan", standing.name)
            if not said or not rules.about_foreigners(said):
                return None, ("pan_audience_not_said", words)
            words = said
        if facts.pan.for_foreigners is None:
            if not inside:
                return None, ("pan_audience_not_said", words)
            return PageFinding("pan", 60, "audience_not_said", words), None
        return PageFinding("pan", 95, "page_says", words, facts.pan.status), None
    if inside and matter in (None, "residence"):
        if any(sign.name == "pan_named" for sign in rules.signs_in(standing.name)):
            return PageFinding("pan", 50, "name_only"), None
        if rules.says("pan", standing.name) and (seen := _sentence(rules, facts, "pan", standing.name)):
            return PageFinding("pan", 50, "title_and_text", seen), None
    seen = _door_under_its_name(rules, standing, facts) if matter in (None, "residence") else None
    if seen and (inside or rules.about_foreigners(seen)):
        return PageFinding("pan", 55, "doors_under_its_name", seen), None
    return None, None


def _door_under_its_name(rules: LinkRules, standing: PageStanding, facts: PublishedFacts) -> str | None:
    """The sentence that names a PAN on a page that gives its door, hours and a way in, and publishes no way to file;
    one about préfectures at large names none of this one's."""
    told = any(door.details.hours and (door.details.phones or door.details.emails) for door in facts.pan_doors)
    if not told or any(channel.published for channel in facts.channels.values()):
        return None
    lines = ((line, folded(line)) for line in facts.text.splitlines() if line.strip() != standing.name)
    return next((line for line, low in lines if rules.notices.says("pan", low) and not _at_large(rules, low)), None)


def _at_large(rules: LinkRules, low: str) -> bool:
    return rules.notices.says("elsewhere", low)


def _substitution(rules: LinkRules, standing: PageStanding, facts: PublishedFacts) -> PageFinding | None:
    if not is_inside(rules, standing):
        return None
    for channel in facts.channels.values():
        if channel.published and channel.substitution:
            words = channel.seen.text if channel.seen else standing.name
            return PageFinding("substitution", 90, "channel_on_failure", words)
    if facts.substitution_vectors:
        return PageFinding("substitution", 85, "vectors_on_failure", facts.substitution_vectors[0].seen.text)
    if not any(rules.says("substitution", words) for words in standing.named()):
        return None
    scores: tuple[tuple[ConceptName, int], ...] = (("substitution", 70), ("anef_failure", 50))
    for concept, score in scores:
        if seen := _sentence(rules, facts, concept, standing.name):
            return PageFinding("substitution", score, "title_and_text", seen)
    return None


def _sentence(rules: LinkRules, facts: PublishedFacts, concept: ConceptName, but: str) -> str | None:
    """The first line of the page, its name left out, that holds a concept of the notice tables."""
    lines = (line for line in facts.text.splitlines() if line.strip() and line.strip() != but)
    return next((line for line in lines if rules.notices.says(concept, folded(line))), None)


def _appointment(rules: LinkRules, standing: PageStanding, facts: PublishedFacts) -> PageFinding | None:
    inside = is_inside(rules, standing)
    named = any(rules.says("appointment", words) for words in standing.named())
    calendars = [name for name in standing.desks if name != "demarche_numerique"]
    if named and standing.desks:
        return PageFinding("appointment", 90, "named_with_links", detail=str(len(standing.desks)))
    vectors = facts.ordinary_appointment.vectors
    if named and (inside or facts.receives_foreigners):
        seen = vectors[0].seen.text if vectors else None
        return PageFinding("appointment", 80 if inside else 65, "named", seen)
    if inside and calendars:
        return PageFinding("appointment", 65, "links", detail=str(len(calendars)))
    if inside and (said := next((vector for vector in vectors if vector.kind != "walk_in"), None)):
        return PageFinding("appointment", 60, "vectors", said.seen.text, said.kind)
    asked = (contact for contact in facts.contacts if contact.role == "appointment")
    if inside and (contact := next(asked, None)):
        return PageFinding("appointment", 55, "asks_here", contact.seen.text, contact.kind)
    return None


def _contact(rules: LinkRules, standing: PageStanding) -> PageFinding | None:
    """A contact page of the service or of the préfecture as a whole, not of another service of the State."""
    if not any(rules.says("contact", words) for words in (standing.name, standing.called)):
        return None
    if is_inside(rules, standing):
        return PageFinding("contact", 80, "service_contact")
    above = standing.crumbs or standing.path[:-1]
    if len(above) > 1 or any(map(rules.about_another_matter, (standing.name, *above))):
        return None
    return PageFinding("contact", 60, "prefecture_contact")


def _forms(rules: LinkRules, standing: PageStanding, facts: PublishedFacts) -> PageFinding | None:
    """Forms to print: named so, with at least one document to fetch."""
    if not (is_inside(rules, standing) and (standing.files or facts.forms)):
        return None
    if not any(rules.says("forms", words) for words in standing.named()):
        return None
    seen = facts.forms[0].seen.text if facts.forms else None
    return PageFinding("forms", 78, "named_with_files", seen, str(standing.files or len(facts.forms)))


def _filing(rules: LinkRules, standing: PageStanding, facts: PublishedFacts, *, alone: bool) -> PageFinding | None:
    """A way to file. alone: the page is nothing else; otherwise only a way that is not the substitution's counts."""
    if not is_inside(rules, standing):
        return None
    published = [(name, one) for name, one in facts.channels.items() if one.published and not one.substitution]
    if published:
        seen = published[0][1].seen
        channels = ", ".join(name for name, _ in published)
        return PageFinding("filing", 75, "channels", seen.text if seen else None, channels)
    if facts.drop_box:
        return PageFinding("filing", 75, "drop_box", facts.drop_box.text)
    if alone and any(rules.says("filing", words) for words in (standing.name, standing.called)):
        return PageFinding("filing", 45, "name_only")
    return None
