"""What changed between two readings of one notice, each change with both quotes. Pure.

Only facts that were read on both sides are compared: an error page, a captcha or a time-out is no reading, so it never
looks like news. That something is *withdrawn* is a judgement over several looks (`core.health`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from monitor.values import dataclass

ChangeKind = Literal["published", "no_longer_found", "reworded", "changed", "moved"]
CHANNELS = ("counter", "postal", "email", "phone")

_PAN_DETAILS = ("for_foreigners", "access", "places", "phones", "emails", "links", "hours")
_CHANNEL_DETAILS = ("scope", "substitution", "basis", "arrete", "addresses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. fact: `pan` or `channel:NAME`. before, after: the sentences either side rests on."""

    fact: str
    kind: ChangeKind
    before: str | None
    after: str | None

    def to_json(self) -> dict[str, str | None]:
        """As records keep it."""
        return {"fact": self.fact, "kind": self.kind, "before": self.before, "after": self.after}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is new between two facts of one notice, in the form `vigie read --notice --json` prints."""
    found = list(_pan(before["pan"], after["pan"]))
    for name in CHANNELS:
        found += _channel(name, before["channels"][name], after["channels"][name])
    return tuple(found)


def _pan(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    was, is_ = before["status"], after["status"]
    kind: ChangeKind | None = None
    if was != is_:
        kind = {"published": "published", "not_found": "no_longer_found"}.get(is_, "changed")  # type: ignore[assignment]
    elif is_ != "not_found":
        kind = _difference(before, after, _PAN_DETAILS, where=("places",))
    if kind:
        yield Change(fact="pan", kind=kind, before=before["seen"], after=after["seen"])


def _channel(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    kind: ChangeKind | None = None
    if before["published"] != after["published"]:
        kind = "published" if after["published"] else "no_longer_found"
    elif after["published"]:
        kind = _difference(before, after, _CHANNEL_DETAILS, where=("addresses",))
    if kind:
        yield Change(fact=f"channel:{name}", kind=kind, before=before["seen"], after=after["seen"])


def _difference(
    before: Mapping[str, Any], after: Mapping[str, Any], details: tuple[str, ...], where: tuple[str, ...]
) -> ChangeKind | None:
    """`moved` when a place changed, `changed` for another detail, `reworded` when the sentence alone did."""
    differ = [name for name in details if before.get(name) != after.get(name)]
    if any(name in where and before.get(name) and after.get(name) for name in differ):
        return "moved"
    if differ:
        return "changed"
    return "reworded" if before["seen"] != after["seen"] else None
