"""The log cosigned by a public witness: a real one on loopback, and what each of its answers means."""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.checkpoint import (
    Checkpoint,
    CosignerKey,
    NoteSignature,
    SignedNote,
    VerifierKey,
    cosigned_at,
    cosigned_message,
)  # fmt: skip
from monitor.evidence.key import verify_signature
from monitor.evidence.merkle import EMPTY_ROOT
from monitor.evidence.witness.daily import COSIGNED, cosign_daily, cosignatures
from monitor.evidence.witness.witness import Cosigned, Witness, WitnessTrouble
from tests.support.ledger import Ledger
from tests.support.witness import LoopbackWitness, witnessing

# The example of tlog-cosignature: no key is given with it, so its form is read and no signature is checked.
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 \
jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "data")
    for _ in range(3):
        made.sweep()
    return made


@pytest.fixture
def witness(ledger: Ledger) -> LoopbackWitness:
    return LoopbackWitness([ledger.signer.key], clock=lambda: NOW)


@pytest.fixture
def url(witness: LoopbackWitness) -> Iterator[str]:
    with witnessing(witness) as prefix:
        yield prefix


def asked(
    ledger: Ledger, url: str, key: CosignerKey, now: datetime = NOW, seconds: float = 10
) -> Cosigned | WitnessTrouble | None:
    return asyncio.run(cosign_daily(ledger.root, Witness(url, key, user_agent="vigie/test", seconds=seconds), now))


def trouble(got: Cosigned | WitnessTrouble | None) -> str:
    assert isinstance(got, WitnessTrouble), got
    return got.kind


# --- keys and lines ---------------------------------------------------------------------------------------------------


def test_the_published_example_is_read_and_its_time_with_it() -> None:
    note = SignedNote.parse(EXAMPLE.encode())
    line = note.signatures[1]
    assert (line.name, line.key_id.hex(), len(line.signature)) == ("witness.example.com/w1", "8d66cf3f", 72)
    assert int.from_bytes(line.signature[:8]) == 1679315147
    assert cosigned_message(note.text, 1679315147) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_a_witness_key_and_a_log_key_of_the_same_bytes_are_two_keys() -> None:
    """The type stands in the id and in the text, so that neither is taken for the other."""
    log, witness = VerifierKey("example.com/k", bytes(32)), CosignerKey("example.com/k", bytes(32))
    assert log.id != witness.id
    assert log != witness
    assert CosignerKey.parse(str(witness)) == witness
    assert base64.b64decode(str(witness).split("+", 2)[2])[:1] == b"\x04"
    for kind, text in ((CosignerKey, str(log)), (VerifierKey, str(witness))):
        with pytest.raises(ValueError, match="type"):
            kind.parse(text)


def test_a_cosignature_holds_for_its_text_its_time_and_its_key_alone(witness: LoopbackWitness) -> None:
    text = Checkpoint(origin="example.com/log", size=0, root=EMPTY_ROOT).text
    note = SignedNote.parse(text.encode() + b"\n" + witness.line(text))
    assert cosigned_at(note, witness.key, verify_signature) == NOW
    (line,) = note.signatures
    for at in range(0, 72, 5):
        bent = bytearray(line.signature)
        bent[at] ^= 1
        other = NoteSignature(line.name, line.key_id, bytes(bent))
        assert cosigned_at(SignedNote(text, (other,)), witness.key, verify_signature) is None
        assert cosigned_at(SignedNote(text, (line, other)), witness.key, verify_signature) is None
    assert cosigned_at(SignedNote(text.replace("0", "1", 1), (line,)), witness.key, verify_signature) is None
    stranger = CosignerKey(witness.name, bytes(32))
    assert cosigned_at(note, stranger, verify_signature) is None
    cut = NoteSignature(line.name, line.key_id, line.signature[:-1])
    assert cosigned_at(SignedNote(text, (cut,)), witness.key, verify_signature) is None


@given(st.binary(min_size=1, max_size=90))
def test_any_bytes_of_a_signature_are_no_cosignature(signature: bytes) -> None:
    key = CosignerKey("example.com/w", bytes(range(32)))
    note = SignedNote("x\n", (NoteSignature(key.name, key.id, signature),))
    assert cosigned_at(note, key, verify_signature) is None
    with suppress(ValueError):
        CosignerKey.parse(f"example.com/w+{signature[:4].hex()}+{base64.b64encode(signature).decode()}")


# --- once a day -------------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_cosigned_once_a_day_and_each_extends_the_last(
    ledger: Ledger, witness: LoopbackWitness, url: str
) -> None:
    first = asked(ledger, url, witness.key)
    assert isinstance(first, Cosigned)
    assert first.at == NOW
    assert witness.heard[0].startswith(b"old 0\n\n" + ledger.signer.origin.encode())
    ledger.sweep()
    assert asked(ledger, url, witness.key, NOW + timedelta(hours=11)) is None, "the same day"
    for _ in range(4):
        ledger.sweep()
    witness.clock = lambda: NOW + timedelta(days=1)
    second = asked(ledger, url, witness.key, NOW + timedelta(days=1))
    assert isinstance(second, Cosigned)
    assert witness.heard[1].startswith(b"old 9\n")
    kept = list(cosignatures(ledger.root / "evidence"))
    assert [(one.day, one.sweep) for one in kept] == [("2026-11-30", 3), ("2026-12-01", 8)]
    for one, size in zip(kept, (9, 24), strict=True):
        note = one.note()
        assert note.signed_by([ledger.signer.key], verify_signature) == ledger.signer.key
        assert cosigned_at(note, witness.key, verify_signature) is not None
        assert Checkpoint.parse(note.text).size == size


