"""What a sequence of looks at one check is news of: tables for every kind, and what holds for any sequence."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.news.events import Event
from monitor.alerts.news.look import event_key
from monitor.alerts.news.news import news
from monitor.alerts.news.standing import Standing
from monitor.alerts.people.subscriptions import Subscription
from monitor.alerts.text.compose import Letterhead, compose
from monitor.core.record import canonical, instant
from tests.core.test_changes import facts
from tests.support.news import caught_up, record_kept_under

READER = Subscription(id=1, channel="email", state="active", prefectures=("95",))
START = datetime(2026, 11, 24, 8, tzinfo=UTC)  # a Tuesday
FAILURES = ("Unreached", "Unavailable", "Unreadable", "Obstructed")
_DETAILS = {"Unreached": "cause", "Unavailable": "kind", "Unreadable": "why", "Obstructed": "obstacle"}


def look(seq: int, said: str, at: datetime, *, sweep: int | None = None, **more: Any) -> dict[str, Any]:
    """A record. said: `NoSlot`, `SlotsOpen/weak`, `Obstructed/waf` ... Each has a sentence of its own."""
    reading, _, detail = said.partition("/")
    record: dict[str, Any] = {
        "seq": seq, "sweep": seq if sweep is None else sweep, "check": "95/renewal", "look": "desk", "prefecture": "95",
        "procedure": "renewal", "label": "Renouvellement", "platform": "ez_booking", "url": "https://rdv.example.fr/1",
        "time_zone": "Europe/Paris", "started": instant(at), "reading": reading,
    }  # fmt: skip
    if reading != "Unreached":
        record["seen"] = f"{said}, phrase {seq}"
    if reading in _DETAILS:
        record[_DETAILS[reading]] = detail
    if reading == "SlotsOpen":
        record |= {"weak": detail == "weak"} | ({"first_day": detail} if detail[:1].isdigit() else {})
    return record | more


def script(text: str) -> list[dict[str, Any]]:
    """Records of a line such as `0 NoSlot, 10 SlotsOpen/weak, +1 SlotsOpen`: minutes; `+`: later in the same sweep."""
    records: list[dict[str, Any]] = []
    at, sweep = START, 0
    for seq, words in enumerate(text.split(", ")):
        minutes, said = words.split()
        if minutes.startswith("+"):
            at += timedelta(minutes=int(minutes))
        else:
            at, sweep = START + timedelta(minutes=int(minutes)), sweep + 1
        records.append(look(seq, said, at, sweep=sweep))
    return records


def told(records: Sequence[dict[str, Any]], *, digest_days: int = 7) -> list[Event]:
    """The events of records of one check, the standing kept as text in between."""
    standing: Standing | None = None
    events: list[Event] = []
    for record in records:
        standing, found = news(standing, record, digest_days=digest_days)
        standing = Standing.from_json(json.loads(json.dumps(standing.to_json())))
        events += found
    return events


def short(events: Sequence[Event]) -> list[str]:
    """`kind@seq name name`: the look it rests on and the facts it has, instants as minutes since the start."""
    out = []
    for event in events:
        words = [f"{name}={_minutes(value)}" for name, value in event.facts.items()]
        out.append(" ".join([f"{event.kind}@{event.seq}", *words]))
    return out


def _minutes(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return value if at.tzinfo is None else str(int((at - START) / timedelta(minutes=1)))


GONE = "slots_gone@{} opened_at={} gone_at={} now={}"
CASES = {
    "a strong opening at once": ("0 NoSlot, 10 SlotsOpen/2026-12-01", ["slots_open@1 first_day=2026-12-01"]),
    "the first look ever": ("0 SlotsOpen", ["slots_open@0"]),
    "told once": ("0 NoSlot, 10 SlotsOpen, 20 SlotsOpen, 30 SlotsOpen/weak", ["slots_open@1"]),
    "weak, not confirmed": ("0 NoSlot, 10 SlotsOpen/weak, 20 NoSlot", []),
    "weak, confirmed": ("0 NoSlot, 10 SlotsOpen/weak, +2 SlotsOpen/weak", ["slots_open@2 weak=true"]),
    "weak, the confirming visit failed": ("0 NoSlot, 10 SlotsOpen/weak, +2 Obstructed/waf", []),
    "weak in two sweeps confirms nothing": ("0 NoSlot, 10 SlotsOpen/weak, 20 SlotsOpen/weak", []),
    "weak, confirmed by a strong one": ("0 NoSlot, 10 SlotsOpen/weak, +2 SlotsOpen", ["slots_open@2"]),
    "weak, then strong: told better": (
        "0 NoSlot, 10 SlotsOpen/weak, +2 SlotsOpen/weak, 20 SlotsOpen",
        ["slots_open@2 weak=true", "slots_open@3"],
    ),
    "gone": ("0 NoSlot, 60 SlotsOpen, 120 NoSlot, 130 NoSlot", ["slots_open@1", GONE.format(2, 60, 120, "NoSlot")]),
    "gone: closed": ("0 SlotsOpen, 60 Closed", ["slots_open@0", GONE.format(1, 0, 60, "Closed")]),
    "gone: nobody saw more than the way there": (
        "0 NoSlot, 60 SlotsOpen/weak, +2 SlotsOpen/weak, 120 NoSlot",
        ["slots_open@2 weak=true", GONE.format(3, 60, 120, "NoSlot") + " weak=true"],
    ),
    "gone: opens later": ("0 SlotsOpen, 60 NotYetOpen", ["slots_open@0", GONE.format(1, 0, 60, "NotYetOpen")]),
    "an error page ends nothing": (
        "0 SlotsOpen, 60 Unavailable/overloaded, 70 Unreadable/layout_changed, 80 Unreached/timeout, 90 NoSlot",
        ["slots_open@0", GONE.format(4, 0, 90, "NoSlot")],
    ),
    "an error page does not open twice": ("0 SlotsOpen, 60 Unreached/timeout, 70 SlotsOpen", ["slots_open@0"]),
    "none, open, none within half an hour": (
        "0 NoSlot, 10 SlotsOpen, 20 NoSlot",
        ["slots_open@1", GONE.format(2, 10, 20, "NoSlot") + " back=0"],
    ),
    "again within the hour": (
        "0 NoSlot, 40 SlotsOpen, 80 NoSlot, 120 SlotsOpen",
        ["slots_open@1", GONE.format(2, 40, 80, "NoSlot"), "slots_open@3 again=80"],
    ),
    "not again after more than an hour": (
        "0 NoSlot, 40 SlotsOpen, 80 NoSlot, 150 SlotsOpen",
        ["slots_open@1", GONE.format(2, 40, 80, "NoSlot"), "slots_open@3"],
    ),
    "none after unreadable": ("0 Unreadable/layout_changed, 10 NoSlot", []),
    "a request form is no slot": ("0 NoSlot, 10 RequestForm, 20 NoSlot", []),
    "closed": ("0 NoSlot, 10 Closed, 20 Closed, 30 Closed", ["procedure_closed@2"]),
    "closed once": ("0 NoSlot, 10 Closed, 20 NoSlot", []),
    "closed from the beginning": ("0 Closed, 10 Closed, 20 Closed", []),
    "closed after a 404 only": ("0 Unreadable/not_found, 10 Closed, 20 Closed", []),
    "closed, not, closed": (
        "0 NoSlot, 10 Closed, 15 Closed, 20 NoSlot, 30 Closed, 40 Closed",
        ["procedure_closed@2", "procedure_closed@5 back=15"],
    ),
    "a firewall once": ("0 NoSlot, 10 Obstructed/waf, 20 NoSlot, 30 Obstructed/waf, 40 NoSlot", []),
    "a captcha, then lifted": (
        "0 NoSlot, 10 Obstructed/captcha, 20 Obstructed/captcha, 30 Obstructed/captcha, 60 NoSlot, 70 NoSlot",
        ["obstacle_appeared@2 obstacle=captcha", "obstacle_lifted@5 obstacle=captcha since=10"],
    ),
    "lifted within half an hour": (
        "0 NoSlot, 10 Obstructed/waf, 15 Obstructed/waf, 20 NoSlot, 30 NoSlot",
        ["obstacle_appeared@2 obstacle=waf", "obstacle_lifted@4 obstacle=waf since=10 back=0"],
    ),
    "back after it was lifted": (
        "0 NoSlot, 60 Obstructed/waf, 70 Obstructed/waf, 120 NoSlot, 130 NoSlot, "
        "140 Obstructed/waf, 150 Obstructed/waf",
        [
            "obstacle_appeared@2 obstacle=waf",
            "obstacle_lifted@4 obstacle=waf since=60",
            "obstacle_appeared@6 obstacle=waf back=130",
        ],
    ),
    "one answer lifts nothing": (
        "0 NoSlot, 60 Obstructed/waf, 70 Obstructed/waf, 120 NoSlot, 130 Obstructed/waf, 140 Obstructed/waf",
        ["obstacle_appeared@2 obstacle=waf"],
    ),
    "an error lifts nothing": (
        "0 NoSlot, 60 Obstructed/waf, 70 Obstructed/waf, 80 Unreached/reset, 90 Unreadable/empty, "
        "99 Unavailable/overloaded",
        ["obstacle_appeared@2 obstacle=waf"],
    ),
    "two obstacles in turn": (
        "0 NoSlot, 10 Obstructed/waf, 20 Obstructed/captcha, 30 Obstructed/waf, 40 Obstructed/captcha",
        ["obstacle_appeared@2 obstacle=captcha"],
    ),
    "another obstacle": (
        "0 NoSlot, 10 Obstructed/waf, 20 Obstructed/waf, 30 Obstructed/captcha, 40 Obstructed/captcha",
        ["obstacle_appeared@2 obstacle=waf", "obstacle_appeared@4 obstacle=captcha"],
    ),
    "never read, so nothing was lost": ("0 Obstructed/login, 10 Obstructed/login, 20 Obstructed/login", []),
    "our own network": (
        "0 SlotsOpen, 10 Unreached/vantage_offline, 20 Unreached/vantage_offline, 30 SlotsOpen",
        ["slots_open@0"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_a_sequence_is_news_of(text: str, expected: list[str]) -> None:
    assert short(told(script(text))) == expected


def test_an_opening_says_what_stood_before_it() -> None:
    records = script("0 NoSlot, 10 Unreadable/empty, 20 SlotsOpen/weak, +2 SlotsOpen/weak, 60 NoSlot")
    opened, gone = told(records)
    assert (opened.quote, opened.before) == (records[3]["seen"], records[0]["seen"])
    assert (gone.quote, gone.before) == (records[4]["seen"], records[3]["seen"])


def test_the_key_is_of_the_run() -> None:
    opened = told(script("0 NoSlot, 10 SlotsOpen/weak, +2 SlotsOpen/weak"))[0]
    assert opened.key == event_key("slots_open", "95/renewal", "weak", 1)
    assert re.fullmatch("[0-9a-f]{32}", opened.key)
    assert opened.urgent
    assert opened.at == START + timedelta(minutes=12)


def notice(seq: int, hours: float, found: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A look at a notice; None: it was not read."""
    at, said = START + timedelta(hours=hours), "Published" if found else "Unavailable/maintenance"
    more = {"facts": found} | more if found else more
    return look(seq, said, at, check="95/notices/pan", look="notice", **more)


