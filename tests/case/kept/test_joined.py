"""A ZIP of the extension or of the diary joined to a case: read by the monitor's readers, as the person's attempts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath

import pytest

from monitor.case.book import Book, read
from monitor.case.court.dossier import Dossier, Item
from monitor.case.court.exhibits import caption, item_line, pictures
from monitor.case.folder import CaseFolder
from tests.case.kept import pages
from tests.case.kept.parcels import PNG, START, UNDECLARED, Choice, Press, diary, kept_pages, zipped
from tests.support.authority import Tsa, served
from tests.support.commands import Vigie, settings

SECRET = "correct cheval pile agrafe"
AT = datetime(2026, 11, 23, 23, 14, 5, tzinfo=UTC)  # the 24th in Paris
CALENDAR = START + "creneau/"


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    word = tmp_path / "phrase"
    word.write_text(SECRET + "\n", encoding="utf-8")
    return Vigie(
        tmp_path / "data", settings(tmp_path), env={"VIGIE_CASE_PASSPHRASE_FILE": str(word), "VIGIE_LANG": "en"}
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty case: made once, the key costs a second."""
    case = CaseFolder.create(tmp_path_factory.mktemp("made") / "dossier", SECRET)
    case.append("opened", {"prefecture": "92", "zone": "Europe/Paris", "procedure": "renewal"})
    return case.root


@pytest.fixture
def case(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "dossier"))


def book(case: Path) -> Book:
    return read(CaseFolder.open(case, SECRET).entries)


def press(minutes: int, shown: Callable[[datetime], str] | None, url: str = CALENDAR) -> Press:
    at = AT + timedelta(minutes=minutes)
    return Press(at, url, shown(at) if shown else None, PNG.replace(b"%d", str(minutes).encode()))


def put(tmp_path: Path, presses: list[Press], name: str = "essais.zip") -> Path:
    path = tmp_path / name
    path.write_bytes(zipped(kept_pages(presses)))
    return path


def test_pages_become_one_attempt_a_sitting_and_a_slot_in_any_of_them_tells(
    case: Path, vigie: Vigie, tmp_path: Path
) -> None:
    walk = [
        press(0, pages.captcha, START + "cgu/"),
        press(1, pages.some),
        press(29, pages.none),  # the opening was gone: it was there all the same
        press(60, pages.none),  # half an hour later: another sitting
        press(75, None),  # something was typed: nothing kept
    ]
    done = vigie("case", "import", case, put(tmp_path, walk), "--own")
    assert done.returncode == 0, done.stderr
    first, second = book(case).attempts
    assert (first.kind, first.sentence, first.at) == ("slot_offered", "09h00", AT + timedelta(minutes=1))
    assert (second.kind, second.sentence) == ("no_slot", "Aucun créneau disponible")
    assert {(one.origin, one.date_source, one.procedure, one.prefecture) for one in (first, second)} == {
        ("extension", "extension", "renewal", "92")
    }
    assert "rien n'exclut" in first.note
    assert "1 autre page affichée dont rien n'est gardé" in second.note, "what was typed in is not hidden"
    assert "autre page" not in first.note
    folder = CaseFolder.open(case, SECRET)
    brought = {ref.name: folder.read(ref) for ref in first.files}
    assert {"attempt.json", "SHA256SUMS", "002-affichee.html", "002.png"} <= set(brought)
    assert {ref.name for ref in second.files} == {"004-affichee.html", "004.png"}


