"""The table of planted faults: what each verifier of exports must say of each. One table for the three of them.

    forge = Forge(authorities)                     # authorities: once a module, making certificates is slow
    spoiled = fault.spoil(forge)                   # the files of the export, spoiled
    folder = fault.put(spoiled, tmp_path / "e")    # on the disk
    witness = fault.witness and fault.witness(forge)

`expected` is the set of (code, É or R) that a verifier finds, `of_shell` what `verify.sh` does.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from cryptography import x509

from tests.support.authority import certified_again, revocation_list
from tests.support.forge import (
    AFTER,
    DUE,
    PICTURE,
    QUARTER,
    START,
    Draft,
    Files,
    Forge,
    Json,
    Line,
    Signer,
    captured,
    lines_of,
    present,
    rows_of,
    sha,
    spelt,
    with_lines,
    write,
)  # fmt: skip
from tests.support.witness import LoopbackWitness

Finding = tuple[str, Literal["É", "R"]]
SHELL_LEAVES = {"figures"}  # docs/FORMAT.md, section 4, 10
OPEN: Json = {"reading": "SlotsOpen", "seen": "Mardi 9 h 30", "selector": ".slot", "first_day": "2026-12-02"}


@dataclass(frozen=True)
class Fault:
    """One thing that is false, or open. disk: what is done to the folder; witness: a checkpoint kept elsewhere.

    shell_sees: False where it stands in a file that the shell does not read.
    """

    name: str
    spoil: Callable[[Forge], Files]
    expected: frozenset[Finding]
    disk: Callable[[Path], None] | None = None
    witness: Callable[[Forge], bytes] | None = None
    shell_sees: bool = True

    @property
    def of_shell(self) -> frozenset[Finding]:
        """What `verify.sh` finds: it checks neither figures nor `witness.jsonl`, nor all columns: it says so."""
        return frozenset(one for one in self.expected if one[0] not in SHELL_LEAVES) if self.shell_sees else frozenset()

    def put(self, files: Files, folder: Path) -> Path:
        """Write the folder, and do to it what only a disk can hold."""
        write(files, folder)
        if self.disk:
            self.disk(folder)
        return folder

    def __str__(self) -> str:
        return self.name


def _expects(said: str) -> frozenset[Finding]:
    """`É:sums R:signed`, as a set."""
    pairs = [word.split(":") for word in said.split()]
    return frozenset((code, "É" if kind == "É" else "R") for kind, code in pairs)


FAULTS: list[Fault] = []


def _fault(said: str, **more: Any) -> Callable[[Callable[[Forge], Files]], Callable[[Forge], Files]]:
    """Enter a function under its own name."""

    def enter(spoil: Callable[[Forge], Files]) -> Callable[[Forge], Files]:
        FAULTS.append(Fault(spoil.__name__.replace("_", " "), spoil, _expects(said), **more))
        return spoil

    return enter


def _number(forge: Forge, number: int) -> Draft:
    return forge.drafts[number - 1]


def _again(forge: Forge, files: Files) -> Files:
    """Table, figures and sums made again over what stands there now."""
    present(files)
    return forge.resum(files)


# --- sound ------------------------------------------------------------------------------------------------------------


@_fault("")
def nothing_is_wrong(forge: Forge) -> Files:
    return forge.export()


@_fault("R:bounds")
def from_the_first_sweep_on(forge: Forge) -> Files:
    """Nothing bounds the first sweep of a log below."""
    forge.first = 1
    return forge.export()


@_fault("")
def the_scope_is_everything(forge: Forge) -> Files:
    forge.scope = ["all"]
    return forge.export()


@_fault("")
def the_scope_is_two_checks_and_one_that_never_was(forge: Forge) -> Files:
    forge.scope = ["33/titres", "95/titres", "94/titres"]
    return forge.export()


@_fault("")
def with_pictures(forge: Forge) -> Files:
    return _with_pictures(forge)


def _with_pictures(forge: Forge) -> Files:
    """One that was made, and one that was not, in two sweeps; the second sweep shows what the first did."""
    for number in (2, 3):
        draft = _number(forge, number)
        made = f"{draft.started + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}.000000Z"
        told = {"check": "95/titres", "made": made, "resources": [], "why": "first"}
        draft.shots = [
            {**told, "seq": 4 * number - 3, "check": "95/naturalisation", "not_shown": "late"},
            {**told, "seq": 4 * number - 2, "png_sha256": sha(PICTURE)},
        ]
    return forge.export()


@_fault("")
def sweeps_of_version_1_before(forge: Forge) -> Files:
    return _old_before(forge)


def _old_before(forge: Forge) -> Files:
    for number in (1, 2, 3):
        _number(forge, number).version = 1
    return forge.export()


@_fault("")
def captures_removed(forge: Forge) -> Files:
    return forge.resum({name: data for name, data in forge.export().items() if not name.startswith("captures/")})


@_fault("")
def a_key_that_was_announced(forge: Forge) -> Files:
    new = Signer(forge.signer.origin)
    _number(forge, 3).checkpoint = lambda text: text + f"next-key {new}\n"
    for draft in forge.drafts[3:]:
        draft.signer = new
    return forge.export()


# --- sums, names, signature -------------------------------------------------------------------------------------------


@_fault("É:file")
def a_byte_of_a_file_changed(forge: Forge) -> Files:
    files = forge.export()
    return {**files, "LISEZ-MOI.txt": files["LISEZ-MOI.txt"] + b" "}


@_fault("É:file")
def a_listed_file_is_not_there(forge: Forge) -> Files:
    files = forge.export()
    del files["releve.pdf"]
    return files


@_fault("É:sums")
def sums_are_out_of_order(forge: Forge) -> Files:
    files = forge.export()
    lines = files["SHA256SUMS"].splitlines(keepends=True)
    files["SHA256SUMS"] = b"".join([lines[1], lines[0], *lines[2:]])
    key = forge.exported[-1].draft.signer
    text = f"vigie export 2\n{key.origin}\n2026-11-22T22:00:00.000000Z\nsums {sha(files['SHA256SUMS'])}\n"
    return {**files, "SHA256SUMS.signed": key.sign(text)}


@_fault("É:unlisted")
def an_unlisted_file(forge: Forge) -> Files:
    return {**forge.export(), "note.txt": b"x"}


@_fault("É:unlisted", disk=lambda folder: os.symlink("/etc", folder / "captures" / "etc"))
def a_link(forge: Forge) -> Files:
    return forge.export()


@_fault("É:unlisted", disk=lambda folder: os.mkfifo(folder / "captures" / "tube"))
def a_pipe(forge: Forge) -> Files:
    return forge.export()


@_fault("É:unlisted", disk=lambda folder: (folder / "a b\nVÉRIFIÉ : 4 passages").write_bytes(b"x") and None)
def a_line_feed_in_a_name(forge: Forge) -> Files:
    return forge.export()


LITTER = (".DS_Store", "Thumbs.db", "captures/.DS_Store", "captures/2026-11-21/desktop.ini", "sealed/._x.json",
          "__MACOSX/._releve.pdf", "trust/roots/._simple.pem")  # fmt: skip


@_fault("")
def what_operating_systems_leave_behind(forge: Forge) -> Files:
    return {**forge.export(), **dict.fromkeys(LITTER, b"\0\0\0\1Bud1")}


@_fault("R:extra")
def a_listed_file_of_a_name_that_an_operating_system_gives(forge: Forge) -> Files:
    return forge.resum({**forge.export(), "Thumbs.db": b"x"})


@_fault("É:unlisted")
def another_file_beside_what_an_operating_system_left(forge: Forge) -> Files:
    return {**forge.export(), "__MACOSX/._releve.pdf": b"x", "__MACOSX/attestation.pdf": b"%PDF-1.7 faux"}


@_fault("R:extra")
def a_file_of_no_name_of_the_format(forge: Forge) -> Files:
    return forge.resum({**forge.export(), "ATTESTATION-expert.pdf": b"%PDF-1.7 faux"})


@_fault("É:signed R:extra")
def the_same_by_somebody_without_the_key(forge: Forge) -> Files:
    files = forge.export()
    more = forge.resum({**files, "ATTESTATION-expert.pdf": b"%PDF-1.7 faux"})
    return {**more, "SHA256SUMS.signed": files["SHA256SUMS.signed"]}


@_fault("É:signed")
def another_document_by_somebody_without_the_key(forge: Forge) -> Files:
    files = forge.export()
    more = forge.resum({**files, "releve.pdf": b"%PDF-1.7 d'un autre export"})
    return {**more, "SHA256SUMS.signed": files["SHA256SUMS.signed"]}


@_fault("É:signed")
def signed_by_another_key(forge: Forge) -> Files:
    return forge.resum(forge.export(), Signer(forge.signer.origin))


@_fault("R:signed")
def not_signed(forge: Forge) -> Files:
    files = forge.export()
    del files["SHA256SUMS.signed"]
    return files


@_fault("É:file")
def a_sealed_file_under_another_name(forge: Forge) -> Files:
    files = forge.export()
    name = next(name for name in files if name.startswith("sealed/"))
    files[f"sealed/{sha(b'autre')}.json"] = files.pop(name)
    return forge.resum(files)


@_fault("É:file")
def a_sealed_file_that_no_sweep_names(forge: Forge) -> Files:
    files = forge.export()
    data = spelt({"os": "un autre"})
    return forge.resum({**files, f"sealed/{sha(data)}.json": data})


# --- the chain of sweeps ----------------------------------------------------------------------------------------------


@_fault("É:number É:chain É:plan É:record")
def a_sweep_in_the_middle_removed(forge: Forge) -> Files:
    files = forge.export()
    for name in ("sweeps.jsonl", "stamps.jsonl", "plan.jsonl"):
        kept = [one for one in lines_of(files, name) if one.get("sweep") != 3 and _sweep_of(one) != 3]
        files = with_lines(files, name, kept)
    files = with_lines(files, "records.jsonl", [one for one in lines_of(files, "records.jsonl") if one["sweep"] != 3])
    return _again(forge, files)


def _sweep_of(line: Json) -> Any:
    told = line.get("sweep", line.get("before"))
    return told["sweep"] if isinstance(told, dict) else told


@_fault("É:chain R:bounds")
def nothing_before_the_first_sweep(forge: Forge) -> Files:
    files = forge.export()
    files = with_lines(files, "sweeps.jsonl", lines_of(files, "sweeps.jsonl")[1:])
    stamps = [one for one in lines_of(files, "stamps.jsonl") if one["sweep"] != 1]
    return forge.resum(with_lines(files, "stamps.jsonl", stamps))


@_fault("É:file")
def the_plan_object_of_a_sweep_changed(forge: Forge) -> Files:
    files = forge.export()
    lines = lines_of(files, "sweeps.jsonl")
    lines[2]["seal"]["declared"] = []
    return forge.resum(with_lines(files, "sweeps.jsonl", lines))


@_fault("É:sums")
def the_sums_of_a_sweep_name_too_much(forge: Forge) -> Files:
    files = forge.export()
    lines = lines_of(files, "sweeps.jsonl")
    lines[-1]["sums"] += f"{sha(b'')}  zzz\n"
    tokens = _number(forge, 5).stamps
    again = []
    for one in lines_of(files, "stamps.jsonl"):
        if one["sweep"] == 5:
            data = lines[-1]["sums"].encode()
            token = forge.authorities.stamp(one["authority"], data, tokens[one["authority"]])
            one["tsr"] = base64.b64encode(token).decode()
        again.append(one)
    return forge.resum(with_lines(with_lines(files, "sweeps.jsonl", lines), "stamps.jsonl", again))


@_fault("É:plan")
def a_sweep_does_not_begin_where_the_last_ended(forge: Forge) -> Files:
    _number(forge, 4).seal = lambda told: {**told, "first": told["first"] - 1}
    return forge.export()


@_fault("É:checkpoint")
def a_checkpoint_of_another_size(forge: Forge) -> Files:
    _number(forge, 4).checkpoint = lambda text: text.replace("\n16\n", "\n17\n")
    return forge.export()


@_fault("É:checkpoint")
def a_checkpoint_without_its_sweep(forge: Forge) -> Files:
    _number(forge, 4).checkpoint = lambda text: text[: text.index("sweep ")]
    return forge.export()


@_fault("É:checkpoint")
def a_checkpoint_with_another_sweep(forge: Forge) -> Files:
    _number(forge, 4).checkpoint = lambda text: text[: text.index("sweep ")] + f"sweep 000000004 {sha(b'')}\n"
    return forge.export()


@_fault("É:key")
def another_key_without_a_word(forge: Forge) -> Files:
    for draft in forge.drafts[3:]:
        draft.signer = _other_log()
    return forge.export()


def _other_log() -> Signer:
    return _OTHER


_OTHER = Signer("vigie.example/autre")


@_fault("R:key")
def another_key_declared_as_lost(forge: Forge) -> Files:
    for draft in forge.drafts[3:]:
        draft.signer = _other_log()
    _number(forge, 4).declared = [
        {"what": "log_key_lost", "old_origin": forge.signer.origin, "new_key": str(_OTHER), "statement": "perdue"}
    ]
    return forge.export()


@_fault("É:number")
def a_sweep_sealed_under_another_number(forge: Forge) -> Files:
    _number(forge, 4).seal = lambda told: {**told, "sweep": 7}
    return forge.export()


@_fault("É:canonical")
def a_stamp_line_spelt_otherwise(forge: Forge) -> Files:
    files = forge.export()
    *lines, last = files["stamps.jsonl"].splitlines()
    assert json.loads(last)["sweep"] == 5
    files["stamps.jsonl"] = b"\n".join([*lines, last.replace(b'":', b'": ', 1), b""])
    return forge.resum(files)


@_fault("R:format")
def a_sweep_of_a_newer_version(forge: Forge) -> Files:
    _number(forge, 5).sweep = lambda told: {**told, "v": 3}
    return forge.export()


@_fault("")
def a_fact_of_a_name_kept_for_later(forge: Forge) -> Files:
    _number(forge, 5).sweep = lambda told: {**told, "vantage": {"name": "paris", "exit": "FR"}}
    return forge.export()


# --- stamps and dates -------------------------------------------------------------------------------------------------


@_fault("É:stamp")
def the_stamp_of_another_sweep(forge: Forge) -> Files:
    files = forge.export()
    lines = lines_of(files, "stamps.jsonl")
    lines[-1]["tsr"] = lines[-3]["tsr"]
    return forge.resum(with_lines(files, "stamps.jsonl", lines))


@_fault("É:stamp")
def another_authority_under_a_known_name(forge: Forge) -> Files:
    files = forge.export()
    lines = lines_of(files, "stamps.jsonl")
    at = _number(forge, 5).started + AFTER
    token = forge.authorities.stamp("rogue", forge.exported[-1].sums, at)
    lines[-1]["tsr"] = base64.b64encode(token).decode()
    return forge.resum(with_lines(files, "stamps.jsonl", lines))


def _bare(forge: Forge, *, leaf: bytes | None = None) -> Forge:
    """The stamps of one authority enclose certificates in the first sweeps only: these are known from then on."""
    tsa = forge.authorities.tsa["simple"]
    forge.bare = {"simple": 3}
    forge.untrusted = {"simple": (tsa.leaf.pem if leaf is None else leaf) + tsa.intermediate.pem}
    return forge


@_fault("")
def stamps_without_certificates_whose_signer_is_enclosed_once(forge: Forge) -> Files:
    return _bare(forge).export()


@_fault("")
def revocation_lists_that_name_nobody_and_stamps_without_certificates(forge: Forge) -> Files:
    tsa = forge.authorities.tsa["simple"]
    forge.crls["simple"] = revocation_list(tsa.intermediate, None, START) + revocation_list(tsa.root, None, START)
    return _bare(forge).export()


@_fault("É:revoked")
def the_signer_of_stamps_without_certificates_was_revoked(forge: Forge) -> Files:
    tsa = forge.authorities.tsa["simple"]
    forge.crls["simple"] = revocation_list(tsa.intermediate, tsa.leaf.cert, START)
    return _bare(forge).export()


@_fault("É:stamp")
def stamps_without_certificates_whose_signer_is_not_enclosed(forge: Forge) -> Files:
    return _bare(forge, leaf=b"").export()


@_fault("É:stamp")
def stamps_without_certificates_and_the_signer_of_another_authority(forge: Forge) -> Files:
    return _bare(forge, leaf=forge.authorities.tsa["rogue"].leaf.pem).export()


@_fault("É:stamp")
def stamps_without_certificates_and_one_of_the_same_name_number_and_key(forge: Forge) -> Files:
    """The signed attribute names the certificate by its digest (ESSCertIDv2, RFC 5035): another one does not do."""
    tsa = forge.authorities.tsa["simple"]
    return _bare(forge, leaf=certified_again(tsa.leaf, tsa.intermediate)).export()


@_fault("É:authority")
def a_root_is_not_enclosed(forge: Forge) -> Files:
    forge.roots = {"qualifiee"}
    return forge.export()


@_fault("É:chain")
def an_enclosed_stamp_is_not_among_the_stamps(forge: Forge) -> Files:
    files = forge.export()
    lines = [one for one in lines_of(files, "stamps.jsonl") if (one["sweep"], one["authority"]) != (3, "simple")]
    return forge.resum(with_lines(files, "stamps.jsonl", lines))


@_fault("É:undeclared")
def a_missing_stamp_nobody_declared(forge: Forge) -> Files:
    _number(forge, 3).stamps = {}
    _number(forge, 4).said = False
    return forge.export()


@_fault("")
def a_missing_stamp_that_was_declared(forge: Forge) -> Files:
    _number(forge, 3).stamps = {}
    return forge.export()


@_fault("É:order")
def an_authority_goes_back_in_time(forge: Forge) -> Files:
    for number, minutes in ((3, 4), (4, 3)):
        draft = _number(forge, number)
        draft.stamps = {"qualifiee": START + 3 * QUARTER + timedelta(minutes=minutes)}
    late = _number(forge, 4)
    late.started, late.length = START + 3 * QUARTER + timedelta(minutes=3, seconds=30), timedelta(seconds=20)
    return forge.export()


@_fault("R:clocks")
def two_authorities_eleven_minutes_apart(forge: Forge) -> Files:
    _number(forge, 4).stamps["simple"] += timedelta(minutes=11)
    return forge.export()


@_fault("R:bounds")
def a_late_stamp_that_was_declared(forge: Forge) -> Files:
    _number(forge, 4).stamps = {"qualifiee": _number(forge, 4).started + timedelta(minutes=13)}
    _number(forge, 5).declared = [{"what": "stamped", "authority": "qualifiee", "sweep": 4, "delay_s": 660}]
    return forge.export()


@_fault("")
def a_late_stamp_beside_one_that_came_in_time(forge: Forge) -> Files:
    _number(forge, 4).stamps["simple"] += timedelta(minutes=13)
    _number(forge, 5).started += timedelta(minutes=5)
    _number(forge, 5).stamps = {name: at + timedelta(minutes=5) for name, at in _number(forge, 5).stamps.items()}
    _number(forge, 5).declared = [{"what": "stamped", "authority": "simple", "sweep": 4, "delay_s": 840}]
    return forge.export()


@_fault("R:bounds")
def late_stamps_of_both_authorities(forge: Forge) -> Files:
    draft = _number(forge, 4)
    draft.stamps = {name: at + timedelta(minutes=11) for name, at in draft.stamps.items()}
    late: Json = {"what": "stamped", "sweep": 4, "delay_s": 720}
    _number(forge, 5).declared = [{**late, "authority": name} for name in draft.stamps]
    return forge.export()


@_fault("R:bounds")
def bounds_wider_than_a_day_and_an_hour(forge: Forge) -> Files:
    for draft in forge.drafts[3:]:
        draft.started += timedelta(hours=26)
        draft.stamps = {name: at + timedelta(hours=26) for name, at in draft.stamps.items()}
    return forge.export()


@_fault("R:unstamped")
def the_last_sweep_has_no_stamp(forge: Forge) -> Files:
    _number(forge, 5).stamps = {}
    return forge.export()


@_fault("R:unstamped R:bounds")
def no_stamp_at_all(forge: Forge) -> Files:
    for draft in forge.drafts:
        draft.stamps = {}
    forge.roots = set()
    return forge.export()


@_fault("É:date")
def a_clock_set_back_six_months(forge: Forge) -> Files:
    """The kind that was once called verified: sweeps of spring under stamps of autumn."""
    for draft in forge.drafts:
        draft.started -= timedelta(days=180)
    return forge.export()


@_fault("É:date")
def a_clock_set_forward(forge: Forge) -> Files:
    _number(forge, 4).started += timedelta(minutes=5)
    return forge.export()


@_fault("É:date É:record")
def one_record_of_another_day(forge: Forge) -> Files:
    at = _number(forge, 4).started - timedelta(days=40)
    told = {"started": f"{at:%Y-%m-%dT%H:%M:%S}.000000Z", "finished": f"{at:%Y-%m-%dT%H:%M:%S}.311000Z"}
    _number(forge, 4).lines[1] = Line("95/naturalisation", told)
    return forge.export()


@_fault("R:date")
def a_clock_set_back_before_version_2(forge: Forge) -> Files:
    for draft in forge.drafts:
        draft.version = 1
        draft.started -= timedelta(days=180)
    return forge.export()


@_fault("É:sums É:checkpoint É:plan")
def a_sweep_of_version_1_after_one_of_version_2(forge: Forge) -> Files:
    _number(forge, 5).version = 1
    return forge.export()


@_fault("R:bounds")
def weeks_written_in_one_go_under_one_stamp(forge: Forge) -> Files:
    """Nothing bounds them below, and so nothing is proven of their dates but that they are not later."""
    forge.first = 1
    for draft in forge.drafts[:4]:
        draft.started = START - timedelta(days=7 * (5 - draft.number))
        draft.stamps = {}
    return forge.export()


@_fault("R:clocks R:bounds")
def an_authority_of_ones_own_beside_a_true_one(forge: Forge) -> Files:
    """Written on one day, dated two months back by the second; the true one stamps the last sweep only."""
    forge.roots = {"qualifiee", "horodatage-bis"}
    for draft in forge.drafts:
        draft.started = START - timedelta(days=14 * (6 - draft.number))
        draft.stamps = {"horodatage-bis": draft.started + AFTER}
    _number(forge, 5).stamps["qualifiee"] = START + timedelta(hours=1)
    return forge.export()


def _revoked(forge: Forge, at: datetime) -> Files:
    tsa = forge.authorities.tsa["simple"]
    forge.crls["simple"] = _list_of(tsa.intermediate, tsa.leaf.cert, at)
    return forge.export()


def _list_of(issuer: Any, revoked: x509.Certificate, at: datetime) -> bytes:
    return revocation_list(issuer, revoked, at)


@_fault("É:revoked")
def a_signer_revoked_before_its_stamps(forge: Forge) -> Files:
    return _revoked(forge, START - timedelta(days=30))


@_fault("R:revoked")
def a_signer_revoked_after_its_stamps(forge: Forge) -> Files:
    return _revoked(forge, START + timedelta(days=30))


# --- records ----------------------------------------------------------------------------------------------------------


@_fault("É:plan")
def a_record_reworded(forge: Forge) -> Files:
    files = forge.export()
    lines = lines_of(files, "records.jsonl")
    lines[3]["seen"] = "Des créneaux sont proposés"
    return _again(forge, with_lines(files, "records.jsonl", lines))


@_fault("É:plan")
def two_records_exchanged(forge: Forge) -> Files:
    files = forge.export()
    lines = lines_of(files, "records.jsonl")
    lines[2], lines[3] = lines[3], lines[2]
    return _again(forge, with_lines(files, "records.jsonl", lines))


@_fault("É:plan")
def an_opening_left_out(forge: Forge) -> Files:
    _number(forge, 3).lines[2] = Line("95/titres", OPEN)
    files = forge.export()
    lines = [one for one in lines_of(files, "records.jsonl") if one["reading"] != "SlotsOpen"]
    return _again(forge, with_lines(files, "records.jsonl", lines))


@_fault("É:plan")
def an_opening_left_out_and_its_range_cut_short(forge: Forge) -> Files:
    """With an honest proof of the rows that are shown: the range does not close over the scope."""
    _number(forge, 3).lines[2] = Line("95/titres", OPEN)
    forge.scope = ["33/titres", "95/naturalisation"]
    files = forge.export()
    files["scope.txt"] = b"33/titres\n95/\n"
    ranges = [one | {"rows": one["rows"]} for one in lines_of(files, "plan.jsonl")]
    return forge.resum(with_lines(files, "plan.jsonl", ranges))


@_fault("É:inclusion")
def an_opening_left_out_with_its_row(forge: Forge) -> Files:
    _number(forge, 3).lines[2] = Line("95/titres", OPEN)
    files = forge.export()
    lines = [one for one in lines_of(files, "records.jsonl") if one["reading"] != "SlotsOpen"]
    ranges = lines_of(files, "plan.jsonl")
    ranges[1]["rows"] = [row for row in ranges[1]["rows"] if row["check"] != "95/titres"]
    return _again(forge, with_lines(with_lines(files, "records.jsonl", lines), "plan.jsonl", ranges))


@_fault("É:plan")
def a_range_left_out(forge: Forge) -> Files:
    files = forge.export()
    ranges = [one for one in lines_of(files, "plan.jsonl") if one["sweep"] != 3]
    lines = [one for one in lines_of(files, "records.jsonl") if one["sweep"] != 3]
    return _again(forge, with_lines(with_lines(files, "records.jsonl", lines), "plan.jsonl", ranges))


def _out_of_order(rows: list[Json]) -> list[Json]:
    """The row of 33 behind all others, between two that make a range of it look sorted."""
    first, *others = rows
    return [*others, {"check": "2A/titres", "why": "host"}, first, {"check": "40/titres", "why": "host"}]


@_fault("É:plan")
def a_plan_out_of_order_between_two_ranges(forge: Forge) -> Files:
    _number(forge, 4).rows = _out_of_order
    forge.scope = ["33/titres", "95/titres"]
    return forge.export()


@_fault("É:plan")
def a_plan_out_of_order_and_shown_whole(forge: Forge) -> Files:
    _number(forge, 4).rows = _out_of_order
    forge.scope = ["all"]
    return forge.export()


@_fault("")
def a_plan_out_of_order_where_nothing_is_shown_of_it(forge: Forge) -> Files:
    """What a selected export cannot prove, as each verifier says under its result."""
    _number(forge, 4).rows = _out_of_order
    return forge.export()


@_fault("É:plan")
def a_record_that_was_never_sealed(forge: Forge) -> Files:
    files = forge.export()
    lines = lines_of(files, "records.jsonl")
    lines.insert(3, {**lines[2], "seq": 99, "seen": "Inventé"})
    return _again(forge, with_lines(files, "records.jsonl", lines))


@_fault("É:inclusion")
def a_record_of_version_1_reworded(forge: Forge) -> Files:
    files = _old_before(forge)
    lines = lines_of(files, "records.jsonl")
    lines[1]["seen"] = "Des créneaux sont proposés"
    return _again(forge, with_lines(files, "records.jsonl", lines))


@_fault("É:plan")
def a_record_of_version_1_left_out(forge: Forge) -> Files:
    files = _old_before(forge)
    lines, proofs = lines_of(files, "records.jsonl"), lines_of(files, "log.jsonl")
    files = with_lines(files, "records.jsonl", lines[:1] + lines[2:])
    return _again(forge, with_lines(files, "log.jsonl", proofs[:1] + proofs[2:]))


def _one_record(forge: Forge, **facts: Any) -> Files:
    _number(forge, 4).lines[1] = Line("95/naturalisation", facts)
    return forge.export()


@_fault("É:record")
def a_record_of_another_place_in_the_log(forge: Forge) -> Files:
    return _one_record(forge, seq=20)


@_fault("É:record")
def a_record_of_another_sweep(forge: Forge) -> Files:
    return _one_record(forge, sweep=3)


@_fault("É:record")
def a_record_of_another_check(forge: Forge) -> Files:
    return _one_record(forge, check="95/autre")


@_fault("É:record")
def an_identifier_of_zeros(forge: Forge) -> Files:
    return _one_record(forge, id="0" * 16)


@_fault("É:record")
def a_record_that_began_before_its_sweep(forge: Forge) -> Files:
    at = _number(forge, 4).started - timedelta(seconds=20)
    return _one_record(forge, started=f"{at:%Y-%m-%dT%H:%M:%S}.000000Z")


@_fault("R:simulated")
def a_simulation_washed(forge: Forge) -> Files:
    for draft in forge.drafts:
        draft.lines = [Line(check, {"simulated": True}) for check in DUE]
    return forge.export()


def _crafted(spell: Callable[[bytes], bytes]) -> Callable[[Forge], Files]:
    """A line that the key's holder wrote so, sealed and stamped like any other."""

    def spoil(forge: Forge) -> Files:
        _number(forge, 4).lines[1] = Line("95/naturalisation", spell=lambda told: spell(spelt(told)))
        return forge.export()

    return spoil