A, B = facts("published", "A"), facts("published", "B")
POST = facts(post="Par courrier, si le téléservice est en panne.")
NOTICE_CASES = {
    "the first reading is no news": ([(0, A), (24, A)], []),
    "published": ([(0, facts()), (24, A)], ["pan_published None A"]),
    "reworded": ([(0, A), (24, B)], ["pan_changed A B"]),
    "reworded and back": ([(0, A), (24, B), (48, A)], ["pan_changed A B", "pan_changed B A back"]),
    "not found twice": ([(0, A), (24, facts()), (48, facts()), (72, A)], []),
    "not found three times in an hour": ([(0, A), (1, facts()), (1.5, facts()), (2, facts()), (3, A)], []),
    "withdrawn": ([(0, A), (24, facts()), (48, facts()), (72, facts()), (96, facts())], ["pan_withdrawn A None"]),
    "withdrawn, and back": (
        [(0, A), (24, facts()), (48, facts()), (72, facts()), (96, A)],
        ["pan_withdrawn A None", "pan_published None A back"],
    ),
    "error pages withdraw nothing": ([(0, A), (24, None), (48, None), (72, None), (96, A)], []),
    "error pages do not count as looks": ([(0, A), (24, facts()), (48, None), (72, facts()), (96, A)], []),
    "a way": ([(0, facts()), (24, POST)], [f"channel_published None {POST['channels']['postal']['seen']} postal"]),
    "a way reworded": ([(0, facts(post="A")), (24, facts(post="B"))], ["channel_reworded A B postal"]),
    "a way withdrawn": (
        [(0, facts(post="A")), (24, facts()), (48, facts()), (72, facts())],
        ["channel_withdrawn A None postal"],
    ),
}


