"""`national` where a préfecture's code may stand: the services of the State for the whole country, only when asked."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

from monitor.adapters.store import reading
from monitor.app.plan import NATIONAL, service_look
from monitor.catalogue import Catalogue
from monitor.cli.show import local, observation_row, table
from monitor.cli.wiring import data_folder
from monitor.domain.errors import UsageError
from monitor.domain.model import Prefecture, Service


def chosen(declared: Catalogue, codes: Sequence[str]) -> tuple[tuple[Prefecture, ...], tuple[Service, ...]]:
    """The préfectures named, all when nothing is; the services where `national` is. Raises UsageError."""
    named = [code for code in codes if code != NATIONAL]
    prefectures = declared.select(named) if named or not codes else ()
    return prefectures, declared.services if NATIONAL in codes else ()


def find(declared: Catalogue, slug: str) -> Service:
    """The service of that slug. Raises UsageError that names those there are."""
    for one in declared.services:
        if one.slug == slug:
            return one
    known = " ".join(f"{NATIONAL}/{one.slug}" for one in declared.services) or "-"
    raise UsageError(_("no service is called {key}; known: {known}").format(key=f"{NATIONAL}/{slug}", known=known))


def listed(service: Service) -> dict[str, Any]:
    """A service as `vigie list` gives it to machines."""
    return {
        "check": f"{NATIONAL}/{service.slug}",
        "name": service.name,
        "platform": service.platform.name,
        "url": service.platform.url,
        "retired": service.retired and service.retired.isoformat(),
        "source": service.provenance.source,
        "source_date": service.provenance.date,
        "confidence": service.provenance.confidence,
    }


def say_list(services: Sequence[Service]) -> None:
    """Each service with its address."""
    for one in services:
        retired = _("  (retired {day}: never visited)").format(day=one.retired) if one.retired else ""
        print(f"{NATIONAL}/{one.slug}  {one.name}{retired}")
        print(f"         {one.platform.url}  ({one.provenance.confidence}: {one.provenance.source})")


def standings(args: argparse.Namespace, services: Sequence[Service]) -> list[dict[str, Any]]:
    """What each service last said, and since when: `{"check", "name", "url", "since", "last"}`."""
    with reading(data_folder(args)) as opened:
        latest = opened[0].latest() if opened and services else {}
    out = []
    for one in services:
        subject = service_look(one).subject
        found = latest.get(subject.key)
        out.append({
            "check": subject.key,
            "name": one.name,
            "url": subject.url,
            "since": found and found.since.isoformat(),
            "last": found and json.loads(found.row.line),
        })  # fmt: skip
    return out


def say_status(told: Sequence[dict[str, Any]], lang: str) -> None:
    """The same for people. A front page says nothing of what lies behind it, and its label says that."""
    table([_standing(one["last"], one["since"], lang) for one in told if one["last"]])
    for one in told:
        if not one["last"]:
            print(_("never looked at: {checks}").format(checks=one["check"]))


def _standing(last: dict[str, Any], since: str, lang: str) -> tuple[str, ...]:
    mark, check, when, _quote = observation_row(last, lang)
    return mark, check, when, _("since {when}").format(when=local(since, last["time_zone"]))
