"""The three answers about a préfecture, in words: `vigie status CODE` shows them whole, `vigie table` in a line.

`national` may stand for a préfecture's code: the services of the State for the whole country, only when asked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from gettext import gettext as _
from typing import Any, Final

from monitor.catalogue.catalogue import Catalogue
from monitor.cli.asked import catalogue, data_folder
from monitor.cli.layout import flow, say, table
from monitor.cli.show import local, moment, observation_row, quoted
from monitor.core.labels import confidence
from monitor.core.prefecture import Prefecture, Provenance, Service
from monitor.core.record import RecordLine
from monitor.core.words import N_
from monitor.report.picture import Fact
from monitor.report.remarks import remark_on
from monitor.report.rereadings import unconfirmed, uncounted
from monitor.report.table import PUBLIC_AFTER, PrefectureRow, rows
from monitor.store.records import Records
from monitor.store.store import reading
from monitor.sweep.plan import NATIONAL, service_look

LOOKS_BACK = 60  # two months of daily looks
_PAN: Final[Mapping[str, str]] = {
    "published": N_("PAN published"),
    "closed": N_("PAN announced closed"),
    "contradictory": N_("PAN: contradictory sentences"),
    "none_found": N_("PAN: none found on the pages read"),
    "not_found": N_("PAN: none found on the pages read"),
    "not_read": N_("PAN: no page read"),
}
_CHANNELS: Final[Mapping[str, str]] = {
    "counter": N_("counter"),
    "postal": N_("post"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
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


def pan_words(row: PrefectureRow) -> str:
    """The answer about the PAN; for whom, where the page says so."""
    picture = row.picture
    return _pan(picture.pan, picture.for_foreigners, told=picture.pan_fact is not None)


def _pan(status: str, for_foreigners: bool | None, *, told: bool) -> str:
    return _(_PAN[status]) + (" " + _audience(for_foreigners) if told else "")


def channel_words(row: PrefectureRow) -> str:
    """The channels published, comma between; a dash where none was found, nothing where no page was read."""
    if not row.picture.examined:
        return ""
    return ", ".join(_(_CHANNELS[name]) for name, fact in row.picture.channels.items() if fact) or "—"


def channel(name: str) -> str:
    """That a way of filing is published."""
    return _("filing by {channel}").format(channel=_(_CHANNELS[name]))


def _published(name: str, facts: Mapping[str, Any]) -> str:
    tied = _(" (tied to a failure of ANEF)") if facts["substitution"] else ""
    return _("filing by {channel}: published{tied}").format(channel=_(_CHANNELS[name]), tied=tied)


def say_facts(facts: Mapping[str, Any]) -> None:
    """What one notice publishes, as `say_picture` shows it."""
    pan = facts["pan"]
    if pan["seen"]:
        say(_pan(pan["status"], pan["for_foreigners"], told=True), 2, hang=2)
        say(quoted(pan["seen"]), 4)
    for name, told in facts["channels"].items():
        if told["published"]:
            say(_published(name, told), 2, hang=2)
            say(quoted(told["seen"]), 4)
    if facts["updated_on"]:
        say(_("updated on {day}, says the page").format(day=facts["updated_on"]), 2, hang=2)


def said(row: PrefectureRow) -> Iterator[tuple[str, Fact | None]]:
    """What is known of PAN and channels, with what it rests on; a page or a sentence less where there is none."""
    picture = row.picture
    yield pan_words(row) + (" " + _("[simulated]") if row.simulated else ""), picture.pan_fact
    for name, fact in picture.channels.items():
        if fact:
            yield _published(name, fact.facts), fact
    if picture.two_vectors is not None:
        answer = _("yes") if picture.two_vectors else _("no")
        yield _("substitution: two ways to an appointment, one not digital: {answer}").format(answer=answer), None
    if picture.pan_due and picture.pan in ("none_found", "closed"):
        yield _("this site receives foreigners: a PAN is due there (arrêté of 1 August 2023)"), None


def say_picture(row: PrefectureRow) -> None:
    """PAN and channels with their sentences, pages and instants."""
    for what, fact in said(row):
        say(what, 2, hang=2)
        if fact:
            _say(fact, row.prefecture.time_zone)
    for what, sentence in row.withdrawn:
        say(_("no longer found in three looks over a day: {what}").format(what=_withdrawn(what)), 2, hang=2)
        say(quoted(sentence), 4)
    for words, pages in (
        (_("pages read: {pages}"), row.picture.examined),
        (_("pages not read yet: {pages}"), row.picture.unread),
    ):
        if pages:
            flow([words.format(pages=pages[0]), *pages[1:]], 2, hang=2)


def _withdrawn(fact: str) -> str:
    """What was published, from its name in the records (`pan`, `channel:postal`)."""
    name = fact.removeprefix("channel:")
    return channel(name) if name in _CHANNELS else "PAN"


def _say(fact: Fact, zone: str) -> None:
    say(quoted(fact.seen), 4)
    when = _("read {when}").format(when=moment(fact.at, zone)) if fact.at else ""
    unmodified = _("(not modified since it was read, says the server)") if fact.unmodified else ""
    flow([fact.url, when, unmodified], 4, hang=2)


def _audience(for_foreigners: bool | None) -> str:
    if for_foreigners is None:
        return _("(audience not stated)")
    return _("for foreigners") if for_foreigners else _("for other matters")


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


def say_list(services: Sequence[Service], lang: str) -> None:
    """Each service with its address."""
    for one in services:
        flow([f"{NATIONAL}/{one.slug}", quoted(one.name), retired(one.retired)], hang=2)
        flow([one.platform.url, sourced(one.provenance, lang)], 4, hang=2)


def retired(day: date | None) -> str:
    """That an address is dead; nothing where it is not."""
    return _("(retired {day}: never visited)").format(day=day) if day else ""


def sourced(provenance: Provenance, lang: str) -> str:
    """How sure an address is, and the day of its source."""
    sure = confidence(provenance.confidence, lang)
    return _("({sure}, {day})").format(sure=sure, day=provenance.date) if provenance.date else f"({sure})"


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
            flow([_("never looked at: {checks}").format(checks=one["check"])], hang=2)


def _standing(last: RecordLine, since: str, lang: str) -> tuple[str, ...]:
    mark, check, when, quote = observation_row(last, lang)
    return mark, check, when, _("since {when}").format(when=local(since, last["time_zone"])), quote
