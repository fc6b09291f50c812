"""What a survey will take, before it begins and while it goes on: requests, hosts, minutes. Pure.

Hosts are asked side by side, so it lasts as long as the slowest of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from monitor.core.pace import JITTER
from monitor.core.prefecture import Prefecture
from monitor.discover.leads import LinkRules
from monitor.discover.survey.opened import declared_addresses, host_of
from monitor.discover.survey.sources import SourceRow
from monitor.discover.survey.surveyed import candidates
from monitor.values import dataclass

ANSWER: Final = 0.5  # seconds a site takes to answer
BESIDE: Final = 2  # requests of a site beside its pages: robots.txt and a sitemap


@dataclass(frozen=True, slots=True)
class SurveyEstimate:
    """At most so many requests. hosts: requests by host. seconds: of the slowest of them."""

    hosts: Mapping[str, int]
    spacing: float

    @property
    def requests(self) -> int:
        """Of all hosts."""
        return sum(self.hosts.values())

    @property
    def seconds(self) -> float:
        """As long as the slowest host takes."""
        return max(self.hosts.values(), default=0) * (self.spacing + JITTER / 2 + ANSWER)


def estimate(
    prefectures: Sequence[Prefecture],
    rows: Mapping[str, Sequence[SourceRow]],
    rules: LinkRules,
    *,
    pages: int,
    spacing: float,
    known: Mapping[str, int] | None = None,
) -> SurveyEstimate:
    """pages: of a walk at most. spacing: seconds between two requests to a host. known: answers kept, by host."""
    hosts: Counter[str] = Counter()
    for one in prefectures:
        hosts[host_of(one.site)] += pages + BESIDE
        for what in (*declared_addresses(one), *candidates(one, rules, rows.get(one.code, ()))):
            if what.subject in ("desk", "candidate") or host_of(what.url) != host_of(one.site):
                hosts[host_of(what.url)] += 1
    for host in hosts:
        hosts[host] += host != "" and host not in {host_of(one.site) for one in prefectures}  # its robots.txt
        hosts[host] = max(0, hosts[host] - (known or {}).get(host, 0))
    return SurveyEstimate({host: n for host, n in hosts.items() if n}, spacing)
