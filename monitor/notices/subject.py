"""Which matter words name: residence, or another service of the same offices."""

from __future__ import annotations

from typing import Literal

from monitor.notices.rules import Rules

Matter = Literal["residence", "naturalisation", "asylum", "licences", "collection", "other_matters"]

_OTHERS: tuple[Matter, ...] = ("naturalisation", "asylum", "licences", "collection", "other_matters")


def others_in(rules: Rules, low: str) -> set[Matter]:
    """Matters other than residence that the words name."""
    plain = _plain(rules, low)
    return {matter for matter in _OTHERS if rules.says(matter, plain)}


def _plain(rules: Rules, low: str) -> str:
    """Folded words without the names of offices and the papers to show, which are no matter."""
    return rules.without("service_name", rules.without("not_licences", low))


def foreigners_in(rules: Rules, low: str) -> bool:
    """True when the words name foreigners, the ANEF or residence."""
    plain = rules.without("not_foreigners", low)
    return rules.says("foreigners", plain) or rules.says("residence", plain) or rules.says("residence_request", plain)


def requested(rules: Rules, low: str) -> Matter | None:
    """The matter of words that name a request, or another matter; None when they leave it open."""
    others = others_in(rules, low)
    if "collection" in others:
        return "collection"
    explicit = rules.find("residence_request", low)
    if explicit is None:
        return min(others) if others else None
    if not others:
        return "residence"
    first = min(
        (found.start() for matter in others if (found := rules.find(matter, _plain(rules, low)))),
        default=len(low),
    )
    return "residence" if explicit.start() <= first else min(others)


def headed(rules: Rules, low: str) -> Matter | None:
    """The matter of a heading, where a bare noun is enough; None when it names none, or several."""
    matter = requested(rules, low)
    if matter is not None:
        mixed = matter != "residence" and matter != "collection" and foreigners_in(rules, low)
        return None if mixed and rules.says("residence", low) else matter
    return "residence" if foreigners_in(rules, low) else None


def scopes_in(rules: Rules, low: str) -> list[str]:
    """Labels of the permits and steps the words name, in the order printed."""
    found = [(match.start(), scope.name) for scope in rules.scopes if (match := scope.pattern.search(low))]
    labels = [label for _, label in sorted(found)]
    return [label for label in labels if label != "titre de séjour" or len(labels) == 1]
