"""The findings of a check in words, the gravest first, each with how sure its rule is and the texts it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from monitor.case.check.check import Checked
from monitor.case.check.rules import SURER, CaseRules, Finding, RuleChange, Saying, Weight, surest
from monitor.case.check.spread import Spread, best, spread_of
from monitor.case.law import COLON, Law, Source, Sureness, beside
from monitor.core.labels import procedure
from monitor.paper.french import typeset
from monitor.values import dataclass

ORDER: Final[tuple[Weight, ...]] = ("obstacle", "missing", "warning", "proven", "told")
MARKS: Final[dict[str, dict[Weight, str]]] = {
    "fr": {"obstacle": "AVOCAT", "missing": "MANQUE", "warning": "ATTENTION", "proven": "PROUVÉ", "told": "NOTÉ"},
    "en": {"obstacle": "LAWYER", "missing": "MISSING", "warning": "WARNING", "proven": "PROVEN", "told": "NOTED"},
}
SURE: Final[dict[str, dict[Sureness, str]]] = {
    "fr": {"certain": "règle certaine", "likely": "règle probable", "guess": "supposition du projet"},
    "en": {"certain": "rule certain", "likely": "rule likely", "guess": "the project's guess"},
}
HEAD: Final = {
    "fr": "Avertissements pour un avocat, jamais une prévision. Règles relues le {day}, textes au {state} au plus tôt.",
    "en": "Warnings for a lawyer, never a prediction. Rules read again on {day}, texts as of {state} at the earliest.",
}
CHANGED: Final = {
    "fr": "Ce dossier a été commencé avant la relecture des règles. Ce qui a changé pour lui :",
    "en": "This case was begun before the rules were read again. What changed for it:",
}
NEXT: Final = {"fr": "Prochaine étape utile : ", "en": "Next useful step: "}
SOURCES: Final = {"fr": "## Sources", "en": "## Sources"}
WEEK: Final = {"fr": ("lu", "ma", "me", "je", "ve", "sa", "di"), "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")}
NAMED: Final = ("label", "missing", "rung", "later", "way", "what")  # values that are words of the rules


@dataclass(frozen=True, slots=True)
class Told:
    """What a report is told with. on: the day the age of a text is counted to."""

    rules: CaseRules
    law: Law
    on: date
    lang: str

    def sources(self, finding: Finding) -> tuple[Source, ...]:
        """The rows a finding rests on."""
        return self.law.of(finding.sources or self.rules.sayings[finding.code].sources)

    def sure(self, finding: Finding) -> Sureness:
        """How sure it is: never more than the surest of its rows."""
        said = self.rules.sayings[finding.code].confidence
        rows = surest((one.key for one in self.sources(finding)), self.law)
        return min(said, rows, key=SURER.index)


def lines(
    checked: Sequence[Checked], told: Told, changes: Sequence[RuleChange] = (), *, whole: bool = False
) -> Iterator[str]:
    """The report, for people. changes: said first. whole: every source at the end, with what was read of it."""
    for line in _lines(checked, told, changes, whole=whole):
        yield typeset(line) if told.lang == "fr" else line


def _lines(checked: Sequence[Checked], told: Told, changes: Sequence[RuleChange], *, whole: bool) -> Iterator[str]:
    rules, lang = told.rules, told.lang
    yield HEAD[lang].format(day=rules.read_on.isoformat(), state=told.law.oldest.isoformat())
    if changes:
        yield CHANGED[lang]
        yield from (f"- {one.en if lang == 'en' else one.fr}" for one in changes)
    for one in checked:
        yield ""
        yield f"## {procedure(one.procedure, lang)}"
        found = in_order(one.findings, rules)
        for finding, saying in found:
            yield f"{MARKS[lang][saying.weight]:<9} {said(finding, saying, rules, lang)}"
            rows = beside(told.sources(finding), told.on, lang)
            yield f"{'':<9} [{finding.rule}, {SURE[lang][told.sure(finding)]}{COLON[lang]}{rows}]"
        if step := next_step(found, lang):
            yield NEXT[lang] + step
        yield from _grid(one, lang)
    if whole:
        yield ""
        yield SOURCES[lang]
        yield from (f"- {one.whole(told.on, lang)}" for one in used(checked, told))


def used(checked: Iterable[Checked], told: Told) -> tuple[Source, ...]:
    """The rows the findings rest on, each once, in the order of the table."""
    keys = {source.key for one in checked for finding in one.findings for source in told.sources(finding)}
    return tuple(source for key, source in told.law.sources.items() if key in keys)


def changes_for(checked: Iterable[Checked], rules: CaseRules, begun: date, told: date | None) -> tuple[RuleChange, ...]:
    """What changed in the findings of a case since it was begun, or since it was last told. begun, told: UTC days."""
    codes = {finding.code for one in checked for finding in one.findings}
    since = max(begun, told) if told else begun
    return tuple(one for one in rules.changes if since < one.on and one.codes & codes)


def in_order(findings: Sequence[Finding], rules: CaseRules) -> list[tuple[Finding, Saying]]:
    """Findings with their sayings, the gravest first."""
    pairs = [(finding, rules.sayings[finding.code]) for finding in findings]
    return sorted(pairs, key=lambda pair: ORDER.index(pair[1].weight))


def said(finding: Finding, saying: Saying, rules: CaseRules, lang: str) -> str:
    """Its sentence, the words of the rules put for people."""
    values = {k: _worded(v, rules, lang) if k in NAMED else v for k, v in finding.values.items()}
    return agreed((saying.en if lang == "en" else saying.fr).format(**values), lang)


def agreed(text: str, lang: str) -> str:
    """Each `(s)` as it is written after the number before it: `1 tentative`, `2 tentatives`."""
    many = False
    out = []
    for part in re.split(r"(\d+|\(s\))", text):
        if part.isdecimal():
            many = int(part) > 1 or (lang == "en" and int(part) == 0)
        out.append(("s" if many else "") if part == "(s)" else part)
    return "".join(out)


def _worded(value: str | int, rules: CaseRules, lang: str) -> str:
    names = "|".join(sorted(map(re.escape, rules.words), key=len, reverse=True))
    worded = re.sub(rf"\b({names})\b", lambda found: rules.words[found[1]][lang], str(value))
    return worded.replace(">=", "≥")


def next_step(found: Sequence[tuple[Finding, Saying]], lang: str) -> str:
    """What to do first; an obstacle is a lawyer's business, before anything else."""
    if found and found[0][1].weight == "obstacle":
        return "voir un avocat avant toute autre démarche." if lang == "fr" else "see a lawyer before anything else."
    return next((s.next_en if lang == "en" else s.next_fr for _f, s in found if s.next_fr), "")


