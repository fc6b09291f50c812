"""A walk and its proposal as one JSON document, for machines."""

from __future__ import annotations

from typing import Any

from monitor.core.prefecture import Place
from monitor.core.readings import to_json
from monitor.discover.found import Candidate, DeskLink, Discovery, Examined, PageMention
from monitor.discover.leads import SOUGHT
from monitor.discover.proposal import Proposal, Proposed, ProposedChange
from monitor.discover.verdict import PageFinding


def document(found: Discovery, proposal: Proposal, declaration: str, *, simulated: bool) -> dict[str, Any]:
    """Everything a walk brought. Instants ISO 8601 UTC, days ISO; `found` holds addresses by kind, surest first."""
    return {
        "prefecture": found.code,
        "site": found.site,
        "host": found.host,
        "started": found.started.isoformat(),
        "finished": found.finished.isoformat(),
        "simulated": simulated,
        "limit": found.limit,
        "home": None if found.home is None else to_json(found.home),
        "stopped": found.stopped,
        "stop_detail": found.stop_detail,
        "sitemaps": [
            {"url": one.url, "addresses": one.addresses, "note": one.note, "detail": one.detail or None}
            for one in found.sitemaps
        ],
        "found": {kind: [_found(page, finding) for page, finding in found.found(kind)] for kind in SOUGHT},
        "none_found": {kind: [page.url for page in found.read()] for kind in found.none_found()},
        "desks": [_desk(link) for link in found.desks],
        "places": [_place(one) for one in proposal.places],
        "bare_booking_hosts": [
            {"host": one.host, "official": one.official, "evidence": _mention(one.mention)} for one in found.bare_hosts
        ],
        "aside": [
            {"url": page.url, "what": page.aside[0], "seen": page.aside[1]} for page in found.read() if page.aside
        ],
        "pages": [_page(page) for page in found.pages],
        "broken": [_page(page) for page in found.broken()],
        "not_examined": [_candidate(one) for one in found.not_examined],
        "unpromising": found.unpromising,
        "refused": [{"line": line, "why": why} for line, why in found.refused],
        "difference": _difference(proposal.changes),
        "declaration": declaration,
    }


def _found(page: Examined, finding: PageFinding) -> dict[str, Any]:
    return {"url": page.url, "name": page.standing.name, **_finding(finding), **_evidence(page.candidate)}


def _finding(finding: PageFinding) -> dict[str, Any]:
    return {
        "score": finding.score,
        "why": finding.why,
        "detail": finding.detail or None,
        "seen": finding.seen,
    }


def _evidence(one: Candidate) -> dict[str, Any]:
    return {
        "link_score": one.score,
        "signs": list(one.why),
        "evidence": [_mention(mention) for mention in one.mentions],
    }


def _mention(mention: PageMention) -> dict[str, str | None]:
    return {
        "page": mention.page,
        "words": mention.words or None,
        "around": mention.around or None,
        "href": mention.href or None,
    }


def _desk(link: DeskLink) -> dict[str, Any]:
    return {
        "platform": link.platform.name,
        "url": link.platform.url,
        "label": link.label,
        "procedures": list(link.procedures),
        "for_foreigners": link.for_foreigners,
        "not_for_foreigners": link.erratum and link.erratum.what,
        "ground": link.ground,
        "listed": link.listed,
        "elsewhere": link.elsewhere,
        "evidence": [_mention(mention) for mention in link.mentions],
    }


def _place(one: Proposed[Place]) -> dict[str, Any]:
    place = one.entry
    return {
        "status": one.status,
        "name": place.name,
        "address": place.address,
        "phone": place.phone,
        "emails": list(place.emails),
        "hours": place.hours,
        "access": list(place.access),
        "receives_foreigners": place.receives_foreigners,
        "page": one.page.url if one.page else place.page,
        "seen": one.seen,
    }


def _page(page: Examined) -> dict[str, Any]:
    return {
        "asked": page.asked,
        "url": page.url,
        "name": page.standing.name or None,
        "reading": None if page.reading is None else to_json(page.reading),
        "redirected": page.redirected,
        "kinds": [finding.kind for finding in page.findings],
        "updated_on": page.updated_on.isoformat() if page.updated_on else None,
        **_evidence(page.candidate),
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {"url": one.urls[0], "kinds": dict(one.kinds), **_evidence(one)}


def _difference(changes: list[ProposedChange]) -> dict[str, list[dict[str, str | None]]]:
    out: dict[str, list[dict[str, str | None]]] = {
        status: [] for status in ("new", "missing", "moved", "same", "not_examined")
    }
    for one in changes:
        told = {"what": one.what, "slug": one.slug, "url": one.url, "to": one.to, "why": one.why or None}
        out[one.status].append(told)
    return out
