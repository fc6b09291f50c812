"""Exports of format version 2 written from `docs/FORMAT.md` alone, by somebody who holds the log's key.

Not the writer of the product: a second reading of the page, that can also lie. What is to be false is changed in the
drafts before they are sealed, in the files after, or on the disk; `resum` then makes the sums again, as a forger would.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files as resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from monitor.paper.csv import table
from monitor.report.export.dossier import ReleveContent
from monitor.report.export.figures import COLUMNS, csv_rows
from monitor.report.observed import observed
from tests.support import der
from tests.support.authority import Tsa

START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
AFTER = timedelta(minutes=3)  # from the start of a sweep to its stamps
HOST = "https://www.val-doise.gouv.fr"
DUE = ("33/titres", "95/naturalisation", "95/titres", "973/titres")
Files = dict[str, bytes]
Json = dict[str, Any]


def spelt(value: Json) -> bytes:
    """The canonical line of an object, without its line feed."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def middle(lo: int, hi: int) -> int:
    """Where a tree over leaves `lo` to `hi` parts."""
    step = 1
    while step * 2 < hi - lo:
        step *= 2
    return lo + step


def root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    at = middle(0, len(leaves))
    return hashlib.sha256(b"\1" + root(leaves[:at]) + root(leaves[at:])).digest()


def nodes(leaves: Sequence[bytes], first: int, last: int) -> list[str]:
    """The proof of the leaves `first` to `last` (not with it), in hexadecimal, left to right."""

    def within(lo: int, hi: int) -> Iterator[str]:
        if hi <= first or last <= lo:
            yield root(leaves[lo:hi]).hex()
        elif hi - lo > 1:
            at = middle(lo, hi)
            yield from (*within(lo, at), *within(at, hi))

    return [*within(0, len(leaves))] if leaves else []


def row_leaves(lines: Iterable[bytes]) -> list[bytes]:
    """Leaves of a tree of rows: over the 32 bytes of each line's digest."""
    return [leaf(hashlib.sha256(line).digest()) for line in lines]


def page(token: str) -> bytes:
    """What the site answered. token: of this very page."""
    return f"<html><p>Il n'existe plus de plage horaire libre. Réf. {token}</p></html>".encode()


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n"


class Signer:
    """A log's key and name."""

    def __init__(self, origin: str = "vigie.example/journal") -> None:
        self.origin, self._key = origin, Ed25519PrivateKey.generate()

    @property
    def pem(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def _typed(self) -> bytes:
        return b"\1" + self._key.public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.origin.encode() + b"\n" + self._typed).digest()[:4]

    def __str__(self) -> str:
        return f"{self.origin}+{self.id.hex()}+{base64.b64encode(self._typed).decode()}"

    def sign(self, text: str) -> bytes:
        """The signed note of a text that ends in a line feed."""
        signature = base64.b64encode(self.id + self._key.sign(text.encode())).decode()
        return f"{text}\n\u2014 {self.origin} {signature}\n".encode()


@dataclass
class Line:
    """A record to be made. facts: over those of an ordinary one. spell: how its line is written."""

    check: str
    facts: Json = field(default_factory=dict)
    spell: Callable[[Json], bytes] = spelt


@dataclass
class Draft:
    """A sweep to be sealed. stamps: time of each authority's; late: those not enclosed by the next sweep.

    sweep, seal, row: change an object before it is written; checkpoint: change its text.
    """

    number: int
    started: datetime
    lines: list[Line]
    signer: Signer
    stamps: dict[str, datetime]
    version: int = 2
    late: set[str] = field(default_factory=set)
    declared: list[Json] = field(default_factory=list)
    said: bool = True  # that the sweep before has no stamp
    shots: list[Json] = field(default_factory=list)
    env: Json = field(default_factory=lambda: {"os": "Debian"})
    length: timedelta = timedelta(minutes=2)
    sweep: Callable[[Json], Json] = lambda told: told
    seal: Callable[[Json], Json] = lambda told: told
    rows: Callable[[list[Json]], list[Json]] = lambda rows: rows
    checkpoint: Callable[[str], str] = lambda text: text


