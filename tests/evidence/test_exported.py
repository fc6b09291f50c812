"""What an export holds that proves: every line copied from what was sealed, nothing in scope left out, a signature."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.record import canonical, digest
from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.exported.proof import ENVIRONMENTS, Extract, proof_files
from monitor.evidence.exported.signed import ExportStatement, signature
from monitor.evidence.key import LogSigner
from monitor.evidence.merkle import leaf_hash, range_root
from monitor.evidence.plan import row_hash
from monitor.evidence.sums import SUMS
from monitor.report.export.folder import collected
from tests.support.ledger import Ledger, continued, two_authorities


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Four sweeps, two authorities; one of them was down at the third; the second has a picture."""
    folder = tmp_path_factory.mktemp("exported")
    authorities = two_authorities(folder)
    made = Ledger(folder / "data", authorities)
    for number in range(1, 5):
        authorities[1].down = number == 3
        made.sweep(pictured=number == 2, env={"os": "Debian", "n": number > 2})
    return made


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Three sweeps of format 1, then two of today's."""
    folder = tmp_path_factory.mktemp("mixed")
    made = continued(folder / "data", two_authorities(folder))
    for _ in range(2):
        made.sweep(pictured=True)
    return made


def extracted(ledger: Ledger, first: int = 1, **more: Any) -> dict[str, bytes]:
    """The files, whole."""
    sealed = ledger.sweeps.sealed()
    before = next((one for one in sealed if one.number == first - 1), None)
    told = {"scope": ["95/"], "node": ledger.tree.node, "before": before} | more
    return collected(proof_files(Extract(sweeps=[one for one in sealed if one.number >= first], **told), []))


def rows(data: bytes) -> list[dict[str, Any]]:
    """Lines as objects, each of which must be canonical."""
    lines = data.split(b"\n")
    assert lines.pop() == b""
    out: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert [*map(canonical, out)] == lines
    return out


def test_every_sweep_stands_byte_for_byte_with_its_stamps(ledger: Ledger) -> None:
    files = extracted(ledger)
    told = rows(files["sweeps.jsonl"])
    for one, line in zip(ledger.sweeps.sealed(), told, strict=True):
        assert line["checkpoint"].encode() == one.read("checkpoint")
        assert line["sums"].encode() == one.read(SUMS)
        assert canonical(line["seal"]) == one.read("seal.json")
        assert canonical(line["sweep"]) == one.read("sweep.json")
    stamps = [(row["sweep"], row["authority"]) for row in rows(files["stamps.jsonl"])]
    assert stamps == [(1, "alpha"), (1, "beta"), (2, "alpha"), (2, "beta"), (3, "alpha"), (3, "beta"), (4, "alpha"),
                      (4, "beta")]  # fmt: skip
    for row in rows(files["stamps.jsonl"]):
        sealed = ledger.sweeps.sweep(row["sweep"])
        assert sealed is not None
        assert base64.b64decode(row["tsr"]) == sealed.stamps()[row["authority"]]


def test_a_part_begins_with_the_sums_and_stamps_of_the_sweep_before(ledger: Ledger) -> None:
    """Those it has; where it is not at hand, those the first sweep encloses: one that came later is not there."""
    before = ledger.sweeps.sweep(3)
    assert before is not None
    whole, alone = extracted(ledger, 4), extracted(ledger, 4, before=None)
    for files, stamps in ((whole, ["alpha", "beta", "alpha", "beta"]), (alone, ["alpha", "alpha", "beta"])):
        first = rows(files["sweeps.jsonl"])[0]
        assert first == {"before": 3, "sums": before.read(SUMS).decode()}
        assert [row["authority"] for row in rows(files["stamps.jsonl"])] == stamps
        assert rows(files["stamps.jsonl"])[0]["sweep"] == 3


@pytest.mark.parametrize(
    "scope", [["95/"], ["95/titres"], ["95/aucun"], ["01/"], ["national/anef"], ["all"], ["33/", "95/titres"]]
)
def test_the_plan_shows_all_of_a_scope_under_the_checkpoint(ledger: Ledger, scope: list[str]) -> None:
    files = extracted(ledger, scope=scope)
    found: list[str] = []
    facts = {row["sweep"]["sweep"]: row for row in rows(files["sweeps.jsonl"])}
    for row in rows(files["plan.jsonl"]):
        sweep = facts[row["sweep"]]
        leaves = [row_hash(canonical(one)) for one in row["rows"]]
        plan = sweep["sweep"]["plan"]
        root = range_root(leaves, row["from"], plan["size"], [bytes.fromhex(one) for one in row["nodes"]])
        assert root.hex() == plan["root"]
        head = Checkpoint.parse(SignedNote.parse(sweep["checkpoint"].encode()).text)
        assert head.sweep is not None
        assert (head.sweep.number, head.sweep.sha256) == (row["sweep"], digest(canonical(sweep["sweep"])))
        found += [one["record"] for one in row["rows"] if "record" in one]
    assert [(row["sweep"]) for row in rows(files["plan.jsonl"])] == sorted([1, 2, 3, 4] * len(scope))
    lines = files.get("records.jsonl", b"").splitlines()
    assert {digest(line) for line in lines} <= set(found)
    seqs = [json.loads(line)["seq"] for line in lines]
    wanted = [
        seq for seq, line in enumerate(ledger.records.all)
        if any(one == "all" or json.loads(line)["check"].startswith(one) for one in scope)
    ]  # fmt: skip
    assert seqs == wanted


