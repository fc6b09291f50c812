"""The faults that are planted: what one module's source offers, in the order of the text, the same on every machine.

A fault replaces the text of one node. Places where a fault means nothing are passed over: docstrings, annotations,
the words of an error or of a message, and what is inside an f-string (Python 3.11 gives no position there).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_COMPARE: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: Final[Mapping[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_TWINS: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SPOKEN: Final = {"_", "ngettext", "gettext", "NotImplementedError"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. file: below the checkout. nth: which of those alike within one function, from 0. line: from 1.

    start, end: byte offsets of the text replaced. `name` stays the same while the function does, wherever it stands.
    """

    file: str
    line: int
    function: str
    operator: str
    before: str
    after: str
    nth: int
    start: int
    end: int

    @property
    def name(self) -> tuple[str, str, str, str, str, int]:
        """What identifies it from one version of the file to the next."""
        return self.file, self.function, self.operator, self.before, self.after, self.nth

    def planted(self, source: bytes) -> bytes:
        """The source with this fault in it; the lines below keep their numbers."""
        gone = source[self.start : self.end]
        new = self.after.encode()
        padding = b"\n" * (gone.count(b"\n") - new.count(b"\n"))
        return source[: self.start] + (new if self.operator == "drop-stmt" else b"(" + new + padding + b")") + (
            padding if self.operator == "drop-stmt" else b""
        ) + source[self.end :]  # fmt: skip


def faults(file: str, source: bytes) -> list[Fault]:
    """All faults that one module offers. Raises SyntaxError."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: dict[tuple[str, ...], int] = {}
    made = []
    for function, operator, node, after in _walk(ast.parse(source), ""):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        if operator == "return-None":
            start += len("return ")
        before = source[start:end].decode()
        key = function, operator, before, after
        seen[key] = nth = seen.get(key, -1) + 1
        made.append(
            Fault(
                file=file, line=node.lineno, function=function, operator=operator, before=before, after=after, nth=nth,
                start=start, end=end,
            )
        )  # fmt: skip
    return made


Place = tuple[str, str, ast.expr | ast.stmt, str]


def _walk(node: ast.AST, function: str) -> Iterator[Place]:
    if isinstance(node, ast.JoinedStr | ast.Raise) or _is_spoken(node):
        if isinstance(node, ast.Raise):
            yield function, "drop-stmt", node, "pass"
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}" if function else node.name
    if isinstance(node, ast.expr | ast.stmt):
        for operator, after in _faults_of(node):
            yield function, operator, node, after
    if isinstance(node, ast.If | ast.While | ast.IfExp) and isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
        condition = ast.unparse(node.test)
        yield from [(function, "negate", node.test, f"not {condition}")] * (condition != "TYPE_CHECKING")
    if isinstance(node, ast.comprehension):
        yield from ((function, "drop-filter", test, "True") for test in node.ifs)
    for child in _below(node):
        yield from _walk(child, function)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    """The children that do something: no docstring, annotation, decorator, base class or type argument."""
    skipped: set[int] = set()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            skipped.add(id(first))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        skipped |= {id(node.returns)} | {id(one) for one in node.decorator_list}
    if isinstance(node, ast.ClassDef):
        skipped |= {id(one) for one in (*node.decorator_list, *node.bases, *node.keywords)}
    if isinstance(node, ast.arg | ast.AnnAssign):
        skipped.add(id(node.annotation))
    if isinstance(node, ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.MatchMapping):
        yield from node.patterns
        return
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    yield from (child for child in ast.iter_child_nodes(node) if id(child) not in skipped)


def _is_spoken(node: ast.AST) -> bool:
    """Words for people: their tests are golden files and the catalogue's."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SPOKEN


def _faults_of(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:
    """Operator and new text of each fault of one node."""
    match node:
        case ast.Compare(left, [operation], [right]) if type(operation) in _COMPARE:
            yield "compare", ast.unparse(ast.Compare(left, [_COMPARE[type(operation)]()], [right]))
        case ast.Compare(left, [first, *rest], rights) if type(first) in _COMPARE:
            yield "compare", ast.unparse(ast.Compare(left, [_COMPARE[type(first)](), *rest], rights))
        case ast.BoolOp(operation, values):
            other = ast.Or() if isinstance(operation, ast.And) else ast.And()
            yield "and/or", ast.unparse(ast.BoolOp(other, values))
            for one in range(len(values)):
                kept = [value for place, value in enumerate(values) if place != one]
                yield "drop-operand", ast.unparse(kept[0] if len(kept) == 1 else ast.BoolOp(operation, kept))
        case ast.UnaryOp(ast.Not(), operand):
            yield "remove-not", ast.unparse(operand)
        case ast.BinOp(left, operation, right) if type(operation) in _ARITHMETIC and not _is_text(left, right):
            yield "arithmetic", ast.unparse(ast.BinOp(left, _ARITHMETIC[type(operation)](), right))
        case ast.Call(ast.Name(name), arguments, keywords) if name in _TWINS:
            yield "min/max", ast.unparse(ast.Call(ast.Name(_TWINS[name]), arguments, keywords))
        case ast.Constant(value):
            yield from _constants(value)
        case ast.Return(value) if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield "return-None", "None"
        case ast.Expr(ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom()) | ast.AugAssign():
            yield "drop-stmt", "pass"
        case ast.Assign([ast.Attribute() | ast.Subscript()]) | ast.Continue() | ast.Break():
            yield "drop-stmt", "pass"
        case _:
            return


def _constants(value: object) -> Iterator[tuple[str, str]]:
    match value:
        case bool():
            yield "const", repr(not value)
        case int() | float():
            yield "const", repr(value + 1)
        case str() if value:
            yield "string", repr("zz" + value)
        case bytes() if value:
            yield "string", repr(b"zz" + value)
        case _:
            return


def _is_text(*nodes: ast.expr) -> bool:
    return any(
        isinstance(n, ast.JoinedStr) or (isinstance(n, ast.Constant) and isinstance(n.value, str)) for n in nodes
    )