@dataclass
class Sealed:
    """A sweep sealed. leaves: of the whole log up to it."""

    draft: Draft
    files: Files
    sums: bytes
    tokens: dict[str, bytes]
    rows: list[bytes]
    lines: list[bytes]
    shots: list[bytes]
    first: int
    leaves: list[bytes]

    @property
    def line(self) -> bytes:
        """Its line of `sweeps.jsonl`."""
        return spelt(
            {
                "checkpoint": self.files["checkpoint"].decode(),
                "seal": json.loads(self.files["seal.json"]),
                "sums": self.sums.decode(),
                "sweep": json.loads(self.files["sweep.json"]),
            }
        )


class Authorities:
    """Time-stamp authorities that stamp at any time, and never the same bytes twice."""

    def __init__(self, folder: Path, names: Sequence[str] = ("qualifiee", "simple", "horodatage-bis")) -> None:
        since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
        self.tsa = {name: Tsa(folder / name, since=since, until=until) for name in (*names, "rogue")}
        self.signer = Signer()  # one for all forges: equal sums are stamped once
        self._made: dict[tuple[str, bytes, datetime], bytes] = {}

    def stamp(self, name: str, data: bytes, at: datetime) -> bytes:
        key = (name, data, at)
        if key not in self._made:
            self._made[key] = self.tsa[name].craft(hashlib.sha256(data).digest(), None, at)
        return self._made[key]


