"""The key of a case under its passphrase: age's own format, opened on any machine, and never wrongly refused."""

from __future__ import annotations

import argparse
import base64
import io
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.case import age_passphrase
from monitor.case.age_passphrase import AgeError, WrongPassphraseError, lock, memory_needed, unlock
from monitor.case.folder import CaseFolder, DamagedError, PassphraseError
from monitor.cli.cases.case import opened
from tests.support.commands import ROOT
from tests.support.parts import needs

SECRET, LIGHT = "correct cheval pile agrafe", 4
OLD = Path(__file__).parents[1] / "fixtures" / "case-0.1"  # made by version 0.1.0, its key locked by pyrage 1.4.0
KEY = b"AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"


def armoured(data: bytes, end: str = "\n") -> bytes:
    text = base64.encodebytes(data).decode().replace("\n", "")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return end.join(["-----BEGIN AGE ENCRYPTED FILE-----", *lines, "-----END AGE ENCRYPTED FILE-----", ""]).encode()


# --- both ways --------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=300), st.text(max_size=40), st.integers(1, 8))
def test_what_is_locked_opens_with_its_passphrase_alone(secret: bytes, word: str, factor: int) -> None:
    data = lock(secret, word, factor=factor)
    assert unlock(data, word) == secret
    assert unlock(armoured(data), word) == unlock(armoured(data, "\r\n"), word) == secret
    with pytest.raises(WrongPassphraseError):
        unlock(data, word + "x")


@given(st.binary(max_size=300), st.text(min_size=1, max_size=40))
def test_pyrage_opens_what_is_locked_here(secret: bytes, word: str) -> None:
    assert pyrage.passphrase.decrypt(lock(secret, word, factor=LIGHT), word) == secret


@pytest.mark.parametrize("size", [0, 1, age_passphrase.LONGEST - 1, age_passphrase.LONGEST])
def test_a_secret_is_one_chunk_at_most(size: int) -> None:
    secret = os.urandom(size)
    assert unlock(lock(secret, SECRET, factor=LIGHT), SECRET) == secret
    assert pyrage.passphrase.decrypt(lock(secret, SECRET, factor=LIGHT), SECRET) == secret
    with pytest.raises(ValueError, match="one chunk"):
        lock(secret + bytes(age_passphrase.LONGEST + 1 - size), SECRET, factor=LIGHT)


def test_what_pyrage_locks_opens_here() -> None:
    assert unlock(pyrage.passphrase.encrypt(KEY, SECRET), SECRET) == KEY


def test_the_factor_is_fixed_and_bounded() -> None:
    data = lock(KEY, SECRET)
    assert data.splitlines()[1].split()[3] == b"%d" % age_passphrase.FACTOR
    assert memory_needed(data) == 128 << 20
    assert unlock(data, SECRET) == KEY
    for factor in (0, age_passphrase.MOST + 1):
        with pytest.raises(ValueError, match="factor"):
            lock(KEY, SECRET, factor=factor)