@pytest.mark.parametrize(("looks", "expected"), NOTICE_CASES.values(), ids=NOTICE_CASES)
def test_what_a_notice_is_news_of(looks: list[tuple[float, Any]], expected: list[str]) -> None:
    events = told([notice(seq, hours, found) for seq, (hours, found) in enumerate(looks)])
    words = [
        f"{e.kind} {e.before or None} {e.quote or None} {e.facts.get('channel', '')} {'back' * ('back' in e.facts)}"
        for e in events
    ]
    assert [" ".join(one.split()) for one in words] == expected


def test_what_the_program_learnt_to_read_is_no_news() -> None:
    old, new = {"id": "notice", "sha256": "a"}, {"id": "notice", "sha256": "b"}
    assert not told([notice(0, 0, facts(), rule=old), notice(1, 24, A, rule=new)])


@pytest.mark.parametrize(
    ("days", "expected"), [(7, [(3, "4", "2", "2")]), (1, [(0, "3", "1", "2"), (3, "1", "1", "0")])]
)
def test_the_digest_counts_a_period_and_rests_on_its_last_sentence(days: int, expected: list[Any]) -> None:
    """START is a Tuesday at 9, legal time; a day's period ends at 8, a week's on Monday at 8."""
    records = script("0 NoSlot, 60 Unreached/timeout, 120 Obstructed/captcha, 1440 NoSlot, 8700 Unreadable/empty")
    events = told(records, digest_days=days)
    assert {event.kind for event in events} == {"no_slot_digest"}
    assert [(e.seq, e.facts["looks"], e.facts["no_slot"], e.facts["unread"]) for e in events] == expected
    last = events[-1]
    assert (last.quote, last.at) == (records[3]["seen"], START + timedelta(minutes=1440))
    assert last.facts["until"] == last.at.isoformat()