class Forge:
    """Six sweeps, a quarter of an hour apart, each stamped by two authorities; exported: the second to the fifth.

    Nothing is sealed before `export`, so that a fault can change the drafts. scope: lines of `scope.txt`.
    """

    def __init__(self, authorities: Authorities, *, version: int = 2, signer: Signer | None = None) -> None:
        self.authorities, self.signer = authorities, signer or authorities.signer
        self.drafts = [self.draft(number, version=version) for number in range(1, 7)]
        self.first, self.last = 2, 5
        self.scope = ["95/"]
        self.roots = {"qualifiee", "simple"}
        self.bare: dict[str, int] = {}  # authorities whose stamps enclose no certificates from that sweep on
        self.untrusted: dict[str, bytes] = {}
        self.crls: dict[str, bytes] = {}
        self.sealed: list[Sealed] = []
        self.bodies: dict[str, bytes] = {sha(data): data for data in (PICTURE, HEAD)}

    def draft(self, number: int, *, version: int = 2, checks: Sequence[str] = DUE) -> Draft:
        started = START + number * QUARTER
        stamps = dict.fromkeys(("qualifiee", "simple"), started + AFTER)
        lines = [Line(check) for check in checks]
        return Draft(number, started, lines, self.signer, stamps, version=version)

    # --- sealing ----------------------------------------------------------------------------------------------------

    def seal(self) -> None:
        """Seal every draft, in order."""
        self.sealed = []
        for draft in self.drafts:
            before = self.sealed[-1] if self.sealed else None
            self.sealed.append(self._seal(draft, before))

    def _seal(self, draft: Draft, before: Sealed | None) -> Sealed:
        leaves = list(before.leaves) if before else []
        first = len(leaves)
        anchor = before.sums if before else draft.signer.origin.encode() + b"\n"
        facts = [self._facts(draft, line, first + k, anchor) for k, line in enumerate(draft.lines)]
        lines = [line.spell(told) for line, told in zip(draft.lines, facts, strict=True)]
        leaves += map(leaf, lines)
        rows = [
            {"check": line.check, "record": sha(data), "seq": first + k}
            for k, (line, data) in enumerate(zip(draft.lines, lines, strict=True))
        ]
        rows = sorted(
            [*rows, {"check": "75/titres", "why": "host"}], key=lambda row: (row["check"], row.get("seq", -1))
        )
        plan = [spelt(row) for row in draft.rows(rows)]
        shots = [spelt({"seq": first, "v": 1, **told}) for told in draft.shots]
        files = {
            "records.jsonl": b"".join(line + b"\n" for line in lines),
            "sweep.json": self._sweep(draft, plan, shots, first),
            "env.json": spelt(draft.env),
            "seal.json": self._told(draft, before, first, len(leaves)),
        }
        if draft.version == 2:
            files["plan.jsonl"] = b"".join(row + b"\n" for row in plan)
        if shots:
            files["shots.jsonl"] = b"".join(shot + b"\n" for shot in shots)
        text = f"{draft.signer.origin}\n{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n"
        if draft.version == 2:
            text += f"sweep {draft.number:09d} {sha(files['sweep.json'])}\n"
        files["checkpoint"] = draft.signer.sign(draft.checkpoint(text))
        if before:
            files["previous.SHA256SUMS"] = before.sums
            for name in before.tokens.keys() - before.draft.late:
                files[f"previous.{name}.tsr"] = before.tokens[name]
        sums = sums_of(files)
        tokens = {name: self.authorities.stamp(name, sums, at) for name, at in draft.stamps.items()}
        tokens |= {name: der.bare(tokens[name]) for name, since in self.bare.items() if draft.number >= since}
        return Sealed(draft, files, sums, tokens, plan, lines, shots, first, leaves)

    def _facts(self, draft: Draft, line: Line, seq: int, anchor: bytes) -> Json:
        started = draft.started + timedelta(seconds=1 + seq % 4)
        body = page(f"{seq:05d}")
        self.bodies[sha(body)] = body
        url = f"{HOST}/booking/create/{line.check.partition('/')[2]}"
        asked = {"url": url, "method": "GET", "status": 200, "date": f"{started:%a, %d %b %Y %H:%M:%S} GMT"}
        told = {
            "v": 1, "seq": seq, "sweep": draft.number, "author": "unattended_monitor", "check": line.check,
            "id": sha(anchor + f"{draft.number:09d}{line.check}".encode())[:16], "look": "desk",
            "prefecture": line.check.partition("/")[0], "label": "Première demande ; « salarié »", "platform": "rdv",
            "url": url, "time_zone": "Europe/Paris", "started": instant(started),
            "finished": instant(started + timedelta(milliseconds=311)), "program": {"version": "0.9.0"},
            "mono_start_ns": 1, "mono_end_ns": 2, "steps": [{"open": url}], "reading": "NoSlot", "selector": "form",
            "seen": 'Il n\'existe plus de plage horaire libre ‡ "ici"',
            "exchanges": [asked | {"decoded_body_sha256": sha(body), "head_sha256": sha(HEAD)}],
        }  # fmt: skip
        return told | line.facts

    def _sweep(self, draft: Draft, plan: list[bytes], shots: list[bytes], first: int) -> bytes:
        told: Json = {
            "v": draft.version, "sweep": draft.number, "started": instant(draft.started),
            "finished": instant(draft.started + draft.length),
        }  # fmt: skip
        if draft.version == 1:
            told["checks"] = [{"check": line.check, "seq": first + k} for k, line in enumerate(draft.lines)]
        else:
            told["plan"] = {"root": root(row_leaves(plan)).hex(), "size": len(plan)}
            if shots:
                told["shots"] = {"root": root(row_leaves(shots)).hex(), "size": len(shots)}
        return spelt(draft.sweep(told))

    def _told(self, draft: Draft, before: Sealed | None, first: int, size: int) -> bytes:
        declared = list(draft.declared)
        if before:
            enclosed = before.tokens.keys() - before.draft.late
            for name in sorted(enclosed):
                row = {"authority": name, "sweep": draft.number - 1, "tsr_sha256": sha(before.tokens[name])}
                declared.append({"what": "stamped", **row})
            if not enclosed and draft.said:
                declared.append({"what": "unstamped", "sweep": draft.number - 1, "why": "no_authority"})
        told = {"v": draft.version, "sweep": draft.number, "first": first, "size": size, "declared": declared}
        return spelt(draft.seal(told))

    # --- the export -------------------------------------------------------------------------------------------------

    @property
    def exported(self) -> list[Sealed]:
        return [one for one in self.sealed if self.first <= one.draft.number <= self.last]

    def wanted(self, check: str) -> bool:
        return "all" in self.scope or check in self.scope or check.partition("/")[0] + "/" in self.scope

    def export(self) -> Files:
        """Every file, sums and signature included."""
        self.seal()
        chosen = self.exported
        before = [one for one in self.sealed if one.draft.number == self.first - 1]
        sweeps = [spelt({"before": one.draft.number, "sums": one.sums.decode()}) for one in before]
        files = {
            "LISEZ-MOI.txt": "À lire d'abord\n".encode(),
            "releve.pdf": b"%PDF-1.7 un document",
            "scope.txt": "".join(f"{line}\n" for line in sorted(self.scope)).encode(),
            "sweeps.jsonl": joined([*sweeps, *(one.line for one in chosen)]),
            "stamps.jsonl": joined(line for one in [*before, *chosen] for line in stamp_lines(one)),
            "plan.jsonl": joined(row for one in chosen for row in self._ranges(one)),
            "records.jsonl": joined(line for one in chosen for _seq, line in self._records(one)),
            **self._log(chosen), **self._shots(chosen), **self._captures(chosen), **self._sealed(chosen),
            **self._trust(chosen), **scripts(),
        }  # fmt: skip
        present(files)
        return self.resum(files)

    def _records(self, one: Sealed) -> list[tuple[int, bytes]]:
        made = enumerate(zip(one.draft.lines, one.lines, strict=True), start=one.first)
        return [(seq, data) for seq, (line, data) in made if self.wanted(line.check)]

    def _ranges(self, one: Sealed) -> Iterator[bytes]:
        rows = [json.loads(row) for row in one.rows]
        for line in sorted(self.scope) if one.draft.version == 2 else ():
            inside = [k for k, row in enumerate(rows) if covers(line, row["check"])]
            stands = sum(row["check"] < line for row in rows)
            first, last = (inside[0], inside[-1] + 1) if inside else (stands, stands)
            if line != "all":
                first, last = max(first - 1, 0), min(last + 1, len(rows))
            proof = nodes(row_leaves(one.rows), first, last)
            yield spelt({"from": first, "nodes": proof, "rows": rows[first:last], "sweep": one.draft.number})

    def _log(self, chosen: Sequence[Sealed]) -> Files:
        proofs = [
            spelt({"nodes": nodes(one.leaves, seq, seq + 1), "seq": seq, "sweep": one.draft.number})
            for one in chosen
            if one.draft.version == 1
            for seq, _line in self._records(one)
        ]
        return {"log.jsonl": joined(proofs)} if proofs else {}

    def _shots(self, chosen: Sequence[Sealed]) -> Files:
        lines = []
        for one in chosen:
            for k, shot in enumerate(one.shots):
                told: Json = {"from": k, "shot": json.loads(shot), "sweep": one.draft.number}
                if one.draft.version == 2:
                    told["nodes"] = nodes(row_leaves(one.shots), k, k + 1)
                lines.append(spelt(told))
        return {"shots.jsonl": joined(lines)} if lines else {}

    def _captures(self, chosen: Sequence[Sealed]) -> Files:
        """The first page of the first sweep, its header block, and the pictures."""
        out: Files = {}
        for one in chosen:
            told = [json.loads(line) for _seq, line in self._records(one)[:1]] if one is chosen[0] else []
            for record in told:
                for body in record.get("exchanges", [])[:1]:
                    for name, ending in (("decoded_body_sha256", "html"), ("head_sha256", "txt")):
                        out[captured(record["started"], record["check"], body[name], ending)] = self.bodies[body[name]]
            for shot in map(json.loads, one.shots) if PICTURE not in out.values() else ():
                if "png_sha256" in shot:
                    out[captured(instant(one.draft.started), shot["check"], shot["png_sha256"], "png")] = PICTURE
        return out

    def _sealed(self, chosen: Sequence[Sealed]) -> Files:
        whole = [one.files["env.json"] for one in (chosen[0], chosen[-1])]
        out = {f"sealed/{sha(data)}.json": data for data in whole}
        old = [one.files["shots.jsonl"] for one in chosen if one.draft.version == 1 and one.shots]
        return out | {f"sealed/{sha(data)}.jsonl": data for data in old}

    def _trust(self, chosen: Sequence[Sealed]) -> Files:
        out: Files = {}
        for name in sorted(self.roots):
            pem = self.authorities.tsa[name].root.pem
            out[f"trust/roots/{name}.{sha(pem)[:16]}.pem"] = pem
        for name, pem in self.untrusted.items():
            out[f"trust/untrusted/{name}.{sha(pem)[:16]}.pem"] = pem
        for name, pem in self.crls.items():
            out[f"trust/crls/{name}.{sha(pem)[:16]}.pem"] = pem
        for signer in {one.draft.signer for one in chosen}:
            out[f"trust/log/{signer.id.hex()}.{sha(signer.pem)[:16]}.pem"] = signer.pem
        return out

    def resum(self, files: Files, signer: Signer | None = None) -> Files:
        """With the sums made again, and signed: by the key that signed the last checkpoint, or another."""
        files = {name: data for name, data in files.items() if name not in ("SHA256SUMS", "SHA256SUMS.signed")}
        sums = sums_of(files)
        key = signer or self.exported[-1].draft.signer
        text = f"vigie export 2\n{key.origin}\n{instant(START + timedelta(days=1))}\nsums {sha(sums)}\n"
        return {**files, "SHA256SUMS": sums, "SHA256SUMS.signed": key.sign(text)}


