"""Faults planted in an export: the shell and the program both see them, and agree."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Template

import pytest

from monitor.evidence.checkpoint import Checkpoint, NoteSignature, SignedNote
from monitor.evidence.merkle import inclusion_proof, leaf_hash
from monitor.evidence.rules.findings import Report
from monitor.evidence.sums import SUMS, parse_sums, render_sums
from monitor.evidence.verify.archive import FolderArchive
from monitor.evidence.verify.crypto import Verifiers
from monitor.evidence.verify.verify import verify_export
from tests.support.authority import Tsa
from tests.support.ledger import AuthorityInProcess, Ledger, hours, record, reseal, reseal_sweep
from tests.support.parts import part
from tests.support.played import MemoryArchive

DATA = Path(__file__).parents[2] / "monitor" / "data"
DAY = "sweeps/2026/11/21"


def tsa_of_2026(folder: Path, clock: Callable[[], datetime] | None = None, *, embed_root: bool = False) -> Tsa:
    """An authority valid in 2026, whose clock moves five minutes a stamp unless one is given."""
    since, until = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    return Tsa(folder, since=since, until=until, clock=clock or hours(), embed_root=embed_root)


def shell(export: Path, *arguments: str, sh: str = "sh") -> tuple[int, str]:
    """The published script, not the export's own copy."""
    part("openssl")  # the script asks for it
    script = str(DATA / "verify.sh")
    done = subprocess.run([sh, script, str(export), *arguments], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def both(export: Path, witness: Path | None = None) -> tuple[int, set[str]]:
    """Exit code and codes found, on which both verifiers agree, as on the bounds they print."""
    report = verify_export(
        FolderArchive(export), Verifiers(), witness=witness.read_bytes() if witness else None
    )  # fmt: skip
    status, printed = shell(export, *([str(witness)] if witness else []))
    codes = {str(finding.code) for finding in report.findings}
    assert (status, set(re.findall(r"^(?:ÉCHEC|RÉSERVE) \[(\w+)\]", printed, re.MULTILINE))) == (
        report.exit_code,
        codes,
    ), "\n".join(report.lines()) + "\n--- shell ---\n" + printed
    told = [line for line in report.lines() if line.startswith(("relevé", "déclaré", "VÉRIFIÉ"))]
    assert [x for x in printed.splitlines() if x.startswith(("relevé", "déclaré", "VÉRIFIÉ"))] == (
        [line for line in told if line.startswith("déclaré")]
        + [line for line in told if not line.startswith("déclaré")]
    )
    return status, codes


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Six sweeps stamped by two authorities; the second is down for sweeps 2 and 3."""
    root = tmp_path_factory.mktemp("ledger")
    first, second = (AuthorityInProcess(tsa_of_2026(root / n), n) for n in ("qualifiee", "simple"))
    ledger = Ledger(root / "data", [first, second])
    for number in range(1, 7):
        second.down = number in (2, 3)
        ledger.sweep()
    return ledger


@pytest.fixture(scope="module")
def whole(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger.export(tmp_path_factory.mktemp("export") / "e", first=2, last=5)


@pytest.fixture
def export(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "e")
    return tmp_path / "e"


def folder(export: Path, number: int) -> Path:
    return export / DAY / f"{number:09d}"


def witness_of(ledger: Ledger, number: int, path: Path) -> Path:
    sealed = ledger.sweeps.sweep(number)
    assert sealed is not None
    path.write_bytes(sealed.read("checkpoint"))
    return path


def test_an_export_verifies_and_says_its_bounds(export: Path) -> None:
    report = verify_export(FolderArchive(export), Verifiers())
    assert (report.exit_code, report.records, report.findings) == (0, 8, [])
    assert str(report.sweeps[1]) == (
        "relevé 000000003 : écrit après 2026-11-21 22:10:00 UTC et avant 2026-11-21 22:15:00 UTC"
    )
    assert any('"what":"unstamped","why":"down"' in line for line in report.declared)
    assert both(export) == (0, set())


def test_the_copy_in_the_export_verifies_it_where_it_stands(export: Path) -> None:
    for sh in ("dash", "bash"):
        part("openssl")  # the script asks for it
        done = subprocess.run([part(sh), "verify.sh"], cwd=export, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("VÉRIFIÉ : 4 relevés, 8 observations\n")
        assert "Non prouvé : que le site a bien envoyé ces pages" in done.stdout


@pytest.mark.parametrize(
    ("scope", "records"), [(["all"], 12), (["33/"], 4), (["95/titres", "33/titres"], 8), (["2A/"], 0)]
)
def test_every_scope_verifies(ledger: Ledger, tmp_path: Path, scope: list[str], records: int) -> None:
    export = ledger.export(tmp_path / "e", scope=scope, first=1, last=4)
    assert verify_export(FolderArchive(export), Verifiers()).records == records
    assert both(export) == (0, set())


def test_a_single_sweep_verifies(ledger: Ledger, tmp_path: Path) -> None:
    assert both(ledger.export(tmp_path / "e", first=3, last=3)) == (0, set())


def test_who_verified_which_stamp_is_said(whole: Path) -> None:
    """The first and the last of each authority and what is enclosed from before go to openssl; on request, all."""
    quick, every = (verify_export(FolderArchive(whole), Verifiers(every=every)) for every in (False, True))
    assert quick.notes[0] == "6 horodatages vérifiés par openssl"
    assert quick.notes[1].startswith("4 autres vérifiés par rfc3161-client seul")
    assert every.notes == ["10 horodatages vérifiés par openssl"]
    assert quick.findings == every.findings == []


def test_a_stamp_of_the_middle_that_is_worth_nothing_is_refused_by_openssl(export: Path) -> None:
    path = folder(export, 3) / "SHA256SUMS.qualifiee.tsr"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1  # in the signature
    path.write_bytes(data)
    shutil.copy(path, folder(export, 4) / "previous.qualifiee.tsr")
    reseal(export)
    report = verify_export(FolderArchive(export), Verifiers())
    assert "stamp" in {finding.code for finding in report.findings}
    assert both(export)[0] == 1


# --- faults -----------------------------------------------------------------------------------------------------------

Fault = Callable[[Path], None]
FAULTS: dict[str, tuple[Fault, set[str]]] = {}


def fault(*codes: str) -> Callable[[Fault], Fault]:
    def keep(plant: Fault) -> Fault:
        FAULTS[plant.__name__] = (plant, set(codes))
        return plant

    return keep


def edit(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


@fault("file")
def a_byte_of_a_record(export: Path) -> None:
    edit(export / "observations.csv", b"seq", b"Seq")


@fault("inclusion", "plan", "capture")
def a_record_reworded_and_the_sums_made_again(export: Path) -> None:
    edit(export / "records.jsonl", b"NoSlot", b"NoSlo7")
    reseal(export)


@fault("inclusion", "plan", "capture")
def records_exchanged(export: Path) -> None:
    for name in ("records.jsonl", "proofs.txt"):
        lines = (export / name).read_bytes().splitlines(keepends=True)
        (export / name).write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    reseal(export)


@fault("inclusion", "plan", "capture")
def records_exchanged_but_not_their_proofs(export: Path) -> None:
    lines = (export / "records.jsonl").read_bytes().splitlines(keepends=True)
    (export / "records.jsonl").write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    reseal(export)


@fault("plan")
def a_record_left_out(export: Path) -> None:
    for name in ("records.jsonl", "proofs.txt"):
        lines = (export / name).read_bytes().splitlines(keepends=True)
        (export / name).write_bytes(b"".join(lines[:-1]))
    reseal(export)


@fault("inclusion")
def a_record_that_was_never_sealed(export: Path) -> None:
    with (export / "records.jsonl").open("ab") as file:
        file.write(record(99, 5, "95/titres") + b"\n")
    reseal(export)


@fault("inclusion", "plan")
def a_record_cut_from_its_line(export: Path) -> None:
    (export / "records.jsonl").write_bytes((export / "records.jsonl").read_bytes()[:-2])
    reseal(export)


@fault("inclusion")
def a_proof_more_than_records(export: Path) -> None:
    lines = (export / "proofs.txt").read_bytes().splitlines(keepends=True)
    (export / "proofs.txt").write_bytes(b"".join([*lines, lines[-1]]))
    reseal(export)


@fault("inclusion", "plan", "capture")
def a_proof_under_another_sweep(export: Path) -> None:
    edit(export / "proofs.txt", b"000000002 ", b"000000003 ")
    reseal(export)


@fault("plan")
def a_scope_narrower_than_the_records(export: Path) -> None:
    (export / "scope.txt").write_text("95/titres\n")
    reseal(export)


@fault("plan")
def a_scope_that_is_none(export: Path) -> None:
    (export / "scope.txt").write_text("tout\n")
    reseal(export)


@fault("number", "chain", "consistency", "checkpoint", "inclusion", "plan")
def a_middle_sweep_removed(export: Path) -> None:
    shutil.rmtree(folder(export, 3))
    reseal(export)


@fault("number", "chain", "checkpoint", "consistency", "inclusion", "plan")
def a_middle_sweep_removed_with_all_that_names_it(export: Path) -> None:
    """The opponent takes out records, proofs and the consistency lines as well: the chain still shows it."""
    shutil.rmtree(folder(export, 3))
    proofs = (export / "proofs.txt").read_bytes().splitlines(keepends=True)
    records = (export / "records.jsonl").read_bytes().splitlines(keepends=True)
    kept = [i for i, proof in enumerate(proofs) if not proof.startswith(b"000000003")]
    (export / "proofs.txt").write_bytes(b"".join(proofs[i] for i in kept))
    (export / "records.jsonl").write_bytes(b"".join(records[i] for i in kept))
    reseal(export)


@fault("number")
def a_sweep_renumbered(export: Path) -> None:
    folder(export, 5).rename(folder(export, 7))
    edit(export / "proofs.txt", b"000000005 ", b"000000007 ")
    edit(export / "proofs.txt", b"000000005 ", b"000000007 ")
    reseal(export)


@fault("file", "inclusion", "consistency", "capture")
def no_sweep_at_all(export: Path) -> None:
    shutil.rmtree(export / "sweeps")
    reseal(export)


@fault("unlisted")
def a_file_nobody_lists(export: Path) -> None:
    (export / "extra.txt").write_text("x")


@fault("unlisted")
def a_file_too_many_in_a_sweep(export: Path) -> None:
    (folder(export, 3) / "extra.json").write_text("{}")
    reseal(export)


@fault("unlisted", "file")
def a_link_in_place_of_a_file(export: Path) -> None:
    (export / "observations.csv").rename(export.parent / "elsewhere")
    (export / "observations.csv").symlink_to(export.parent / "elsewhere")


@fault("file")
def a_file_that_is_missing(export: Path) -> None:
    (export / "scope.txt").unlink()


@fault("file")
def no_records_at_all(export: Path) -> None:
    (export / "records.jsonl").unlink()
    reseal(export)


@fault("sums")
def capital_digits_in_the_sums(export: Path) -> None:
    data = (export / "SHA256SUMS").read_bytes()
    at = re.search(rb"[a-f]", data).start()  # type: ignore[union-attr]
    (export / "SHA256SUMS").write_bytes(data[:at] + data[at : at + 1].upper() + data[at + 1 :])


@fault("sums")
def no_sums(export: Path) -> None:
    (export / "SHA256SUMS").unlink()


@fault("sums", "consistency", "inclusion", "chain", "checkpoint", "plan")
def a_name_in_the_sums_of_a_sweep_that_leads_out(export: Path) -> None:
    with (folder(export, 3) / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  ../../../../../../etc/passwd\n")
    reseal(export)


@fault("stamp", "chain")
def a_sweep_changed_and_its_sums_made_again(export: Path) -> None:
    edit(folder(export, 3) / "env.json", b"Debian", b"debian")
    reseal_sweep(folder(export, 3))
    reseal(export)


@fault("stamp", "chain")
def the_stamp_of_another_sweep(export: Path) -> None:
    name = "SHA256SUMS.qualifiee.tsr"
    shutil.copy(folder(export, 2) / name, folder(export, 3) / name)
    reseal(export)


@fault("authority")
def the_root_of_an_authority_is_missing(export: Path) -> None:
    for path in (export / "trust/roots").glob("simple.*"):
        path.unlink()
    reseal(export)


@fault("stamp")
def the_root_of_another_authority(export: Path) -> None:
    (own,) = (export / "trust/roots").glob("simple.*")
    (other,) = (export / "trust/roots").glob("qualifiee.*")
    shutil.copy(other, own)
    reseal(export)


@fault("key", "inclusion", "plan", "consistency", "capture")
def no_key_of_the_log(export: Path) -> None:
    for path in (export / "trust/log").iterdir():
        path.unlink()
    reseal(export)


@fault("consistency")
def a_consistency_proof_of_other_hashes(export: Path) -> None:
    data = (export / "consistency.txt").read_bytes()
    (export / "consistency.txt").write_bytes(data[:-5] + (b"0" if data[-5:-4] != b"0" else b"1") + data[-4:])
    reseal(export)


@fault("consistency")
def a_consistency_line_missing(export: Path) -> None:
    lines = (export / "consistency.txt").read_bytes().splitlines(keepends=True)
    (export / "consistency.txt").write_bytes(b"".join(lines[1:]))
    reseal(export)


@fault("capture")
def a_capture_of_elsewhere(export: Path) -> None:
    (export / "captures/autre.html").write_text("<p>")
    reseal(export)


@fault("file", "inclusion", "consistency", "checkpoint", "plan")
def an_enclosed_stamp_taken_out(export: Path) -> None:
    (folder(export, 3) / "previous.qualifiee.tsr").unlink()
    reseal(export)


@fault("sums")
def a_name_twice_in_the_sums(export: Path) -> None:
    lines = (export / "SHA256SUMS").read_bytes().splitlines(keepends=True)
    (export / "SHA256SUMS").write_bytes(b"".join([lines[0], *lines]))


@fault("inclusion", "plan")
def a_proof_that_names_another_size(export: Path) -> None:
    """The path of record 7 is as long in a tree of 10 leaves as in its sweep's of 9."""
    edit(export / "proofs.txt", b"\n000000003 7 9 ", b"\n000000003 7 10 ")
    reseal(export)


@fault("inclusion")
def a_record_twice_with_its_proof(export: Path) -> None:
    for name in ("records.jsonl", "proofs.txt"):
        lines = (export / name).read_bytes().splitlines(keepends=True)
        (export / name).write_bytes(b"".join([lines[0], *lines]))
    reseal(export)


@fault("stamp", "plan", "unstamped")
def two_checks_exchanged_in_the_plan(export: Path) -> None:
    """The records are the ones that were sealed; what the sweep announces under their numbers is not."""
    edit(folder(export, 5) / "sweep.json", b"95/titres", b"95/x")
    edit(folder(export, 5) / "sweep.json", b"95/naturalisation", b"95/titres")
    edit(folder(export, 5) / "sweep.json", b"95/x", b"95/naturalisation")
    reseal_sweep(folder(export, 5))
    reseal(export)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_seen_by_both(export: Path, name: str) -> None:
    plant, expected = FAULTS[name]
    plant(export)
    status, codes = both(export)
    assert status == 1
    assert codes == expected, codes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b',{"check":"95/titres","seq":14}', b""),  # one record more than is announced
        (b'{"check":"95/titres","seq":14}', b'{"check":"95/titres","seq":14},{"check":"95/x","seq":14}'),
        (b'{"check":"95/titres","seq":14}', b'{"check":"95/titres","seq":99}'),  # as many, under a number of elsewhere
    ],
)
def test_what_a_sweep_announces_must_be_what_it_sealed_in_whatever_scope(
    ledger: Ledger, tmp_path: Path, old: bytes, new: bytes
) -> None:
    export = ledger.export(tmp_path / "e", scope=["33/"], first=5, last=5)
    edit(folder(export, 5) / "sweep.json", old, new)
    reseal_sweep(folder(export, 5))
    reseal(export)
    assert both(export) == (1, {"stamp", "plan", "unstamped"})


