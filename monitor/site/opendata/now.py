"""`data/NN.json`: what one préfecture says now, for programs: the three answers, the sums, what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.core.labels import label
from monitor.site.counts import Counts
from monitor.site.model import BARS, MONTH, DeskView, NoticeChange, PrefectureView, SiteData, SiteOptions
from monitor.site.opendata.licence import NAME, citation


def now(one: PrefectureView, data: SiteData, options: SiteOptions) -> bytes:
    """As JSON. Instants are UTC in ISO 8601, days of the préfecture's legal time."""
    told = {
        "prefecture": one.code,
        "name": one.name,
        "zone": str(one.prefecture.zone),
        "until": data.until and data.until.isoformat(),
        "simulated": data.simulated,
        "licence": NAME,
        "citation": citation(data, options),
        "desks": [_desk(desk, one) for desk in one.desks],
        "published": one.picture.to_json(),
        "withdrawn": [{"fact": fact, "seen": seen} for fact, seen in one.withdrawn],
        "changes": [change_json(change) for change in one.changes],
    }
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def change_json(change: NoticeChange) -> Mapping[str, Any]:
    """A change with both sentences, their instants and the numbers of their observations."""
    return {
        "prefecture": change.prefecture,
        "page": change.url,
        "fact": change.fact,
        "kind": change.kind,
        "before": change.before,
        "before_at": change.was_at and change.was_at.isoformat(),
        "before_observation": change.was_seq,
        "after": change.after,
        "after_at": change.at.isoformat(),
        "after_observation": change.seq,
    }


def _desk(desk: DeskView, one: PrefectureView) -> Mapping[str, Any]:
    said = desk.said
    return {
        "desk": desk.key,
        "label": desk.label,
        "procedure": desk.procedure,
        "platform": desk.platform,
        "url": desk.url,
        "declared": desk.declared,
        "said": said
        and {
            "reading": said.reading,
            "detail": said.detail,
            "words": label(said.reading, said.detail).said("fr"),
            "seen": said.seen,
            "url": said.url,
            "day": said.day.isoformat(),
            "since": said.since.isoformat(),
            "observation": said.seq,
            "remark": said.remark and said.remark.label.said("fr"),
        },
        f"last_{MONTH}_days": _sums(desk.lately(one.last, MONTH)),
        f"last_{BARS}_days": _sums(desk.lately(one.last, BARS)),
    }


def _sums(counts: Counts) -> Mapping[str, int]:
    return {
        "no_slot": counts.none,
        "slot": counts.slot,
        "other": counts.other,
        "not_read": counts.unread,
        "looks": counts.looks,
    }
