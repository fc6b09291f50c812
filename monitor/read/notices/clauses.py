"""Clauses, and what is said of a thing named in one: affirmed, denied, or said in the other direction.

Which matter a sentence is about, from its own clause outwards: sentence, lead, headings, title, address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache

from monitor.read.notices.context import NoticeContext
from monitor.read.notices.prose.document import Unit
from monitor.read.notices.rules import Matter, Rules, headed, requested, scopes_in
from monitor.values import dataclass, pattern

_STARTER = (
    r"il|elle|ils|elles|vous|on|nous|ce|cela|celui-ci|celle-ci|ceux-ci|le|la|les|l'|un|une|votre|vos|tout|toute|tous|"
    r"toutes|aucun|aucune|si|s'il|s'ils|lorsque|quand|afin|car|puisque|merci|priere|veuillez|sinon|puis|ensuite|alors|"
    r"envoy\w+|adress\w+|transmet\w+|depos\w+|se presenter|contact\w+|prendre|prenez|uniquement|exclusivement|"
    r"seul|seule|seuls|seules|preparer|pas|ni|plus de|plus d'|sans|non|inutile|dossier|dossiers"
)
_CUT = pattern(
    r"\s*(?:;|:(?![/\d])|[()])\s*|\s+mais\s+|\s+(?:alors que|tandis que|en revanche|toutefois|cependant|par contre)\s+|"
    rf"\s*,\s*(?=(?:mais|et)?\s?(?:{_STARTER})(?![a-z]))|\s+et\s+(?=(?:{_STARTER})(?![a-z]))|(?<=[.!?])\s+"
)


class Polarity(Enum):
    """What a sentence says of a thing named in it."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that affirms or denies one thing. start, end: offsets in the folded words. aside: it stands
    in brackets."""

    text: str
    start: int
    end: int
    aside: bool = False


@lru_cache(maxsize=512)  # every reader asks for the clauses of the same sentence
def clauses(words: str) -> tuple[Clause, ...]:
    """The clauses of a sentence's folded words, in order."""
    found = []
    begin = depth = 0
    for cut in _CUT.finditer(words):
        if cut.start() > begin:
            found.append(Clause(words[begin : cut.start()], begin, cut.start(), depth > 0))
        if "(" in (glue := cut.group()) or ")" in glue:
            depth = max(0, depth + glue.count("(") - glue.count(")"))
        begin = cut.end()
    if begin < len(words):
        found.append(Clause(words[begin:], begin, len(words), depth > 0))
    return tuple(found)


def polarity(rules: Rules, parts: Sequence[Clause], number: int, position: int) -> Polarity:
    """What is said of a thing named at an offset of the sentence's words; UNSAID for a clause on something else."""
    clause = parts[number]
    if rules.says("incomplete", clause.text):
        return Polarity.UNSAID
    text = rules.without("negation_aside", clause.text)
    for only in rules.all("only", text):
        text = text[: only.start()] + " " * len(only.group()) + text[only.end() :]
    at = position - clause.start
    if rules.says("negation", text):
        return Polarity.DENIED
    if any(
        found.end() <= at and not _VERB.search(text, found.end(), at) for found in rules.all("negation_right", text)
    ):
        return Polarity.DENIED
    if at > 0 and rules.opens("negation_first", text.lstrip()):
        return Polarity.DENIED
    following = parts[number + 1].text.strip() if number + 1 < len(parts) else ""
    if rules.opens("refused", following) and len(following) <= 60:
        return Polarity.DENIED
    return Polarity.AFFIRMED


# What a negation reaches to its right ends at the verb: « les familles sans internet peuvent déposer au guichet ».
_VERB = pattern(r"(?<![a-z])(?:peu(?:t|vent)|pouvez|doi(?:t|vent)|devez|est|sont|sera|seront|se f(?:ait|ont))(?![a-z])")
_NONE_OF = pattern(r"(?<![a-z])(?:aucune?s?|(?:pas|plus|ni) (?:de |d')?)\s*((?:(?!n'|ne )[a-z'-]+\s?){1,3})")


def refuses(rules: Rules, clause: Clause, position: int) -> bool:
    """Whether a clause that denies shuts the way named at an offset, and not something else done there: « aucun timbre
    n'est vendu au guichet » refuses stamps."""
    at = position - clause.start
    subject = _SUBJECT.match(clause.text)
    if subject and subject.end() <= at and not _WHOEVER.search(subject[1]) and not _is_sent_in(rules, subject[1]):
        return False  # « les photocopies ne sont pas faites au guichet »
    named = list(_NONE_OF.finditer(clause.text))
    if named:
        return any(_is_sent_in(rules, found[1]) or found.start() <= at < found.end() for found in named)
    return _is_sent_in(rules, clause.text)