def unsigned(files: Files) -> Files:
    """With the sums made again by somebody who has no key: the signature is taken off."""
    kept = {name: data for name, data in files.items() if name not in ("SHA256SUMS", "SHA256SUMS.signed")}
    return {**kept, "SHA256SUMS": sums_of(kept)}


def joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def sums_of(files: Files) -> bytes:
    return "".join(f"{sha(files[name])}  {name}\n" for name in sorted(files)).encode()


def stamp_lines(one: Sealed) -> Iterator[bytes]:
    for name in sorted(one.tokens):
        token = base64.b64encode(one.tokens[name]).decode()
        yield spelt({"authority": name, "sweep": one.draft.number, "tsr": token})


def covers(line: str, check: str) -> bool:
    """Whether a line of a scope is about a check."""
    return line in ("all", check) or (line.endswith("/") and check.startswith(line))


def captured(at: str, check: str, digest: str, ending: str) -> str:
    """Where a page or picture stands."""
    return f"captures/{at[:10]}/{check.replace('/', '-')}/{digest}.{ending}"


def scripts() -> Files:
    """The verification, as far as the product ships it."""
    data = resources("monitor") / "data"
    names = ("verify.sh", "verifier.html")
    return {name: (data / name).read_bytes() for name in names if (data / name).is_file()}


