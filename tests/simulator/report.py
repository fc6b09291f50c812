"""The politeness report: what each host bore, as data and as a table for people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.simulator.journal import HostCount, Journal


def statistics(journal: Journal, scale: float = 1.0, threshold: float = 1.0) -> dict[str, Any]:
    """Counts of each host and of all. Gaps are in virtual seconds (real ones divided by the time scale).

    smallest_gap: from the last byte of an answer, or its failure, to the first byte of the next request to that host,
    as this server measures it; None where there were not two requests. short_gaps: gaps under `threshold`.
    loop_lag: the longest time (real seconds) this process was late to its own wake-ups: a gap may be shorter than
    measured by that much, never longer.
    """
    hosts = {name: _host(count, scale, threshold) for name, count in sorted(journal.hosts.items())}
    gaps = [h["smallest_gap"] for h in hosts.values() if h["smallest_gap"] is not None]
    agents = Counter(r.user_agent for r in journal.records if r.user_agent)
    return {
        "hosts": hosts,
        "requests": sum(h["requests"] for h in hosts.values()),
        "connections": sum(h["connections"] for h in hosts.values()),
        "smallest_gap": min(gaps, default=None),
        "short_gaps": sum(h["short_gaps"] for h in hosts.values()),
        "threshold": threshold,
        "most_in_flight": max((h["most_in_flight"] for h in hosts.values()), default=0),
        "most_open": max((h["most_open"] for h in hosts.values()), default=0),
        "violations": len(journal.violations),
        "states": dict(Counter(r.state for r in journal.records if r.state)),
        "user_agents": dict(agents.most_common(20)),
        "checks": len({r.check for r in journal.records if r.check}),
        "time_scale": scale,
        "loop_lag": round(journal.worst_lag, 4),
    }


def _host(count: HostCount, scale: float, threshold: float) -> dict[str, Any]:
    gaps = [gap / scale for gap in count.gaps]
    return {
        "requests": count.requests,
        "connections": count.connections,
        "smallest_gap": round(min(gaps), 4) if gaps else None,
        "short_gaps": sum(gap < threshold for gap in gaps),
        "most_in_flight": count.most_in_flight,
        "most_open": count.most_open,
    }


def text(statistics: dict[str, Any], violations: list[dict[str, Any]]) -> str:
    """The report as lines for a terminal, in French."""
    threshold, scale = statistics["threshold"], statistics["time_scale"]
    lines = ["Politesse, vue par le serveur simulé" + (f" (temps réel × {scale:g})" if scale != 1 else "")]
    head = ("hôte", "requêtes", "plus petit écart", f"écarts < {threshold:g} s", "en vol max", "connexions max")
    rows = [(name, *_cells(h)) for name, h in statistics["hosts"].items()]
    rows.append(("ensemble", *_cells(statistics)))
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        name, *figures = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join((row[0].ljust(len(name)), *figures)))
    lines.append(f"Retard propre du serveur : {statistics['loop_lag'] * 1000:.0f} ms au plus (précision de la mesure).")
    if not violations:
        lines.append("Aucune requête interdite.")
    for item in violations:
        lines.append(f"REQUÊTE INTERDITE ({item['kind']}) : n° {item['number']} {item['host']}{item['target']}")
    return "\n".join(lines)


def _cells(counts: dict[str, Any]) -> tuple[str, ...]:
    gap = counts["smallest_gap"]
    return (
        str(counts["requests"]),
        "-" if gap is None else f"{gap:.3f} s",
        str(counts["short_gaps"]),
        str(counts["most_in_flight"]),
        str(counts["most_open"]),
    )
