"""Letters the person edits and sends: facts of the case, in templates that hold every other word. Nothing is sent.

Only what the case holds is filled in; the rest stays in [brackets]. Texts and decisions come from the one table of
sources, which the end of each draft repeats: a template that names another is a bug and raises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, get_args

from monitor.case.check.spread import counted
from monitor.case.court.checklist import Checklist
from monitor.case.court.dossier import LAYERS, LAYERS_EN, Dossier, Exhibit, Letter
from monitor.case.court.exhibits import chronology, exhibits, item_line
from monitor.case.court.papers import own
from monitor.case.court.reading import Tables
from monitor.case.court.words import KINDS_FR, hour, prefet, procedure, short_day
from monitor.case.law import AGED, READ_TOLD, SURE, Source
from monitor.case.model import Attempt
from monitor.paper.french import some, typeset
from monitor.paper.letter import flat, told

if TYPE_CHECKING:
    from jinja2 import Environment

LETTERS: Final[tuple[Letter, ...]] = get_args(Letter)
URGENT: Final = "urgency_proof"
RECENT: Final = 10  # attempts listed in a letter; the enclosed chronology has them all


def draft(
    letter: Letter, dossier: Dossier, tables: Tables, on: date, first: int = 1, *, gloss: bool = False
) -> str:  # fmt: skip
    """The text, laid out as `paper.letter.lines_of` reads it.

    on: the day it is made, for the age of the sources. first: number of the first exhibit, as in the court file. gloss:
    the English of each line under it.
    """
    named: dict[str, Source] = {}
    listed: set[str] = set()

    def source(key: str) -> Source:
        return named.setdefault(key, tables.law.sources[key])

    def to_read(key: str) -> tuple[str, str]:
        listed.add(key)
        return _cited(tables.law.sources[key], on), tables.law.sources[key].says_en

    words = {
        **_facts(dossier, tables, exhibits(dossier, first)),
        "art": lambda key: typeset(source(key).cite),
        "ref": lambda key: source(key).short,
        "to_read": to_read,
    }
    body = _rendered(letter, words) + _rendered("end", words)
    shown = sorted((one for key, one in named.items() if key not in listed), key=lambda one: one.rank)
    left = [(_cited(one, on, where=True), one.says_en) for one in shown]
    return _tidy(body + _rendered("sources", {"named": left}), gloss=gloss)


def _rendered(name: str, words: Mapping[str, Any]) -> str:
    return _environment().get_template(f"{name}.j2").render(words) + "\n"


def _cited(one: Source, on: date, *, where: bool = False) -> str:
    """A text or decision with what it says and what was read of it. where: and where, and in which state."""
    read = READ_TOLD["fr"][one.read]
    aged = f", {AGED['fr']}" if one.old(on) else ""
    state = f", état du {short_day(one.state)}{aged} ; lu : {one.where}" if where else aged
    official = f" ; {one.published('fr')}" if where and one.official else ""
    said = f"{one.cite[0].upper()}{one.cite[1:]} : {one.says}"
    return typeset(f"{said}{official} [{read} ; {SURE['fr'][one.confidence]}{state}]")


def _facts(dossier: Dossier, tables: Tables, shown: Sequence[Exhibit]) -> Mapping[str, Any]:
    """What the templates may use."""
    events, code = dossier.attempts, dossier.facts.procedure
    mine = [one for one in events if one.procedure == code]
    tried = [one for one in mine if counted(one) and one.number not in dossier.doubted]
    doubted = [one for one in mine if counted(one) and one.number in dossier.doubted and one.group == "attempt"]
    bookings = [one for one in tried if one.group == "attempt"]
    portal = [one for one in mine if one.group in ("anef", "after")]
    family, sort = _family(dossier), _sort(dossier, tables.papers)
    return {
        "applicant": flat(dossier.applicant) or "[Nom et prénoms]",
        "office": flat(dossier.office),
        "prefet": prefet(flat(dossier.office)),
        "court": flat(dossier.court),
        "procedure": flat(procedure(code)),
        "family": family,
        "sort": sort,
        "renewal": code == "renewal",
        "expires": dossier.facts.expires and short_day(dossier.facts.expires),
        "tried": _spell(bookings),
        "listed": _listed(bookings, dossier),
        "doubted": [_told(one, dossier) for one in doubted],
        "addresses": sorted({flat(one.address) for one in tried if one.address}),
        "sentences": sorted({flat(one.sentence) for one in bookings if one.sentence}),
        "kinds": list(dict.fromkeys(one.kind for one in portal)),
        "blocks": [_told(one, dossier) for one in portal],
        "lacking": [_told(one, dossier) for one in portal if one.group == "after"],
        "offered": [_told(one, dossier) for one in mine if one.kind == "slot_offered"],
        "filed": [_day(one, dossier) for one in mine if one.kind == "filed"],
        "ccc": _of(dossier, mine, "ccc"),
        "pan": _of(dossier, mine, "pan"),
        "requests": _of(dossier, mine, "request"),
        "emails": [_day(one, dossier) for one in mine if one.kind == "email"],
        "posted": [_told(one, dossier) for one in mine if one.kind in ("letter", "registered_letter")],
        "answers": _of(dossier, mine, "answer"),
        "others": [_told(one, dossier) for one in events if one.group == "other" and one.kind != URGENT],
        "urgent": _shown_in(shown, URGENT),
        "obstacles": _of(dossier, events, "obstacle", "filing"),
        "chronology": told(chronology(dossier, shown)),
        "pieces": [*_pieces(dossier, shown)],
        "enclosed": [(one.number, flat(one.title)) for one in shown if one.layer == "person"],
        "own": [typeset(one.text) for one in own(dossier.facts, events, tables)],
        "reading": [
            (typeset(one.fr), one.en, one.keys) for one in tables.topics if one.about(family, permit=sort == "permit")
        ],
    }  # fmt: skip


def _family(dossier: Dossier) -> str | None:
    """Naturalisation is its own family whatever was stated."""
    return "naturalisation" if dossier.facts.procedure == "naturalisation" else dossier.facts.family


def _sort(dossier: Dossier, papers: Checklist) -> str:
    """Which rules of silence and registration a démarche has: `permit`, its own code, or `other`."""
    code = dossier.facts.procedure
    if code in papers.permits and dossier.facts.family != "naturalisation":
        return "permit"
    if _family(dossier) == "naturalisation":
        return "naturalisation"
    return code if code == "family_reunification" else "other"


def _pieces(dossier: Dossier, shown: Sequence[Exhibit]) -> Iterator[tuple[str, str, list[tuple[int, str, list[str]]]]]:
    """The exhibits by where they come from."""
    for layer, of_layer in groupby(shown, lambda one: one.layer):
        rows = [
            (
                one.number,
                flat(one.title),
                [flat(item_line(item, n, dossier)) for n, item in enumerate(one.items, 1)]
                if one.sort == "series"
                else [],
            )
            for one in of_layer
        ]
        yield LAYERS[layer], LAYERS_EN[layer], rows


def _spell(tried: Sequence[Attempt]) -> Mapping[str, Any] | None:
    """How many attempts, on how many days, between which, with what results; how many an authorised helper made."""
    if not tried:
        return None
    days = sorted({one.day for one in tried})
    first, last = short_day(days[0]), short_day(days[-1])
    kinds = [one.kind for one in tried]
    helped = sum(one.author == "helper" for one in tried)
    return {
        "times": some(len(tried), "fois", "fois"),
        "days": some(len(days), "jour distinct", "jours distincts"),
        "several": len(days) > 1,
        "span": f"Entre le {first} et le {last}" if len(days) > 1 else f"Le {first}",
        "helped": some(helped, "fois", "fois") if helped else "",
        "results": [f"{KINDS_FR[kind][1]} ({some(n, 'fois', 'fois')})" for kind, n in Counter(kinds).most_common()],
        "n": len(tried),
    }


def _shown_in(shown: Sequence[Exhibit], kind: str) -> str:
    """`pièces n° 5, 6`: the exhibits of a kind of event; three dots where there is none."""
    found = [str(one.number) for one in shown if any(item.event and item.event.kind == kind for item in one.items)]
    return f"pièce{'s' if len(found) > 1 else ''} n° {', '.join(found) or '…'}"


def _listed(tried: Sequence[Attempt], dossier: Dossier) -> list[str]:
    """The last attempts, oldest first."""
    return [_told(one, dossier) for one in tried[-RECENT:]]


def _of(dossier: Dossier, events: Sequence[Attempt], *groups: str) -> list[str]:
    return [_told(one, dossier) for one in events if one.group in groups]


def _told(one: Attempt, dossier: Dossier) -> str:
    """`le 2 mars 2026 à 09h14, site de rendez-vous : aucun créneau ... (n° 12)`."""
    clock = hour(one, dossier)
    means, what = KINDS_FR[one.kind]
    said = f" — «\N{NO-BREAK SPACE}{flat(one.sentence)}\N{NO-BREAK SPACE}»" if one.sentence else ""
    reference = f" (n° {flat(one.reference)})" if one.reference else ""
    due = f", pour le {short_day(one.due)}" if one.due else ""
    helper = ", par un aidant autorisé" if one.author == "helper" else ""
    told_of = typeset(f"le {short_day(one.day)}{f' à {clock}' if clock else ''}, {means} : {what}")
    return f"{told_of}{said}{reference}{due}{helper}{_doubt(one, dossier)}"


def _day(one: Attempt, dossier: Dossier) -> str:
    return short_day(one.day) + _doubt(one, dossier)


def _doubt(one: Attempt, dossier: Dossier) -> str:
    """What is doubted of it, in brackets as all that only the person knows."""
    return typeset(f" [à vérifier : {dossier.doubted[one.number]}]") if one.number in dossier.doubted else ""


def _tidy(text: str, *, gloss: bool) -> str:
    """One empty line between blocks, none within a list or a table. What came from a case begins no line with `> `."""
    out: list[str] = []
    for line in (one.strip() for one in text.splitlines()):
        if not line or (line.startswith("> ") and not gloss):
            continue
        if out and not (line[:2] == out[-1][:2] and line[:2] in ("- ", "| ")) and not line.startswith("> "):
            out.append("")
        out.append(line)
    return "\n".join(out) + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = files("monitor") / "templates" / "case"
    return Environment(  # noqa: S701 - plain text, not HTML; what comes from a case is flattened to a line
        loader=FunctionLoader(lambda name: typeset((folder / name).read_text(encoding="utf-8"))),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