def present(files: Files) -> None:
    """Make table and figures again from the record lines that stand there: a forger would."""
    told = []
    for line in files["records.jsonl"].splitlines():
        try:
            told.append(observed(line))
        except (ValueError, KeyError, TypeError):
            continue
    told.sort(key=lambda one: one.seq)
    content = ReleveContent(
        office="Préfecture du Val-d'Oise", site=HOST, zone=ZoneInfo("Europe/Paris"), seen=told, damaged=[], plans=[],
        made=START,
    )  # fmt: skip
    files["observations.csv"] = table(COLUMNS, csv_rows(content))
    checks = []
    for check in sorted({one.subject for one in told}):
        among = [one for one in told if one.subject == check]
        readings = {name: sum(one.reading == name for one in among) for name in {one.reading for one in among}}
        seqs = [one.seq for one in among]
        checks.append({"check": check, "first": min(seqs), "last": max(seqs), "readings": readings})
    files["figures.json"] = spelt({"checks": checks, "left_out": [], "v": 2}) + b"\n"


def write(files: Files, folder: Path) -> Path:
    """The export on disk."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def lines_of(files: Files, name: str) -> list[Json]:
    """The objects of a file of lines."""
    return [json.loads(line) for line in files[name].splitlines()]


def with_lines(files: Files, name: str, lines: Iterable[Json]) -> Files:
    """The same files with other lines in one."""
    return {**files, name: joined(map(spelt, lines))}


def rows_of(data: bytes) -> list[list[str]]:
    """Rows of a table, for a test that changes one cell."""
    return [*csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")]
