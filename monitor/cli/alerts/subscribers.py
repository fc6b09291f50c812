"""`vigie subscribers`: who is told what. An address is asked for or read, never taken from the command line, and is
printed by `export` alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from monitor.alerts.news.events import SUBSCRIBER_KINDS
from monitor.alerts.people.nudges import HERE
from monitor.alerts.people.subscriptions import Channel, Holder, Subscription, recipient
from monitor.alerts.text.letters import CONSENT_TEXT, HOURS
from monitor.cli.alerts import nudge
from monitor.cli.asked import catalogue, settings, typed_line
from monitor.cli.layout import say, table
from monitor.cli.show import quoted
from monitor.core.errors import UsageError
from monitor.core.labels import procedure
from monitor.run.accounts import mailbox_address, register

if TYPE_CHECKING:
    from monitor.alerts.people.subscribers import Subscribers
    from monitor.settings.settings import Settings


def words() -> dict[str, str]:
    """States and cadences, for people."""
    return {
        "pending": _("not confirmed"),
        "active": _("told"),
        "paused": _("paused"),
        "suspended": _("address refused"),
        "at_once": _("at once"),
        "daily": _("every morning"),
        "weekly": _("on Mondays"),
    }


def channels() -> dict[str, str]:
    """The ways a message leaves by, for people."""
    return {"email": _("e-mail"), "signal": "Signal"}


def events() -> dict[str, str]:
    """The kinds of news, for people."""
    return {
        "slots_open": _("slot shown"),
        "slots_gone": _("slots gone"),
        "no_slot_digest": _("summary without a slot"),
        "procedure_closed": _("démarche closed"),
        "obstacle_appeared": _("obstacle before the page"),
        "obstacle_lifted": _("obstacle gone"),
        "pan_published": _("PAN published"),
        "pan_withdrawn": _("PAN no longer found"),
        "pan_changed": _("PAN described otherwise"),
        "channel_published": _("filing channel published"),
        "channel_withdrawn": _("filing channel no longer found"),
        "channel_reworded": _("filing channel described otherwise"),
        "unreachable": _("site without a readable answer"),
        "desk_corrected": _("desk corrected"),
    }


def shown(value: object) -> str:
    """A value of `plain`, for people."""
    match value:
        case None | () | []:
            return "-"
        case bool():
            return _("yes") if value else _("no")
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def plain(one: Holder, subscribers: Subscribers) -> dict[str, Any]:
    """Everything but the addresses, as plain JSON values."""

    def day(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "number": one.to.id,
        "state": one.to.state,
        **one.to.to_json(),
        "added": day(one.added),
        "asked": day(one.asked),
        "confirmed": day(one.confirmed),
        "consent_text": one.consent_text,
        "nudge": nudge.plain(subscribers.nudges.get(one.to.id)),
    }


def run(args: argparse.Namespace) -> int:
    """One action."""
    chosen = settings(args)
    with register(chosen) as (_db, subscribers):
        subscribers.expire(datetime.now(UTC))
        return _ACTIONS[args.action](args, chosen, subscribers)


def _add(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    wishes = _wishes(args, chosen)
    question = _("E-mail address: ") if args.channel == "email" else _("Signal number or username: ")
    address = _recipient(args.channel, typed_line(question))
    number = subscribers.add(address, wishes, datetime.now(UTC), again=args.again)
    missing = _missing(args.channel, chosen)
    if args.json:
        told = {"number": number, "state": "pending", "mailbox": bool(mailbox_address(chosen))}
        print(json.dumps(told | {"leaves": not missing}))
        return 0
    if missing:
        words = _("subscriber {number}: nothing can leave, since no {table} is set; the question waits for it")
        say(words.format(number=number, table=missing))
        say(_("without {table} and an answer, all is deleted after {hours} hours").format(
            table=missing, hours=HOURS
        ))  # fmt: skip
        return 0
    say(_("subscriber {number}: the question leaves with the next `vigie run`").format(number=number))
    if mailbox_address(chosen):
        say(_("`vigie inbox` reads the answer"))
    else:
        say(_("no [inbox] is set: when the answer arrives, run `vigie subscribers confirm`"))
    say(_("without an answer, all is deleted after {hours} hours").format(hours=HOURS))
    return 0


def _missing(channel: Channel, chosen: Settings) -> str:
    """The table of the settings without which nothing leaves by this channel; empty where it is set."""
    if channel == "signal":
        return "" if chosen.signal.gateway else "[signal]"
    return "" if chosen.mail.server else "[mail]"


def _wishes(args: argparse.Namespace, chosen: Settings) -> Subscription:
    """What is asked for. Raises UsageError for what nobody knows or is too much."""
    declared = catalogue(args)
    places = tuple(dict.fromkeys(declared.find(name).code for name in args.prefecture))
    most = chosen.alerts.prefectures_each
    if len(places) > most:
        raise UsageError(
            _("{n} préfectures at most for one subscriber ([alerts] prefectures_each)").format(n=most)
        )  # fmt: skip
    declared.desks((), args.procedure)  # says which procedure nobody knows
    return Subscription(
        id=0,
        channel=args.channel,
        state="pending",
        prefectures=places,
        procedures=tuple(args.procedure),
        kinds=tuple(args.kind) or SUBSCRIBER_KINDS,
        language=args.language or ("en" if args.lang == "en" else "fr"),
        cadence=args.cadence,
        quiet=_quiet(args.quiet),
        quiet_slots=args.quiet_slots,
        before=_day("--before", args.before),
        sooner_than=_day("--sooner-than", args.sooner_than),
        attach=not args.no_log,
        discreet=args.channel == "signal" if args.discreet is None else args.discreet,
        time_zone=declared.find(places[0]).time_zone,
    )


def _day(option: str, text: str | None) -> date | None:
    """A day to come. Raises UsageError for anything else."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or day <= datetime.now(UTC).date():
        raise UsageError(
            _("{option} {text}: a day to come is expected, such as {example}").format(
                option=option, text=text, example=datetime.now(UTC).date() + timedelta(days=60)
            )
        )
    return day


