"""The part of an export that proves: the sweeps, their stamps, what was due, the records in scope, the pictures' lines.

Everything is written in one walk over the sealed sweeps, line by line: a name that comes again goes on with that file.
A canonical object stands in a canonical line byte for byte, so that what was sealed is copied, never written anew.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final

from monitor.core.record import digest
from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.exported.names import LOG, PLAN, RECORDS, SCOPE, SEALED, SHOTS, STAMPS, SWEEPS, WITNESS, in_scope
from monitor.evidence.merkle import Node, leaf_hash, range_proof
from monitor.evidence.plan import RowTree, span
from monitor.evidence.seal import CHECKPOINT, ENV, PREVIOUS, SEAL, SWEEP
from monitor.evidence.sums import SUMS, parse_sums
from monitor.values import dataclass

if TYPE_CHECKING:
    from monitor.evidence.folder import SealedSweep

ENVIRONMENTS: Final = 16  # enclosed at most
Files = Iterator[tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What of a sealed log is exported.

    sweeps: in order, none left out. before: the sealed sweep before the first, where there is one and it is at hand.
    scope: checks (`CODE/slug`), préfectures (`CODE/`) or `all`. node: hashes of the whole log. line: the record line of
    a sequence number where it is known without the sealed file; what is not the line that was sealed is not taken.
    pictures: of which observations the pictures' lines go with it; None: of all in scope. cosigned: lines of
    `witness.jsonl`, by sweep.
    """

    sweeps: Sequence[SealedSweep]
    scope: Collection[str]
    node: Node
    before: SealedSweep | None = None
    line: Callable[[int], bytes | None] = lambda _seq: None
    pictures: Collection[int] | None = None
    cosigned: Mapping[int, Sequence[bytes]] = field(default_factory=dict)


def proof_files(extract: Extract, trusted: Iterable[tuple[str, bytes]]) -> Files:
    """Names and bytes, those of a file of lines piece by piece. trusted: the files under `trust/`."""
    yield from _before(extract)
    environments = _Environments()
    for sealed in extract.sweeps:
        sweep = _Sweep(sealed)
        yield SWEEPS, sweep.line()
        yield from _stamps(sealed.number, sealed.stamps())
        yield from _rows(sweep, extract)
        yield from _pictures(sweep, extract)
        yield from ((WITNESS, line + b"\n") for line in extract.cosigned.get(sweep.number, ()))
        environments.see(sweep)
    yield from environments.files()
    yield SCOPE, "".join(f"{line}\n" for line in sorted(set(extract.scope))).encode()
    yield from trusted


class _Sweep:
    """One sealed sweep, its small files read once."""

    def __init__(self, sealed: SealedSweep) -> None:
        self.sealed, self.number = sealed, sealed.number
        self._sweep, self._seal, self._sums = sealed.read(SWEEP), sealed.read(SEAL), sealed.read(SUMS)
        self._checkpoint = sealed.read(CHECKPOINT)
        self.facts: dict[str, Any] = json.loads(self._sweep)
        self.sums = parse_sums(self._sums)

    def line(self) -> bytes:
        """Its line of `sweeps.jsonl`."""
        return b'{"checkpoint":%s,"seal":%s,"sums":%s,"sweep":%s}\n' % (
            _text(self._checkpoint), self._seal, _text(self._sums), self._sweep
        )  # fmt: skip

    @property
    def first(self) -> int:
        """Number of leaves before it."""
        return int(json.loads(self._seal)["first"])

    @property
    def head(self) -> Checkpoint:
        """The log it left."""
        return Checkpoint.parse(SignedNote.parse(self._checkpoint).text)

    def lines(self, name: str) -> list[bytes]:
        """The lines of one of its files, without line feeds; none where there is no such file."""
        return self.sealed.read(name).split(b"\n")[:-1] if name in self.sums else []


def _before(extract: Extract) -> Files:
    """The sums and stamps of the sweep before the first: as it has them, or as the first encloses them."""
    first = extract.sweeps[0]
    if first.number == 1:
        return
    number = first.number - 1
    yield SWEEPS, b'{"before":%d,"sums":%s}\n' % (number, _text(first.read(PREVIOUS + SUMS)))
    names = {name for name in parse_sums(first.read(SUMS)) if name.startswith(PREVIOUS) and name.endswith(".tsr")}
    stamps = {name.removeprefix(PREVIOUS).removesuffix(".tsr"): first.read(name) for name in names}
    yield from _stamps(number, stamps | (extract.before.stamps() if extract.before else {}))


