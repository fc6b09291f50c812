"""What came of a sweep, in a few lines: the country in one sentence, what was open, what could not be read and why,
what to do next. One row a desk is for `--verbose` and `--json`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING, Final

from monitor.cli.layout import paint, say
from monitor.cli.show import quoted, words
from monitor.core.labels import label
from monitor.core.readings import Obstructed, Reading, SlotsOpen, Unavailable, Unreached, Unreadable, from_json
from monitor.core.record import RecordLine
from monitor.settings.settings import checkout

if TYPE_CHECKING:
    from monitor.settings.settings import Settings
    from monitor.sweep.plan import Skipped
    from monitor.sweep.sweep import Summary

NOT_READ: Final = (Obstructed, Unavailable, Unreadable, Unreached)
OPEN_SHOWN: Final = 8
OFFLINE: Final = ("Unreached", "vantage_offline")  # our own network failed, as the control probes told
_FIGURES: Final = "form_figures"


def our_network() -> str:
    """The sentence for a sweep in which our own network answered nothing, and what may be tried."""
    tried = (
        _("To try: `make demo` (needs no network), or `vigie doctor` (what is missing).")
        if checkout()
        else _("To try: `vigie doctor` (what is missing).")
    )
    return _("Our own network does not answer: nothing is said of the préfectures.") + "\n" + tried


def is_offline(record: RecordLine) -> bool:
    """Whether it was our own network that failed, as the control probes told."""
    return record.get("cause") == OFFLINE[1]


def say_outcome(
    summary: Summary, records: Iterable[RecordLine], chosen: Settings, names: Mapping[str, str], lang: str
) -> None:
    """Print it. records: its observations. names: of the préfectures, by code."""
    last = {record["check"]: (record, from_json(dict(record))) for record in records}
    print(_sum(summary))
    if any(record.get("simulated") for record, _reading in last.values()):
        say(_("SIMULATION: a simulator on this machine played every site. Nothing here was read on the web."))
    print()
    say(_desks([row for row in last.values() if row[0]["look"] == "desk"]))
    say(_beside(last.values()))
    _say_open([(record, one) for record, one in last.values() if isinstance(one, SlotsOpen)], names, lang)
    _say_unread(last.values(), summary.skipped, lang)
    _say_next(last.values(), chosen)


def readings_words(readings: Counter[str], lang: str) -> str:
    """How often each answer was read, in the words of its label. readings: by class."""
    return ", ".join(f"{label(name).said(lang)} {n}" for name, n in readings.most_common())


def skip_words(skipped: Skipped) -> str:
    """Why one look was not taken."""
    match skipped.why:
        case "floor":
            return _("{check}: seen less than ten minutes ago; may be looked at again from {when}").format(
                check=skipped.key, when=skipped.detail
            )
        case "host":
            return _("{check}: not asked, the host is left alone ({why})").format(check=skipped.key, why=skipped.detail)
        case "browser":
            return _("{check}: not looked at, its page needs a browser ({why})").format(
                check=skipped.key, why=skipped.detail
            )
    return _("{check}: not looked at ({why})").format(check=skipped.key, why=skipped.why)


def _sum(summary: Summary) -> str:
    told = summary.to_json()
    return _("Sweep {n}: {done} of {due} looked at.").format(n=told["sweep"], done=told["done"], due=told["due"])


def _desks(rows: Sequence[tuple[RecordLine, Reading]]) -> str:
    """The country in one sentence: what its desks said, and how many could not be read."""
    readings = [reading for _record, reading in rows]
    counts = Counter("not_read" if isinstance(one, NOT_READ) else type(one).__name__ for one in readings)
    weak = sum(isinstance(one, SlotsOpen) and one.weak for one in readings)
    parts = [
        (counts["SlotsOpen"] - weak, ngettext("{n} shows a slot", "{n} show a slot", counts["SlotsOpen"] - weak)),
        (weak, ngettext("{n} lets pass, no slot seen", "{n} let pass, no slot seen", weak)),
        (counts["NoSlot"], ngettext("{n} says there is none", "{n} say there is none", counts["NoSlot"])),
        (counts["NotYetOpen"], ngettext("{n} announces an opening", "{n} announce an opening", counts["NotYetOpen"])),
        (counts["RequestForm"], ngettext(
            "{n} is a request form without a calendar", "{n} are request forms without a calendar",
            counts["RequestForm"],
        )),
        (counts["Closed"], ngettext("{n} says it is closed", "{n} say they are closed", counts["Closed"])),
        (counts["not_read"], ngettext("{n} could not be read", "{n} could not be read", counts["not_read"])),
    ]  # fmt: skip
    offices = len({record["prefecture"] for record, _reading in rows})
    head = ngettext("{n} desk", "{n} desks", len(readings)).format(n=len(readings))
    head += " " + ngettext("of {n} préfecture", "of {n} préfectures", offices).format(n=offices)
    told = ", ".join(text.format(n=n) for n, text in parts if n)
    return _("{desks}: {told}.").format(desks=head, told=told) if told else ""


def _beside(last: Collection[tuple[RecordLine, Reading]]) -> str:
    """What was read beside the desks."""
    read = Counter(
        record["look"] if record["platform"] != _FIGURES else _FIGURES
        for record, reading in last
        if not isinstance(reading, NOT_READ)
    )
    parts = [
        (read["notice"], ngettext("{n} published page", "{n} published pages", read["notice"])),
        (read["service"], ngettext("{n} national service", "{n} national services", read["service"])),
        (read[_FIGURES], ngettext(
            "the State's figures of {n} form", "the State's figures of {n} forms", read[_FIGURES]
        )),
    ]  # fmt: skip
    told = ", ".join(text.format(n=n) for n, text in parts if n)
    return _("Also read: {told}.").format(told=told) if told else ""


def _say_open(opened: Sequence[tuple[RecordLine, SlotsOpen]], names: Mapping[str, str], lang: str) -> None:
    if not opened:
        say(_("No slot was seen. A page that was not read is not counted as a page without one."))
        return
    print("\n" + _("Open:"))
    for record, reading in sorted(opened, key=lambda row: row[1].weak)[:OPEN_SHOWN]:
        code = record["prefecture"]
        mark = words(reading, lang)
        say(paint(f"{mark} · {code} {names.get(code, '')}, {record['label']}"), 2, hang=2)
        say(quoted(reading.seen.text), 4)
        print(f"    {record['url']}")
    if (more := len(opened) - OPEN_SHOWN) > 0:
        say(ngettext("and {n} more: `vigie status`", "and {n} more: `vigie status`", more).format(n=more), 2)


def _say_unread(last: Collection[tuple[RecordLine, Reading]], skipped: Sequence[Skipped], lang: str) -> None:
    """What could not be read, by cause, with the départements concerned."""
    causes: defaultdict[str, list[str]] = defaultdict(list)
    for record, reading in last:
        if isinstance(reading, NOT_READ):
            causes[words(reading, lang)].append(record["prefecture"])
    for one in skipped:
        causes[f"– {_not_taken(one.why)}"].append(one.key.partition("/")[0])
    if not causes:
        return
    total = sum(map(len, causes.values()))
    print("\n" + ngettext("Not read, {n}:", "Not read, {n}:", total).format(n=total))
    for cause, codes in sorted(causes.items(), key=lambda row: -len(row[1])):
        where = " ".join(sorted(set(codes)))
        say(f"{len(codes):>3}  {cause} ({where})", 2, hang=5)


def _not_taken(why: str) -> str:
    return {
        "host": _("site left alone after its refusals"),
        "browser": _("its page needs a browser, which is missing or failed"),
        "deadline": _("the sweep's time was up"),
        "crashed": _("a fault of vigie's: please report it"),
    }.get(why, _("not looked at"))


def _say_next(last: Collection[tuple[RecordLine, Reading]], chosen: Settings) -> None:
    desks = sorted((record for record, _reading in last if record["look"] == "desk"), key=_shows_none)
    code = desks[0]["prefecture"] if desks else "95"
    print("\n" + _("Next:"))
    rows = [
        (f"vigie status {code}", _("one préfecture: slots, PAN, other ways to file")),
        ("vigie status", _("every desk, with the site's own words")),
        ("vigie table --html page.html", _("the country as one page")),
    ]
    wide = max(len(command) for command, _does in rows)
    for command, does in rows:
        print(f"  {command:<{wide}}  {does}")
    if not chosen.operator.contact and not chosen.simulation.address:
        say(_("No contact is set: at half pace. Set [operator] contact so that a préfecture can reach you."))


def _shows_none(record: RecordLine) -> bool:
    return bool(record["reading"] != SlotsOpen.__name__)