def _quiet(text: str | None) -> tuple[time, time] | None:
    if text is None:
        return None
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        start = end = time(0)
    if start == end or start.tzinfo or end.tzinfo:
        raise UsageError(
            _("--quiet {text}: two different times of day are expected, such as 22:00-07:00").format(text=text)
        )
    return start, end


def _confirm(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    code = args.number if args.number is not None else typed_line(_("Code (OUI-... or ICI-...): "))
    if isinstance(code, str) and code.upper().startswith(HERE):
        return _confirm_nudge(args, code, subscribers)
    number = subscribers.confirm(code, CONSENT_TEXT, datetime.now(UTC))
    if number is None:
        raise UsageError(
            _("nobody waits for that confirmation; an answer is awaited for {hours} hours").format(hours=HOURS)
        )
    return _done(args, number, _("subscriber {number} is told from now on"))


def _confirm_nudge(args: argparse.Namespace, code: str, subscribers: Subscribers) -> int:
    number = subscribers.confirm_nudge(code, None, datetime.now(UTC))
    if number is None:
        raise UsageError(
            _("nobody waits for that confirmation; an answer is awaited for {hours} hours").format(hours=HOURS)
        )
    return _done(args, number, _("subscriber {number} is told by a nudge too from now on"))


def _list(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    holders = subscribers.all()
    if args.json:
        print(json.dumps([plain(one, subscribers) for one in holders], ensure_ascii=False, indent=1))
        return 0
    said, rows = words(), []
    for one in holders:
        to = one.to
        rows.append((str(to.id), said[to.state], channels()[to.channel], said[to.cadence], ", ".join(to.prefectures)))
    table(rows)
    if not holders:
        say(_("nobody has subscribed"))
    return 0


def _show(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    """By number, or by address, so that who writes to the operator can be found; the address itself is not printed."""
    if args.number is None:
        typed = typed_line(_("Address: "))
        args.number = subscribers.holding(_recipient("email" if "@" in typed else "signal", typed))
        if args.number is None:
            raise UsageError(_("this address is not subscribed"))
    found = plain(subscribers.get(args.number), subscribers)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    said = _named()
    for name, value in found.items() if not args.json else ():
        say(_("{what}: {told}").format(what=said.get(name, name), told=_told(name, value, args.lang)), hang=2)
    return 0


def _named() -> dict[str, str]:
    """What is kept of a subscriber, for people."""
    return {
        "number": _("number"),
        "state": _("state"),
        "channel": _("channel"),
        "prefectures": _("préfectures"),
        "procedures": _("démarches"),
        "kinds": _("news wished for"),
        "language": _("language"),
        "cadence": _("how often"),
        "quiet": _("quiet hours"),
        "quiet_slots": _("quiet for slots too"),
        "before": _("slots before"),
        "sooner_than": _("slots sooner than"),
        "attach": _("with the relevé"),
        "discreet": _("discreet"),
        "time_zone": _("legal time"),
        "added": _("taken in"),
        "asked": _("asked"),
        "confirmed": _("confirmed"),
        "consent_text": _("text agreed to"),
        "nudge": _("nudge"),
    }


def _told(name: str, value: Any, lang: str) -> str:
    match name:
        case "state" | "cadence":
            return words()[value]
        case "channel":
            return channels()[value]
        case "procedures":
            return ", ".join(procedure(one, lang) for one in value) or "-"
        case "kinds":
            said = events()
            return ", ".join(said.get(one, one) for one in value) or "-"
        case "consent_text":
            return quoted(value) if value else "-"
        case "nudge":
            return nudge.told(value)
    return shown(value)


def _pause(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    subscribers.set_state(args.number, "active" if args.resume else "paused", datetime.now(UTC))
    told = (
        _("subscriber {number} is told again from now on")
        if args.resume
        else _("subscriber {number} is not told until `pause --resume`")
    )
    return _done(args, args.number, told)


def _remove(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    subscribers.remove(args.number, datetime.now(UTC))
    return _done(args, args.number, _("subscriber {number} left: the address is gone, a keyed digest remains"))


def _erase(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    subscribers.erase(args.number, datetime.now(UTC))
    return _done(args, args.number, _("all that was held on subscriber {number} is gone, but a keyed digest"))


def _export(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    """With the address, in clear: the right of access of one person, or the move of an installation."""
    numbers = [args.number] if args.number is not None else [one.to.id for one in subscribers.all()]
    print(json.dumps([subscribers.export(number) for number in numbers], ensure_ascii=False, indent=1))
    return 0


def _import(args: argparse.Namespace, chosen: Settings, subscribers: Subscribers) -> int:
    """Every entry that can be taken in is; the others are told by their place."""
    try:
        entries = json.load(sys.stdin)
    except ValueError:
        raise UsageError(_("standard input is not what `vigie subscribers export` prints")) from None
    taken: list[int] = []
    refused: list[dict[str, Any]] = []
    for place, kept in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        try:
            wishes = Subscription.from_json(kept["wishes"], number=0, state="pending")
            address = recipient(wishes.channel, kept["address"])
            if kept.get("nudge"):
                kept["nudge"]["service"] = _service(kept["nudge"]["address"])
            taken.append(subscribers.restore({**kept, "address": address}, datetime.now(UTC)))
        except (UsageError, ValueError) as error:
            refused.append(
                {"entry": place, "why": str(error) if isinstance(error, UsageError) else _("not understood")}
            )
        except (AttributeError, KeyError, TypeError, IndexError):
            refused.append({"entry": place, "why": _("not understood")})
    if args.json:
        print(json.dumps({"taken": taken, "refused": refused}, ensure_ascii=False, indent=1))
    else:
        say(_("taken in: {n}").format(n=len(taken)))
        for one in refused:
            say(_("entry {entry}: {why}").format_map(one), out=sys.stderr)
    return 0 if not refused else 65


def _service(url: str) -> str:
    from monitor.alerts.send.knock import service_of

    return service_of(url)


_ACTIONS = {
    "add": _add,
    "nudge": nudge.run,
    "confirm": _confirm,
    "list": _list,
    "show": _show,
    "pause": _pause,
    "remove": _remove,
    "export": _export,
    "erase": _erase,
    "import": _import,
}


def _done(args: argparse.Namespace, number: int, told: str) -> int:
    print(json.dumps({"number": number}) if args.json else told.format(number=number))
    return 0


def _recipient(channel: Channel, typed: str) -> str:
    try:
        return recipient(channel, typed)
    except ValueError as error:
        raise UsageError(str(error)) from None
