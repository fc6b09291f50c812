"""Letters the person edits and sends: facts of the case, in templates that hold every other word. Nothing is sent.

Only what the case holds is filled in; the rest stays in [brackets]. Texts of law come from one dated table, whose rows
the end of each draft repeats: a template that names another is a bug and raises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, get_args

from monitor.case.check.spread import counted
from monitor.case.court.dossier import Dossier, Layer, Letter
from monitor.case.court.exhibits import chronology, exhibits, item_line
from monitor.case.court.words import KINDS_FR, hour, procedure, short_day
from monitor.case.law import READ_TOLD, Law, Source
from monitor.case.model import Attempt
from monitor.paper.french import some
from monitor.paper.letter import flat, told

if TYPE_CHECKING:
    from jinja2 import Environment

LETTERS: Final[tuple[Letter, ...]] = get_args(Letter)
SHORT: Final[Mapping[Layer, str]] = {"A": "couche A", "B": "couche B", "C": "couche C", "N": "notice technique"}
RECENT: Final = 10  # attempts listed in a letter; the enclosed chronology has them all


def draft(letter: Letter, dossier: Dossier, law: Law) -> str:
    """The text, laid out as `domain.draft.lines_of` reads it."""
    named: dict[str, Source] = {}

    def art(name: str) -> str:
        named[name] = law.sources[name]
        return named[name].cite

    template = _environment().get_template(f"{letter}.j2")
    body = template.render(_facts(dossier), art=art)
    sources = _environment().get_template("end.j2").render(named=list(named.values()), read_told=READ_TOLD["fr"])
    return _tidy(f"{body}\n{sources}")


def _facts(dossier: Dossier) -> Mapping[str, Any]:
    """What the templates may use."""
    events, own = dossier.attempts, dossier.facts.procedure
    shown = exhibits(dossier)
    tried = [one for one in events if counted(one) and one.procedure == own]
    bookings = [one for one in tried if one.group == "attempt"]
    return {
        "applicant": flat(dossier.applicant) or "[Nom et prénoms]",
        "office": flat(dossier.office),
        "procedure": flat(procedure(own)),
        "family": dossier.facts.family,
        "expires": dossier.facts.expires and short_day(dossier.facts.expires),
        "tried": _spell(bookings),
        "listed": _listed(bookings, dossier),
        "addresses": sorted({flat(one.address) for one in tried if one.address}),
        "sentences": sorted({flat(one.sentence) for one in bookings if one.sentence}),
        "blocks": [_told(one, dossier) for one in tried if one.group == "anef"],
        "offered": [_told(one, dossier) for one in events if one.kind == "slot_offered" and one.procedure == own],
        "ccc": _of(dossier, "ccc"),
        "pan": _of(dossier, "pan"),
        "requests": _of(dossier, "request"),
        "emails": [short_day(one.day) for one in events if one.kind == "email"],
        "answers": _of(dossier, "answer"),
        "others": _of(dossier, "other", "after"),
        "obstacles": _of(dossier, "obstacle", "filing"),
        "chronology": told(chronology(dossier, shown)),
        "pieces": [
            (one.number, flat(one.title), SHORT[one.layer],
             [flat(item_line(item, n, dossier)) for n, item in enumerate(one.items, 1)] if one.sort == "series" else [])
            for one in shown
        ],
        "enclosed": [(one.number, flat(one.title)) for one in shown if one.layer == "A"],
    }  # fmt: skip


def _spell(tried: Sequence[Attempt]) -> Mapping[str, Any] | None:
    """How many attempts, on how many days, between which, with what results; how many an authorised helper made."""
    if not tried:
        return None
    days = sorted({one.day for one in tried})
    kinds = [one.kind for one in tried]
    helped = sum(one.author == "helper" for one in tried)
    return {
        "times": some(len(tried), "fois", "fois"),
        "days": some(len(days), "jour", "jours"),
        "first": short_day(days[0]),
        "last": short_day(days[-1]),
        "helped": some(helped, "fois", "fois") if helped else "",
        "results": [f"{KINDS_FR[kind][1]} ({some(n, 'fois', 'fois')})" for kind, n in Counter(kinds).most_common()],
        "n": len(tried),
    }


def _listed(tried: Sequence[Attempt], dossier: Dossier) -> list[str]:
    """The last attempts, oldest first."""
    return [_told(one, dossier) for one in tried[-RECENT:]]


def _of(dossier: Dossier, *groups: str) -> list[str]:
    return [_told(one, dossier) for one in dossier.attempts if one.group in groups]


def _told(one: Attempt, dossier: Dossier) -> str:
    """`le 2 mars 2026 à 09h14, site de rendez-vous : aucun créneau ... (n° 12)`."""
    clock = hour(one, dossier)
    means, what = KINDS_FR[one.kind]
    said = f" — « {one.sentence} »" if one.sentence else ""
    reference = f" (n° {one.reference})" if one.reference else ""
    due = f", pour le {short_day(one.due)}" if one.due else ""
    helper = ", par un aidant autorisé" if one.author == "helper" else ""
    return flat(
        f"le {short_day(one.day)}{f' à {clock}' if clock else ''}, {means} : {what}{said}{reference}{due}{helper}"
    )


def _tidy(text: str) -> str:
    """One empty line between blocks, none within a list or a table."""
    out: list[str] = []
    for line in (one.strip() for one in text.splitlines()):
        if not line:
            continue
        if out and not (line[:2] == out[-1][:2] and line[:2] in ("- ", "| ")) and not line.startswith("> "):
            out.append("")
        out.append(line)
    return "\n".join(out) + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(  # noqa: S701 - plain text, not HTML; what comes from a case is flattened to a line
        loader=PackageLoader("monitor", "templates/case"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
