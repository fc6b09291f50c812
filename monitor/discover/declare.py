"""A declaration as the text of a plugin, each line under the evidence it rests on: what is declared today, or what a
walk over the site proposed. Ready to paste, or to start from.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date

from monitor import api
from monitor.catalogue.errata import Erratum, erratum
from monitor.core.prefecture import Desk, Notice, Place, Prefecture, Provenance
from monitor.discover.found import Discovery, PageMention
from monitor.discover.proposal import Proposal, Proposed
from monitor.read.notices.prose.typography import collapse

_INDENT = "    "


def declaration(found: Discovery, proposal: Proposal) -> str:
    """The arguments `desks=`, `notices=` (or `no_desk=`, `searched_on=`) of a `Prefecture(...)`, with comments."""
    lines = list(_head(found, proposal))
    active = [one for one in proposal.desks if one.entry.retired is None]
    if proposal.desks:
        lines += _argument("desks", proposal.desks)
    if not active:
        read = sum(1 for _ in found.read())
        why = f"Aucun lien de rendez-vous pour les étrangers n'a été trouvé sur les {read} pages examinées du site."
        lines += [f"no_desk={literal(why)},", f"searched_on={literal(found.day)},"]
    if proposal.notices:
        lines += _argument("notices", proposal.notices)
    if proposal.places:
        lines += _argument("places", proposal.places)
    return "\n".join(lines) + "\n"


def _head(found: Discovery, proposal: Proposal) -> Iterator[str]:
    read = sum(1 for _ in found.read())
    names = {type(one.entry.platform).__name__ for one in proposal.desks} | ({"Desk"} if proposal.desks else set())
    names |= {"Notice"} if proposal.notices else set()
    names |= {"Place"} if proposal.places else set()
    names |= {"Provenance"} if names else set()
    yield _comment(
        f"vigie discover {found.code}, {found.day}: {read} pages of {found.host} read, at most {found.limit}"
    )
    yield _comment("names used: " + ", ".join(sorted(names | {"date"})))
    for kind in found.none_found():
        yield _comment(f"{kind}: none found on these {read} pages")
    for change in proposal.changes:
        if change.status in ("missing", "not_examined", "moved"):
            to = f" -> {change.to}" if change.to else ""
            told = f"{change.what} {change.slug} {change.url}{to} ({change.why})"
            yield _comment(f"declared today, {change.status}: {told}")
    for link in proposal.undeclared:
        words = _at(link.mentions[0])
        whose = {True: "platform not declarable", False: "another matter", None: "for whom is not said"}
        why = f"not for foreigners: {link.erratum.what}" if link.erratum else whose[link.for_foreigners]
        why = f"another préfecture's: {link.elsewhere}" if link.elsewhere else why
        yield _comment(f"not declared ({why}): {link.platform.url} {words}")
    for host in found.bare_hosts:
        official = "" if host.official else ", not an official host"
        yield _comment(f"booking host named without a démarche{official}: {host.host} {_at(host.mention)}")


def _argument(name: str, proposed: Sequence[Proposed[Notice] | Proposed[Desk] | Proposed[Place]]) -> Iterator[str]:
    yield f"{name}=("
    for one in proposed:
        yield from (f"{_INDENT}{line}" for line in (*_evidence(one), *_entry(one.entry)))
    yield "),"


def _evidence(one: Proposed[Notice] | Proposed[Desk] | Proposed[Place]) -> Iterator[str]:
    """Comment lines: what it was today, the pages where its link stood and their words, why it is of this kind."""
    if one.status == "moved":
        yield _comment(f"moved: today {one.was}")
    elif one.status == "same":
        yield _comment("same as declared today")
    if one.seen is not None and one.page is not None:
        yield _comment(f"« {one.seen} » on {one.page.url}")
        return
    mentions: list[PageMention] = []
    if one.page is not None:
        mentions = one.page.candidate.mentions[:2]
    elif one.candidate is not None:
        mentions = one.candidate.mentions[:2]
    elif one.link is not None:
        mentions = one.link.mentions[:2]
    for mention in mentions:
        yield _comment(_at(mention))
    if one.link is not None:
        yield _comment(f"for foreigners by: {one.link.ground}")
    candidate = one.page.candidate if one.page else one.candidate
    if candidate is not None:
        yield _comment(f"link score {candidate.score} ({', '.join(candidate.why) or 'no sign'})")
    for finding in one.page.findings if one.page else ():
        detail = f" {finding.detail}" if finding.detail else ""
        quote = f": « {finding.seen} »" if finding.seen else ""
        yield _comment(f"{finding.kind} {finding.score} ({finding.why}{detail}){quote}")
    if one.candidate is not None:
        yield _comment("not opened in this walk")


def _at(mention: PageMention) -> str:
    words = mention.words or mention.around
    around = f" in « {mention.around} »" if mention.words and mention.around not in ("", mention.words) else ""
    return f"« {words} »{around} on {mention.page}" if words else f"on {mention.page}"


def _comment(text: str) -> str:
    line = collapse("".join(char if char.isprintable() else " " for char in text))
    return f"# {line}"


def _entry(entry: object) -> Iterator[str]:
    """One declaration, a field a line, fields at their default left out."""
    yield f"{type(entry).__name__}("
    yield from (f"{_INDENT}{line}" for line in arguments(entry))
    yield "),"


def arguments(entry: object, leave_out: Collection[str] = ()) -> Iterator[str]:
    """`name=value,` for each field of a declaration, those at their default or in `leave_out` left out."""
    assert is_dataclass(entry)
    for one in fields(entry):
        value = getattr(entry, one.name)
        if one.name in leave_out or (one.default is not MISSING and value == one.default):
            continue
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            yield f"{one.name}=("
            yield from (f"{_INDENT}{line}" for item in value for line in _entry(item))
            yield "),"
        else:
            yield f"{one.name}={literal(value)},"


def literal(value: object) -> str:
    """A value as a plugin writes it."""
    if isinstance(value, str):  # what cannot be seen is written as an escape: a pasted line holds no surprise
        text = json.dumps(value, ensure_ascii=False)
        return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, tuple):
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if is_dataclass(value) and not isinstance(value, type):
        given = [(one, getattr(value, one.name)) for one in fields(value)]
        kept = [literal(content) for one, content in given if one.default is MISSING or content != one.default]
        return f"{type(value).__name__}({', '.join(kept)})"
    return repr(value)


_INDENT_SKELETON = "    "
_MODULES = {"EzBooking": 2, "RdvPrefecture": 1}  # platforms whose desks are numbered, and how many arguments tell one
_FOUND = ("desks", "notices", "places", "no_desk", "searched_on", "verified_on")
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
    return (
        "\n".join([*_head_skeleton(one, lines), *(f"{_INDENT_SKELETON}{line}" if line else "" for line in lines), ")"])
        + "\n"
    )


def misplaced(proposed: str) -> Iterator[Erratum]:
    """The addresses in the text of a declaration that are known to serve somebody else than foreigners."""
    try:
        tree = ast.parse(f"f(\n{proposed}\n)")
    except SyntaxError:
        return  # it will not load either, and loading says where
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _MODULES:
            given = [one.value for one in call.args if isinstance(one, ast.Constant)]
            if len(given) == _MODULES[call.func.id] and (found := erratum(getattr(api, call.func.id)(*given).url)):
                yield found


def _head_skeleton(one: Prefecture, lines: list[str]) -> Iterator[str]:
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    used = [name for name in api.__all__ if name == "Prefecture" or re.search(rf"\b{name}\(", text)]
    yield f'"""{one.office} ({one.code})."""'
    yield ""
    yield f"from monitor.api import {', '.join(used)}"
    yield ""
    yield "# Every line states what a source says, and names it. What nobody published stays out."
    yield "PREFECTURE = Prefecture("