def without(path: Path, *names: str) -> None:
    """Take files out of a sweep and of its sums."""
    sums = parse_sums((path / SUMS).read_bytes())
    for name in names:
        (path / name).unlink()
        del sums[name]
    (path / SUMS).write_bytes(render_sums(sums))


def test_a_first_sweep_that_leans_on_nothing_is_the_first_of_the_log_or_false(ledger: Ledger, tmp_path: Path) -> None:
    export = ledger.export(tmp_path / "e", first=3, last=3)
    without(folder(export, 3), *(path.name for path in folder(export, 3).glob("previous.*")))
    reseal(export)
    assert both(export) == (1, {"stamp", "chain", "unstamped"})
    first = ledger.export(tmp_path / "first", first=1, last=1)
    assert both(first) == (0, set())


def test_two_checkpoints_of_one_size_are_of_one_root(tmp_path: Path) -> None:
    """The operator as adversary: a sweep that found nothing signs another past."""
    ledger = Ledger(tmp_path / "data")
    ledger.sweep()
    ledger.checks = ()
    ledger.sweep()
    export = ledger.export(tmp_path / "e")
    assert "consistency" not in both(export)[1]
    path = folder(export, 2) / "checkpoint"
    head = Checkpoint.parse(SignedNote.parse(path.read_bytes()).text)
    path.write_bytes(ledger.signer.sign(replace(head, root=bytes(32)).text))
    reseal_sweep(folder(export, 2))
    reseal(export)
    assert both(export) == (1, {"consistency", "unstamped"})


