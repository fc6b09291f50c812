"""Which looks `vigie run` and `vigie check` take: what is due, or what is named and above the floor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING

from monitor.core.errors import UsageError
from monitor.sweep.plan import (
    NATIONAL,
    Look,
    Skipped,
    above_floor,
    declared_looks,
    desk_look,
    due,
    figures_look,
    most_telling_first,
    notice_look,
    service_look,
)
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.catalogue.catalogue import Catalogue
    from monitor.core.pace import Kind
    from monitor.settings.settings import Settings
    from monitor.store.rows import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a run is asked for. codes: CODE, CODE/DESK or national/SERVICE, all that is watched when empty.

    procedure: only desks of this one. scheduled: look at what is due, and at nothing else; without it at what is named.
    """

    codes: Sequence[str] = ()
    procedure: str | None = None
    scheduled: bool = False

    @property
    def command(self) -> str:
        """The command that asks so, as the conditions of capture name it."""
        return "run" if self.scheduled else "check"


def choose(
    request: RunRequest,
    chosen: Settings,
    declared: Catalogue,
    last: Mapping[str, datetime],
) -> tuple[tuple[Look, ...], tuple[Skipped, ...]]:
    """The looks to take now and those that must wait. Raises UsageError.

    A named look keeps to the floor between two visits; the others to their interval."""
    now, scale = datetime.now(UTC), chosen.simulation.time_scale
    if request.scheduled:
        looks = looks_of(declared, chosen.watch.prefectures, chosen.watch.procedures)
        looks += national_looks(declared, chosen.watch.prefectures, chosen.watch.procedures)
        day = timedelta(hours=chosen.pace.notice_hours)
        intervals: dict[Kind, timedelta] = {
            "calendar": timedelta(minutes=chosen.pace.calendar_minutes),
            "request_form": day,
            "notice": day,
        }
        return due(most_telling_first(looks), last, now, intervals, scale), ()
    codes = [code for code in request.codes if code.partition("/")[0] != NATIONAL]
    looks = national_named(declared, [code for code in request.codes if code not in codes])
    if codes or not request.codes:
        names = [code.partition("/")[0] for code in codes] or chosen.watch.prefectures
        procedures = [request.procedure] if request.procedure else () if codes else chosen.watch.procedures
        looks += _named(declared, codes, looks_of(declared, names, procedures))
    if not looks:
        raise UsageError(_("no desk of that choice can be visited; `vigie list` says why"))
    return above_floor(most_telling_first(looks), last, now, scale)


def told_before(looks: Iterable[Look], declared: Catalogue, facts: Mapping[str, Row]) -> tuple[Look, ...]:
    """The same looks; those at notices know what was last read there. facts: by check (`Records.last_facts`)."""
    from monitor.read.notices.rules import notice_rules

    find = declared_looks(declared, notice_rules)
    known = {key: find(key, json.loads(row.line)) for key, row in facts.items()}
    return tuple(known.get(look.subject.key) or look for look in looks)


def looks_of(declared: Catalogue, names: Sequence[str], procedures: Sequence[str]) -> list[Look]:
    """Desks and notices that may be visited. Who asks for procedures asks for desks: a notice has none."""
    from monitor.read.notices.rules import notice_rules

    looks = [desk_look(*pair) for pair in declared.desks(names, procedures)]
    if procedures:
        return looks
    for one in declared.select(names):
        for notice in one.notices:
            if notice.retired is None:
                looks.append(notice_look(one, notice, notice_rules))
    return looks


def national_looks(declared: Catalogue, names: Sequence[str], procedures: Sequence[str]) -> list[Look]:
    """The figures of the request forms watched; the national services where the whole country is."""
    forms = (figures_look(desk) for _one, desk in declared.desks(names, procedures))
    services = [] if names or procedures else [one for one in declared.services if one.retired is None]
    return [*filter(None, forms), *map(service_look, services)]


def national_named(declared: Catalogue, codes: Sequence[str]) -> list[Look]:
    """The services `national` stands for, and what `national/SLUG` names. Raises UsageError for one not declared."""
    known = {look.subject.key: look for look in national_looks(declared, (), ())} if codes else {}
    services = [f"{NATIONAL}/{one.slug}" for one in declared.services if one.retired is None]
    keys = dict.fromkeys(key for code in codes for key in (services if code == NATIONAL else [code]))
    for key in keys:
        if key not in known:
            raise UsageError(
                _("no service is called {key}; known: {known}").format(key=key, known=" ".join(services) or "-")
            )
    return [known[key] for key in keys]


def _named(declared: Catalogue, codes: Sequence[str], looks: list[Look]) -> list[Look]:
    """The looks of CODE, and those named CODE/DESK. Raises UsageError for one that cannot be visited."""
    if not any("/" in code for code in codes):
        return looks
    whole = {declared.find(code).code for code in codes if "/" not in code}
    keys = set()
    for code in codes:
        name, stroke, slug = code.partition("/")
        if stroke:
            keys.add(f"{declared.find(name).code}/{slug}")
    for key in sorted(keys - {look.subject.key for look in looks}):
        raise UsageError(_("no desk {key} can be visited; `vigie list` shows them").format(key=key))
    return [look for look in looks if look.subject.key in keys or look.subject.prefecture in whole]