def _grid(one: Checked, lang: str) -> Iterator[str]:
    """Attempts by week day and hour, the hours of a day that had any."""
    used_hours = [hour for hour in range(24) if any(row[hour] for row in one.grid)]
    if used_hours:
        yield "     " + " ".join(f"{hour:02d}h" for hour in used_hours)
        for name, row in zip(WEEK[lang], one.grid, strict=True):
            if any(row):
                yield f"  {name} " + " ".join(f"{row[hour] or '.':>3}" for hour in used_hours)


def to_json(checked: Sequence[Checked], told: Told, changes: Sequence[RuleChange] = ()) -> dict[str, Any]:
    """The report, for machines: `spread` as of the best démarche, findings by démarche, each source with its state."""
    rules, lang = told.rules, told.lang
    spreads = {one.procedure: one.spread for one in checked}
    return {
        **spreads_json(spreads, rules),
        "rules_read_on": rules.read_on.isoformat(),
        "changed": [one.en if lang == "en" else one.fr for one in changes],
        "findings": {
            one.procedure: [_json(finding, saying, told) for finding, saying in in_order(one.findings, rules)]
            for one in checked
        },
    }


def _json(finding: Finding, saying: Saying, told: Told) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "code": finding.code,
        "weight": saying.weight,
        "confidence": told.sure(finding),
        "sources": [source_json(one, told.on) for one in told.sources(finding)],
        "values": dict(finding.values),
        "text": said(finding, saying, told.rules, told.lang),
        "next": saying.next_en if told.lang == "en" else saying.next_fr,
    }


def source_json(one: Source, on: date) -> Mapping[str, Any]:
    """`{"key", "short", "read", "state", "confidence", "old"}`: a row as machines read it beside a claim."""
    return {
        "key": one.key,
        "short": one.short,
        "read": one.read,
        "state": one.state.isoformat(),
        "confidence": one.confidence,
        "old": one.old(on),
    }


def spreads_json(spreads: dict[str, Spread], rules: CaseRules) -> dict[str, Any]:
    """The five keys of the spread; with several démarches those of the best, and `by_procedure`."""
    if not spreads:
        return spread_json(spread_of((), rules))
    told = spread_json(spreads[best(spreads, rules)])
    return told if len(spreads) == 1 else told | {"by_procedure": {p: spread_json(s) for p, s in spreads.items()}}


def spread_json(spread: Spread) -> dict[str, Any]:
    """`{"spread", "span_days", "weeks", "days", "missing"}`."""
    return {
        "spread": spread.label,
        "span_days": spread.span_days,
        "weeks": spread.weeks,
        "days": spread.days,
        "missing": [*spread.missing],
    }