def _stamps(number: int, stamps: dict[str, bytes]) -> Files:
    for authority in sorted(stamps):
        told = base64.b64encode(stamps[authority])
        yield STAMPS, b'{"authority":"%s","sweep":%d,"tsr":"%s"}\n' % (authority.encode(), number, told)


def _rows(sweep: _Sweep, extract: Extract) -> Files:
    if sweep.facts["v"] == 1:
        yield from _listed(sweep, extract)
        return
    rows, wanted = sweep.lines(PLAN), dict[int, str]()
    tree = RowTree(rows)
    for scope in sorted(set(extract.scope)):
        inside, shown = span(rows, scope)
        told = b",".join(rows[shown.start : shown.stop])
        nodes = _nodes(tree.proof(shown.start, len(shown)))
        yield PLAN, b'{"from":%d,"nodes":%s,"rows":[%s],"sweep":%d}\n' % (shown.start, nodes, told, sweep.number)
        made = [json.loads(rows[at]) for at in inside]
        wanted |= {row["seq"]: row["record"] for row in made if "seq" in row}
    source = _Source(sweep, extract, lambda seq, line: digest(line) == wanted[seq])
    yield from ((RECORDS, source.line(seq) + b"\n") for seq in sorted(wanted))


def _listed(sweep: _Sweep, extract: Extract) -> Files:
    """The records of a sweep of version 1, each with its path to the root of that sweep."""
    wanted = in_scope(extract.scope)
    size = sweep.head.size
    source = _Source(sweep, extract, lambda seq, line: leaf_hash(line) == extract.node(0, seq))
    for seq in sorted(row["seq"] for row in sweep.facts["checks"] if "seq" in row and wanted(row["check"])):
        yield RECORDS, source.line(seq) + b"\n"
        nodes = _nodes(range_proof(seq, 1, size, extract.node))
        yield LOG, b'{"nodes":%s,"seq":%d,"sweep":%d}\n' % (nodes, seq, sweep.number)


@dataclass(slots=True)
class _Source:
    """The record lines of one sweep. sealed: whether a line is the one that was sealed."""

    sweep: _Sweep
    extract: Extract
    sealed: Callable[[int, bytes], bool]
    _read: list[bytes] = field(default_factory=list)

    def line(self, seq: int) -> bytes:
        """As the store has it where that is what was sealed, else out of the sealed file, which is read once."""
        known = self.extract.line(seq)
        if known is not None and self.sealed(seq, known):
            return known
        self._read = self._read or self.sweep.lines(RECORDS)
        return self._read[seq - self.sweep.first]


def _pictures(sweep: _Sweep, extract: Extract) -> Files:
    if SHOTS not in sweep.sums:
        return
    lines, wanted = sweep.lines(SHOTS), in_scope(extract.scope)
    whole = sweep.facts["v"] == 1
    tree, enclosed = RowTree(lines), False
    for at, line in enumerate(lines):
        told = json.loads(line)
        if told["seq"] in extract.pictures if extract.pictures is not None else wanted(told["check"]):
            nodes = b"" if whole else b'"nodes":%s,' % _nodes(tree.proof(at, 1))
            yield SHOTS, b'{"from":%d,%s"shot":%s,"sweep":%d}\n' % (at, nodes, line, sweep.number)
            enclosed = True
    if whole and enclosed:
        yield f"{SEALED}/{sweep.sums[SHOTS]}.jsonl", sweep.sealed.read(SHOTS)


class _Environments:
    """Which environments to enclose: the first, each that differs from the one before it, the last."""

    def __init__(self) -> None:
        self._changes: list[_Sweep] = []
        self._last: _Sweep | None = None

    def see(self, sweep: _Sweep) -> None:
        """The next sweep."""
        if len(self._changes) < ENVIRONMENTS - 1 and (
            not self._changes or self._changes[-1].sums[ENV] != sweep.sums[ENV]
        ):
            self._changes.append(sweep)
        self._last = sweep

    def files(self) -> Files:
        """Each once."""
        chosen = [*self._changes, *([self._last] if self._last else [])]
        for name, sweep in {one.sums[ENV]: one for one in chosen}.items():
            yield f"{SEALED}/{name}.json", sweep.sealed.read(ENV)


def _nodes(hashes: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(b'"%s"' % one.hex().encode() for one in hashes) + b"]"


def _text(data: bytes) -> bytes:
    """As a canonical JSON string. Raises ValueError (UnicodeDecodeError is one)."""
    return json.dumps(data.decode(), ensure_ascii=False).encode()