@pytest.mark.parametrize("said", ["SlotsOpen", "SlotsOpen/weak"])
def test_no_digest_where_a_slot_was_seen(said: str) -> None:
    events = told(script(f"0 NoSlot, 60 {said}, 120 NoSlot, 8700 NoSlot"))
    assert "no_slot_digest" not in {e.kind for e in events}


def test_a_site_that_answers_with_data_is_not_told_to_have_said_a_sentence() -> None:
    week = timedelta(days=7)
    data = [look(0, "SlotsOpen", START), look(1, "NoSlot", START + timedelta(hours=1), by_data=True)]
    (gone,) = [one for one in told(data) if one.kind == "slots_gone"]
    assert gone.facts["now"] == "NoSlot/by_data"
    assert "dit maintenant qu'il n'y en a plus" not in compose([gone], READER, Letterhead()).text
    later = [look(n, "NoSlot", START + n * timedelta(hours=1), **({"by_data": True} if n else {})) for n in range(3)]
    (digest,) = told([*later, look(3, "NoSlot", START + week)])
    assert (digest.facts["no_slot"], digest.facts["by_data"]) == ("3", "2")
    assert "Dont 2 fois par des données vides, sans phrase." in compose([digest], READER, Letterhead()).text


def test_no_digest_where_the_site_never_said_that_there_is_none() -> None:
    assert not told(script("0 Unreached/timeout, 60 Closed, 120 Obstructed/waf, 8700 NoSlot"))


def test_a_national_service_tells_nobody_anything() -> None:
    assert not told([look(seq, "SlotsOpen", START, look="service") for seq in range(2)])


@dataclass(frozen=True)
class Row:
    line: bytes


def rows(records: Sequence[dict[str, Any]]) -> list[Row]:
    return [Row(canonical(record)) for record in records]


def test_what_is_played_never_meets_what_is_real() -> None:
    real = script("0 NoSlot, 60 SlotsOpen, 120 SlotsOpen, 180 NoSlot")
    played = [record | {"simulated": True} for record in script("0 NoSlot, 60 NoSlot, 120 NoSlot, 180 SlotsOpen")]
    mixed = [one for pair in zip(real, played, strict=True) for one in pair]
    mixed = [record | {"seq": seq} for seq, record in enumerate(mixed)]
    standings, events = caught_up({}, rows(mixed))
    assert set(standings) == {"95/renewal", "~95/renewal"}
    assert [(e.kind, e.simulated) for e in events] == [
        ("slots_open", False), ("slots_gone", False), ("slots_open", True),
    ]  # fmt: skip


