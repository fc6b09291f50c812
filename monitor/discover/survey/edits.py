"""Changes of a declaration: as they change what is declared, and as they change the text of its file.

Both are made of the same list, and the text is kept only where it says what the list says. What a person wrote in the
file, comments included, stays where it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from monitor import api
from monitor.core.prefecture import Desk, Notice, Place, Prefecture
from monitor.discover.declare import entry_lines, literal, skeleton
from monitor.values import dataclass

Field = Literal["desks", "notices", "places"]
_INDENT: Final = "    "
_WIDE: Final = 120  # columns of a line of code


@dataclass(frozen=True, slots=True)
class SetField:
    """A field of an entry, or of the préfecture itself where `of` is None. value: None takes the field away."""

    of: tuple[Field, str] | None  # which entries, and the slug among them
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class AddEntry:
    """A new entry, last among its kind."""

    to: Field
    entry: Desk | Notice | Place


Edit = SetField | AddEntry


def apply(today: Prefecture, edits: Sequence[Edit]) -> Prefecture:
    """The declaration with its changes."""
    one = today
    for edit in edits:
        match edit:
            case AddEntry():
                one = _with(one, edit.to, (*getattr(one, edit.to), edit.entry))
            case SetField(of=None):
                one = _with(one, edit.name, edit.value)
            case SetField(of=(kind, slug)):
                entries = tuple(
                    replace(entry, **{edit.name: edit.value}) if entry.slug == slug else entry
                    for entry in getattr(one, kind)
                )
                one = _with(one, kind, entries)
    return one


def _with(one: Prefecture, name: str, value: object) -> Prefecture:
    fields: dict[str, Any] = {name: value}
    return replace(one, **fields)


def rewritten(source: str, today: Prefecture, edits: Sequence[Edit]) -> str:
    """The file with its changes: today's text edited in place, or written whole where that does not say the same."""
    wanted = apply(today, edits)
    text = source
    try:
        for edit in edits:
            text = _edited(text, edit)
        text = _imports(text)
        same = _declared(text) == wanted
    except (SyntaxError, ValueError, TypeError, NameError, ImportError):
        same = False
    return text if same else skeleton(wanted)


def _declared(text: str) -> object:
    """What a declaration's text declares. The text is a plugin of ours with values written as literals."""
    names: dict[str, Any] = {"__name__": "proposed"}
    exec(compile(text, "<proposed>", "exec"), names)  # noqa: S102 - today's plugin, which is run anyway, and literals
    return names.get("PREFECTURE")


# --- the text ---------------------------------------------------------------------------------------------------------


def _edited(text: str, edit: Edit) -> str:
    whole = _call(text)
    if isinstance(edit, AddEntry):
        return _added(text, whole, edit)
    if edit.of is None:
        return _set(text, whole, edit.name, edit.value)
    kind, slug = edit.of
    for entry in _entries(whole, kind):
        if _keyword(entry, "slug") is not None and _value(entry, "slug") == slug:
            return _set(text, entry, edit.name, edit.value)
    raise ValueError(f"no {kind} {slug}")


def _call(text: str) -> ast.Call:
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            return node.value
    raise ValueError("no call")


def _keyword(call: ast.Call, name: str) -> ast.keyword | None:
    return next((one for one in call.keywords if one.arg == name), None)


def _value(call: ast.Call, name: str) -> object:
    found = _keyword(call, name)
    return found.value.value if found is not None and isinstance(found.value, ast.Constant) else None


def _entries(whole: ast.Call, kind: str) -> list[ast.Call]:
    found = _keyword(whole, kind)
    values = found.value.elts if found is not None and isinstance(found.value, ast.Tuple) else []
    return [one for one in values if isinstance(one, ast.Call)]


def _set(text: str, call: ast.Call, name: str, value: object) -> str:
    """A keyword of a call given, changed or taken away. Each stands on lines of its own, as the formatter leaves it."""
    lines = text.splitlines(keepends=True)
    found = _keyword(call, name)
    if found is None and value is None:
        return text
    if call.lineno == call.end_lineno:
        raise ValueError("written on one line")
    indent = " " * call.keywords[0].col_offset
    if found is None:
        at = call.keywords[-1].end_lineno or call.keywords[-1].lineno
        return "".join([*lines[:at], f"{indent}{name}={literal(value)},\n", *lines[at:]])
    first, last = found.lineno - 1, found.end_lineno or found.lineno
    if lines[first].strip().split("=")[0] != name:
        raise ValueError("shares its line")
    new = [] if value is None else [f"{indent}{name}={literal(value)},\n"]
    return "".join([*lines[:first], *new, *lines[last:]])


def _added(text: str, whole: ast.Call, edit: AddEntry) -> str:
    lines = text.splitlines(keepends=True)
    new = [f"{_INDENT}{_INDENT}{line}\n" for line in entry_lines(edit.entry)]
    found = _keyword(whole, edit.to)
    if found is None:
        at = whole.keywords[-1].end_lineno or whole.keywords[-1].lineno
        for name in ("no_desk", "searched_on", "verified_on"):  # these stand last
            one = _keyword(whole, name)
            at = min(at, one.lineno - 1) if one else at
        return "".join([*lines[:at], f"{_INDENT}{edit.to}=(\n", *new, f"{_INDENT}),\n", *lines[at:]])
    entries = _entries(whole, edit.to)
    if not entries:
        raise ValueError("nothing to stand after")
    end = entries[-1].end_lineno or entries[-1].lineno
    if not lines[end - 1].rstrip().endswith("),"):
        raise ValueError("written on one line")
    return "".join([*lines[:end], *new, *lines[end:]])


def _imports(text: str) -> str:
    """The one import of a plugin, of the names it uses."""
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    used = [name for name in api.__all__ if re.search(rf"(?<![\w.]){name}\(", body)]
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module == "monitor.api":
            if {one.name for one in node.names} >= set(used):
                return text
            line = f"from monitor.api import {', '.join(used)}\n"
            if len(line) > _WIDE:
                line = "from monitor.api import (\n" + "".join(f"{_INDENT}{name},\n" for name in used) + ")\n"
            return "".join([*lines[: node.lineno - 1], line, *lines[node.end_lineno :]])
    return text


def written(edits: Sequence[Edit]) -> Iterator[str]:
    """Each change in one line, as code says it."""
    for edit in edits:
        if isinstance(edit, AddEntry):
            yield f"+ {edit.to}: {_called(edit.entry)}"
        else:
            what = "/".join(edit.of) if edit.of else "prefecture"
            yield f"{what}: {edit.name} = {literal(edit.value) if edit.value is not None else '-'}"


def _called(entry: Desk | Notice | Place) -> str:
    """What a person knows an entry by."""
    if isinstance(entry, Place):
        return next(filter(None, (entry.name, entry.address, entry.phone, *entry.emails)), entry.kind)
    return entry.slug
