"""The folder of an assisted attempt joined to a case: verified first, then one attempt of the person's."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.api import Desk, Prefecture, Provenance, RdvPrefecture
from monitor.case.assist.attempt import Ending
from monitor.case.assist.folder import keep, stamp
from monitor.case.assist.record import AttemptMade, Conditions, Taken, files_of
from monitor.case.book import Book, read
from monitor.case.folder import CaseFolder
from monitor.core.readings import (
    Closed,
    NoSlot,
    NotYetOpen,
    Obstructed,
    Reading,
    Seen,
    SlotsOpen,
    Unavailable,
    Unreached,
    Unreadable,
)
from monitor.core.record import Sources
from monitor.evidence.stamps.authority import Authority, Timestamper
from monitor.evidence.sums import SUMS
from monitor.fetch.clock import SystemClock
from monitor.sweep.plan import desk_look
from tests.support.authority import Tsa, served
from tests.support.commands import Vigie, settings

SECRET = "correct cheval pile agrafe"
START = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/3720/"
SLOTS = START + "creneau/"
WORDS = "Aucun créneau disponible"
AT = datetime(2026, 11, 23, 23, 14, 5, tzinfo=UTC)  # the 24th in Paris
NONE = NoSlot(seen=Seen(WORDS, "h2"))
SOME = SlotsOpen(seen=Seen("09h00", "label"))
CAPTCHA = Obstructed(obstacle="captcha", seen=Seen("code de sécurité", "label"))
HALF_WAY = Unreadable(why="mid_visit", step="accueil")


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    word = tmp_path / "phrase"
    word.write_text(SECRET + "\n", encoding="utf-8")
    env = {"VIGIE_CASE_PASSPHRASE_FILE": str(word), "VIGIE_LANG": "en"}
    return Vigie(tmp_path / "data", settings(tmp_path), env=env)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty case: made once, the key costs a second."""
    case = CaseFolder.create(tmp_path_factory.mktemp("made") / "dossier", SECRET)
    case.append("opened", {"prefecture": "01", "zone": "Europe/Paris", "procedure": "renewal"})
    return case.root


@pytest.fixture
def case(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "dossier"))


def attempt(readings: Sequence[Reading], ended: Ending = "window_closed", *, simulated: bool = False) -> AttemptMade:
    source = Provenance("test", "2026-11-21", "confirmed_1")
    desk = Desk(
        slug="titre", label="Titre de séjour", procedure="renewal", platform=RdvPrefecture(3720), provenance=source
    )
    ain = Prefecture(
        code="01", slug="ain", name="Ain", office="Préfecture de l'Ain", site="https://www.ain.gouv.fr",
        provenance=source, desks=(desk,),
    )  # fmt: skip
    taken = [
        Taken(
            at=AT + timedelta(minutes=i), trigger="person", url=START if reading is HALF_WAY else SLOTS,
            reading=reading, passed=[],
            files={"served": b"<h2>%d</h2>" % i, "picture": b"\x89PNG %d" % i, "banded": b"\x89PNG band %d" % i},
        )
        for i, reading in enumerate(readings)
    ]  # fmt: skip
    return AttemptMade(
        author="person", subject=desk_look(ain, desk).subject, office=ain.office, started=AT - timedelta(seconds=1),
        finished=AT + timedelta(hours=1), ended=ended, taken=taken,
        conditions=Conditions(
            browser="Chromium 1", system="Linux", program="0", sources=Sources(), simulated=simulated
        ),
    )  # fmt: skip


def entries(case: Path) -> tuple[CaseFolder, Book]:
    folder = CaseFolder.open(case, SECRET)
    return folder, read(folder.entries)