# --- authorities, keys, witnesses -------------------------------------------------------------------------------------


def export_of(tmp_path: Path, *tsas: tuple[Tsa, str], sweeps: int = 3) -> tuple[Ledger, Path]:
    ledger = Ledger(tmp_path / "data", [AuthorityInProcess(tsa, name) for tsa, name in tsas])
    for _ in range(sweeps):
        ledger.sweep()
    return ledger, ledger.export(tmp_path / "e")


def test_a_rogue_authority_that_embeds_its_own_root_is_refused_by_both(tmp_path: Path) -> None:
    rogue = tsa_of_2026(tmp_path / "rogue", embed_root=True)
    good = tsa_of_2026(tmp_path / "good")
    _, export = export_of(tmp_path, (rogue, "essai"))
    (root,) = (export / "trust/roots").iterdir()
    root.write_bytes(good.root.pem)  # what the operator had really pinned
    reseal(export)
    status, codes = both(export)
    assert status == 1
    assert "stamp" in codes


def test_a_root_brought_along_as_an_intermediate_is_trusted_by_neither(tmp_path: Path) -> None:
    rogue, good = tsa_of_2026(tmp_path / "rogue"), tsa_of_2026(tmp_path / "good")
    _, export = export_of(tmp_path, (rogue, "essai"), sweeps=1)
    (root,) = (export / "trust/roots").iterdir()
    (export / "trust/untrusted").mkdir(exist_ok=True)
    shutil.copy(root, export / "trust/untrusted/essai.0.pem")
    root.write_bytes(good.root.pem)
    reseal(export)
    assert both(export) == (1, {"stamp", "unstamped"})


