"""What a survey says of one préfecture, as JSON: what the review page is made of, and what `--json` prints."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from monitor.core.prefecture import Desk, Notice, Place, Prefecture
from monitor.core.readings import to_json
from monitor.discover.declare import declaration
from monitor.discover.json import document
from monitor.discover.leads import SOUGHT
from monitor.discover.proposal import Proposed
from monitor.discover.survey.changes import SurveyChanges, SurveyDoubt
from monitor.discover.survey.edits import AddEntry, SetField, written
from monitor.discover.survey.opened import OpenedAddress
from monitor.discover.survey.sources import SourceRow
from monitor.discover.survey.surveyed import SurveyedPrefecture

PLACE = ("kind", "name", "address", "phone", "hours", "receives_foreigners", "what", "page")
DATES = ("verified_on", "searched_on")  # say when something was opened, and nothing new of it


def told(one: SurveyedPrefecture, found: SurveyChanges, today: str, proposed: str, file: str) -> dict[str, Any]:
    """Everything, of one préfecture. today, proposed: the texts of its file, whose name is `file`."""
    text = declaration(one.discovery, one.proposal) if one.discovery.home is None else ""
    walk = document(one.discovery, one.proposal, text, simulated=one.simulated)
    return {
        "code": one.prefecture.code,
        "name": one.prefecture.name,
        "site": one.prefecture.site,
        "file": file,
        "simulated": one.simulated,
        "before": before(one.prefecture),
        "opened": [_opened(address) for address in one.opened],
        "found": [
            {
                "kind": kind,
                "url": page.url,
                "name": page.standing.name,
                "seen": finding.seen,
                "state": finding.detail if finding.why == "page_says" else None,
            }
            for kind in SOUGHT
            for page, finding in one.discovery.found(kind)
        ],
        "places": list(_places(one, found)),
        "desks": [
            {"url": p.entry.platform.url, "label": p.entry.label, "status": p.status, "page": _page_of(p)}
            for p in one.proposal.desks
        ],
        "doubts": [_doubt(doubt) for doubt in found.doubts],
        "conflicts": [{"what": c.what, "told": [list(pair) for pair in c.told]} for c in found.conflicts],
        "rows": [_row(row) for row in one.rows],
        "changes": list(written(found.edits)),
        "dates_only": all(isinstance(edit, SetField) and edit.name in DATES for edit in found.edits),
        "diff": unified(today, proposed, file),
        "walk": walk,
    }


def before(one: Prefecture) -> dict[str, Any]:
    """What is declared today, counted, and the newest day anything of it was opened."""
    entries: tuple[Desk | Notice, ...] = (*one.desks, *one.notices)
    days = [entry.verified_on for entry in entries if entry.verified_on is not None]
    return {
        "desks": len(one.active_desks),
        "notices": sum(notice.retired is None for notice in one.notices),
        "pan": sum(place.kind == "pan" for place in one.places) + sum(n.kind == "pan" for n in one.notices),
        "verified_on": max(days).isoformat() if days else None,
        "no_desk": one.no_desk,
    }


def unified(today: str, proposed: str, file: str) -> str:
    """The change of the file, as `git apply` and `patch -p1` take it."""
    lines = difflib.unified_diff(
        today.splitlines(keepends=True), proposed.splitlines(keepends=True), f"a/{file}", f"b/{file}"
    )
    return "".join(lines)


def row_json(rows: list[SourceRow]) -> list[dict[str, Any]]:
    """Rows that no préfecture could be told of."""
    return [_row(row) for row in rows]


def _places(one: SurveyedPrefecture, found: SurveyChanges) -> Iterator[dict[str, Any]]:
    """The doors to be added, each with the words of the page that give it, where it was read on one."""
    seen = {_key_of(p.entry): p.seen for p in one.proposal.places if p.status == "new"}
    for edit in found.edits:
        if isinstance(edit, AddEntry) and isinstance(edit.entry, Place):
            place = edit.entry
            kept = {name: getattr(place, name) for name in PLACE}
            yield kept | {
                "emails": list(place.emails),
                "source": place.provenance.source,
                "date": place.provenance.date,
                "seen": seen.get(_key_of(place)),
            }


def _key_of(place: Place) -> tuple[object, ...]:
    """What tells one door from another, whoever tells of it."""
    return place.kind, place.name, place.address, place.phone, place.page


def _page_of(proposed: Proposed[Desk]) -> str | None:
    return proposed.link.mentions[0].page if proposed.link and proposed.link.mentions else None


def _opened(one: OpenedAddress) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "slug": one.slug,
        "url": one.url,
        "fate": one.fate,
        "to": one.to,
        "title": one.title or None,
        "heading": one.heading or None,
        "reading": to_json(one.reading) if one.reading is not None else None,
        "at": one.at.isoformat() if one.at else None,
    }


def _doubt(one: SurveyDoubt) -> dict[str, str]:
    return {"kind": one.kind, "slug": one.slug, "url": one.url, "words": one.words}


def _row(row: SourceRow) -> dict[str, Any]:
    names = ("told", "name", "label", "url", "kind", "address", "phone", "where")
    kept = {name: getattr(row, name) or None for name in names}
    source = row.provenance
    return kept | {
        "emails": list(row.emails),
        "source": source.source,
        "date": source.date,
        "confidence": source.confidence,
    }