_SUBJECT = pattern(r"\W*((?:les?|la|l'|vos|votre|ces?|cette|cet|notre|nos) ?[a-z][^,;:]*?) (?=ne |n')")
_WHOEVER = pattern(  # those who come, and those who receive: what is denied them is denied to all
    r"(?<![a-z])(?:public|usage(?:rs?|res)|etrange(?:rs?|res)|demandeu(?:rs?|ses?)|personnes?|gens|visiteurs?|services?|"
    r"ressortissante?s?|prefectures?|sous-prefectures?|guichets?|bureaux?|accueils?|agents?|sejour|demarches?|envois?|"
    r"courriers?|courriels?|mails?|depots?)(?![a-z])"
)


def _is_sent_in(rules: Rules, words: str) -> bool:
    return rules.says_any(("filing_object", "deposit", "reception", "filing_verb"), words)


_COMPLEMENT = pattern(r"(?:(?<![a-z])(?:de|du|des|d'|pour)\s?(?:la |le |les |l'|leurs? |votre |vos |une? )?)$")


def reversed_direction(rules: Rules, clause: str) -> bool:
    """True when what travels goes from the administration to the person. A permit that only says which file it is ("le
    dossier de demande de titre est remis") does not travel."""
    return any(not _COMPLEMENT.search(clause, 0, found.start()) for found in rules.all("reverse", clause))


def said_before(parts: Sequence[Clause], number: int) -> str:
    """The sentence from its beginning to the end of a clause, what stands in brackets before it left out."""
    return " ".join(part.text for part in parts[: number + 1] if not part.aside or part is parts[number])


_DEEPEST = 6  # leads one under another that are asked; the deepest list met has three


def matter_of(context: NoticeContext, unit: Unit, clause: str | None = None) -> Matter | None:
    """The matter of a unit; clause: folded words of the part that counts first. None when the page does not say."""
    rules = context.rules
    words = context.words[unit.index]
    for low in (clause, words) if clause is not None else (words,):
        matter = requested(rules, low)
        if matter is not None:
            return matter
    over = next((matter for low in _over(context, unit) if (matter := headed(rules, low)) is not None), None)
    for low in _around(context, unit):
        matter = requested(rules, low)
        if matter in ("naturalisation", "asylum") or (matter == "residence" and over in (None, "residence")):
            return matter
    if over is not None:
        return over
    if rules.says("residence", words):
        return "residence"
    return "residence" if context.matters == {"residence"} else None


def _around(context: NoticeContext, unit: Unit) -> Iterator[str]:
    """Words of the leads, then of the sentences before in the same block or group."""
    lead, depth = context.document.lead_of(unit), 0
    while lead is not None and depth < _DEEPEST:
        yield context.words[lead.index]
        lead, depth = context.document.lead_of(lead), depth + 1
    for other in context.before(unit, 4):
        if other.block == unit.block or (other.group == unit.group and not (unit.kind == "item" == other.kind)):
            yield context.words[other.index]


def _over(context: NoticeContext, unit: Unit) -> Iterator[str]:
    """Words of the headings, nearest first, the title, then the segments of the address, last first."""
    for heading in context.document.above(unit):
        yield context.words[heading.index]
    if unit.is_heading:
        yield context.words[unit.index]
    yield from context.path_words


def scopes_of(context: NoticeContext, unit: Unit, clause: str | None = None) -> list[str]:
    """Which permits a sentence speaks of, in the order printed; looked for outwards until some are named."""
    words = context.words[unit.index]
    near = [clause] if clause is not None else []
    for low in (*near, words):
        found = scopes_in(context.rules, low)
        if _precise(found):
            return found
    listed = [s for other in context.introduced(unit) for s in scopes_in(context.rules, context.words[other.index])]
    if _precise(listed):
        return list(dict.fromkeys(listed))
    found = scopes_in(context.rules, words)
    for low in (*_around(context, unit), *_over(context, unit)):
        wider = scopes_in(context.rules, low)
        if _precise(wider):
            return wider
        found = found or wider
    return found


def _precise(labels: list[str]) -> bool:
    return bool(labels) and labels != ["titre de séjour"]


_BOOKING = pattern(
    r"/booking/create|/rdvpref/reservation|/rdv/|rdv\.[a-z-]+\.gouv\.fr|rdv-prefecture|commencer/[^/]*rdv"
)


def is_booking(url: str) -> bool:
    """True for the address of a booking module."""
    return _BOOKING.search(url) is not None