def test_an_attempt_is_joined_once_as_the_persons_own(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    out = tmp_path / "tentative"
    keep(out, files_of(replace(attempt([HALF_WAY, CAPTCHA, NONE, HALF_WAY]), author="authorised_helper")))
    done = vigie("case", "import", case, out)
    assert (done.returncode, "Sans horodatage" in done.stdout) == (0, True), done.stderr
    folder, book = entries(case)
    (one,) = book.attempts
    assert book.joined == (), "an attempt of the person is never a relevé"
    assert (one.kind, one.sentence, one.address, one.author) == ("no_slot", WORDS, SLOTS, "helper")
    assert (one.at, one.day, one.date_source) == (AT + timedelta(minutes=2), date(2026, 11, 24), "assist")
    assert (one.prefecture, one.procedure) == ("01", "renewal")
    brought = {ref.name: folder.read(ref) for ref in one.files}
    assert brought == {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    again = vigie("case", "import", case, out)
    assert (again.returncode, "already" in again.stderr) == (65, True), again.stderr
    assert len(entries(case)[0].entries) == 2


@pytest.mark.parametrize("name", ["attempt.json", "pages/001.html", "captures/001.png", SUMS])
def test_one_changed_byte_is_refused(case: Path, vigie: Vigie, tmp_path: Path, name: str) -> None:
    out = tmp_path / "tentative"
    keep(out, files_of(attempt([NONE])))
    data = bytearray((out / name).read_bytes())
    data[len(data) // 2] ^= 1
    (out / name).write_bytes(data)
    done = vigie("case", "import", case, out)
    assert (done.returncode, "was not joined" in done.stderr) == (65, True), done.stderr
    assert len(entries(case)[0].entries) == 1


def test_what_a_simulator_played_is_never_joined(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    keep(tmp_path / "tentative", files_of(attempt([NONE], simulated=True)))
    done = vigie("case", "import", case, tmp_path / "tentative")
    assert (done.returncode, "SIMULATION" in done.stderr) == (65, True), done.stderr
    assert len(entries(case)[0].entries) == 1


def test_a_stamp_is_verified_and_one_over_other_sums_refused(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    tsa = Tsa(tmp_path / "tsa")
    outs = [tmp_path / name for name in ("une", "autre")]
    with served(tsa.reply) as url:
        for out, made in zip(outs, (attempt([NONE]), attempt([SOME])), strict=True):
            keep(out, files_of(made))
            authority = Authority(name="essai", url=url, roots=tsa.root.pem)
            (row,) = asyncio.run(stamp(out, [Timestamper(authority, SystemClock(), user_agent="test")]))
            assert row["what"] == "stamped", row
    beside = f"{SUMS}.essai.tsr"
    own = (outs[0] / beside).read_bytes()
    shutil.copyfile(outs[1] / beside, outs[0] / beside)
    done = vigie("case", "import", case, outs[0])
    assert (done.returncode, "time-stamp of essai" in done.stderr) == (65, True), done.stderr
    (outs[0] / beside).write_bytes(own)
    pem = outs[0] / f"{SUMS}.essai.pem"
    for wrong in (b"", b"none", Tsa(tmp_path / "other").root.pem):
        pem.write_bytes(wrong)
        done = vigie("case", "import", case, outs[0])
        assert (done.returncode, "time-stamp of essai" in done.stderr) == (65, True), done.stderr
    pem.write_bytes(tsa.root.pem)
    done = vigie("case", "import", case, outs[0])
    assert (done.returncode, "vérifié avec" in done.stdout) == (0, True), done.stderr
    (outs[1] / f"{SUMS}.essai.pem").unlink()
    done = vigie("case", "import", case, outs[1])
    assert (done.returncode, "essai : non vérifié" in done.stdout) == (0, True), done.stderr
    assert [one.kind for one in entries(case)[1].attempts] == ["no_slot", "slot_offered"]


@pytest.mark.parametrize(
    ("readings", "ended", "kind", "sentence"),
    [
        ([NONE, SOME], "slots_open", "slot_offered", "09h00"),
        ([NONE, CAPTCHA], "window_closed", "captcha_wall", "code de sécurité"),
        ([Closed(seen=Seen("Démarche fermée", "h2"))], "window_closed", "form_unavailable", "Démarche fermée"),
        ([Unavailable(kind="overloaded", seen=Seen("502", "status"))], "window_closed", "site_down", ""),
        ([Obstructed(obstacle="waf", seen=Seen("Accès refusé", "h1"))], "window_closed", "unreadable", "Accès refusé"),
        ([NotYetOpen(seen=Seen("Ouverture à 9h", "p"), opens_at=AT)], "interrupted", "unreadable", "Ouverture à 9h"),
        ([Unreached(cause="connect")], "window_closed", "unreadable", ""),
        ([HALF_WAY], "window_closed", "unreadable", ""),
        ([NONE], "personal_data", "unreadable", WORDS),  # further than the last page recorded: perhaps a slot
    ],
)
def test_a_failed_attempt_is_only_what_the_site_said(
    readings: Sequence[Reading], ended: Ending, kind: str, sentence: str
) -> None:
    from monitor.case.join import as_attempt
    from monitor.core.record import digest
    from monitor.evidence.sums import render_sums
    from monitor.evidence.verify.crypto import Verifiers

    files = files_of(attempt(readings, ended))
    files[SUMS] = render_sums({name: digest(data) for name, data in files.items()})
    one = as_attempt(files, Verifiers(), lambda _sha256: False)
    assert (one.kind, one.sentence) == (kind, sentence)


def test_an_opening_tells_whatever_was_shown_after_it(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    keep(tmp_path / "tentative", files_of(attempt([NONE, SOME, NONE, CAPTCHA])))
    assert vigie("case", "import", case, tmp_path / "tentative").returncode == 0
    (one,) = entries(case)[1].attempts
    assert (one.kind, one.sentence, one.at, one.origin) == (
        "slot_offered",
        "09h00",
        AT + timedelta(minutes=1),
        "assist",
    )
