"""From a page of the simulator, through postfix, opendkim and dovecot, to a Maildir; and the proof that came along."""

from __future__ import annotations

import email
import io
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import dkim
import pytest

from tests.mail.server import DOMAIN, PASSWORD, MailServer, missing, running
from tests.simulator.fixture import in_process
from tests.support.commands import ROOT, Vigie, settings

pytestmark = [pytest.mark.mail, pytest.mark.skipif(bool(missing()), reason=missing())]

HOST, MODULE, DESK = "www.val-doise.gouv.fr", "/booking/create/13860", "95/renouvellement-cergy"
BOX, NO_STAMP = "abonnee", 3


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with (
        tempfile.TemporaryDirectory(prefix="vigie-whole-", dir="/tmp") as folder,  # socket paths must stay short
        running(Path(folder)) as started,
    ):
        yield started


def _mails(server: MailServer, count: int) -> list[tuple[bytes, EmailMessage]]:
    found = [(raw, email.message_from_bytes(raw, policy=default)) for raw in server.received(BOX, count)]
    return [(raw, one) for raw, one in found if isinstance(one, EmailMessage)]


def _with(server: MailServer, count: int, word: str) -> tuple[bytes, EmailMessage]:
    (one,) = [(raw, mail) for raw, mail in _mails(server, count) if word in str(mail["Subject"])]
    return one


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_from_the_page_to_the_maildir_and_its_proof_verifies_itself(server: MailServer, tmp_path: Path) -> None:
    with in_process(tmp_path / "ca", "--time-scale", "0.002") as simulator:
        more = (
            f'[mail]\nserver = "localhost"\nport = {server.smtp}\nsecurity = "starttls"\nuser = "alerte"\n'
            f'password = {{ env = "ESSAI_SECRET" }}\nsender = "alerte@{DOMAIN}"\nname = "Permanence"\n'
            '[alerts]\nattach = "all"\n'
        )
        config = settings(tmp_path, simulator, scale=0.002, more=more)
        vigie = Vigie(tmp_path / "data", config, env={"SSL_CERT_FILE": str(server.ca), "ESSAI_SECRET": PASSWORD})

        def typed(line: str, *words: str) -> None:
            done = subprocess.run(
                vigie.command("subscribers", *words), cwd=ROOT, env=vigie.env, input=line + "\n", text=True,
                capture_output=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr

        def look(state: str) -> None:
            simulator.show(HOST, MODULE, state)
            done = (vigie.json("check", DESK)["done"] for _try in range(100))  # not again a moment after the last look
            assert any(done)

        typed(f"{BOX}@{DOMAIN}", "add", "--prefecture", "95")
        look("no_slot")
        _raw, question = _with(server, 1, "Confirmez")
        typed(next(word for word in _text(question).split() if word.startswith("OUI-")), "confirm")
        look("slots")
        raw, slot = _with(server, 2, "Créneau affiché")
        look("no_slot")
        _gone_raw, gone = _with(server, 3, "Plus de créneau affiché")

    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: server.dkim.encode())
    assert (slot["Auto-Submitted"], len(slot.get_all("Message-ID", []))) == ("auto-generated", 1)
    text = _text(slot)
    for said in ("SIMULATION", "Préfecture du Val-d'Oise", "https://www.val-doise.gouv.fr/", "Que faire maintenant"):
        assert said in text
    print("\n".join(f"{name}: {value}" for name, value in slot.items()), "\n\n" + text)
    for mail in (slot, gone):
        files = {str(one.get_filename()): one.get_content() for one in mail.iter_attachments()}
        assert {"releve.pdf", "preuve.zip"} <= set(files)
        assert files["releve.pdf"].startswith(b"%PDF-")
        assert _verified(files["preuve.zip"], tmp_path / str(mail["X-Vigie-Reference"])) in (0, NO_STAMP)


def _verified(packed: bytes, folder: Path) -> int:
    """What the enclosed `verify.sh` says, run where there is nothing else; and it sees a byte that was changed."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
    (script,) = folder.rglob("verify.sh")
    done = subprocess.run(["sh", script], capture_output=True, text=True, check=False, cwd="/")
    print(done.stdout)
    said = [path for path in script.parent.rglob("*") if path.is_file() and b'"reading":"' in path.read_bytes()]
    assert said
    for path in said:
        path.write_bytes(path.read_bytes().replace(b'"reading":"', b'"reading":"X', 1))
    assert subprocess.run(["sh", script], capture_output=True, check=False, cwd="/").returncode == 1
    return done.returncode