def test_a_line_that_is_not_what_was_sealed_is_not_taken(ledger: Ledger, mixed: Ledger) -> None:
    """The store's line serves where it is the sealed one, damaged or forged it does not: then the sealed file does."""
    asked: list[int] = []

    def kept(of: Ledger) -> Any:
        def line(seq: int) -> bytes | None:
            asked.append(seq)
            return (of.records.all[seq], b'{"seq":%d}' % seq, None)[seq % 3]

        return line

    for of in (ledger, mixed):
        asked.clear()
        assert extracted(of, line=kept(of)) == extracted(of)
        assert asked


def test_pictures_have_their_place_in_their_tree_or_their_whole_file(mixed: Ledger) -> None:
    files = extracted(mixed)
    facts = {row["sweep"]["sweep"]: row["sweep"] for row in rows(files["sweeps.jsonl"])}
    told = rows(files["shots.jsonl"])
    assert [row["sweep"] for row in told] == [2, 4, 5]
    old, *new = told
    sealed = mixed.sweeps.sweep(2)
    assert sealed is not None
    whole = sealed.read("shots.jsonl")
    assert files[f"sealed/{digest(whole)}.jsonl"] == whole
    assert "nodes" not in old
    assert whole.splitlines()[old["from"]] == canonical(old["shot"])
    for row in new:
        tree, nodes = facts[row["sweep"]]["shots"], [bytes.fromhex(one) for one in row["nodes"]]
        assert range_root([row_hash(canonical(row["shot"]))], row["from"], tree["size"], nodes).hex() == tree["root"]
    assert "shots.jsonl" not in extracted(mixed, pictures=[])


def test_a_record_of_format_1_has_its_path_to_the_root_of_its_sweep(mixed: Ledger) -> None:
    files = extracted(mixed)
    heads = [Checkpoint.parse(SignedNote.parse(r["checkpoint"].encode()).text) for r in rows(files["sweeps.jsonl"])]
    records = {json.loads(line)["seq"]: line for line in files["records.jsonl"].splitlines()}
    told = rows(files["log.jsonl"])
    assert [row["sweep"] for row in told] == [1, 2, 3]
    for row in told:
        head, nodes = heads[row["sweep"] - 1], [bytes.fromhex(one) for one in row["nodes"]]
        assert range_root([leaf_hash(records[row["seq"]])], row["seq"], head.size, nodes) == head.root
    assert {row["sweep"] for row in rows(files["plan.jsonl"])} == {4, 5}
    assert "log.jsonl" not in extracted(mixed, 4)


def test_a_file_without_a_line_is_absent(ledger: Ledger) -> None:
    assert {"records.jsonl", "shots.jsonl", "log.jsonl"}.isdisjoint(extracted(ledger, scope=["95/aucun"]))


def test_environments_are_enclosed_where_they_change_sixteen_at_most(ledger: Ledger, tmp_path: Path) -> None:
    def enclosed(of: Ledger) -> list[str]:
        names = [name for name in extracted(of) if name.startswith("sealed/")]
        assert all(name == f"sealed/{digest(extracted(of)[name])}.json" for name in names)
        return names

    assert len(enclosed(ledger)) == 2
    many = Ledger(tmp_path, checks=())
    for number in range(20):
        many.sweep(env={"n": number})
    last = many.sweeps.latest()
    assert last is not None
    assert len(enclosed(many)) == ENVIRONMENTS
    assert f"sealed/{digest(last.read('env.json'))}.json" in enclosed(many)


# --- the signature ----------------------------------------------------------------------------------------------------

MADE = datetime(2026, 11, 30, 7, 45, 43, 646696, tzinfo=UTC)
SAID = ExportStatement(
    origin="vigie-prefectures/ab", made=MADE, sums="0" * 64, beside={"b.pdf": "1" * 64, "a": "2" * 64}
)


def test_the_statement_of_an_export_has_one_spelling() -> None:
    assert SAID.text == (
        "vigie export 2\nvigie-prefectures/ab\n2026-11-30T07:45:43.646696Z\nsums " + "0" * 64 + "\nwith " + "2" * 64
        + " a\nwith " + "1" * 64 + " b.pdf\n"
    )  # fmt: skip
    assert ExportStatement.parse(SAID.text) == SAID
    alone = replace(SAID, beside={})
    assert ExportStatement.parse(alone.text) == alone


@given(st.integers(0, 10**3), st.text(max_size=3), st.integers(0, 2))
def test_another_spelling_of_a_statement_is_refused(at: int, put: str, cut: int) -> None:
    text = SAID.text
    at %= len(text)
    changed = text[:at] + put + text[at + cut :]
    try:
        read = ExportStatement.parse(changed)
    except ValueError:
        return
    assert read.text == changed


def test_an_export_is_signed_by_the_key_of_its_last_sweep_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    old = ledger.sweep()

    def signed() -> bytes | None:
        return signature(tmp_path / "keys", old, made=MADE, beside={"releve.pdf": b"pdf"})(b"sums")

    note = SignedNote.parse(signed() or b"")
    assert ledger.signer.signed(note)
    said = ExportStatement.parse(note.text)
    assert (said.origin, said.sums) == (ledger.signer.origin, digest(b"sums"))
    assert said.beside == {"releve.pdf": digest(b"pdf")}
    ledger.signer.prepare_change()
    old = ledger.sweep()  # announces the next key, and is signed by both
    assert signed() is not None
    ledger.sweep()
    assert signed() is None, "the key that signed it signs no more"
    (tmp_path / "keys/log.key").unlink()
    assert signed() is None
    assert not (tmp_path / "keys/log.key").exists(), "an export makes no key"
    assert LogSigner(tmp_path / "keys").origin != said.origin