_CHECK = b'"check":"95/naturalisation"'
CRAFTED: Sequence[tuple[str, Callable[[bytes], bytes], str]] = [
    ("an escaped solidus", lambda line: line.replace(b'"95/nat', b'"95\\/nat'), "É:canonical"),
    ("a check in escapes", lambda line: line.replace(b'"95/', b'"\\u0039\\u0035/'), "É:canonical"),
    ("a key twice, the first wrong", lambda line: line.replace(_CHECK, b'"check":"75/x",' + _CHECK), "É:canonical"),
    ("a key twice, the last wrong", lambda line: line[:-1] + b',"check":"75/autre"}', "É:canonical"),
    ("a nested check before the own one", lambda line: b'{"a":{"check":"75/autre"},' + line[1:], ""),
    ("a space after a colon", lambda line: line.replace(b'"check":', b'"check": '), "É:canonical"),
    ("a reading twice", lambda line: line[:-1] + b',"reading":"SlotsOpen"}', "É:canonical"),
    ("a carriage return at the end", lambda line: line + b"\r", "É:canonical"),
    ("no JSON at all", lambda line: b"coucou " + _CHECK, "É:canonical"),
    ("a zero byte", lambda line: line[:-1] + b"\0}", "É:canonical"),
    ("words a shell could expand", lambda line: line[:-1] + b',"z":"\\\\c\\\\0001%s%d$(id)`id`"}', ""),
    ("bytes that are no UTF-8", lambda line: line[:-1] + b"\xff}", "É:canonical"),
    ("a line of 300 kB", lambda line: line[:-1] + b',"z":"' + b"x" * 300_000 + b'"}', ""),
    ("what is nested as deep as allowed", lambda line: line[:-1] + b',"z":' + b"[" * 31 + b"]" * 31 + b"}", ""),
    ("something nested too deep", lambda line: line[:-1] + b',"z":' + b"[" * 32 + b"]" * 32 + b"}", "É:canonical"),
    ("objects nested too deep", lambda line: line[:-1] + b',"z":' + b'{"a":' * 32 + b"1" + b"}" * 33, "É:canonical"),
    ("an integer as long as allowed", lambda line: line[:-1] + b',"z":-' + b"9" * 18 + b"}", ""),
    ("an integer too long", lambda line: line[:-1] + b',"z":1' + b"0" * 18 + b"}", "É:canonical"),
    ("a plus before an integer", lambda line: line[:-1] + b',"z":+1}', "É:canonical"),
    ("a zero before an integer", lambda line: line[:-1] + b',"z":01}', "É:canonical"),
    ("a minus zero", lambda line: line[:-1] + b',"z":-0}', "É:canonical"),
    ("a fraction", lambda line: line[:-1] + b',"z":1.5}', "É:canonical"),
    ("an exponent", lambda line: line[:-1] + b',"z":1e3}', "É:canonical"),
    ("half of a pair", lambda line: line[:-1] + b',"z":"\\ud800"}', "É:canonical"),
    ("a capital in an escape", lambda line: line[:-1] + b',"z":"\\u001F"}', "É:canonical"),
    ("a control in short", lambda line: line[:-1] + b',"z":"\\b\\t\\u001f"}', ""),
    ("a control spelt in full", lambda line: line[:-1] + b',"z":"\\u0009"}', "É:canonical"),
    ("keys out of order", lambda line: line[:-1] + b',"a":1}', "É:canonical"),
    ("words that are no JSON value", lambda line: line[:-1] + b',"z":NaN}', "É:canonical"),
]
FAULTS += [Fault(f"a record with {name}", _crafted(spell), _expects(said)) for name, spell, said in CRAFTED]


