"""The text of a plugin to start from: what is declared today, or what a walk over the site proposed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from monitor import api
from monitor.app.snippet import arguments
from monitor.domain.model import Prefecture
from monitor.domain.places import Provenance

_INDENT = "    "
_FOUND = ("desks", "notices", "no_desk", "searched_on", "verified_on")
TO_FILL = "TO FILL IN: where this was read"


def undeclared(code: str, slug: str, name: str, site: str, today: date) -> Prefecture:
    """The least that can be said of a préfecture nobody declared."""
    return Prefecture(
        code=code,
        slug=slug,
        name=name,
        office=f"Préfecture : {name}",
        site=site,
        provenance=Provenance(TO_FILL, today.isoformat(), "confirmed_1"),
        no_desk="Aucun guichet n'a encore été cherché.",
        searched_on=today,
    )


def skeleton(one: Prefecture, proposed: str = "") -> str:
    """A whole module. proposed: the arguments `desks=`, `notices=` ... that `vigie discover` printed, with comments."""
    lines = list(arguments(one, _FOUND if proposed else ()))
    lines += proposed.splitlines()
    return "\n".join([*_head(one, lines), *(f"{_INDENT}{line}" if line else "" for line in lines), ")"]) + "\n"


def _head(one: Prefecture, lines: list[str]) -> Iterator[str]:
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    used = [name for name in api.__all__ if name == "Prefecture" or re.search(rf"\b{name}\(", text)]
    yield f'"""{one.office} ({one.code})."""'
    yield ""
    yield f"from monitor.api import {', '.join(used)}"
    yield ""
    yield "# Every line states what a source says, and names it. What nobody published stays out."
    yield "PREFECTURE = Prefecture("