def typed(command: list[str], word: str, folder: Path) -> int:
    """Exit code of a command that asks for a passphrase on its own terminal, once or twice."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - the child
        os.chdir(folder)
        os.execvp(command[0], command)
    seen, asked = b"", 0
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the child closed it
            break
        seen += piece
        if (questions := len(re.findall(rb"(?i)passphrase[^\n]*:", seen))) > asked:
            os.write(terminal, (word + "\n").encode() * (questions - asked))
            asked = questions
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@needs("age")
def test_the_reference_tool_opens_what_is_locked_here_and_the_reverse(tmp_path: Path) -> None:
    (tmp_path / "identity.age").write_bytes(lock(KEY, SECRET))
    assert typed(["age", "-d", "-o", "plain", "identity.age"], SECRET, tmp_path) == 0
    assert (tmp_path / "plain").read_bytes() == KEY
    assert typed(["age", "-d", "-o", "other", "identity.age"], SECRET + "x", tmp_path) != 0
    for armour in ([], ["-a"]):
        assert typed(["age", "-p", *armour, "-o", f"locked{len(armour)}", "plain"], SECRET, tmp_path) == 0
        assert unlock((tmp_path / f"locked{len(armour)}").read_bytes(), SECRET) == KEY


@needs("age")
def test_a_case_opens_with_the_reference_tool_as_its_readme_says(tmp_path: Path) -> None:
    case = CaseFolder.create(tmp_path / "dossier", SECRET)
    case.append("note", {"text": "écrit"})
    assert typed(["age", "-d", "-o", "cle.txt", "dossier/identity.age"], SECRET, tmp_path) == 0
    command = ["age", "-d", "-i", "cle.txt", "dossier/entries/000001.age"]
    assert "écrit".encode() in subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout


# --- what it refuses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (rb"age-encryption.org/v1", rb"age-encryption.org/v2"),
        (rb"-> scrypt", rb"-> SCRYPT"),
        (rb"-> scrypt", rb"-> X25519"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 04\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 +4\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 0x4\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 -4\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 0\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 23\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 99999999999\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1\n"),
        (rb"(-> scrypt \S+) 4\n", rb"\1 4 more\n"),
        (rb"-> scrypt (\S+)", rb"-> scrypt \1AA"),
        (rb"-> scrypt ..(\S+)", rb"-> scrypt \1"),
        (rb"(-> scrypt \S+ 4\n\S+\n)", rb"\1\1"),
        (rb"(-> scrypt \S+ 4\n\S+\n)", rb"-> other x\n\n\1"),
        (rb"\n--- ", rb"\n---"),
        (rb"\n---[^\n]*", rb"\n---"),
        (rb"^", rb"\n"),
        (rb"\n", rb"\r\n"),
    ],
)
def test_a_header_that_is_not_exactly_so_is_no_wrong_passphrase(was: bytes, now: bytes) -> None:
    head, nonce_and_payload = (data := lock(KEY, SECRET, factor=LIGHT))[:-106], data[-106:]
    changed = re.sub(was, now, head, count=0 if was == rb"\n" else 1)
    assert changed != head
    with pytest.raises(AgeError) as caught:
        unlock(changed + nonce_and_payload, SECRET)
    assert type(caught.value) is AgeError


def test_base64_that_is_not_canonical_is_refused() -> None:
    data = lock(KEY, SECRET, factor=LIGHT)
    salt = data.splitlines()[1].split()[2]
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = salt[:-1] + alphabet[alphabet.index(salt[-1:]) + 1 :][:1]
    assert base64.b64decode(other + b"==") == base64.b64decode(salt + b"==")
    with pytest.raises(AgeError, match="canonical"):
        unlock(data.replace(salt, other), SECRET)


def test_no_altered_or_cut_file_opens() -> None:
    data = lock(KEY, SECRET, factor=1)
    for at in range(len(data)):
        if data[:at].endswith(b" ") and data[at : at + 2] == b"1\n":
            continue  # another factor asks for another work, and ends as a wrong passphrase: the test above
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(AgeError):
            unlock(altered, SECRET)
        with pytest.raises(AgeError):
            unlock(data[:at], SECRET)
    with pytest.raises(AgeError):
        unlock(data + b"x", SECRET)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    with pytest.raises(AgeError):
        unlock(data, SECRET)
    with pytest.raises(AgeError):
        unlock(b"-----BEGIN AGE ENCRYPTED FILE-----\n" + data + b"-----END AGE ENCRYPTED FILE-----\n", SECRET)


# --- as a case meets it -----------------------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "old"))


def test_a_case_made_before_opens_and_takes_entries(old: Path) -> None:
    case = CaseFolder.open(old, SECRET)
    assert [entry.what for entry in case.entries] == ["opened", "note"]
    assert case.entries[1].data["text"] == "écrit avant"
    assert case.read(case.entries[1].files[0]) == "gardé tel quel\n".encode()
    case.append("note", {"text": "écrit après"})


def light(case: Path, secret: bytes = KEY) -> Path:
    """The key of a case, locked again so that it opens at once."""
    (case / "identity.age").write_bytes(lock(secret, SECRET, factor=LIGHT))
    shutil.rmtree(case / "entries")
    (case / "entries").mkdir()
    return case


@pytest.mark.parametrize("secret", [b"", b"\xff\xfe", b"AGE-SECRET-KEY-1NONE", KEY[:-1] + b"Q"])
def test_a_damaged_key_is_called_damaged_and_no_wrong_passphrase(old: Path, secret: bytes) -> None:
    with pytest.raises(DamagedError, match=r"identity\.age"):
        CaseFolder.open(light(old, secret), SECRET)
    (old / "identity.age").write_bytes(b"not an age file")
    with pytest.raises(DamagedError, match=r"identity\.age"):
        CaseFolder.open(old, SECRET)


SMALL = """
import resource, sys
from pathlib import Path
import pyrage, monitor.case.age_passphrase
from monitor.case.folder import RoomError, unlock
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
try:
    unlock(Path(sys.argv[1]), sys.argv[2])
except RoomError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def test_a_machine_too_small_is_told_so_and_how_much_it_takes(old: Path) -> None:
    light(old)
    path = old / "identity.age"
    path.write_bytes(path.read_bytes().replace(b" 4\n", b" 22\n", 1))
    command = [sys.executable, "-c", SMALL, str(path), SECRET]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (71, "")
    assert "4096 MiB" in done.stdout
    assert SECRET not in done.stdout


def test_only_a_wrong_passphrase_is_called_so(old: Path) -> None:
    with pytest.raises(PassphraseError):
        CaseFolder.open(light(old), SECRET + "x")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("shown", [True, False])
def test_a_word_is_said_while_it_works_and_taken_away_after(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    (tmp_path / "phrase").write_text(SECRET)
    screen = Terminal() if shown else io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    opened(argparse.Namespace(case=str(light(old)), passphrase_file=str(tmp_path / "phrase")))
    if shown:
        assert re.fullmatch(r"Opening the case.*\r\x1b\[K", screen.getvalue())
    else:
        assert screen.getvalue() == ""