# --- captures, pictures, table, figures -------------------------------------------------------------------------------


def _captures(files: Files) -> list[str]:
    return sorted(name for name in files if name.startswith("captures/"))


@_fault("É:capture")
def two_captures_exchanged(forge: Forge) -> Files:
    files = forge.export()
    one, other = _captures(files)
    files[one], files[other] = files[other], files[one]
    return forge.resum(files)


def _renamed(forge: Forge, new: Callable[[str], str]) -> Files:
    files = forge.export()
    page = next(name for name in _captures(files) if name.endswith(".html"))
    files[new(page)] = files.pop(page)
    return forge.resum(files)


@_fault("É:capture")
def a_capture_under_another_prefecture(forge: Forge) -> Files:
    return _renamed(forge, lambda name: name.replace("95-naturalisation", "93-montreuil"))


@_fault("É:capture")
def a_capture_under_another_day(forge: Forge) -> Files:
    return _renamed(forge, lambda name: name.replace("2026-11-21", "2026-11-20"))


@_fault("É:capture")
def a_capture_with_words_for_a_name(forge: Forge) -> Files:
    return _renamed(forge, lambda name: name.rpartition("/")[0] + "/aucun-creneau-MONTREUIL.html")


@_fault("É:capture")
def a_page_of_elsewhere(forge: Forge) -> Files:
    data = b"<html>autre</html>"
    name = captured("2026-11-21", "95/naturalisation", sha(data), "html")
    return forge.resum({**forge.export(), name: data})


