"""The outbox: nothing lost, nothing twice without a doubt, whoever dies and wherever the clock goes."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings as tried
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from monitor.alerts.news.events import EventKind
from monitor.alerts.send.outbox import (
    KEPT,
    OPERATOR,
    PLAIN,
    Operator,
    counts,
    forget_settled,
    plain_number,
    put,
    waiting,
    waits,
)  # fmt: skip
from monitor.alerts.send.outcome import PLAIN_KINDS, Later, Outcome, Refused, Sent, Unknown
from monitor.alerts.send.queue import GIVE_UP_AFTER, LEASE, TRIES_AT_LEAST, OutboxQueue, QueuedParcel
from monitor.store.beside import written
from tests.support.outbox import NOBODY, NOW, Clocks, enter, event, queue, subscribers, tell, wishes
from tests.support.records import keep, sweeping

OPS = Operator(mail="ops@exemple.test", urls=("json://127.0.0.1/a", "json://127.0.0.1/b"))


def drained(outbox: OutboxQueue, channel: str = "email", outcome: Outcome | None = None) -> list[QueuedParcel]:
    """Everything due on a channel, settled."""
    found: list[QueuedParcel] = []
    while parcels := outbox.lease(channel, 3):
        for parcel in parcels:
            outbox.settle(parcel, outcome or Sent())
        found += parcels
    return found


# --- one by one -------------------------------------------------------------------------------------------------------


def test_opened_slots_go_alone_and_first_the_rest_in_one_message(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        numbers = enter(people, 2)
        assert tell(db, [event(n) for n in range(3)]) is False
        assert tell(db, [event(7, "slots_open"), event(8, "slots_open")]) is True
        beside = queue(db, people, Clocks(), urgent_only=True)
        urgent = drained(beside)
        assert [(len(one.events), one.events[0].kind) for one in urgent] == [(1, "slots_open")] * 4
        rest = drained(queue(db, people, Clocks()))
    assert [(one.to.id, len(one.events)) for one in rest] == [(number, 3) for number in numbers]
    assert len({one.id for one in (*urgent, *rest)}) == 3  # an identity is of what is told, not of whom


def test_the_same_event_is_told_once_however_often_it_is_derived(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        assert tell(db, [event(1, "slots_open"), event(1, "slots_open")]) is True
        assert tell(db, [event(1, "slots_open")]) is False
        assert len(drained(queue(db, people, Clocks()))) == 1
        assert tell(db, [event(1, "slots_open")]) is False
        assert counts(db) == {"sent": 1}


def test_an_event_and_its_rows_stand_or_fall_with_the_observation(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        enter(people, 2)
        with suppress(ZeroDivisionError), written(db):
            put(db, [event(1)], NOW, NOBODY)
            raise ZeroDivisionError
        assert counts(db) == {}
        tell(db, [event(1)])
        assert counts(db) == {"due": 2}


def test_a_refusal_for_good_suspends_the_address_and_tells_the_operator(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        tell(db, [event(1, "slots_open"), event(2)])
        outbox = queue(db, people, Clocks(), operator=OPS)
        (parcel,) = outbox.lease("email", 1)
        outbox.settle(parcel, Refused("550 5.1.1"))
        assert people.get(number).to.state == "suspended"
        told = drained(outbox)
        assert [(one.to.id, one.address, [e.kind for e in one.events]) for one in told] == [
            (OPERATOR, OPS.mail, ["address_suspended"])
        ]
        assert dict(told[0].events[0].facts) == {"subscriber": str(number), "code": "550 5.1.1"}
        assert "exemple" not in str(told[0].events[0].to_json())
        assert {one.address for one in drained(outbox, PLAIN)} == set(OPS.urls)
        assert counts(db) == {"refused": 1, "dropped": 1, "sent": 3}


def test_later_comes_again_after_longer_and_longer_and_is_given_up_at_a_stated_age(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1, "slots_open")])
        outbox = queue(db, people, clocks, operator=OPS)
        pauses, tries = [], 0
        while parcels := outbox.lease("email", 1):
            if parcels[0].to.id == OPERATOR:
                break
            tries += 1
            outbox.settle(parcels[0], Later("421"))
            (row, *_others) = waiting(db)
            if row.to == OPERATOR:
                continue
            assert not outbox.lease("email", 1)
            pauses.append(row.due - clocks.now())
            clocks.forward(pauses[-1])
        assert pauses[:3] == [timedelta(minutes=n) for n in (1, 2, 4)]
        assert max(pauses) <= timedelta(hours=1, minutes=30)
        assert tries >= TRIES_AT_LEAST
        assert GIVE_UP_AFTER < clocks.now() - NOW < GIVE_UP_AFTER + timedelta(hours=2)
        assert parcels[0].events[0].kind == "message_given_up"
        assert counts(db)["given_up"] == 1


def test_what_may_have_arrived_is_sent_at_most_once_more_as_the_same_message(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        outbox, names = queue(db, people, clocks), []
        for day in range(5):
            tell(db, [event(day)])  # newer news may not be mixed into a message of doubt
            names += [
                (one.key, parcel.id)
                for parcel in drained(outbox, outcome=Unknown("no answer"))
                for one in parcel.events
            ]
            clocks.forward(timedelta(days=1))
        assert len({key for key, _name in names}) == len(set(names)) == 5
        assert max(Counter(names).values()) <= 2


def test_a_sender_that_died_leaves_nothing_behind_but_the_same_message_once_more(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 3)
        tell(db, [event(1), event(2)])
        dead = queue(db, people, clocks).lease("email", 2)
        tell(db, [event(3)])
        other = queue(db, people, clocks)
        first = drained(other)
        assert {one.to.id for one in first if len(one.events) == 3} == {3}
        clocks.forward(LEASE)
        tell(db, [event(4)])
        again = {(one.to.id, one.id): len(one.events) for one in drained(other)}
        assert again == {(one.to.id, one.id): 2 for one in dead} | {(n, event(4).key): 1 for n in (1, 2, 3)}
        assert counts(db) == {"sent": 12}


def test_after_a_restart_of_the_machine_no_lease_holds(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1)])
        assert len(queue(db, people, Clocks(ns=10**18)).lease("email", 1)) == 1
        assert len(drained(queue(db, people, Clocks(ns=5), boot="boot-2"))) == 1


@pytest.mark.parametrize("tried_before", [False, True])
def test_a_clock_set_back_a_day_stalls_nothing(tmp_path: Path, tried_before: bool) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 2)
        tell(db, [event(1, "slots_open"), event(2)])
        outbox = queue(db, people, clocks)
        if tried_before:
            assert len(drained(outbox, outcome=Later("421"))) == 4
        clocks.wall -= timedelta(days=1)
        assert len(drained(outbox)) == 4
        assert counts(db) == {"sent": 4}


def test_a_clock_set_forward_frees_no_lease(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1)])
        outbox = queue(db, people, clocks)
        (parcel,) = outbox.lease("email", 1)
        clocks.wall += timedelta(days=400)
        assert not queue(db, people, clocks).lease("email", 1)
        outbox.settle(parcel, Later("421"))
        assert counts(db) == {"due": 1}  # not given up for an age that only the clock has


def test_quiet_hours_hold_back_a_retry_too_but_no_opened_slot(tmp_path: Path) -> None:
    clocks = Clocks()  # 10:14 in Paris
    with subscribers(tmp_path) as (db, people):
        enter(people, 1, quiet=(time(10, 30), time(18)))
        tell(db, [event(1), event(2, "slots_open")])
        outbox = queue(db, people, clocks)
        assert len(drained(outbox, outcome=Later("421"))) == 2
        clocks.forward(timedelta(hours=1))
        assert [one.events[0].kind for one in drained(outbox)] == ["slots_open"]
        clocks.forward(timedelta(hours=7))
        assert [one.events[0].kind for one in drained(outbox)] == ["pan_changed"]


def test_a_late_slot_alert_says_when_none_was_left(tmp_path: Path) -> None:
    desk = "95/titre-de-sejour"
    with sweeping(tmp_path) as (store, _number):
        keep(store, check=desk, reading="SlotsOpen")
        keep(store, check=desk, reading="Unreached")
        keep(store, check=desk, reading="NoSlot", at=NOW + timedelta(minutes=17))
        keep(store, check="95/other", reading="SlotsOpen")
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1, "slots_open", check=desk, seq=0), event(2, "slots_open", check=desk, seq=2)])
        late, fresh = drained(queue(db, people, Clocks()))
    assert late.events[0].facts["gone_at"] == (NOW + timedelta(minutes=17)).isoformat()
    assert "gone_at" not in fresh.events[0].facts


@pytest.mark.parametrize("later", ["Closed", "NotYetOpen", "Obstructed", "Unreadable"])
def test_a_late_slot_alert_says_none_only_where_the_site_said_so(tmp_path: Path, later: str) -> None:
    desk = "95/titre-de-sejour"
    with sweeping(tmp_path) as (store, _number):
        keep(store, check=desk, reading="SlotsOpen")
        keep(store, check=desk, reading=later, at=NOW + timedelta(minutes=17))
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1, "slots_open", check=desk, seq=0)])
        (parcel,) = drained(queue(db, people, Clocks()))
    assert "gone_at" not in parcel.events[0].facts


def test_no_opened_slot_is_ever_due_to_a_plain_address(tmp_path: Path) -> None:
    from monitor.alerts.news.events import OPERATOR_KINDS, SUBSCRIBER_KINDS

    with subscribers(tmp_path) as (db, people):
        for number, kind in enumerate((*SUBSCRIBER_KINDS, *OPERATOR_KINDS)):
            tell(db, [event(number, kind)], operator=OPS)  # type: ignore[arg-type]
        outbox = queue(db, people, Clocks(), operator=OPS)
        plain = {one.kind for parcel in drained(outbox, PLAIN) for one in parcel.events}
        mail = {one.kind for parcel in drained(outbox) for one in parcel.events}
    assert plain == PLAIN_KINDS
    assert "slots_open" not in plain
    assert mail == set(OPERATOR_KINDS)


def test_a_plain_address_taken_out_of_the_settings_gets_nothing_more(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        tell(db, [event(1, "disk_low")], operator=OPS)
        fewer = Operator(urls=OPS.urls[1:])
        assert [one.to.id for one in drained(queue(db, people, Clocks(), operator=fewer), PLAIN)] == [
            plain_number(OPS.urls[1])
        ]
        assert not any(OPS.urls[0].encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_only_whoever_has_an_address_is_told(tmp_path: Path) -> None:
    kinds: tuple[EventKind, ...] = ("disk_low", "slots_open")
    told = [
        [channel for _number, channel in who.recipients(event(1, kind))] for who in (Operator(), OPS) for kind in kinds
    ]
    assert told == [[], [], ["email", PLAIN, PLAIN], []]
    assert [number for number, _channel in Operator(urls=OPS.urls).recipients(event(1, "disk_low"))] == [
        plain_number(url) for url in OPS.urls
    ]
    assert OPS.by_number == {OPERATOR: OPS.mail} | {plain_number(url): url for url in OPS.urls}
    assert Operator().by_number == {}


def test_a_tick_of_cron_knows_whether_a_sender_has_anything_to_do(tmp_path: Path) -> None:
    assert waits(tmp_path, NOW) is False, "nothing was recorded yet"
    with subscribers(tmp_path) as (db, people):
        assert waits(tmp_path, NOW) is False
        people.add("new@exemple.test", wishes(), NOW)
        assert waits(tmp_path, NOW) is True, "a question is to be asked"
        people.confirm(1, "t", NOW)
        assert waits(tmp_path, NOW) is False
        tell(db, [event(1)])
        assert (waits(tmp_path, NOW), waits(tmp_path, NOW + timedelta(hours=1))) == (True, True)
        outbox = queue(db, people, Clocks())
        (parcel,) = outbox.lease("email", 1)
        outbox.settle(parcel, Later("421"))
        assert waits(tmp_path, NOW) is False, "it waits for its next try"
        assert waits(tmp_path, NOW + timedelta(hours=2)) is True
        assert waits(tmp_path, NOW - timedelta(hours=2)) is True, "the clock was set back: it is decided again"
        drained(queue(db, people, Clocks(wall=NOW + timedelta(hours=2))))
        assert waits(tmp_path, NOW + timedelta(hours=3)) is False


def test_what_was_settled_is_remembered_for_ninety_days_and_its_event_for_good(tmp_path: Path) -> None:
    clocks = Clocks()
    with subscribers(tmp_path) as (db, people):
        enter(people, 1)
        tell(db, [event(1, "slots_open")])
        assert len(drained(queue(db, people, clocks))) == 1
        tell(db, [event(2)])
        for after, left in (
            (timedelta(0), {"due": 1, "sent": 1}),
            (KEPT, {"due": 1, "sent": 1}),
            (KEPT * 2, {"due": 1}),
        ):
            with written(db):
                forget_settled(db, clocks.now() + after)
            assert counts(db) == left
        assert timedelta(days=90) == KEPT
        assert tell(db, [event(1, "slots_open")]) is False
        assert counts(db) == {"due": 1}


# --- against a model --------------------------------------------------------------------------------------------------

WISHES = (
    wishes(), wishes(channel="signal"), wishes(cadence="daily"), wishes(quiet=(time(22), time(7))),
    wishes(kinds=("slots_open",)),
)  # fmt: skip
OUTCOMES = st.sampled_from(
    [Sent(), Sent(), Later("421"), Later("535", ours=True), Later("554", firm=True), Unknown("no answer"),
     Unknown("429", ours=True)]
)  # fmt: skip
Pair = tuple[str, int]


class OutboxMachine(RuleBasedStateMachine):
    """Two senders, each over a connection of its own; any of them may die, and the clocks may go where they want.

    handed: how often a recipient may have got an event; doubts: how often nobody could know.
    """

    @initialize()
    def begin(self) -> None:
        self.open = ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.clocks = Clocks()
        self.db, self.people = self.open.enter_context(subscribers(folder))
        other = self.open.enter_context(subscribers(folder))
        self.senders = [queue(self.db, self.people, self.clocks), queue(*other, self.clocks)]
        self.numbers = [
            self.people.add(f"p{n}@exemple.test", one, NOW) for n, one in enumerate(WISHES)
        ]  # fmt: skip
        for number in self.numbers:
            self.people.confirm(number, "t", NOW)
        self.wanted: set[Pair] = set()
        self.sent: set[Pair] = set()
        self.handed: Counter[Pair] = Counter()
        self.doubts: Counter[Pair] = Counter()
        self.held: list[tuple[int, QueuedParcel, int]] = []
        self.name: dict[Pair, str] = {}  # of the message that may have arrived
        self.orphan: dict[Pair, str] = {}  # of the message whose sender died

    @rule(number=st.integers(0, 12), kind=st.sampled_from(["slots_open", "pan_changed", "slots_gone"]))
    def put(self, number: int, kind: str) -> None:
        one = event(number, kind)  # type: ignore[arg-type]
        tell(self.db, [one], self.clocks.now())
        who = (self.people.get(number).to for number in self.numbers)
        self.wanted |= {(one.key, to.id) for to in who if one.kind in to.kinds}

    @rule(sender=st.integers(0, 1), channel=st.sampled_from(["email", "signal"]), count=st.integers(1, 4))
    def lease(self, sender: int, channel: str, count: int) -> None:
        parcels = self.senders[sender].lease(channel, count)
        assert len(parcels) <= count
        for parcel in parcels:
            self.taken(parcel, channel)
            until = self.clocks.ns + LEASE // timedelta(microseconds=1) * 1000
            self.held.append((sender, parcel, until))

    def taken(self, parcel: QueuedParcel, channel: str) -> None:
        assert parcel.to.channel == channel
        urgent = any(one.urgent for one in parcel.events)
        assert not urgent or len(parcel.events) == 1
        if parcel.to.quiet and not urgent:
            assert 7 <= self.clocks.now().astimezone(ZoneInfo("Europe/Paris")).hour < 22
        held = {pair for _who, other, until in self.held if until > self.clocks.ns for pair in pairs(other)}
        for pair in pairs(parcel):
            assert pair in self.wanted
            assert pair not in self.sent
            assert pair not in held
            assert self.name.get(pair, parcel.id) == parcel.id
            assert self.orphan.pop(pair, parcel.id) == parcel.id

    @rule(outcome=OUTCOMES, which=st.integers(0, 20))
    def settle(self, outcome: Outcome, which: int) -> None:
        if not self.held:
            return
        sender, parcel, until = self.held.pop(which % len(self.held))
        late = until <= self.clocks.ns
        self.senders[sender].settle(parcel, outcome)
        for pair in pairs(parcel):
            self.handed[pair] += isinstance(outcome, Sent | Unknown)
            self.doubts[pair] += isinstance(outcome, Unknown) or late
            if isinstance(outcome, Sent):
                self.sent.add(pair)
            if isinstance(outcome, Unknown) and not late:
                self.name[pair] = parcel.id

    @rule(which=st.integers(0, 20), after_it_left=st.booleans())
    def die(self, which: int, after_it_left: bool) -> None:
        if not self.held:
            return
        _sender, parcel, until = self.held.pop(which % len(self.held))
        if until > self.clocks.ns:
            self.orphan |= dict.fromkeys(pairs(parcel), parcel.id)
        self.clocks.forward(LEASE)
        for pair in pairs(parcel):
            self.handed[pair] += after_it_left
            self.doubts[pair] += 1

    @rule(minutes=st.sampled_from([1, 20, 700]))
    def time_passes(self, minutes: int) -> None:
        self.clocks.forward(timedelta(minutes=minutes))

    @rule(hours=st.sampled_from([-24, -1, 24]))
    def somebody_sets_the_clock(self, hours: int) -> None:
        self.clocks.wall += timedelta(hours=hours)

    @invariant()
    def nobody_is_told_twice_without_a_doubt(self) -> None:
        assert all(count <= 1 + self.doubts[pair] for pair, count in self.handed.items())

    def teardown(self) -> None:
        """Whatever happened: once a sender runs and every channel answers, all of it arrives.

        A daily message waits for its morning, which a clock set back by days has moved away by as many.
        """
        behind = max(NOW - self.clocks.wall, timedelta(0))
        for _half_day in range(6 + 2 * behind.days):
            self.clocks.forward(timedelta(hours=12, minutes=1))
            for channel in ("email", "signal"):
                while parcels := self.senders[0].lease(channel, 4):
                    for parcel in parcels:
                        self.senders[0].settle(parcel, Sent())
                        self.handed.update(pairs(parcel))
        self.nobody_is_told_twice_without_a_doubt()
        assert all(self.handed[pair] for pair in self.wanted)
        assert waiting(self.db) == []
        self.open.close()


def pairs(parcel: QueuedParcel) -> Sequence[Pair]:
    return [(one.key, parcel.to.id) for one in parcel.events]


OutboxMachine.TestCase.settings = tried(max_examples=40, stateful_step_count=30)
TestOutbox = OutboxMachine.TestCase
