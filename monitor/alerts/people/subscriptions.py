"""Who is told what, when and in which form; what an address may be, and the one form in which it is kept. Pure.

A subscription knows its holder by number: the address itself stands nowhere in it. No error repeats what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from gettext import gettext as _
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from monitor.alerts.news.events import ALWAYS_TOLD, SUBSCRIBER_KINDS, Event
from monitor.values import dataclass, pattern

Channel = Literal["email", "signal"]
Via = Literal["email", "signal", "nudge"]  # a nudge says no more than to look at the other two
Cadence = Literal["at_once", "daily", "weekly"]
Language = Literal["fr", "en", "es", "pt", "ar"]
State = Literal["pending", "active", "paused", "suspended"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
MORNING: Final = time(8)  # legal time: when daily and weekly messages leave; weekly ones on Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one subscriber asked for.

    id: number of the subscriber; the address is kept apart, encrypted. prefectures: codes. procedures: empty for all.
    kinds: of events. quiet: two local times between which nothing but an opened slot is sent, in the legal time of the
    first préfecture; quiet_slots: nor an opened slot. before, sooner_than: slots count only on an earlier day than
    each, the second being that of an appointment already had. attach: send the log along. discreet: no place, procedure
    or telling file name on the outside.
    """

    id: int
    channel: Channel
    state: State
    prefectures: tuple[str, ...]
    procedures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = SUBSCRIBER_KINDS
    language: Language = "fr"
    cadence: Cadence = "at_once"
    quiet: tuple[time, time] | None = None
    quiet_slots: bool = False
    before: date | None = None
    sooner_than: date | None = None
    attach: bool = True
    discreet: bool = False
    time_zone: str = "Europe/Paris"

    def wants(self, event: Event) -> bool:
        """Whether this event is told to this subscriber. One that names no procedure concerns all of a préfecture."""
        return (
            self.state == "active"
            and self._in_time(event)
            and event.kind in (*self.kinds, *ALWAYS_TOLD)
            and event.prefecture in self.prefectures
            and (not self.procedures or not event.procedure or event.procedure in self.procedures)
        )

    @property
    def limit(self) -> date | None:
        """The day before which a slot must be; None: any day will do."""
        return min((day for day in (self.before, self.sooner_than) if day), default=None)

    def _in_time(self, event: Event) -> bool:
        """Whether an opening has a day that will do, or none that is known. One already told is not told again.

        An opening whose first day comes nearer (`sooner`: the nearest before) is news for who could not use it before.
        """
        if event.kind not in ("slots_open", "slots_gone"):
            return True
        day, nearest = event.facts.get("first_day", ""), event.facts.get("sooner", "")
        if self.limit is None:
            return not nearest
        limit = self.limit.isoformat()
        return (not day or day < limit) and not (nearest and nearest < limit)

    def due(self, made: datetime, now: datetime, *, urgent: bool) -> datetime:
        """When what was made at `made` may leave, asked at `now`; both UTC, as is the answer, never before `now`.

        An opened slot leaves at once, whatever the cadence and, unless asked otherwise, the hour: tomorrow it is gone.
        """
        if urgent:
            return self.after_quiet(now) if self.quiet_slots else now
        zone = ZoneInfo(self.time_zone)
        due = max(now, _morning(made, zone, self.cadence)) if self.cadence != "at_once" else now
        return self.after_quiet(due)

    def after_quiet(self, at: datetime) -> datetime:
        """The end of the quiet hours that `at` falls in; else `at` itself. UTC."""
        if self.quiet is None:
            return at
        (start, end), local = self.quiet, at.astimezone(ZoneInfo(self.time_zone))
        clock = local.time()
        if not (start <= clock < end if start <= end else clock >= start or clock < end):
            return at
        day = local.date() if clock < end else local.date() + timedelta(days=1)
        return datetime.combine(day, end, local.tzinfo).astimezone(UTC)

    def to_json(self) -> dict[str, Any]:
        """What was asked for, as plain JSON values, without number and state."""
        out = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("id", "state")}
        days = {
            name: day and day.isoformat() for name, day in (("before", self.before), ("sooner_than", self.sooner_than))
        }
        return out | days | {"quiet": [f"{one:%H:%M}" for one in self.quiet] if self.quiet else None}

    @staticmethod
    def from_json(value: Mapping[str, Any], *, number: int, state: State) -> Subscription:
        """The inverse. Raises KeyError, TypeError or ValueError for what is none."""
        known = {one.name for one in fields(Subscription)} - {"id", "state", "quiet", "before", "sooner_than"}
        wishes: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in value.items() if name in known
        }
        quiet = value.get("quiet")
        hours = (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None
        for name in ("before", "sooner_than"):
            wishes[name] = date.fromisoformat(day) if (day := value.get(name)) else None
        return Subscription(**wishes, id=number, state=state, quiet=hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One subscriber as kept. Instants are aware UTC; asked: when the question was handed over, confirmed: answered."""

    to: Subscription
    added: datetime
    asked: datetime | None
    confirmed: datetime | None
    consent_text: str | None


def _morning(made: datetime, zone: ZoneInfo, cadence: Cadence) -> datetime:
    """The first morning after `made` on which messages of this cadence leave."""
    local = made.astimezone(zone)
    day = local.date()
    while True:
        morning = datetime.combine(day, MORNING, zone)
        if morning > local and (cadence == "daily" or day.weekday() == 0):
            return morning.astimezone(UTC)
        day += timedelta(days=1)


_MAIL: Final = pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
USERNAME: Final = pattern(r"[A-Za-z_][A-Za-z0-9_]{2,31}\.[0-9]{2,9}")  # support.signal.org: Username
# What the gateway knows of who hides their number; not typed by people.
UUID: Final = pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_STATE: Final = "gouv.fr"  # préfectures, ANTS, the citizens' contact centre (CCC): never written to


def recipient(channel: Channel, typed: str) -> str:
    """The address in the form that is kept: mail with its domain folded, a number as E.164, a username as it is.

    A number without `+` is taken as French. Raises ValueError with one sentence, which does not repeat the address.
    """
    text = typed.strip()
    return _mail(text) if channel == "email" else _signal(text)


def is_state(text: str) -> bool:
    """Whether a mail address, a host or a URL's text leads to an administration: `gouv.fr` or anything under it."""
    return re.search(rf"(?<![\w-]){re.escape(_STATE)}\.?(?![\w.-])", text, re.IGNORECASE) is not None


def _mail(text: str) -> str:
    local, _at, domain = text.rpartition("@")
    found = f"{local}@{domain.lower()}"
    if not _MAIL.fullmatch(found) or len(found) > 254 or local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValueError(_("this is no e-mail address in the form name@example.org"))
    if is_state(domain):
        raise ValueError(_("no message is ever sent to an administration ({domain})").format(domain=_STATE))
    return found


def _signal(text: str) -> str:
    import phonenumbers

    if USERNAME.fullmatch(text):
        return text
    if UUID.fullmatch(text.lower()):
        return text.lower()
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError(
            _("this is neither a telephone number such as +33 6 12 34 56 78 nor a Signal username such as name.42")
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
