"""`vigie case` from a new folder to its end: encrypted, append-only, verified before joined."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from monitor.case.book import read
from monitor.case.folder import Brought, CaseFolder, DamagedError, PassphraseError
from monitor.case.mail import parse
from monitor.case.photos import dated, from_name
from tests.support.commands import Vigie, settings
from tests.support.exporting import NO_SLOT, fill, seal

PARIS = ZoneInfo("Europe/Paris")
SECRET = "correct cheval pile agrafe"
NAME = "Aminata-Zouleykha"


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    word = tmp_path / "phrase"
    word.write_text(SECRET + "\n", encoding="utf-8")
    env = {"VIGIE_CASE_PASSPHRASE_FILE": str(word), "VIGIE_LANG": "en"}
    return Vigie(tmp_path / "data", settings(tmp_path), env=env)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case as the command makes it: once, the key costs a second."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "phrase").write_text(SECRET, encoding="utf-8")
    vigie = Vigie(folder / "data", settings(folder), env={"VIGIE_CASE_PASSPHRASE_FILE": str(folder / "phrase")})
    words = ("--prefecture", "95", "--procedure", "renewal", "--fact", "family=anef")
    done = vigie("case", "new", folder / "dossier", *words)
    assert done.returncode == 0, done.stderr
    begun(folder / "dossier", "2026-11-30")  # whenever the tests run: an attempt of last year is asked about
    return folder / "dossier"


@pytest.fixture
def case(tmp_path: Path, made: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "dossier"))


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def picture(taken: str | None = None, offset: str | None = None) -> bytes:
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
        if offset:
            exif.get_ifd(0x8769)[0x9011] = offset
    out = BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def mail(body: str = "Bonjour", *, date: str = "Mon, 02 Mar 2026 09:14:00 +0100", image: bytes = b"") -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Date"] = f"{NAME} <a@example.org>", "pref@example.org", date
    message["Subject"], message["X-Odd"] = "Demande de rendez-vous", "kept too"
    message.set_content(body)
    if image:
        message.add_attachment(image, maintype="image", subtype="jpeg", filename="../../etc/photo.jpg")
    return message.as_bytes()


def test_nothing_of_the_person_stands_in_clear(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.eml").write_bytes(mail(f"Je m'appelle {NAME}"))
    done = vigie("case", "log", case, "--kind", "email", "--file", tmp_path / f"{NAME}.eml", "--note", NAME)
    assert done.returncode == 0, done.stderr
    for path in files(case):
        assert NAME.encode() not in path.read_bytes()
        assert NAME not in str(path)
        assert b"renewal" not in path.read_bytes()
        assert path.suffix in (".age", ".txt")
    shown = vigie("case", "show", case, "--entry", "2")
    assert NAME in shown.stdout
    assert "X-Odd: kept too" in shown.stdout, "every header"


def test_attempts_at_a_desk_that_was_never_the_foreigners_are_kept_noted_and_counted_apart(
    case: Path, vigie: Vigie
) -> None:
    board, right = (
        "https://www.rdv.ain.gouv.fr/booking/create/804",
        "https://www.val-doise.gouv.fr/booking/create/13860",
    )
    what = "commission médicale du permis de conduire"
    for address, day in ((board, "2"), (board + "/0", "3"), (right, "4")):
        words = ("--kind", "no_slot", "--at", f"2026-03-0{day}T09:00", "--address", address)
        assert vigie("case", "log", case, *words).returncode == 0
    shown = vigie("case", "show", case).stdout
    assert shown.count(f"this desk is not that of foreigners: «\N{NO-BREAK SPACE}{what}\N{NO-BREAK SPACE}»") == 2
    told = vigie.json("case", "show", case)["entries"]
    assert [one.get("not_for_foreigners") for one in told[1:]] == [what, what, None]
    checked = vigie.json("case", "check", case)
    (wrong,) = [one for one in checked["findings"]["renewal"] if one["code"] == "wrong_desk"]
    assert (wrong["weight"], wrong["values"]["n"]) == ("warning", 2)
    assert "this desk is not that of foreigners" in wrong["text"]
    (freshest,) = [one for one in checked["findings"]["renewal"] if one["code"] in ("fresh", "stale")]
    assert freshest["values"]["day"] == "2026-03-04"
    (spread,) = [one for one in checked["findings"]["renewal"] if one["code"].startswith("spread")]
    assert spread["values"]["n"] == 1
    (share,) = [one for one in checked["findings"]["renewal"] if one["code"] == "share"]
    assert share["values"] == {"n": 1, "of": 1}
    french = vigie("case", "check", case, "--lang", "fr").stdout
    assert "ce guichet n'est pas celui des étrangers" in french


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_only_the_owner_may_look(case: Path) -> None:
    assert (case.stat().st_mode | (case / "entries").stat().st_mode) & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in files(case))


def test_a_wrong_passphrase_opens_nothing(case: Path) -> None:
    with pytest.raises(PassphraseError):
        CaseFolder.open(case, SECRET + "x")


def test_a_passphrase_is_no_argument_and_is_not_short(tmp_path: Path, vigie: Vigie) -> None:
    short = tmp_path / "short"
    short.write_text("azerty", encoding="utf-8")
    done = vigie(
        "case", "new", tmp_path / "c", "--prefecture", "95", "--procedure", "renewal", "--passphrase-file", short
    )
    assert done.returncode == 64
    assert not (tmp_path / "c").exists()
    assert vigie("case", "show", tmp_path, "--passphrase", SECRET).returncode == 64


@pytest.mark.parametrize("fault", ["cut", "swapped", "missing", "foreign"])
def test_a_changed_entry_shows(case: Path, fault: str, tmp_path: Path) -> None:
    folder = CaseFolder.open(case, SECRET)
    for text in ("a", "b", "c"):
        folder.append("note", {"about": 1, "text": text, "withdrawn": False})
    second, third = (case / "entries" / f"00000{n}.age" for n in (2, 3))
    if fault == "cut":
        second.write_bytes(second.read_bytes()[:-1])
    elif fault == "swapped":
        a, b = second.read_bytes(), third.read_bytes()
        second.write_bytes(b)
        third.write_bytes(a)
    elif fault == "missing":
        second.unlink()
    else:
        other = CaseFolder.create(tmp_path / "other", SECRET)
        other.append("facts", {})
        other.append("facts", {})
        second.write_bytes((tmp_path / "other" / "entries" / "000002.age").read_bytes())
    with pytest.raises(DamagedError):
        CaseFolder.open(case, SECRET)


def test_a_changed_file_shows(case: Path) -> None:
    folder = CaseFolder.open(case, SECRET)
    refs = [folder.append("facts", {}, [Brought("x", data)]).files[0] for data in (b"one", b"two")]
    paths = [case / "files" / ref.stored for ref in refs]
    paths[0].write_bytes(paths[1].read_bytes())
    with pytest.raises(DamagedError):
        folder.read(refs[0])
    assert folder.read(refs[1]) == b"two"


def test_two_that_write_at_once_lose_nothing(case: Path) -> None:
    from monitor.core.errors import StoreError

    one, two = CaseFolder.open(case, SECRET), CaseFolder.open(case, SECRET)
    one.append("facts", {"release": "09:00"})
    with pytest.raises(StoreError):
        two.append("facts", {"release": "10:00"})
    assert read(CaseFolder.open(case, SECRET).entries).facts.release is not None


def test_the_age_tool_alone_opens_a_case(case: Path) -> None:
    """The layout is what LISEZ-MOI says: pyrage reads it without any code of ours."""
    import pyrage  # type: ignore[import-untyped]

    key = pyrage.passphrase.decrypt((case / "identity.age").read_bytes(), SECRET).decode()
    identity = pyrage.x25519.Identity.from_str(key)
    entry = json.loads(pyrage.decrypt((case / "entries" / "000001.age").read_bytes(), [identity]))
    assert (entry["what"], entry["data"]["prefecture"]) == ("opened", "95")


def test_a_mistake_is_annotated_and_never_taken_out(case: Path, vigie: Vigie) -> None:
    assert vigie.json("case", "log", case, "--kind", "no_slot", "--at", "2026-03-02") == {"entry": 2}
    vigie.json("case", "log", case, "--about", "2", "--withdraw", "--note", "wrong day")
    book = read(CaseFolder.open(case, SECRET).entries)
    assert book.attempts == ()
    assert [one.number for one in book.withdrawn] == [2]
    assert "[withdrawn]" in vigie("case", "show", case).stdout


def test_check_tells_what_is_missing(case: Path, vigie: Vigie) -> None:
    for day in ("2019-09-13", "2019-09-18"):
        words = ("--kind", "no_slot", "--at", f"{day}T09:14", "--confirm")
        assert vigie("case", "log", case, *words).returncode == 0
    told = vigie.json("case", "check", case)
    assert (told["spread"], told["span_days"], told["weeks"], told["days"]) == ("INSUFFICIENT", 5, 2, 2)
    found = {one["code"]: one for one in told["findings"]["renewal"]}
    assert found["rung_missing"]["values"] == {"rung": "ERROR_PROVEN"}
    assert found["spread_insufficient"]["confidence"] == "likely"
    assert "never a prediction" in vigie("case", "check", case).stdout


def begun(case: Path, day: str) -> None:
    """Date the first entry of a case."""
    import pyrage

    key = pyrage.passphrase.decrypt((case / "identity.age").read_bytes(), SECRET).decode()
    identity = pyrage.x25519.Identity.from_str(key)
    first = case / "entries" / "000001.age"
    entry = json.loads(pyrage.decrypt(first.read_bytes(), [identity])) | {"recorded": f"{day}T08:00:00+00:00"}
    first.write_bytes(pyrage.encrypt(json.dumps(entry).encode(), [identity.to_public()]))


def test_a_case_begun_before_the_rules_were_read_again_is_told_what_changed_once(case: Path, vigie: Vigie) -> None:
    begun(case, "2026-11-24")
    vigie("case", "log", case, "--kind", "no_slot", "--at", "2026-11-25")
    said = vigie("case", "check", case, "--on", "2026-11-30").stdout
    assert "This case was begun before the rules were read again" in said
    assert "Urgency and the complete file are now part of the check" in said
    assert "begun before" not in vigie("case", "check", case, "--on", "2026-11-30").stdout
    assert vigie.json("case", "check", case)["changed"] == []
    assert "rules" in vigie("case", "show", case).stdout


def test_a_case_begun_since_is_told_of_no_change_and_nothing_is_written(case: Path, vigie: Vigie) -> None:
    begun(case, "2026-11-30")
    vigie("case", "log", case, "--kind", "no_slot", "--at", "2026-11-25")
    entries = len([*(case / "entries").iterdir()])
    assert "begun before" not in vigie("case", "check", case, "--on", "2026-11-30").stdout
    assert len([*(case / "entries").iterdir()]) == entries


def test_each_claim_bears_the_state_of_its_text_and_every_source_on_request(case: Path, vigie: Vigie) -> None:
    vigie("case", "log", case, "--kind", "filed", "--at", "2026-06-01")
    said = vigie("case", "check", case, "--on", "2026-11-30", "--lang", "fr").stdout
    assert "CESEDA R.* 432-1, CESEDA R. 432-2 (état 2026-04-03)" in said
    assert "à relire" not in said.partition("\n")[2]
    assert "## Sources" not in said
    whole = vigie("case", "check", case, "--on", "2027-05-01", "--lang", "fr", "--sources").stdout
    assert "CESEDA R. 432-2 (état 2026-04-03, à relire)" in whole
    assert "- article R. 432-2 du code de l'entrée" in whole.partition("## Sources")[2]
    told = vigie.json("case", "check", case, "--on", "2026-11-30")
    (refusal,) = [one for one in told["findings"]["renewal"] if one["code"] == "IMPLICIT_REFUSAL_POSSIBLE"]
    assert {"key": "ceseda_r432_2", "short": "CESEDA R. 432-2", "read": "whole", "state": "2026-04-03",
            "confidence": "certain", "old": False} in refusal["sources"]  # fmt: skip


def test_the_table_of_the_law_is_listed_with_its_age(vigie: Vigie) -> None:
    whole = vigie("case", "law", "--on", "2026-11-30", "--lang", "fr")
    assert "état 2026-04-03, 241 jours" in whole.stdout
    assert "vu seulement dans des notes" in whole.stdout
    assert whole.returncode == 0
    fresh = vigie("case", "law", "--check", "--on", "2026-11-30")
    assert fresh.returncode == 0, fresh.stdout
    old = vigie("case", "law", "--check", "--on", "2027-04-04", "--lang", "fr")
    assert old.returncode == 3
    assert "À RELIRE" in old.stdout
    assert "CE 435594" not in old.stdout
    assert vigie("case", "law", "--on", "soon").returncode == 64
    rows = vigie.json("case", "law", "--on", "2026-11-30")
    assert {one["read"] for one in rows} == {"whole", "extract", "analysis", "notice", "notes", "none"}


def test_the_guide_gives_sixteen_facts_each_with_its_source(vigie: Vigie) -> None:
    said = vigie("case", "guide", "--lang", "fr", "--on", "2026-11-30").stdout
    assert "\n12. De l’aide gratuite" in said
    assert "0 806 001 620" in said
    assert "[CESEDA R. 431-20 (état 2026-04-03)]" in said
    facts = vigie.json("case", "guide", "--on", "2026-11-30")
    assert len(facts) == 16
    assert all(one["sources"] for one in facts)


def test_check_without_a_case(vigie: Vigie, tmp_path: Path) -> None:
    file = tmp_path / "attempts.json"
    listed = [
        {"at": f"{day}T09:00:00+02:00", "kind": "NO_SLOT", "procedure": "p"} for day in ("2019-09-13", "2019-09-18")
    ]
    file.write_text(json.dumps(listed), encoding="utf-8")
    assert vigie.json("case", "check", "--attempts", file) == {
        "spread": "INSUFFICIENT", "span_days": 5, "weeks": 2, "days": 2, "missing": ["span_days >= 7"],
    }  # fmt: skip
    file.write_text(json.dumps([*listed, {"at": "2026-03-02", "kind": "no_slot", "procedure": "q"}]), encoding="utf-8")
    told = vigie.json("case", "check", "--attempts", file)
    assert (told["span_days"], set(told["by_procedure"])) == (5, {"p", "q"})
    file.write_text("[]", encoding="utf-8")
    assert vigie.json("case", "check", "--attempts", file)["spread"] == "INSUFFICIENT"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("{", 65, "not JSON"),
        ('[{"at": "x"}]', 65, "attempts[0].kind"),
        ("[1]", 65, "attempts[0]"),
        (None, 64, "cannot be read"),
    ],
)
def test_bad_attempts_get_one_sentence(vigie: Vigie, tmp_path: Path, text: str | None, code: int, says: str) -> None:
    file = tmp_path / "attempts.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    done = vigie("case", "check", "--attempts", file, "--json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert says in done.stderr


# --- captures of a telephone ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "day", "at"),
    [
        ("Screenshot_20260302-091405_Chrome.jpg", "2026-03-02", "2026-03-02T09:14:05+01:00"),
        ("Capture d’écran 2026-03-02 à 09.14.05.png", "2026-03-02", "2026-03-02T09:14:05+01:00"),
        ("Capture d'écran 2026-07-02 091405.png", "2026-07-02", "2026-07-02T09:14:05+02:00"),
        ("PXL_20260302_231405123.jpg", "2026-03-03", "2026-03-02T23:14:05+00:00"),
        ("IMG-20260302-WA0003.jpg", "2026-03-02", None),
        ("Screenshot 2026-03-02 at 9.14.05 PM.png", "2026-03-02", None),
    ],
)
def test_a_file_name_dates_a_capture(name: str, day: str, at: str | None) -> None:
    found = from_name(name, PARIS)
    assert found is not None
    assert (found[0].isoformat(), found[1] and found[1].isoformat()) == (day, at)


@pytest.mark.parametrize("name", ["IMG_0042.HEIC", "20261399.png", "120260302.png", "scan.pdf"])
def test_a_name_without_a_day_says_none(name: str) -> None:
    assert from_name(name, PARIS) is None


@given(st.text())
def test_any_name_is_read(name: str) -> None:
    from_name(name, PARIS)


def test_exif_comes_before_the_name_and_the_mail() -> None:
    sent = datetime(2026, 3, 5, tzinfo=UTC)
    name = "IMG-20260303-WA0001.jpg"
    by_exif = dated(Brought(name, picture("2026:03:02 09:14:05")), PARIS, sent)
    assert (by_exif.source, by_exif.at and by_exif.at.isoformat()) == ("exif", "2026-03-02T09:14:05+01:00")
    with_offset = dated(Brought(name, picture("2026:03:02 09:14:05", "-04:00")), PARIS)
    assert with_offset.at == datetime(2026, 3, 2, 13, 14, 5, tzinfo=UTC)
    assert dated(Brought(name, picture()), PARIS, sent).source == "file_name"
    by_mail = dated(Brought("photo.jpg", picture()), PARIS, sent)
    assert (by_mail.source, by_mail.at) == ("mail", None), "when it was sent, not when it was taken"
    assert dated(Brought("photo.jpg", b"\xff\xd8 no picture"), PARIS).source is None


def test_photos_are_logged_with_the_source_of_their_date(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    folder = tmp_path / "telephone"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(picture("2026:03:02 09:14:05"))
    (folder / "b.jpg").write_bytes(picture())
    (folder / "c.eml").write_bytes(mail(image=picture(), date="Tue, 10 Mar 2026 23:30:00 +0000"))
    sheet = tmp_path / "fiche.pdf"
    told = vigie.json("case", "log", case, "--photos", folder, "--sheet", sheet, "--address", "https://x.example/")[
        "photos"
    ]
    assert [(one["name"], one["day"], one["source"], one["missing"]) for one in told] == [
        ("a.jpg", "2026-03-02", "exif", ["sentence"]),
        ("b.jpg", None, None, ["date", "sentence"]),
        ("photo.jpg", "2026-03-11", "mail", ["sentence"]),
    ]
    assert told[1]["entry"] is None, "an undated capture is no attempt yet"
    book = read(CaseFolder.open(case, SECRET).entries)
    assert [(one.date_source, len(one.files)) for one in book.attempts] == [("exif", 1), ("mail", 2)]
    from pypdf import PdfReader

    assert len(PdfReader(sheet).pages) == 1
    again = vigie.json("case", "log", case, "--photos", folder)["photos"]
    assert [one["entry"] for one in again] == [None] * 3, "what is in the case is not logged twice"


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_hostile_message_is_read_or_refused() -> None:
    hostile = (
        b"From: =?utf-8?b?////?= <a@b\r\nTo: \x00\xff\r\nDate: Fri, 99 Foo 2026 99:99\r\nSubject: =?x-none?q?a?=\r\n"
        b'Message-ID: <<<>>>\r\nContent-Type: multipart/mixed; boundary="b\r\n\r\n--b\r\nContent-Type: text/plain;'
        b' charset=no-such\r\nContent-Disposition: attachment; filename="..\\..\\C:\\x/../../y.png"\r\n\r\nz\r\n'
    )
    read_ = parse(hostile)
    assert read_.sent is None
    assert [name for name, _value in read_.headers][:3] == ["From", "To", "Date"]
    assert all("/" not in one.name and "\\" not in one.name for one in read_.attachments)
    with pytest.raises(ValueError, match="no message"):
        parse(b"%PDF-1.7\n")
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (i, i) for i in range(300))
    parse(b"From: a\r\n" + deep)


@given(st.binary())
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    with suppress(ValueError):
        parse(b"From: a@example.org\r\n" + data)


def test_a_message_dates_its_entry(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail(date="Mon, 02 Mar 2026 23:30:00 +0000"))
    vigie.json("case", "log", case, "--kind", "email", "--file", tmp_path / "m.eml")
    (one,) = read(CaseFolder.open(case, SECRET).entries).attempts
    assert (one.day.isoformat(), one.date_source) == ("2026-03-03", "mail")
    (tmp_path / "x.png").write_bytes(b"no date")
    assert vigie("case", "log", case, "--kind", "email", "--file", tmp_path / "x.png").returncode == 64


def test_files_come_out_as_they_were_under_harmless_names(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    folder = CaseFolder.open(case, SECRET)
    folder.append("facts", {}, [Brought("..\\../évil name.png", b"bytes")])
    assert vigie("case", "show", case, "--entry", "2", "--extract", tmp_path / "out").returncode == 0
    (written,) = (tmp_path / "out").iterdir()
    assert (written.name, written.read_bytes()) == ("000002-01-évil_name.png", b"bytes")


def test_a_file_named_like_a_message_that_is_none_is_shown_all_the_same(case: Path, vigie: Vigie) -> None:
    CaseFolder.open(case, SECRET).append("facts", {}, [Brought("lettre.eml", b"no message")])
    for more in ((), ("--json",)):
        done = vigie("case", "show", case, "--entry", "2", *more)
        assert (done.returncode, "lettre.eml" in done.stdout) == (0, True), done.stderr


# --- relevés, counts, the end -----------------------------------------------------------------------------------------


def test_an_export_is_joined_only_once_it_verifies(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    fill(tmp_path / "data", [NO_SLOT] * 3)
    seal(tmp_path / "data")
    export = tmp_path / "releve"
    done = vigie("export", "95/cergy-11343", "--from", "2026-03-01", "--to", "2026-03-02", "--out", export)
    assert done.returncode == 0, done.stderr
    done = vigie("case", "import", case, export)
    assert done.returncode == 0, done.stderr
    folder = CaseFolder.open(case, SECRET)
    book = read(folder.entries)
    assert (book.joined[0].records, book.attempts) == (3, ()), "a relevé is never an attempt of the person"
    import zipfile

    with zipfile.ZipFile(BytesIO(folder.read(book.joined[0].archive))) as zipped:
        assert zipped.read("records.jsonl") == (export / "records.jsonl").read_bytes()
        assert sorted(zipped.namelist()) == sorted(p.relative_to(export).as_posix() for p in files(export))
    with open(export / "records.jsonl", "ab") as records:
        records.write(b" ")
    done = vigie("case", "import", case, export)
    assert done.returncode == 65
    assert "was not joined" in done.stderr
    assert len(CaseFolder.open(case, SECRET).entries) == 2


def test_what_a_simulator_played_is_never_joined(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    fill(tmp_path / "data", [NO_SLOT] * 3, simulated=True)
    seal(tmp_path / "data")
    export = tmp_path / "releve"
    assert vigie("export", "95/cergy-11343", "--from", "2026-03-01", "--out", export).returncode == 0
    done = vigie("case", "import", case, export)
    assert (done.returncode, "SIMULATION" in done.stderr) == (65, True), done.stderr
    assert len(CaseFolder.open(case, SECRET).entries) == 1


def test_tallies_are_counts_only(case: Path, vigie: Vigie, tmp_path: Path) -> None:
    folder = CaseFolder.open(case, SECRET)
    for i in range(6):
        day = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=i)
        vigie.json("case", "log", folder.root, "--kind", "no_slot", "--at", day.date().isoformat(), "--note", NAME)
    told = vigie("case", "tally", case, "--json").stdout
    assert NAME not in told
    assert "2026" not in told
    assert json.loads(told)["rows"][0]["counts"] == {"cases": None, "attempts": 6, "kind:no_slot": 6}
    exact = tmp_path / "a.json"
    exact.write_text(vigie("case", "tally", case, "--exact").stdout, encoding="utf-8")
    (tmp_path / "b.json").write_text(exact.read_text(encoding="utf-8"), encoding="utf-8")
    both = vigie.json("case", "tally", "--exact", "--merge", exact, tmp_path / "b.json")
    assert both["rows"][0]["counts"]["attempts"] == 12
    assert vigie("case", "tally", "--merge", exact, exact).returncode == 64


def test_erase_removes_the_key_first_and_leaves_what_is_not_ours(case: Path, vigie: Vigie) -> None:
    (case / "files" / "mine.txt").write_text("x", encoding="utf-8")
    assert vigie("case", "erase", case).returncode == 64, "nobody to ask"
    done = vigie("case", "erase", case, "--yes")
    assert done.returncode == 0
    assert [path.name for path in files(case)] == ["mine.txt"]
    assert vigie("case", "erase", case.parent, "--yes").returncode == 64


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("expires=20/01/2027", "a day such as 2026-11-21 is expected"),
        ("majority=2027-13-01", "a day such as 2026-11-21 is expected"),
        ("release=9h", "an hour such as 09:00 is expected"),
        ("family=oui", "one of anef, non_anef, naturalisation, other"),
        ("published.email=oui", "one of YES, NO_ON_LISTED_PAGES, UNKNOWN"),
        ("ready.identity=MAYBE", "one of YES, NO"),
        ("colour=red", "NAME=VALUE is expected"),
        ("silence=naturalisation_10_years", 'this is not of "renewal"'),
        ("family=naturalisation", 'this is not of "renewal"'),
    ],
)
def test_a_wrong_fact_is_one_clear_sentence_and_writes_nothing(case: Path, vigie: Vigie, fact: str, said: str) -> None:
    wrong = vigie("case", "log", case, "--fact", fact)
    assert wrong.returncode == 64
    assert f"--fact {fact}: {said}" in wrong.stderr
    assert len(wrong.stderr.strip().splitlines()) == 1
    assert len(CaseFolder.open(case, SECRET).entries) == 1


def test_a_day_given_before_its_own_event_is_refused(case: Path, vigie: Vigie) -> None:
    words = ("case", "log", case, "--kind", "documents_requested", "--at", "2026-11-01", "--due", "2020-01-01")
    wrong = vigie(*words)
    assert (wrong.returncode, "is before the event itself" in wrong.stderr) == (64, True)