def test_the_démarche_is_the_cases_only_where_the_person_says_so(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    walk = [press(0, pages.none), press(200, pages.none, UNDECLARED + "creneau/")]
    done = vigie("case", "import", case, put(tmp_path, walk))
    assert (done.returncode, "--own" in done.stderr) == (0, True)
    assert [one.procedure for one in book(case).attempts] == ["other", "other"]
    said = vigie("case", "import", case, put(tmp_path, [press(500, pages.none)], "mien.zip"), "--own")
    assert said.returncode == 0, said.stderr
    checked = json.loads(vigie("case", "check", case, "--json").stdout)
    spreads = checked["by_procedure"]
    assert {code: one["days"] for code, one in spreads.items()} == {"other": 1, "renewal": 1}


def test_no_préfecture_is_named_that_the_address_does_not_tell(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    strasbourg = "https://www.bas-rhin.gouv.fr/booking/create/99999/1"
    walk = [press(0, pages.none, UNDECLARED + "creneau/"), press(200, pages.none, strasbourg)]
    assert vigie("case", "import", case, put(tmp_path, walk)).returncode == 0
    assert [(one.prefecture, one.procedure) for one in book(case).attempts] == [("", "other"), ("67", "other")]
    more = [*walk, press(400, pages.none, UNDECLARED + "creneau/"), press(600, pages.none, strasbourg)]
    assert vigie("case", "import", case, put(tmp_path, more, "plus.zip"), "--own").returncode == 0
    shared, elsewhere = book(case).attempts[2:]
    assert (shared.prefecture, shared.procedure) == ("92", "renewal")
    assert "d'après la personne ; l'adresse n'en nomme aucune" in shared.note
    assert (elsewhere.prefecture, elsewhere.procedure) == ("67", "other"), "no word of hers moves it to another office"
    assert [one.site_serves for one in book(case).attempts] == [None, False, None, False]


def test_a_démarche_and_a_préfecture_that_nobody_knows_are_none(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    path = tmp_path / "carnet.zip"
    chosen = [Choice("1.png", b"one", "2026-11-16T08:00:00", prefecture="zz", procedure="__class__")]
    path.write_bytes(zipped(diary(chosen, AT)))
    assert vigie("case", "import", case, path).returncode == 0
    assert [(one.prefecture, one.procedure) for one in book(case).attempts] == [("", "other")]


def test_an_attempt_at_another_préfecture_counts_for_nothing_against_the_cases(
    case: Path, vigie: Vigie, tmp_path: Path
) -> None:
    chosen = [
        Choice("1.png", b"one", "2026-11-16T08:00:00", prefecture="67", procedure="renewal"),
        Choice("2.png", b"two", "2026-11-17T08:00:00", prefecture="92", procedure="renewal"),
    ]
    path = tmp_path / "carnet.zip"
    path.write_bytes(zipped(diary(chosen, AT)))
    assert vigie("case", "import", case, path).returncode == 0
    checked = json.loads(vigie("case", "check", case, "--json").stdout)
    assert checked["days"] == 1, checked


def test_an_address_of_another_product_or_none_is_no_attempt(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    done = vigie("case", "import", case, put(tmp_path, [press(0, pages.none, "https://exemple.org/rendez-vous")]))
    assert (done.returncode, "nothing was joined" in done.stderr) == (65, True), done.stderr
    assert book(case).attempts == ()


def test_what_is_past_the_line_is_dropped_with_all_that_follows(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    walk = [press(0, pages.none), press(1, pages.form, START + "informations/"), press(2, pages.none)]
    assert vigie("case", "import", case, put(tmp_path, walk)).returncode == 0
    (one,) = book(case).attempts
    assert (one.kind, len(one.kept)) == ("unreadable", 1)
    assert "002-affichee.html" not in {ref.name for ref in one.files}


def test_a_page_that_repeats_the_persons_address_stays_out(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    def told(at: datetime) -> str:
        return pages.none(at).replace("</main>", "<p>Votre adresse : 192.0.2.17</p></main>")

    assert vigie("case", "import", case, put(tmp_path, [press(0, told)])).returncode == 0
    (one,) = book(case).attempts
    assert one.kind == "no_slot"
    assert not {"001-affichee.html", "001.png"} & {ref.name for ref in one.files}, "a picture shows it too"


def test_the_same_file_again_joins_nothing_and_a_longer_one_only_what_is_new(
    case: Path, vigie: Vigie, tmp_path: Path
) -> None:
    walk = [press(0, pages.none), press(300, pages.none)]
    zipped_ = put(tmp_path, walk)
    assert vigie("case", "import", case, zipped_, "--own").returncode == 0
    again = vigie("case", "import", case, zipped_, "--own")
    assert (again.returncode, "already" in again.stdout) == (0, True), again.stderr
    assert len(CaseFolder.open(case, SECRET).entries) == 3
    longer = put(tmp_path, [*walk, press(310, pages.some), press(900, pages.none)], "plus.zip")
    assert vigie("case", "import", case, longer, "--own").returncode == 0
    now = book(case)
    assert [one.kind for one in now.attempts] == ["no_slot", "slot_offered", "no_slot"]
    assert [one.kind for one in now.withdrawn] == ["no_slot"], "the sitting that went on stands whole"
    assert vigie("case", "import", case, longer, "--own").returncode == 0
    assert book(case) == now


def test_files_that_overlap_count_nothing_twice(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    """A person who empties the extension now and then, and brings three files whose chains begin at other pages."""
    presses = [press(minutes, pages.none) for minutes in (0, 10, 300, 310, 900)]
    for name, some in (("a", presses[:3]), ("b", presses[1:4]), ("c", presses[2:]), ("a2", presses[:3])):
        assert vigie("case", "import", case, put(tmp_path, some, f"{name}.zip"), "--own").returncode == 0
    now = book(case)
    assert [one.at for one in now.attempts] == [presses[1].at, presses[3].at, presses[4].at]
    assert len({mark for one in now.attempts for mark in one.kept}) == sum(len(one.kept) for one in now.attempts) == 5


@pytest.mark.parametrize(("early", "late", "kind"), [(0, 0, "no_slot"), (0, 1, "slot_offered"), (1, 0, "slot_offered")])
def test_of_two_parts_that_share_a_page_one_counts_and_an_opening_is_not_lost(
    case: Path, vigie: Vigie, tmp_path: Path, early: int, late: int, kind: str
) -> None:
    shown = (pages.none, pages.some)
    first, last = press(0, shown[early]), press(20, shown[late])
    for name, some in (("a", [first, press(10, pages.none)]), ("b", [press(10, pages.none), last])):
        assert vigie("case", "import", case, put(tmp_path, some, f"{name}.zip"), "--own").returncode == 0
    assert [one.kind for one in book(case).attempts] == [kind]


def test_an_import_cut_off_is_finished_by_doing_it_again(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    walk = put(tmp_path, [press(minutes, pages.none) for minutes in (0, 100, 200, 300)])
    assert vigie("case", "import", case, walk, "--own").returncode == 0
    whole = [(one.at, one.kind, one.kept) for one in book(case).attempts]
    for cut in (2, 3, 4):
        for path in sorted((case / "entries").iterdir())[cut:]:
            path.unlink()
        assert vigie("case", "import", case, walk, "--own").returncode == 0
        assert [(one.at, one.kind, one.kept) for one in book(case).attempts] == whole


def test_the_diary_is_dated_again_and_a_stated_date_stands_beside_the_pictures(
    case: Path, vigie: Vigie, tmp_path: Path
) -> None:
    chosen = [
        Choice("Screenshot_20261102-091400.png", b"one", "2026-11-02T09:14:00", "file_name"),
        Choice("42.png", b"two", "2026-11-09T10:00:00", "stated"),
        Choice("Screenshot_20261110-080000.png", b"three", "2026-11-16T08:00:00", "stated"),
        Choice("43.png", b"four", "2026-11-17T08:00:00", "exif", "slot_offered"),
    ]
    path = tmp_path / "carnet.zip"
    path.write_bytes(zipped(diary(chosen, AT)))
    done = vigie("case", "import", case, path, "--own")
    assert (done.returncode, "to be checked, entry 4" in done.stdout) == (0, True), (done.stdout, done.stderr)
    dates = [(one.day.day, one.date_source, bool(one.pictured), one.kind) for one in book(case).attempts]
    assert dates == [
        (2, "file_name", True, "no_slot"),
        (9, "stated", False, "no_slot"),
        (16, "stated", True, "no_slot"),
        (17, "stated", False, "slot_offered"),
    ]
    assert {one.origin for one in book(case).attempts} == {"diary"}
    checked = vigie("case", "check", case)
    assert "2026" in checked.stdout
    assert checked.returncode == 0
    again = vigie("case", "import", case, path)
    assert (again.returncode, "already" in again.stdout) == (0, True)


def test_the_sums_are_stamped_at_import_by_the_authorities_of_the_settings(
    case: Path, vigie: Vigie, tmp_path: Path
) -> None:
    tsa = Tsa(tmp_path / "tsa")
    roots = tmp_path / "roots.pem"
    roots.write_bytes(tsa.root.pem)
    with served(tsa.reply) as url:
        named = f'[[timestamps.authority]]\nname = "essai"\nurl = "{url}"\nroots = "{roots}"\n'
        file = settings(tmp_path, more=f"[timestamps]\npresets = []\n{named}")
        stamping = Vigie(tmp_path / "data", file, env=vigie.env)
        done = stamping("case", "import", case, put(tmp_path, [press(0, pages.none)]))
    assert done.returncode == 0, done.stderr
    (one,) = book(case).attempts
    assert "SHA256SUMS.essai.tsr" in {ref.name for ref in one.files}, done.stdout
    assert "Existait avant" in one.note
    assert "essai" in one.note


def test_how_it_was_kept_is_printed_with_each_exhibit(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    assert vigie("case", "import", case, put(tmp_path, [press(0, pages.none)]), "--own").returncode == 0
    shown = vigie("case", "show", case, "--entry", 2)
    assert "nothing excludes that it was changed" in shown.stdout
    out = tmp_path / "depot"
    assert vigie("case", "export", case, "--telerecours", "--out", out).returncode == 0


def test_a_picture_says_no_result_and_no_préfecture_that_is_not_its_own(
    case: Path, vigie: Vigie, tmp_path: Path
) -> None:
    walk = [
        press(0, pages.captcha, START + "cgu/"),
        press(1, pages.none),
        press(300, pages.none, UNDECLARED + "creneau/"),
    ]
    assert vigie("case", "import", case, put(tmp_path, walk)).returncode == 0
    first, second = book(case).attempts
    told = Dossier(facts=book(case).facts, office="Préfecture des Hauts-de-Seine", attempts=(first, second), reasons={})
    said = [caption(Item(file, event), 1, 3, told) for event in (first, second) for file in pictures(event)]
    lines = [item_line(Item(file, first), 1, told) for file in pictures(first)]
    assert [PurePath(file.name).name for file in pictures(first)] == ["002.png", "001.png"]
    assert ["Aucun créneau" in one for one in said] == [True, False, True]
    assert ["autre page" in one for one in lines] == [False, True]
    assert ["Hauts-de-Seine" in one for one in said] == [True, True, False]


def test_what_a_simulator_played_is_not_joined(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    path = tmp_path / "joué.zip"
    path.write_bytes(zipped(kept_pages([press(0, pages.none)], simulated=True)))
    done = vigie("case", "import", case, path)
    assert (done.returncode, "SIMULATION" in done.stderr) == (65, True), done.stderr
    assert book(case).attempts == ()