def test_stamps_outlive_the_certificates_of_their_authority(tmp_path: Path) -> None:
    since, until = datetime(2018, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    old = Tsa(tmp_path / "old", clock=hours(datetime(2020, 2, 28, 23, 50, tzinfo=UTC)), since=since, until=until)
    _, export = export_of(tmp_path, (old, "ancienne"))
    assert both(export) == (0, set())
    assert "avant 2020-02-29 00:05:00 UTC" in shell(export)[1]  # a leap day, in the shell's own arithmetic


def test_a_stamp_made_after_the_certificate_ended_is_worth_nothing(tmp_path: Path) -> None:
    since, until = datetime(2018, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    old = Tsa(tmp_path / "old", clock=hours(datetime(2022, 1, 1, tzinfo=UTC)), since=since, until=until)
    status, codes = both(export_of(tmp_path, (old, "ancienne"))[1])
    assert status == 1
    assert codes == {"stamp", "unstamped"}


def test_unsorted_certificates_verify(tmp_path: Path) -> None:
    tsa = Tsa(tmp_path / "tsa", unsorted=True)  # openssl ts itself, today
    ledger = Ledger(tmp_path / "data", [AuthorityInProcess(tsa, "essai")])
    ledger.sweep()
    sealed = ledger.sweeps.latest()
    assert sealed is not None
    path = sealed.path / "SHA256SUMS.essai"
    query = subprocess.run(
        [part("openssl"), "ts", "-query", "-data", str(sealed.path / "SHA256SUMS"), "-sha256", "-cert"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    path.with_name(path.name + ".tsr").write_bytes(tsa.reply(query))
    export = ledger.export(tmp_path / "e")
    assert both(export) == (0, set())
    assert verify_export(FolderArchive(export), Verifiers()).notes == ["1 horodatages vérifiés par openssl"]


@pytest.mark.parametrize("fraction", ["5", "000001"])
def test_a_fraction_of_a_second_is_read_alike(tmp_path: Path, fraction: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.support import der

    real = der.element
    monkeypatch.setattr(
        der, "element", lambda tag, *p: real(tag, *(x[:-1] + f".{fraction}Z".encode() if tag == 0x18 else x for x in p))
    )
    _, export = export_of(tmp_path, (tsa_of_2026(tmp_path / "tsa"), "essai"), sweeps=2)
    assert both(export) == (0, set())
    assert f"22:05:00.{fraction} UTC" in shell(export)[1]


def test_stamps_that_contradict_each_other_are_seen(tmp_path: Path) -> None:
    times = iter(datetime(2026, 11, 21, hour, tzinfo=UTC) for hour in (12, 10))
    status, codes = both(export_of(tmp_path, (tsa_of_2026(tmp_path / "t", lambda: next(times)), "a"), sweeps=2)[1])
    assert status == 1
    assert codes == {"order", "clocks"}


def test_authorities_whose_clocks_differ_are_a_reserve(tmp_path: Path) -> None:
    ahead = tsa_of_2026(tmp_path / "ahead", hours(datetime(2026, 11, 21, 23, 0, tzinfo=UTC)))
    _, export = export_of(tmp_path, (ahead, "a"), (tsa_of_2026(tmp_path / "t"), "b"))
    assert both(export) == (3, {"clocks"})


def test_a_last_sweep_without_a_stamp_is_a_reserve(tmp_path: Path) -> None:
    later = hours(datetime(2026, 11, 22, tzinfo=UTC))
    authority = AuthorityInProcess(tsa_of_2026(tmp_path / "t", later), "essai")
    ledger = Ledger(tmp_path / "data", [authority])
    ledger.sweep()
    authority.down = True
    ledger.sweep()
    ledger.sweep()
    assert both(ledger.export(tmp_path / "e")) == (3, {"unstamped"})
    authority.down = False
    ledger.sweep()  # stamped, and so are those before it, by the chain and by late stamps of their own
    assert both(ledger.export(tmp_path / "f")) == (0, set())
    ledger.sweep()
    assert both(ledger.export(tmp_path / "g")) == (0, set())
    assert '"delay_s"' in shell(tmp_path / "g")[1]


def test_a_missing_stamp_that_is_not_declared_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monitor.evidence import stamping

    monkeypatch.setattr(stamping, "declare", lambda *_: [])
    _, export = export_of(tmp_path, sweeps=2)
    status, codes = both(export)
    assert status == 1
    assert codes == {"undeclared", "unstamped"}


def test_a_changed_key_is_followed_and_a_foreign_one_is_not(tmp_path: Path) -> None:
    tsa = tsa_of_2026(tmp_path / "t")
    ledger = Ledger(tmp_path / "data", [AuthorityInProcess(tsa, "essai")])
    ledger.sweep()
    while "+" not in str(ledger.signer.prepare_change()).split("+", 2)[2]:  # a base64 that could be cut in two
        (tmp_path / "data/keys/next.key").unlink()
    ledger.sweep()
    ledger.sweep()
    export = ledger.export(tmp_path / "e")
    for path in sorted((export / "trust/log").iterdir()):
        if not path.name.startswith(first_key_id(export)):
            path.unlink()  # the first key is enough: it vouches for the second
    reseal(export)
    assert both(export) == (0, set())
    note = SignedNote.parse((folder(export, 3) / "checkpoint").read_bytes())
    foreign = Ledger(tmp_path / "foreign").signer
    (tmp_path / "foreign/keys/origin").write_text(Checkpoint.parse(note.text).origin + "\n")
    foreign = Ledger(tmp_path / "foreign").signer
    (folder(export, 3) / "checkpoint").write_bytes(foreign.sign(note.text))
    (export / "trust/log" / f"{foreign.key.id.hex()}.0.pem").write_bytes(foreign.public_pem)
    reseal_sweep(folder(export, 3))
    for name in ("SHA256SUMS.essai.tsr", "SHA256SUMS.essai.tsq"):
        (folder(export, 3) / name).unlink()
    reseal(export)
    status, codes = both(export)
    assert status == 1
    assert "key" in codes


def first_key_id(export: Path) -> str:
    return SignedNote.parse((folder(export, 1) / "checkpoint").read_bytes()).signatures[0].key_id.hex()


def test_a_lost_key_is_a_reserve(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data", [AuthorityInProcess(tsa_of_2026(tmp_path / "t"), "essai")])
    ledger.sweep()
    (tmp_path / "data/keys/log.key").unlink()
    ledger.sweep()
    ledger.sweep()
    assert both(ledger.export(tmp_path / "e")) == (3, {"key"})


def test_a_new_origin_that_no_loss_explains_is_a_failure(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data", [AuthorityInProcess(tsa_of_2026(tmp_path / "t"), "essai")])
    ledger.sweep()
    (tmp_path / "data/keys/log.key").unlink()
    ledger.sweep()
    export = ledger.export(tmp_path / "e")
    seal = folder(export, 2) / "seal.json"
    edit(seal, b'"what":"log_key_lost"', b'"what":"stamped"')
    reseal_sweep(folder(export, 2))
    reseal(export)
    assert both(export) == (1, {"stamp", "key", "inclusion", "consistency", "plan", "unstamped"})


def test_a_witness_of_the_period_is_found(ledger: Ledger, whole: Path, tmp_path: Path) -> None:
    assert both(whole, witness_of(ledger, 4, tmp_path / "w")) == (0, set())


def test_a_cut_off_end_shows_against_an_outside_checkpoint(ledger: Ledger, whole: Path, tmp_path: Path) -> None:
    assert both(whole) == (0, set())  # alone, nothing shows it
    assert both(whole, witness_of(ledger, 6, tmp_path / "w")) == (1, {"witness"})


def test_a_witness_from_before_the_export_is_not_compared(ledger: Ledger, whole: Path, tmp_path: Path) -> None:
    assert both(whole, witness_of(ledger, 1, tmp_path / "w")) == (3, {"witness"})


@pytest.mark.parametrize("size", [9, 10])
def test_another_history_of_the_same_log_is_a_fork(ledger: Ledger, whole: Path, tmp_path: Path, size: int) -> None:
    signer = ledger.signer
    fork = Checkpoint(origin=signer.origin, size=size, root=leaf_hash(b"another history"))
    (tmp_path / "w").write_bytes(signer.sign(fork.text))
    assert both(whole, tmp_path / "w") == (1, {"witness"})


def test_a_witness_nobody_signed_is_refused(ledger: Ledger, whole: Path, tmp_path: Path) -> None:
    data = witness_of(ledger, 4, tmp_path / "w").read_bytes()
    note = SignedNote.parse(data)
    unknown = NoteSignature(note.signatures[0].name, b"none", note.signatures[0].signature)
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = alphabet[alphabet.index(data[-3]) ^ 1]  # the same signature in a second spelling of base64
    assert both(whole, _written(tmp_path / "w", data[:-3] + bytes([other]) + b"=\n")) == (1, {"witness"})
    for wrong in (data[:-9] + b"AAAAAAA=\n", b"hello\n", b"", SignedNote(note.text, (unknown,)).render()):
        (tmp_path / "w").write_bytes(wrong)
        assert both(whole, tmp_path / "w") == (1, {"witness"})


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_single_bits_of_a_witness_count_in_the_shell_too(ledger: Ledger, whole: Path, tmp_path: Path) -> None:
    data = witness_of(ledger, 4, tmp_path / "w").read_bytes()
    for bit in random.Random(7).sample(range(len(data) * 8), 3):
        (tmp_path / "w").write_bytes(flipped(data, bit))
        assert both(whole, tmp_path / "w") == (1, {"witness"})


def test_what_the_shell_cannot_do_it_says(whole: Path, tmp_path: Path) -> None:
    assert shell(tmp_path / "nowhere")[0] == 2
    assert shell(whole, str(tmp_path / "nowhere"))[0] == 2
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("dirname", "pwd", "sha256sum"):
        found = shutil.which(tool)
        assert found
        (bare / tool).symlink_to(found)
    part("openssl")  # the script asks for it
    done = subprocess.run(
        ["/bin/sh", str(DATA / "verify.sh"), str(whole)],
        env={"PATH": str(bare)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "il manque l'outil openssl" in done.stdout


def test_a_hostile_export_is_a_failure_and_nothing_worse(export: Path) -> None:
    deep = b'{"declared":' + b"[" * 200_000 + b"]" * 200_000 + b',"first":6,"size":9,"sweep":3,"v":1}'
    (folder(export, 3) / "seal.json").write_bytes(deep)
    reseal_sweep(folder(export, 3))
    edit(export / "records.jsonl", b"{", b"[" * 100_000)
    os.mkfifo(export / "pipe")
    reseal(export)
    assert verify_export(FolderArchive(export), Verifiers()).exit_code == 1
    assert shell(export)[0] == 1


def test_a_single_sweep_under_another_number_is_seen(ledger: Ledger, tmp_path: Path) -> None:
    export = ledger.export(tmp_path / "e", first=3, last=3)
    folder(export, 3).rename(folder(export, 8))
    proofs = (export / "proofs.txt").read_bytes()
    (export / "proofs.txt").write_bytes(proofs.replace(b"000000003 ", b"000000008 "))
    reseal(export)
    assert both(export) == (1, {"number"})


def test_a_record_is_proven_by_the_sweep_that_sealed_it_and_no_later_one(ledger: Ledger, tmp_path: Path) -> None:
    """Else the time of a record would be the time of any sweep after it."""
    export = ledger.export(tmp_path / "e", first=2, last=3)
    lines = (export / "proofs.txt").read_text().splitlines(keepends=True)
    index = int(lines[0].split()[1])
    path = inclusion_proof(index, 9, ledger.tree.node)
    lines[0] = " ".join([f"000000003 {index} 9", *(h.hex() for h in path)]) + "\n"
    (export / "proofs.txt").write_text("".join(lines))
    reseal(export)
    status, codes = both(export)
    assert status == 1
    assert "inclusion" in codes


# --- single bits ------------------------------------------------------------------------------------------------------

PROOF_FILES = re.compile(r"records\.jsonl|proofs\.txt|consistency\.txt|scope\.txt|captures/.*|sweeps/.*(?<!\.ts[qr])")


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


class Remembering(Verifiers):
    """Asks openssl once for each question."""

    stamp = cache(Verifiers.stamp)


class Bits:
    """A small export: two sweeps, one authority, and every one-bit change of it."""

    def __init__(self, root: Path) -> None:
        _, export = export_of(root, (tsa_of_2026(root / "t"), "a"), sweeps=2)
        for name in ("verify.sh", "verify-inclusion.sh", "LISEZ-MOI.txt"):
            (export / name).write_bytes(b"short\n")  # their bits are like those of any other listed file
        reseal(export)
        self.export = export
        files = [p for p in export.rglob("*") if p.is_file()]
        self.contents = {p.relative_to(export).as_posix(): p.read_bytes() for p in files}
        self.tools = Remembering()
        self.sound = self.report(MemoryArchive(self.contents))
        assert self.sound.exit_code == 0

    def report(self, archive: MemoryArchive) -> Report:
        return verify_export(archive, self.tools)

    def try_one(self, name: str, bit: int) -> None:
        """As found: always seen. With the sums at the top made again: seen, or provably without effect."""
        changed = MemoryArchive({**self.contents, name: flipped(self.contents[name], bit)})
        assert self.report(changed).exit_code == 1, (name, bit)
        if name == "SHA256SUMS":
            return
        again = self.report(changed.resealed())
        if PROOF_FILES.fullmatch(name):
            assert again.exit_code == 1, (name, bit)
        elif not again.failed:  # unsigned fields of a response, a request, certificates' unused bits, plain texts
            same = (again.sweeps, again.records, again.findings)
            assert same == (self.sound.sweeps, self.sound.records, []), (name, bit)

    def bits(self) -> list[tuple[str, int]]:
        return [(name, bit) for name, data in self.contents.items() for bit in range(len(data) * 8)]


@pytest.fixture(scope="module")
def bits(tmp_path_factory: pytest.TempPathFactory) -> Bits:
    return Bits(tmp_path_factory.mktemp("bits"))


def test_single_bits_are_seen_or_harmless(bits: Bits) -> None:
    for name, bit in random.Random(1).sample(bits.bits(), 600):
        bits.try_one(name, bit)


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_every_single_bit_is_seen_or_harmless(bits: Bits, part: int) -> None:
    for name, bit in bits.bits()[part::8]:
        bits.try_one(name, bit)


def agree_on_bits(bits: Bits, tmp_path: Path, count: int, seed: int) -> None:
    chosen = random.Random(seed)
    for at in range(count):
        name = chosen.choice(sorted(bits.contents))
        bit = chosen.randrange(len(bits.contents[name]) * 8)
        export = tmp_path / str(at)
        shutil.copytree(bits.export, export)
        (export / name).write_bytes(flipped(bits.contents[name], bit))
        if at % 2 and name != "SHA256SUMS":
            reseal(export)
        assert shell(export)[0] == verify_export(FolderArchive(export), Verifiers()).exit_code, (name, bit, at % 2)


def test_the_shell_agrees_on_single_bits(bits: Bits, tmp_path: Path) -> None:
    agree_on_bits(bits, tmp_path, 8, seed=3)


@pytest.mark.long
def test_the_shell_agrees_on_many_single_bits(bits: Bits, tmp_path: Path) -> None:
    agree_on_bits(bits, tmp_path, 600, seed=4)


# --- what a clerk reads -----------------------------------------------------------------------------------------------

FIELDS = {
    "office", "scope", "first_day", "last_day", "records", "sweeps", "simulation", "program", "project", "scripts",
    "authorities", "origin", "log_key", "verified", "dates",
}  # fmt: skip


def test_the_notice_asks_for_known_fields_only() -> None:
    text = (DATA / "LISEZ-MOI.txt").read_text()
    assert set(Template(text).get_identifiers()) == FIELDS
    assert "sh verify.sh" in Template(text).substitute(dict.fromkeys(FIELDS, "x"))