@_fault("É:inclusion")
def a_picture_line_changed(forge: Forge) -> Files:
    files = _with_pictures(forge)
    lines = lines_of(files, "shots.jsonl")
    lines[0]["shot"]["why"] = "opening"
    return forge.resum(with_lines(files, "shots.jsonl", lines))


def _cell(files: Files, row: int, column: str, value: str) -> Files:
    """The table with one cell changed, spelt as it was."""
    from monitor.paper.csv import table

    head, *rows = rows_of(files["observations.csv"])
    rows[row][head.index(column)] = value
    return {**files, "observations.csv": table(head, rows)}


@_fault("É:csv")
def an_opening_is_no_slot_in_the_table(forge: Forge) -> Files:
    _number(forge, 3).lines[2] = Line("95/titres", OPEN)
    return forge.resum(_cell(forge.export(), 3, "Classe", "NoSlot"))


@_fault("É:csv")
def an_hour_of_the_table_changed(forge: Forge) -> Files:
    return forge.resum(_cell(forge.export(), 3, "Date et heure UTC", "2026-10-01 09:00:00.000"))


for _column, _value in (
    ("Auteur", "Constat d'un commissaire de justice"),
    ("Date et heure de Paris", "2026-10-01 09:00:00"),
    ("Fin UTC", "2026-10-01 09:00:00.000"),
    ("Code HTTP", "503"),
    ("Heure du site (Date)", "Thu, 01 Oct 2026 09:00:00 GMT"),
    ("Titres des pages", "Plus aucun créneau"),
):
    FAULTS.append(
        Fault(
            f"another {_column} in the table",
            lambda forge, column=_column, value=_value: forge.resum(_cell(forge.export(), 3, column, value)),  # type: ignore[misc]
            _expects("É:csv"),
            shell_sees=False,
        )
    )


