"""The findings of a check in words, the gravest first, each with how sure its rule is. Never a prediction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from monitor.case.check.check import Checked
from monitor.case.check.rules import Confidence, Finding, Rules, Saying, Weight
from monitor.case.check.spread import Spread, best, spread_of

ORDER: Final[tuple[Weight, ...]] = ("obstacle", "missing", "warning", "proven", "told")
MARKS: Final[dict[str, dict[Weight, str]]] = {
    "fr": {"obstacle": "AVOCAT", "missing": "MANQUE", "warning": "ATTENTION", "proven": "PROUVÉ", "told": "NOTÉ"},
    "en": {"obstacle": "LAWYER", "missing": "MISSING", "warning": "WARNING", "proven": "PROVEN", "told": "NOTED"},
}
SURE: Final[dict[str, dict[Confidence, str]]] = {
    "fr": {"certain": "règle certaine", "likely": "règle probable", "guess": "seuil choisi, sans source"},
    "en": {"certain": "rule certain", "likely": "rule likely", "guess": "threshold chosen, no source"},
}
HEAD: Final = {
    "fr": "Avertissements pour un avocat, jamais une prévision. Règles lues le {day}, à relire.",
    "en": "Warnings for a lawyer, never a prediction. Rules read on {day}, to be read again.",
}
NEXT: Final = {"fr": "Prochaine étape utile : ", "en": "Next useful step: "}
WEEK: Final = {"fr": ("lu", "ma", "me", "je", "ve", "sa", "di"), "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")}


def lines(checked: Sequence[Checked], rules: Rules, lang: str) -> Iterator[str]:
    """The report, for people."""
    yield HEAD[lang].format(day=rules.read_on.isoformat())
    for one in checked:
        yield ""
        yield f"## {one.procedure}"
        found = in_order(one.findings, rules)
        for finding, saying in found:
            rule = f"{finding.rule}, {SURE[lang][saying.confidence]} : {' ; '.join(saying.sources)}"
            yield f"{MARKS[lang][saying.weight]:<9} {said(finding, saying, lang)} [{rule}]"
        if step := next_step(found, lang):
            yield NEXT[lang] + step
        yield from _grid(one, lang)


def in_order(findings: Sequence[Finding], rules: Rules) -> list[tuple[Finding, Saying]]:
    """Findings with their sayings, the gravest first."""
    pairs = [(finding, rules.sayings[finding.code]) for finding in findings]
    return sorted(pairs, key=lambda pair: ORDER.index(pair[1].weight))


def said(finding: Finding, saying: Saying, lang: str) -> str:
    """Its sentence."""
    return (saying.en if lang == "en" else saying.fr).format(**finding.values)


def next_step(found: Sequence[tuple[Finding, Saying]], lang: str) -> str:
    """What to do first; an obstacle is a lawyer's business, before anything else."""
    if found and found[0][1].weight == "obstacle":
        return "voir un avocat avant toute autre démarche." if lang == "fr" else "see a lawyer before anything else."
    return next((s.next_en if lang == "en" else s.next_fr for _f, s in found if s.next_fr), "")


def _grid(one: Checked, lang: str) -> Iterator[str]:
    """Attempts by week day and hour, the hours of a day that had any."""
    used = [hour for hour in range(24) if any(row[hour] for row in one.grid)]
    if used:
        yield "     " + " ".join(f"{hour:02d}h" for hour in used)
        for name, row in zip(WEEK[lang], one.grid, strict=True):
            if any(row):
                yield f"  {name} " + " ".join(f"{row[hour] or '.':>3}" for hour in used)


def to_json(checked: Sequence[Checked], rules: Rules, lang: str) -> dict[str, Any]:
    """The report, for machines: `spread` as of the best démarche, findings by démarche."""
    spreads = {one.procedure: one.spread for one in checked}
    return {
        **spreads_json(spreads, rules),
        "rules_read_on": rules.read_on.isoformat(),
        "findings": {
            one.procedure: [
                {
                    "rule": finding.rule,
                    "code": finding.code,
                    "weight": saying.weight,
                    "confidence": saying.confidence,
                    "sources": [*saying.sources],
                    "values": dict(finding.values),
                    "text": said(finding, saying, lang),
                    "next": saying.next_en if lang == "en" else saying.next_fr,
                }
                for finding, saying in in_order(one.findings, rules)
            ]
            for one in checked
        },
    }


def spreads_json(spreads: dict[str, Spread], rules: Rules) -> dict[str, Any]:
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