def test_a_witness_that_knows_more_or_less_than_we_remember_is_asked_once_more(
    ledger: Ledger, witness: LoopbackWitness, url: str
) -> None:
    assert isinstance(asked(ledger, url, witness.key), Cosigned)
    shutil.rmtree(ledger.root / "evidence" / COSIGNED)
    ledger.sweep()
    assert isinstance(asked(ledger, url, witness.key, NOW + timedelta(days=1)), Cosigned)
    assert [body.split(b"\n")[0] for body in witness.heard] == [b"old 0", b"old 0", b"old 9"]
    witness.seen.clear()
    ledger.sweep()
    witness.clock = lambda: NOW + timedelta(days=2)
    assert isinstance(asked(ledger, url, witness.key, NOW + timedelta(days=2)), Cosigned)
    assert [body.split(b"\n")[0] for body in witness.heard[3:]] == [b"old 12", b"old 0"]


def test_a_log_that_was_cut_or_written_anew_is_told_gravely(tmp_path: Path) -> None:
    """An older copy of the folder is put back; then another history is written under the same key."""
    ledger = Ledger(tmp_path / "data")
    ledger.sweep()
    shutil.copytree(ledger.root, tmp_path / "older")
    for _ in range(2):
        ledger.sweep()
    witness = LoopbackWitness([ledger.signer.key], clock=lambda: NOW)
    with witnessing(witness) as url:
        assert isinstance(asked(ledger, url, witness.key), Cosigned)
        older = Ledger(tmp_path / "older", records=type(ledger.records)(ledger.records.all[:3]), number=1)
        cut = asked(older, url, witness.key)
        assert isinstance(cut, WitnessTrouble)
        assert (cut.kind, cut.grave) == ("ahead", True)
        assert "9" in cut.detail
        assert "3" in cut.detail
        older.checks = ("13/titres", *older.checks)
        for _ in range(4):
            older.sweep()
        anew = asked(older, url, witness.key, NOW + timedelta(days=1))
        assert isinstance(anew, WitnessTrouble)
        assert (anew.kind, anew.grave) == ("contradicted", True)


def test_each_refusal_is_told_with_what_to_do(ledger: Ledger, witness: LoopbackWitness, url: str) -> None:
    stranger = LoopbackWitness([])
    for number, (answer, kind) in enumerate(
        (
            ((404, b""), "unknown"),
            ((403, b""), "refused"),
            ((400, b""), "refused"),
            ((422, b""), "contradicted"),
            ((409, b"0\n"), "contradicted"),
            ((409, b"nine"), "contradicted"),
            ((503, b""), "down"),
            ((301, b""), "down"),
            ((200, b""), "false"),
            ((200, b"<html>"), "false"),
            ((200, bytes(70_000)), "down"),
            ((200, stranger.line("x\n")), "false"),
        )
    ):
        witness.before = lambda _body, answer=answer: answer  # type: ignore[misc]
        got = asked(ledger, url, witness.key, NOW + timedelta(hours=2 * number))
        assert trouble(got) == kind, answer
    assert list(cosignatures(ledger.root / "evidence")) == []
    assert trouble(asked(ledger, "http://127.0.0.1:1", witness.key, NOW + timedelta(days=9))) == "down"


def test_a_cosignature_of_another_text_is_false_and_lines_of_strangers_are_left_out(
    ledger: Ledger, witness: LoopbackWitness, url: str
) -> None:
    stranger = LoopbackWitness([], name="stranger.example")
    witness.before = lambda _body: (200, witness.line("another\n"))
    assert trouble(asked(ledger, url, witness.key)) == "false"

    def with_a_stranger(body: bytes) -> tuple[int, bytes]:
        text = SignedNote.parse(body.partition(b"\n\n")[2]).text
        return 200, stranger.line(text) + witness.line(text)

    witness.before = with_a_stranger
    got = asked(ledger, url, witness.key, NOW + timedelta(hours=1))
    assert isinstance(got, Cosigned)
    assert b"stranger" not in got.note


def test_a_witness_that_fails_is_asked_again_in_an_hour_and_a_log_without_sweeps_is_not_shown(
    ledger: Ledger, witness: LoopbackWitness, url: str, tmp_path: Path
) -> None:
    witness.before = lambda _body: (500, b"")
    assert trouble(asked(ledger, url, witness.key)) == "down"
    assert asked(ledger, url, witness.key, NOW + timedelta(minutes=59)) is None
    witness.before = lambda _body: None
    assert isinstance(asked(ledger, url, witness.key, NOW + timedelta(minutes=60)), Cosigned)
    assert asked(Ledger(tmp_path / "empty"), url, witness.key) is None
    assert len(witness.heard) == 2
