"""An export as a whole, in memory: its own list of sums, what bounds its sweeps, and a witness kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.record import digest
from monitor.evidence.checkpoint import Checkpoint, SignedNote
from monitor.evidence.rules.findings import Report
from monitor.evidence.sums import SUMS
from monitor.evidence.verify.verify import verify_export
from tests.support.ledger import Ledger
from tests.support.played import MemoryArchive, PlayedAuthority, PlayedTools, in_memory

START = datetime(2026, 11, 21, 22, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
Files = dict[str, bytes]


class Hands:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def ledger_of(root: Path, stamps: Sequence[Sequence[int | None]]) -> Ledger:
    """A ledger of a sweep a row. stamps: the hour at which each authority stamps it; None where it is down."""
    authorities = [PlayedAuthority(name, Hands()) for name, _hour in zip("abc", stamps[0], strict=False)]
    ledger = Ledger(root, authorities)
    for row in stamps:
        for authority, hour in zip(authorities, row, strict=True):
            authority.down = hour is None
            authority.clock = Hands()
            if hour is not None:
                authority.clock.at = START + hour * HOUR  # type: ignore[attr-defined]
        ledger.sweep()
    return ledger


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return ledger_of(tmp_path_factory.mktemp("ledger"), [[1], [2], [3]])


@pytest.fixture(scope="module")
def sound(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return in_memory(ledger.export(tmp_path_factory.mktemp("export") / "e")).contents


def found(report: Report) -> list[tuple[str, str, str]]:
    return [(one.code, one.where, one.detail) for one in report.findings]


def verified(files: Files, witness: bytes | None = None) -> Report:
    return verify_export(MemoryArchive(files), PlayedTools(), witness=witness)


# --- sums -------------------------------------------------------------------------------------------------------------


def test_the_list_covers_every_file_and_no_other(sound: Files) -> None:
    assert found(verified(sound)) == []
    more = {**sound, "b.txt": b"", "a.txt": b""}
    assert found(verified(more)) == [("unlisted", "a.txt", ""), ("unlisted", "b.txt", "")]
    changed = {**sound, "observations.csv": b"Seq\n"}
    assert found(verified(changed)) == [("file", "observations.csv", "")]
    missing = {name: data for name, data in sound.items() if name != "observations.csv"}
    assert found(verified(missing)) == [("file", "observations.csv", "")]


def test_without_its_list_or_with_one_that_is_none_that_is_said_once(sound: Files) -> None:
    missing = {name: data for name, data in sound.items() if name != SUMS}
    assert [(code, where) for code, where, _why in found(verified(missing))] == [("sums", SUMS)]
    none = {**sound, SUMS: b"nothing\n"}
    assert found(verified(none)) == [("sums", SUMS, "not a line of SHA256SUMS: 'nothing'")]


def test_what_is_no_file_is_listed_nowhere(sound: Files) -> None:
    class Odd(MemoryArchive):
        def odd(self) -> Sequence[str]:
            return ("link", "pipe")

    report = verify_export(Odd(sound), PlayedTools())
    assert found(report) == [("unlisted", "link", ""), ("unlisted", "pipe", "")]


def test_an_export_without_a_sweep_is_none(sound: Files) -> None:
    files = {name: data for name, data in sound.items() if not name.startswith("sweeps/")}
    codes = {
        (code, where) for code, where, _why in found(verify_export(MemoryArchive(files).resealed(), PlayedTools()))
    }
    assert ("file", "sweeps") in codes


def test_the_notes_of_the_tools_are_told(sound: Files) -> None:
    class Noting(PlayedTools):
        def notes(self) -> Sequence[str]:
            return ("asked twice",)

    assert verify_export(MemoryArchive(sound), Noting()).notes[-1:] == ["asked twice"]


# --- bounds -----------------------------------------------------------------------------------------------------------


def bounds(ledger: Ledger, out: Path, **more: int) -> tuple[list[tuple[int | None, int | None]], set[tuple[str, str]]]:
    """Hours after START that bound each sweep, and what remains open."""
    report = verified(in_memory(ledger.export(out, **more)).contents)
    hours = [
        tuple(None if at is None else round((at - START) / HOUR) for at in (one.after, one.before))
        for one in report.sweeps
    ]
    return hours, {(one.code, one.where) for one in report.findings}  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("stamps", "hours", "left"),
    [
        ([[1], [2], [3]], [(None, 1), (1, 2), (2, 3)], set()),
        ([[1, 2], [4, 3], [5, 6]], [(None, 1), (2, 3), (4, 5)], set()),
        ([[1], [2], [None]], [(None, 1), (1, 2), (2, None)], {("unstamped", "relevé 000000003")}),
        ([[1, None], [None, 3], [5, 6]], [(None, 1), (1, 3), (3, 5)], set()),
    ],
)  # fmt: skip
def test_a_sweep_lies_between_the_last_enclosed_stamp_and_the_first_of_its_own(
    tmp_path: Path,
    stamps: list[list[int | None]],
    hours: list[tuple[int | None, int | None]],
    left: set[tuple[str, str]],
) -> None:
    told = bounds(ledger_of(tmp_path / "data", stamps), tmp_path / "e")
    assert told == (hours, left)


def test_authorities_whose_clocks_contradict_each_other_leave_it_open(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "data", [[1, 9], [2, 10]])
    assert bounds(ledger, tmp_path / "e") == ([(None, 1), (9, 2)], {("clocks", "relevé 000000002")})
    same = ledger_of(tmp_path / "same", [[1, 2], [2, 2]])
    assert bounds(same, tmp_path / "f") == ([(None, 1), (2, 2)], set())


# --- witness ----------------------------------------------------------------------------------------------------------


def head(ledger: Ledger, number: int) -> tuple[bytes, Checkpoint]:
    sealed = ledger.sweeps.sweep(number)
    assert sealed is not None
    data = sealed.read("checkpoint")
    return data, Checkpoint.parse(SignedNote.parse(data).text)


def test_a_checkpoint_kept_elsewhere_must_be_one_of_the_log(ledger: Ledger, tmp_path: Path) -> None:
    files = in_memory(ledger.export(tmp_path / "e", first=2, last=2)).contents
    assert found(verified(files, head(ledger, 2)[0])) == []
    later, earlier = verified(files, head(ledger, 3)[0]), verified(files, head(ledger, 1)[0])
    assert found(later) == [("witness", "témoin", "9 observations connues du témoin, 6 ici")]
    assert (later.exit_code, earlier.exit_code) == (1, 3)
    assert found(earlier) == [("witness", "témoin", "antérieur au dossier : non comparé")]


@pytest.mark.parametrize("size", [6, 7])
def test_another_past_of_the_same_log_is_a_fork(ledger: Ledger, tmp_path: Path, size: int) -> None:
    files = in_memory(ledger.export(tmp_path / "e", first=2, last=3)).contents
    fork = replace(head(ledger, 2)[1], size=size, root=bytes(32))
    told = found(verified(files, ledger.signer.sign(fork.text)))
    assert told == [("witness", "témoin", f"autre journal à {size} observations")]


def test_a_sweep_without_a_checkpoint_is_compared_with_nothing(ledger: Ledger, tmp_path: Path) -> None:
    files = in_memory(ledger.export(tmp_path / "e")).contents
    (name,) = (name for name in files if name.endswith("000000003/checkpoint"))
    files[name] = b"none\n"
    report = verified(files, head(ledger, 2)[0])
    assert report.failed
    assert "witness" not in {one.code for one in report.findings}
    assert ("witness", "témoin", "9 observations connues du témoin, 6 ici") in found(
        verified(files, head(ledger, 3)[0])
    )


def test_a_witness_that_nobody_signed_or_that_is_none_is_refused(ledger: Ledger, sound: Files, tmp_path: Path) -> None:
    stranger = Ledger(tmp_path).signer
    assert found(verified(sound, stranger.sign(head(ledger, 2)[1].text))) == [("witness", "témoin", "signature")]
    ((code, where, why),) = found(verified(sound, b"hello\n"))
    assert (code, where) == ("witness", "témoin")
    assert "signature lines" in why
    assert digest(b"") not in why