def test_what_a_kept_standing_leaves_out_is_empty() -> None:
    """So it is kept: a row of an earlier version has less in it."""
    empty = Standing.from_json({})
    assert empty == Standing()
    assert (empty.simulated, empty.seq, empty.clear, empty.opening, empty.rule) == (False, -1, 0, None, "")
    opening = Standing.from_json({"opening": {"seq": 4, "at": START.isoformat()}, "of_tomorrow": 1}).opening
    assert opening is not None
    assert (opening.seq, opening.at, opening.looks, opening.sweep, opening.told) == (4, START, 1, 0, "")


SAID = st.sampled_from(
    ["NoSlot"] * 4
    + ["SlotsOpen", "SlotsOpen/weak", "SlotsOpen/2026-12-01", "Closed", "NotYetOpen", "RequestForm"]
    + ["Obstructed/captcha", "Obstructed/waf", "Unreadable/empty", "Unavailable/overloaded", "Unreached/timeout"]
    + ["Unreached/vantage_offline"]
)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Records of up to three checks, in sweeps of one or two looks, minutes or days apart; clocks may be set back."""
    at, records = START, list[dict[str, Any]]()
    sweep = 0
    for said in draw(st.lists(SAID, max_size=40)):
        same = draw(st.booleans())
        sweep += not same
        at += timedelta(minutes=draw(st.sampled_from([1, 10, 40, 600, 5000, -90])))
        check = f"95/{draw(st.sampled_from(['a', 'b', 'c']))}"
        records.append(look(len(records), said, at, sweep=sweep, check=check))
    return records


@given(histories())
def test_an_event_rests_on_what_was_read_and_says_it_in_the_sites_own_words(records: list[dict[str, Any]]) -> None:
    _, events = caught_up({}, rows(records))
    for event in events:
        assert event.seq is not None
        record = records[event.seq]
        assert event.check == record["check"]
        assert event.at == datetime.fromisoformat(record["started"])
        assert event.quote == record["seen"]
        assert (record["reading"] == "Obstructed") == (event.kind == "obstacle_appeared")
        assert record["reading"] not in ("Unreached", "Unavailable", "Unreadable")
        earlier = [r for r in records[: event.seq] if r["check"] == event.check and r["reading"] not in FAILURES]
        assert not event.before or event.before in {r["seen"] for r in earlier}


@given(histories(), st.data())
def test_replayed_in_any_batches_or_twice_the_events_are_the_same(
    records: list[dict[str, Any]], data: st.DataObject
) -> None:
    whole = caught_up({}, rows(records))
    cut = data.draw(st.integers(0, len(records)))
    first, earlier = caught_up({}, rows(records[:cut]))
    kept = {key: Standing.from_json(json.loads(json.dumps(one.to_json()))) for key, one in first.items()}
    assert kept == first
    again, later = caught_up(kept, rows(records))
    assert (again, (*earlier, *later)) == whole
    assert len({event.key for event in whole[1]}) == len(whole[1])


@given(histories())
def test_without_an_answer_in_between_nothing_is_told_of_slots(records: list[dict[str, Any]]) -> None:
    """Failures taken away, what is told of slots and closings is the same: none of it comes from a failure."""
    kept = [record for record in records if record["reading"] not in FAILURES]
    kinds = ("slots_open", "slots_gone", "procedure_closed")

    def of_slots(history: list[dict[str, Any]]) -> list[Event]:
        return [event for event in caught_up({}, rows(history))[1] if event.kind in kinds]

    assert of_slots(records) == of_slots(kept)


@given(histories())
@settings(max_examples=50)
def test_openings_and_ends_alternate(records: list[dict[str, Any]]) -> None:
    """Nothing is gone that was not told open, and a run is told once a level at most."""
    for check in {record["check"] for record in records}:
        mine = [record for record in records if record_kept_under(record) == check]
        open_ = False
        for event in caught_up({}, rows(mine))[1]:
            if event.kind == "slots_open":
                assert not open_ or "weak" not in event.facts
                open_ = True
            elif event.kind == "slots_gone":
                assert open_
                open_ = False