@_fault("É:csv")
def a_row_of_the_table_left_out(forge: Forge) -> Files:
    files = forge.export()
    lines = files["observations.csv"].split(b"\r\n")
    return forge.resum({**files, "observations.csv": b"\r\n".join(lines[:2] + lines[3:])})


@_fault("É:figures")
def a_figure_changed(forge: Forge) -> Files:
    files = forge.export()
    told = json.loads(files["figures.json"])
    told["checks"][0]["readings"] = {"NoSlot": 400}
    return forge.resum({**files, "figures.json": spelt(told) + b"\n"})


@_fault("")
def an_observation_left_out_of_the_figures_with_its_reason(forge: Forge) -> Files:
    files = forge.export()
    told = json.loads(files["figures.json"])
    first = told["checks"][0]
    told["left_out"] = [{"seq": first["first"], "why": "erratum"}]
    first["readings"]["NoSlot"] -= 1
    first["first"] = lines_of(files, "records.jsonl")[2]["seq"]
    return forge.resum({**files, "figures.json": spelt(told) + b"\n"})


# --- a witness --------------------------------------------------------------------------------------------------------


def _checkpoint_of(number: int) -> Callable[[Forge], bytes]:
    return lambda forge: forge.sealed[number - 1].files["checkpoint"]


@_fault("", witness=_checkpoint_of(4))
def a_checkpoint_kept_elsewhere_is_the_same(forge: Forge) -> Files:
    return forge.export()


