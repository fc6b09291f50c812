"""The three answers about a préfecture, in words: `vigie status CODE` shows them whole, `vigie table` in a line.

`national` may stand for a préfecture's code: the services of the State for the whole country, only when asked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from gettext import gettext as _
from typing import Any

from monitor.catalogue.catalogue import Catalogue
from monitor.cli.asked import catalogue, data_folder
from monitor.cli.show import local, observation_row, table
from monitor.core.prefecture import Prefecture, Service
from monitor.core.record import RecordLine
from monitor.report.picture import Fact
from monitor.report.remarks import remark_on
from monitor.report.rereadings import unconfirmed, uncounted
from monitor.report.table import PUBLIC_AFTER, PrefectureRow, rows
from monitor.store.records import Records
from monitor.store.store import reading
from monitor.sweep.plan import NATIONAL, service_look

LOOKS_BACK = 60  # two months of daily looks
_PAN = {
    "published": ("PAN publié", "PAN published"),
    "closed": ("PAN annoncé fermé", "PAN announced closed"),
    "contradictory": ("PAN : phrases contradictoires", "PAN: contradictory sentences"),
    "none_found": ("PAN : rien trouvé sur les pages lues", "PAN: none found on the pages read"),
    "not_read": ("PAN : aucune page lue", "PAN: no page read"),
}
_CHANNELS = {
    "counter": ("guichet", "counter"),
    "postal": ("voie postale", "post"),
    "email": ("courriel", "e-mail"),
    "phone": ("téléphone", "phone"),
}


def picture_rows(args: argparse.Namespace, codes: Iterable[str], *, public: bool = False) -> tuple[PrefectureRow, ...]:
    """The three answers of the préfectures named (all when none is), from the store.

    public: for a file that may be published. Of a desk the last reading that is 24 h old stands there, never a younger
    one, whatever it says: were openings alone left out, the gap would tell them.
    """
    chosen = catalogue(args).select(codes)
    with reading(data_folder(args)) as opened:
        if opened is None:
            return rows(chosen, {}, {})
        records = opened[0]
        until = datetime.now(UTC) - PUBLIC_AFTER if public else None
        again = unconfirmed(data_folder(args))
        found = records.latest(until)
        latest = {key: (json.loads(one.row.line), one.since) for key, one in found.items()}
        remarks = {
            key: remark
            for key, one in found.items()
            if (remark := remark_on(latest[key][0]["url"], one.row.seq, one.row.line, again)) is not None
        }
        withheld = records.latest().keys() - latest.keys() if public else ()
        facts = {key: json.loads(row.line) for key, row in records.last_facts().items()}
        without = uncounted(records, again)
        answered = records.last_good(without.seqs)
        good = {key: at for key, at in answered.items() if key not in without.checks}
        return rows(chosen, latest, facts, lambda key: _oldest_first(records, key), good, withheld, remarks)


def _oldest_first(records: Records, key: str) -> list[RecordLine]:
    """The last looks at a notice; three over a day are what a judgement wants."""
    return [json.loads(row.line) for row in reversed(records.history(key, LOOKS_BACK)) if not row.damaged]


def pan_words(row: PrefectureRow, lang: str) -> str:
    """The answer about the PAN; for whom, where the page says so."""
    picture = row.picture
    words = _pick(_PAN[picture.pan], lang)
    if picture.pan_fact is not None:
        words += " " + _pick(_audience(picture.for_foreigners), lang)
    return words


def channel_words(row: PrefectureRow, lang: str) -> str:
    """The channels published, comma between; a dash where none was found, nothing where no page was read."""
    if not row.picture.examined:
        return ""
    found = [_pick(_CHANNELS[name], lang) for name, fact in row.picture.channels.items() if fact]
    return ", ".join(found) or "—"


def say_facts(facts: Mapping[str, Any], lang: str) -> None:
    """What one notice publishes, as `say_picture` shows it."""
    pan = facts["pan"]
    if pan["seen"]:
        print(f"  {_pick(_PAN[pan['status']], lang)} {_pick(_audience(pan['for_foreigners']), lang)}")
        print(f"    « {pan['seen']} »")
    for name, channel in facts["channels"].items():
        if channel["published"]:
            tied = _(" (tied to a failure of ANEF)") if channel["substitution"] else ""
            print(
                "  " + _("filing by {channel}: published{tied}").format(channel=_pick(_CHANNELS[name], lang), tied=tied)
            )
            print(f"    « {channel['seen']} »")
    if facts["updated_on"]:
        print("  " + _("updated on {day}, says the page").format(day=facts["updated_on"]))


def say_picture(row: PrefectureRow, lang: str) -> None:
    """PAN and channels with their sentences, pages and instants."""
    picture, zone = row.picture, row.prefecture.time_zone
    print(f"  {pan_words(row, lang)}" + (" " + _("[simulated]") if row.simulated else ""))
    if picture.pan_fact:
        _say(picture.pan_fact, zone)
    for name, fact in picture.channels.items():
        if fact:
            what = _pick(_CHANNELS[name], lang)
            tied = _(" (tied to a failure of ANEF)") if fact.facts["substitution"] else ""
            print("  " + _("filing by {channel}: published{tied}").format(channel=what, tied=tied))
            _say(fact, zone)
    if picture.two_vectors is not None:
        answer = _("yes") if picture.two_vectors else _("no")
        print("  " + _("substitution: two ways to an appointment, one not digital: {answer}").format(answer=answer))
    if picture.pan_due and picture.pan in ("none_found", "closed"):
        print("  " + _("this site receives foreigners: a PAN is due there (arrêté of 1 August 2023)"))
    for what, sentence in row.withdrawn:
        print("  " + _("no longer found in three looks over a day: {what}").format(what=what))
        print(f"    « {sentence} »")
    if picture.examined:
        print("  " + _("pages read: {pages}").format(pages=" ".join(picture.examined)))
    if picture.unread:
        print("  " + _("pages not read yet: {pages}").format(pages=" ".join(picture.unread)))


def _say(fact: Fact, zone: str) -> None:
    when = local(fact.at, zone) if fact.at else ""
    if fact.unmodified:
        when += " " + _("(not modified since it was read, says the server)")
    print(f"    « {fact.seen} »\n    {fact.url}  {when}")


def _audience(for_foreigners: bool | None) -> tuple[str, str]:
    if for_foreigners is None:
        return "(public non précisé)", "(audience not stated)"
    if for_foreigners:
        return "pour les étrangers", "for foreigners"
    return "pour d'autres démarches", "for other matters"


def _pick(pair: tuple[str, str], lang: str) -> str:
    return pair[lang == "en"]


def chosen(declared: Catalogue, codes: Sequence[str]) -> tuple[tuple[Prefecture, ...], tuple[Service, ...]]:
    """The préfectures named, all when nothing is; the services where `national` is. Raises UsageError."""
    named = [code for code in codes if code != NATIONAL]
    prefectures = declared.select(named) if named or not codes else ()
    return prefectures, declared.services if NATIONAL in codes else ()


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


def _standing(last: RecordLine, since: str, lang: str) -> tuple[str, ...]:
    mark, check, when, _quote = observation_row(last, lang)
    return mark, check, when, _("since {when}").format(when=local(since, last["time_zone"]))