@_fault("É:witness", witness=_checkpoint_of(6))
def the_last_sweeps_dropped(forge: Forge) -> Files:
    return forge.export()


@_fault("R:witness", witness=_checkpoint_of(1))
def a_witness_from_before(forge: Forge) -> Files:
    return forge.export()


@_fault("É:witness", witness=lambda forge: replace(forge.sealed[3]).files["checkpoint"].replace(b"\n16\n", b"\n15\n"))
def a_witness_that_was_changed(forge: Forge) -> Files:
    return forge.export()


# --- cosigned checkpoints ---------------------------------------------------------------------------------------------

Spoil = Callable[[list[Json], LoopbackWitness, Forge], list[Json]]


def _cosigned(spoil: Spoil = lambda lines, _witness, _forge: lines) -> Callable[[Forge], Files]:
    """Two of the checkpoints enclosed, each with the line of a witness."""

    def made(forge: Forge) -> Files:
        files = forge.export()
        witness = LoopbackWitness([], clock=lambda: START + timedelta(days=1))
        lines = [_cosigned_line(forge, witness, number) for number in (3, 5)]
        return forge.resum(with_lines(files, "witness.jsonl", spoil(lines, witness, forge)))

    return made


def _cosigned_line(forge: Forge, witness: LoopbackWitness, number: int) -> Json:
    note = forge.sealed[number - 1].files["checkpoint"].decode()
    text, _, _ = note.partition("\n\n")
    return {"key": str(witness.key), "note": note + witness.line(f"{text}\n").decode(), "sweep": number}


def _one(change: Callable[[Json, LoopbackWitness, Forge], Json]) -> Callable[[Forge], Files]:
    """The second line changed."""
    return _cosigned(lambda lines, witness, forge: [lines[0], change(lines[1], witness, forge)])


def _another_root(line: Json, witness: LoopbackWitness, forge: Forge) -> Json:
    """The log's key signed two histories, and the witness saw the other one."""
    origin, size, _root, *more = line["note"].partition("\n\n")[0].split("\n")
    text = "\n".join([origin, size, base64.b64encode(bytes(32)).decode(), *more]) + "\n"
    note = forge.signer.sign(text).decode()
    return {**line, "note": note + witness.line(text).decode()}


def _without_the_log(line: Json, _witness: LoopbackWitness, _forge: Forge) -> Json:
    text, _, signatures = line["note"].partition("\n\n")
    return {**line, "note": f"{text}\n\n{signatures.splitlines()[1]}\n"}


def _later(line: Json, _witness: LoopbackWitness, _forge: Forge) -> Json:
    """Another time in the signature line than the one that was signed."""
    start, _, encoded = line["note"].rstrip("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(encoded))
    raw[11] ^= 1
    return {**line, "note": f"{start} {base64.b64encode(raw).decode()}\n"}


def _key_of_a_log(line: Json, _witness: LoopbackWitness, forge: Forge) -> Json:
    return {**line, "key": str(forge.signer)}


COSIGNED: Sequence[tuple[str, Callable[[Forge], Files], str]] = [
    ("checkpoints cosigned by a witness", _cosigned(), ""),
    ("a cosignature of another time", _one(_later), "É:witness"),
    (
        "a cosignature under the key of another witness",
        _one(lambda line, _w, _f: {**line, "key": str(LoopbackWitness([]).key)}),
        "É:witness",
    ),
    ("a cosignature under the key of the log", _one(_key_of_a_log), "É:witness"),
    ("a cosignature without a key", _one(lambda line, _w, _f: {k: line[k] for k in ("note", "sweep")}), "É:witness"),
    ("a cosigned checkpoint of another sweep", _one(lambda line, _w, _f: {**line, "sweep": 4}), "É:witness"),
    ("a cosigned checkpoint of no sweep enclosed", _one(lambda _l, w, f: _cosigned_line(f, w, 6)), "É:witness"),
    ("a cosigned checkpoint of another history", _one(_another_root), "É:witness"),
    ("a cosigned checkpoint that the log did not sign", _one(_without_the_log), "É:witness"),
    ("a note of a witness that is none", _one(lambda line, _w, _f: {**line, "note": "bonjour"}), "É:witness"),
]
FAULTS += [Fault(name, spoil, _expects(said), shell_sees=False) for name, spoil, said in COSIGNED]


@_fault("É:canonical", shell_sees=False)
def a_cosigned_checkpoint_spelt_otherwise(forge: Forge) -> Files:
    files = _cosigned()(forge)
    return forge.resum({**files, "witness.jsonl": files["witness.jsonl"].replace(b'{"key":', b'{"key": ')})
